"""Diagrams next to each other that move and zoom together, with what differs marked."""

from collections.abc import Sequence
from hashlib import blake2b

import streamlit as st

from resviz.diagram.compared import Pane
from resviz.ui.asset_text import asset_text
from resviz.ui.component import component

PLACE = "compare-panes"
"""The key of the element that fills the window on a full screen; `assets/compare.js` and the page's style know it."""
_show = component(
    "resviz.panes",
    html=asset_text("compare.html"),
    css=asset_text("diagram.css", "compare.css"),
    js=asset_text("view.js", "compare.js"),
)


def panes(
    each: Sequence[Pane],
    *,
    key: str,
    height: int,
) -> None:
    """Show the pictures of a comparison side by side; ``height`` is in pixels."""
    shown = [{"name": pane.name, "svg": pane.slim.svg, "marks": pane.marked} for pane in each]
    data = {
        "panes": shown,
        "hash": blake2b(repr(shown).encode(), digest_size=8).hexdigest(),
        "view": f"{len(each)} {each[0].picture.detail}",
        "height": height,
    }
    with st.container(key=PLACE):
        _show(key=key, data=data)
