"""The Explore page: one network, its totals, its diagram, its stages beside the paper's, its layers."""

import streamlit as st

from resviz.diagram import LABELS, VIEWS, Detail, Folding, Picture, close_up, draw, twins
from resviz.report import formatting
from resviz.report.headline import MAX_LISTED, crowded, headline
from resviz.ui import state, tables
from resviz.ui.details import details
from resviz.ui.diagram import diagram, downloads, folding, reset_folding

DIAGRAM = "diagram"
HEIGHT = 640
"""Pixels of the diagram."""
DIRECTIONS = {"down": "Top to bottom", "right": "Left to right"}


def page() -> None:
    """Draw the page for the network that the sidebar describes."""
    now = state.current()
    with st.container(horizontal=True, gap="medium"):
        for line in headline(now.network):
            st.metric(line.label, line.value, help=line.summary, width="content")
    drawing = _drawing(now)
    with st.container(horizontal=True, gap="medium"):
        left, right = st.container(width="stretch"), st.container(width=340)
    with left:
        selected = diagram(
            drawing,
            now.network,
            key=DIAGRAM,
            view=_shown(),
            selected=st.session_state.pop(tables.PICKED, None),
            height=HEIGHT,
        )
    with right:
        details(now, selected)
    names = ("Stages", "Layers", "Configuration")
    stages, layers, configuration = st.tabs(names, key="tab", on_change="rerun", bind="query-params")
    if stages.open:
        with stages:
            tables.stages(now)
    if layers.open:
        with layers:
            tables.layers(now, selected)
    if configuration.open:
        with configuration:
            tables.configuration(now)


def _shown() -> str:
    """Return what the drawing is of, in the words of the address: ``network``, ``block layer2.0``."""
    view = st.session_state.get("view") or "network"
    return f"{view} {st.session_state.get('block') or ''}" if view == "block" else view


def _drawing(now: state.Current) -> Picture:
    """Draw the controls of the diagram; return the picture that they ask for."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "View",
            [view for view in VIEWS if view != "twins" or now.config.shortcut != "none"],
            format_func=lambda view: VIEWS[view].label,
            key="view",
            bind="query-params",
            width=165,
        )
        view = VIEWS[chosen or "network"]
        blocks = [f"{stage.name}.{run.start}" for stage in now.network.stages for run in stage.runs]
        block = None
        if chosen == "block":
            block = st.selectbox("Block", blocks, key="block", bind="query-params", width=130)
        detail = st.segmented_control(
            "Detail",
            list(Detail),
            default=Detail.BLOCKS,
            required=True,
            format_func=str.capitalize,
            disabled="detail" not in view.takes,
            key="detail",
            bind="query-params",
            on_change=reset_folding,
            args=(DIAGRAM,),
        )
        direction = st.selectbox(
            "Direction",
            list(DIRECTIONS),
            format_func=DIRECTIONS.__getitem__,
            disabled="horizontal" not in view.takes,
            key="direction",
            bind="query-params",
            width=135,
        )
        heat = st.selectbox(
            "Colour by",
            list(LABELS),
            format_func=LABELS.__getitem__,
            index=None,
            placeholder="kind of layer",
            disabled="heat" not in view.takes,
            key="heat",
            bind="query-params",
            width=150,
        )
        detail = detail or Detail.BLOCKS
        if "detail" in view.takes and crowded(now.network) and detail in (Detail.LAYERS, Detail.OPERATIONS):
            detail = Detail.BLOCKS
            st.caption(f"More than {formatting.exact(MAX_LISTED)} layers: drawn as blocks.")
        if chosen == "block":
            drawing = close_up(now.network, block or blocks[0], horizontal=direction == "right")
        elif chosen == "twins":
            drawing = twins(now.network, detail)
        else:
            folded = Folding() if crowded(now.network) else folding(DIAGRAM, now.network)
            drawing = draw(
                now.network,
                detail,
                unfold=folded.unfold,
                fold=folded.fold,
                horizontal=direction == "right",
                heat=heat,
            )
        downloads(drawing, key=f"{DIAGRAM}.file")
    with st.container():  # always there: without it the diagram would change its place and begin anew
        if view.why:
            st.caption(view.why)
    return drawing
