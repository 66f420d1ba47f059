"""A file that is handed to the browser the moment it is made, within the page itself.

Streamlit's own button wants an address at which a server keeps the file; behind several servers a browser may ask one
that never had it.
"""

import base64
from secrets import token_hex

import streamlit as st

from resviz.ui.asset_text import asset_text

_hand = st.components.v2.component("resviz.file", js=asset_text("file.js"))


def hand_over(content: bytes, name: str, mime: str) -> None:
    """Have the browser save a file, once: call it in the run that follows the request, last on the page."""
    data = {"mark": token_hex(8), "name": name, "mime": mime, "content": base64.b64encode(content).decode()}
    _hand(key="resviz.file", data=data)
