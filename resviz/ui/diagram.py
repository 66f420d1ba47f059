"""The diagram on a page: it moves, zooms, searches, folds, and tells which node was selected.

The picture comes from `resviz.draw`; `assets/diagram.js` shows it. Selection, view and search stay in the
browser, so that a rerun neither sends the picture again nor moves it.
"""

from dataclasses import asdict
from functools import partial
from hashlib import blake2b

import streamlit as st

from resviz.arch import Network
from resviz.diagram import Detail, Folding, Heat, Picture, draw
from resviz.diagram.export import export
from resviz.diagram.search import search_index
from resviz.ui.asset_text import asset_text
from resviz.ui.text import file_name

_FILES = {
    "svg": ("SVG, for the web and for editing", "image/svg+xml"),
    "png": ("PNG, for slides", "image/png"),
    "pdf": ("PDF, for print", "application/pdf"),
    "dot": ("DOT, for Graphviz", "text/vnd.graphviz"),
    "tex": ("TikZ, for LaTeX", "text/x-tex"),
}
"""What the picture is offered as: words and media type, by suffix."""
_show = st.components.v2.component(
    "resviz.diagram",
    html=asset_text("diagram.html"),
    css=asset_text("diagram.css"),
    js=asset_text("view.js", "search.js", "diagram.js"),
)


def folding(key: str, network: Network) -> Folding:
    """Return what is unfolded and folded by hand in the diagram of a key; give it to `resviz.draw`.

    What this network does not have is left out.
    """
    kept: Folding = st.session_state.get(f"{key}.folding", Folding())
    return kept.within(network)


def reset_folding(key: str) -> None:
    """Forget what was folded by hand: for the level of detail's `on_change`."""
    st.session_state.pop(f"{key}.folding", None)


def diagram(
    drawing: Picture,
    network: Network,
    *,
    key: str,
    view: str = "network",
    selected: str | None = None,
    highlights: tuple[str, ...] = (),
    height: int = 640,
) -> str | None:
    """Show a drawing of a network; return the path of the node that is selected in it, or None.

    ``selected`` selects a path from the page's side, once, and brings its node into sight: give it in the run
    that follows the event, and None in others. ``view`` states what the drawing is of: another one is fitted anew,
    the same one stays where a person has moved it. ``highlights`` are paths whose nodes stand out. ``height`` is in
    pixels.
    """
    if selected is not None:
        number = st.session_state.get(f"{key}.request", {"number": 0})["number"]
        st.session_state[f"{key}.request"] = {"number": number + 1, "path": selected}
    data = {
        "svg": drawing.svg,
        "hash": blake2b(drawing.svg.encode(), digest_size=8).hexdigest(),
        "search": asdict(search_index(network, drawing)),
        "horizontal": drawing.horizontal,
        "detail": drawing.detail,
        "view": view,
        "request": st.session_state.get(f"{key}.request"),
        "highlights": list(highlights),
        "height": height,
    }
    result = _show(
        key=key,
        data=data,
        default={"selected": None},
        on_selected_change=lambda: None,
        on_folded_change=lambda: _fold(key),
    )
    chosen: str | None = result.selected
    return selected or chosen


def _fold(key: str) -> None:
    pressed = st.session_state[key].folded
    if pressed:
        kept: Folding = st.session_state.get(f"{key}.folding", Folding())
        st.session_state[f"{key}.folding"] = kept.after(pressed["detail"], pressed["path"], pressed["action"])


def heat_diagram(network: Network, heat: Heat, *, key: str, height: int) -> None:
    """Show a network coloured by measured or estimated values, with the choice of its level of detail."""
    detail = st.segmented_control(
        "Detail",
        [Detail.BLOCKS, Detail.LAYERS],
        default=Detail.BLOCKS,
        required=True,
        format_func=str.capitalize,
        key=f"{key}.detail",
        on_change=reset_folding,
        args=(key,),
    )
    folded = folding(key, network)
    picture = draw(network, detail, unfold=folded.unfold, fold=folded.fold, heat=heat)
    diagram(picture, network, key=key, height=height)


def downloads(drawing: Picture, *, key: str) -> None:
    """Draw a button that offers the picture as a file; a format is written when it is asked for."""
    files = st.popover("Download", icon=":material/download:", key=f"{key}.open", on_change="rerun")
    if not files.open:  # what is not drawn costs the browser nothing
        return
    with files:
        for kind, (label, mime) in _FILES.items():
            st.download_button(
                label,
                data=partial(export, drawing, kind),
                file_name=f"{file_name(drawing.name)}.{kind}",
                mime=mime,
                on_click="ignore",
                key=f"{key}.{kind}",
                width="stretch",
            )
