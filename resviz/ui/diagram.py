"""The diagram on a page: it moves, zooms, searches, folds, and tells what a person asks of it.

The picture comes from `resviz.diagram`; the viewer of `resviz/diagram/assets` shows it. View and search stay in the
browser, so that a rerun neither sends the picture again nor moves it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Any

import streamlit as st

from resviz.arch import Network
from resviz.diagram import Detail, Folding, Heat, Picture, draw
from resviz.diagram.heat import per_block, share_in_words
from resviz.diagram.search import search_index
from resviz.ui.asset_text import asset_text
from resviz.ui.component import component
from resviz.ui.text import plain

_show = component(
    "resviz.diagram",
    html=asset_text("diagram.html"),
    css=asset_text("diagram.css"),
    js=asset_text("view.js", "search.js", "room.js", "toolbar.js", "diagram.js"),
)


@dataclass(frozen=True, slots=True)
class Overlay:
    """What is shown of a network on demand, without another picture.

    ``numbers`` are first and last number of the weighted layers of a path, to stand on its node; ``flow`` are
    widths of the bands to lie under the lines (`resviz.diagram.flow`); ``highlights`` are paths whose nodes stand out.
    """

    numbers: Mapping[str, tuple[int, int]] | None = None
    flow: Sequence[float] | None = None
    highlights: tuple[str, ...] = ()


def diagram(
    drawing: Picture | tuple[Picture, ...],
    network: Network,
    *,
    key: str,
    on_said: Callable[[Mapping[str, Any]], None],
    view: str = "network",
    height: int | None = None,
    toolbar: Mapping[str, Any] | None = None,
    overlay: Overlay | None = None,
) -> None:
    """Show a drawing of a network, with what the session was asked to `select` in it under the same key.

    Several drawings are the same things arranged for narrower and narrower rooms: the viewer shows what there is room
    for.
    ``on_said`` is called, as a callback, with what a person asks: ``{"act": "select", "path": ...,
    "request": ...}`` with the number of the last `select` that it has seen, ``{"act": "fold", "path": ..., "action":
    ...}``, and what the toolbar offers. ``toolbar`` is what it offers beside the view
    (`resviz.ui.toolbar`). ``view`` states what the drawing is of: another one is fitted anew, the same one stays where
    a person has moved it. ``height`` is in pixels; without one it is what the window leaves. ``overlay``
    lies over and under it.
    """
    drawing, *others = drawing if isinstance(drawing, tuple) else (drawing,)
    data = {
        "svg": drawing.svg,
        "others": [other.svg for other in others],
        "hash": blake2b(drawing.svg.encode(), digest_size=8).hexdigest(),
        "search": asdict(search_index(network, drawing)),
        "horizontal": drawing.horizontal,
        "detail": drawing.detail,
        "view": view,
        "request": st.session_state.get(f"{key}.request"),
        "highlights": list(overlay.highlights) if overlay else [],
        "height": height,
        "toolbar": toolbar,
        "numbers": overlay.numbers if overlay else None,
        "flow": overlay.flow if overlay else None,
    }

    def said() -> None:
        if words := st.session_state[key].said:
            if words["act"] == "select" and words["request"] != _request(key)["number"]:
                select(words["path"], key=key)  # what it has not seen yet was asked for before
            on_said(words)

    _show(key=key, data=data, on_said_change=said)


def select(path: str | None, *, key: str) -> None:
    """Select a path in the diagram of a key from the page's side, and bring its node into sight, at its next run."""
    st.session_state[f"{key}.request"] = {"number": _request(key)["number"] + 1, "path": path}


def begin(path: str | None, *, key: str) -> None:
    """Have the diagram of a key begin with a path selected, where it is new on the page; one that is there goes on."""
    st.session_state[f"{key}.request"] = {**_request(key), "path": path}


def _request(key: str) -> dict[str, Any]:
    request: dict[str, Any] = st.session_state.get(f"{key}.request", {"number": 0, "path": None})
    return request


def heat_diagram(network: Network, heat: Heat, *, key: str, height: int) -> None:
    """Show a network coloured by measured or estimated values, sums by path, with the choice of its level of detail.

    A folded node has the colour of one of its blocks, or of all together where a person asks for that. What is
    selected says its value below.
    """
    kept, selected = f"{key}.folding", f"{key}.selected"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        detail = st.segmented_control(
            "Detail",
            [Detail.BLOCKS, Detail.LAYERS],
            default=Detail.BLOCKS,
            required=True,
            format_func=str.capitalize,
            key=f"{key}.detail",
            on_change=lambda: st.session_state.pop(kept, None),
        )
        summed = st.toggle("Add up folded blocks", key=f"{key}.summed")

    def said(words: Mapping[str, Any]) -> None:
        if words["act"] == "fold":
            folded = st.session_state.get(kept, Folding())
            st.session_state[kept] = folded.after(words["detail"], words["path"], words["action"])
        elif words["act"] == "select":
            st.session_state[selected] = words["path"]

    folded = st.session_state.get(kept, Folding()).within(network)
    shown = heat if summed else per_block(network, heat)
    picture = draw(network, detail, unfold=folded.unfold, fold=folded.fold, heat=shown)
    diagram(picture, network, key=key, on_said=said, height=height)
    path = st.session_state.get(selected)
    if not path:
        st.caption("Select a node to read its time.")
    else:
        st.markdown(f"**{plain(path)}**: {share_in_words(network, heat, path) or 'no time of its own'}.")
