"""A picture made of numbers, within the page itself.

Streamlit serves a picture at an address of its own, which is gone when the run that made it is: a browser that asks
a moment later is told 404, and behind several servers it may ask one that never had it. Nor does it give a description.
"""

import base64
import io
from html import escape
from typing import Any

import streamlit as st


def image(pixels: Any, description: str, *, width: int | None = None) -> None:
    """Draw bytes (height, width, 3 or 4) as a picture, described for those who do not see it.

    It takes the width of its container where none is given, in CSS pixels.
    """
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    source = base64.b64encode(file.getvalue()).decode()
    size = "100%" if width is None else f"{width}px"
    st.html(
        f'<img class="resviz-image" alt="{escape(description)}" src="data:image/png;base64,{source}" '
        f'style="width: {size}; max-width: 100%; height: auto; display: block">'
    )
