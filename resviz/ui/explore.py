"""The Explore page: one network, its totals, its diagram, its stages beside the paper's, its layers."""

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from resviz.arch import Network, ResNetConfig
from resviz.diagram import Detail, Heat, NetworkPicture, Picture, close_up, draw, orders, twins
from resviz.diagram.export import Exportable
from resviz.diagram.facts import Facts
from resviz.diagram.flow import line_widths
from resviz.diagram.orders import in_own_order, without_order
from resviz.diagram.paper import narrowest
from resviz.diagram.view_facts import facts_in_view
from resviz.report.headline import crowded, headline, in_line
from resviz.report.weighted_layers import layer_numbers
from resviz.ui import layer_times, picture_files, state, tables
from resviz.ui import shown as showing
from resviz.ui.details import details
from resviz.ui.diagram import Overlay, begin, diagram, select
from resviz.ui.downloads import hand_over
from resviz.ui.shown import Shown
from resviz.ui.text import file_name
from resviz.ui.toolbar import FILES, blocks_of, toolbar, views_of

DIAGRAM = "diagram"
ROWS = (3, 2, 1)
"""Orders in a row, where five have no room."""
FILE = "diagram.file"
"""The session's key for the format that was asked for a moment ago."""


def page() -> None:
    """Draw the page for the network that the sidebar describes."""
    now = state.current()
    st.html(f"<div class='resviz-headline'>{_headline(now)}</div>")
    if showing.KEY in st.session_state:  # somebody comes back: his diagram is a new one
        begin(showing.held().node or None, key=DIAGRAM)
    _network(now.config)


@st.fragment
def _network(drawn: ResNetConfig) -> None:
    """Draw all that changes without another network: the diagram, what is selected in it, the tables."""
    now = state.current()
    if now.config != drawn:  # a file was opened here: the whole page shows it
        st.rerun()
    before = st.session_state.get(showing.KEY)
    shown = _possible(showing.current(), now)
    if shown.node != (before.node if before else ""):
        select(shown.node or None, key=DIAGRAM)
    if picked := st.session_state.pop(tables.PICKED, None):
        shown = _possible(replace(shown, node=picked), now)
        select(shown.node or None, key=DIAGRAM)
    st.session_state[showing.KEY] = shown
    drawing, detail, too_many = _drawing(shown, now)
    whole = shown.view == "network" and not crowded(now.network)

    def written(kind: str) -> Exportable:
        if kind.startswith("paper."):
            return _paper(drawing, shown, now.network, detail)
        if isinstance(drawing, NetworkPicture):
            return drawing.starting(shown.node, numbers=bool(shown.numbers), edges=bool(shown.edges))
        return drawing

    start = f"{shown.node} {shown.numbers} {shown.edges}"
    file = picture_files.made(FILE, drawing, drawing.name, written, networks=now.config.to_json(), start=start)
    with st.container(key="explore"):
        diagram(
            (drawing, *_others(shown, now)),
            now.network,
            key=DIAGRAM,
            on_said=_said,
            view=f"{shown.view} {shown.block}",
            toolbar=toolbar(shown, now.config, now.network, detail, too_many=too_many),
            overlay=Overlay(
                numbers=layer_numbers(now.network) if shown.numbers and whole else None,
                flow=line_widths(drawing, now.network) if shown.edges and whole else None,
            ),
        )
        with st.container(key="details"):
            details(now, _known(shown, now))
    names = ("Stages", "Layers", "Configuration")
    stages, layers, configuration = st.tabs(names, key="tab", on_change="rerun", bind="query-params")
    if stages.open:
        with stages:
            tables.stages(now)
    if layers.open:
        with layers:
            layer_times.choose(shown)
            found = layer_times.estimate(shown, now)
            tables.layers(now, without_order(shown.node) or None, found)
            if found is not None:
                layer_times.say(found)
    if configuration.open:
        with configuration:
            tables.configuration(now)
    if file:
        kind, content = file
        name = now.network.name if kind.startswith("paper.") else drawing.name
        hand_over(content, f"{file_name(name)}.{kind}", FILES[kind][1])
    state.write_address()
    showing.write_address(shown)


def _paper(drawing: Picture, shown: Shown, network: Network, detail: Detail) -> Picture:
    """Return what is shown as a figure for a paper: the block from near, else the network at its level of detail."""
    if shown.view == "block":
        return narrowest(network, Detail.OPERATIONS, only=(shown.block or blocks_of(network)[0],))
    return narrowest(network, detail, drawing.unfold, drawing.fold)


def _headline(now: state.Current) -> str:
    lines = "".join(
        f"<div title='{escape(line.summary)}'><dt>{escape(in_line(line.label))}</dt><dd>{escape(line.value)}</dd></div>"
        for line in headline(now.network)
    )
    return f"<h1>{escape(now.config.name)}</h1><dl>{lines}</dl>"


def _said(words: Mapping[str, Any]) -> None:
    """Take what a person asked of the diagram."""
    if words["act"] == "file":
        picture_files.ask(FILE, words["kind"] if words["kind"] in FILES else None)
    else:
        if words["act"] == "select":
            tables.overtake()
        showing.change(showing.held().after(words, state.current().network))


def _possible(shown: Shown, now: state.Current) -> Shown:
    """Return what this network can show of what was asked for."""
    network = now.network
    shown = shown.folded(shown.folding.within(network))
    if shown.view not in views_of(now.config):
        shown = replace(shown, view="network")
    if shown.heat == showing.TIME and layer_times.estimate(shown, now) is None:
        shown = replace(shown, heat="")
    if shown.block and shown.block not in blocks_of(network):
        shown = replace(shown, block="")
    own = without_order(shown.node)
    if shown.view != "orders":
        shown = replace(shown, node=own)
    elif own == shown.node:
        shown = replace(shown, node=in_own_order(now.config, _unit(shown, now), own))
    return shown if _known(shown, now) else replace(shown, node="")


def _known(shown: Shown, now: state.Current) -> Facts | None:
    """Return what is known of what is selected; None where nothing is, or nothing that the picture has."""
    if not shown.node:
        return None
    return facts_in_view(now.config, now.network, shown.view, _unit(shown, now), shown.node)


def _unit(shown: Shown, now: state.Current) -> str:
    """Return the block that pictures of one are of."""
    return shown.block or blocks_of(now.network)[0]


def _drawing(shown: Shown, now: state.Current) -> tuple[Picture, Detail, bool]:
    """Return the picture that is asked for, the level of detail it has, and whether a finer one was asked for."""
    network, detail, horizontal = now.network, Detail(shown.detail), shown.direction == "right"
    if shown.view == "block":
        return close_up(network, _unit(shown, now), horizontal=horizontal), detail, False
    if shown.view == "orders":
        return orders(now.config, _unit(shown, now)), detail, False
    many = crowded(network)
    too_many = many and detail in (Detail.LAYERS, Detail.OPERATIONS)
    detail = Detail.BLOCKS if too_many else detail
    if shown.view == "twins":
        return twins(network, detail), detail, too_many
    unfold, fold = ((), ()) if many else (shown.folding.unfold, shown.folding.fold)
    picture = draw(network, detail, unfold=unfold, fold=fold, horizontal=horizontal, heat=_heat(shown, now))
    return picture, detail, too_many


def _others(shown: Shown, now: state.Current) -> tuple[Picture, ...]:
    """Return the arrangements for narrower rooms of what is shown: the five orders in shorter rows."""
    if shown.view != "orders":
        return ()
    return tuple(orders(now.config, _unit(shown, now), columns=each) for each in ROWS)


def _heat(shown: Shown, now: state.Current) -> Heat | str | None:
    """Return what the picture is coloured by, None for the kind of layer."""
    found = layer_times.estimate(shown, now) if shown.heat == showing.TIME else None
    if found is None:
        return shown.heat or None
    from resviz.profiling.estimate_views import estimated_heat

    return estimated_heat(found)
