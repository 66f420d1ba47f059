"""Diagrams next to each other that move and zoom together, with what differs marked."""

from collections.abc import Sequence
from hashlib import blake2b

import streamlit as st

from resviz.diagram import Picture
from resviz.report.compare import Mark
from resviz.ui.asset_text import asset_text

PLACE = "compare-panes"
"""The key of the element that fills the window on a full screen; `assets/compare.js` and the page's style know it."""
_show = st.components.v2.component(
    "resviz.panes",
    html=asset_text("compare.html"),
    css=asset_text("diagram.css", "compare.css"),
    js=asset_text("view.js", "compare.js"),
)


def panes(
    drawings: Sequence[Picture],
    titles: Sequence[str],
    marks: Sequence[dict[str, Mark]],
    sentences: Sequence[dict[str, str]],
    *,
    key: str,
    height: int,
) -> None:
    """Show drawings side by side; ``height`` is in pixels.

    ``marks`` are those of each one's nodes, by path, and ``sentences`` what is said of a marked node.
    """
    shown = [
        {
            "name": title,
            "svg": drawing.svg,
            "marks": {path: [mark.value, mark.sign, said.get(path, mark.value)] for path, mark in marked.items()},
        }
        for drawing, title, marked, said in zip(drawings, titles, marks, sentences, strict=True)
    ]
    data = {
        "panes": shown,
        "hash": blake2b(repr(shown).encode(), digest_size=8).hexdigest(),
        "view": f"{len(drawings)} {drawings[0].detail}",
        "height": height,
    }
    with st.container(key=PLACE):
        _show(key=key, data=data)
