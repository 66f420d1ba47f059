"""The Compare page: two to four networks side by side."""

from collections.abc import Sequence
from functools import partial
from html import escape

import streamlit as st

from resviz.arch import PRESETS, ConfigError, Network, ResNetConfig, expand
from resviz.arch.links import encode
from resviz.diagram import Detail, beside
from resviz.diagram.compared import panes as compared
from resviz.diagram.comparison_document import levels_of
from resviz.diagram.export import FORMATS
from resviz.report.compare import LETTERS, MOST, Comparison, compare
from resviz.report.cost_tables import comparison_table
from resviz.report.formatting import change, exact, shape, short
from resviz.report.headline import layers_of
from resviz.report.tables import Column, Table, words
from resviz.ui import classics, compared_networks, picture_files, state, tables
from resviz.ui.change_form import change_form
from resviz.ui.differences import SIGNS, differences
from resviz.ui.downloads import hand_over
from resviz.ui.panes import panes
from resviz.ui.text import file_name, plain
from resviz.ui.toolbar import FILES

QUANTITIES = {"macs": "MACs", "params": "Parameters", "activations": "Activations"}
TABS = ("Differences", "Diagrams", "Stages", "Charts", "Basic or bottleneck", "Reconcile", "What if")
PICTURES = "pictures"
FILE = "compare.file"
"""The session's key for the format that was asked for a moment ago."""
MOST_ALIGNED = 50_000
"""Layers of all networks together that the page compares one by one, in about a second."""
HEIGHT = 640
"""Pixels of the diagrams."""
MAX_FILE_NAME = 120
"""Characters of a file's name, without its ending."""
PRESET, LINK = "compare.preset", "compare.link"
WRITTEN = {PRESET: None, LINK: ""}
"""The boxes that a network is written in, and what they hold when they are empty."""


def page() -> None:
    """Draw the page for the network of the sidebar, the first, and those beside it."""
    now = state.current()
    compared_networks.start(now)
    st.title("Compare")
    configs = _cards(now)
    networks = [expand(config) for config in configs]
    layers = sum(map(layers_of, networks))
    comparison = compare(networks) if len(configs) > 1 and layers <= MOST_ALIGNED else None
    different, diagrams, stages, charts, classic, reconcile, what_if = st.tabs(
        TABS, key="question", on_change="rerun", bind="query-params"
    )
    if different.open:
        with different:
            if comparison is None:
                _nothing(layers)
            else:
                differences(comparison, configs)
    for tab, show in ((diagrams, partial(_diagrams, configs=configs)), (stages, _stages), (charts, _charts)):
        if tab.open:
            with tab:
                if comparison is None:
                    _nothing(layers)
                else:
                    show(comparison)
    for tab, answer in ((classic, classics.classic), (reconcile, classics.reconcile), (what_if, classics.what_if)):
        if tab.open:
            with tab:
                answer(now)


def _nothing(layers: int) -> None:
    """Say why there is no comparison."""
    if layers <= MOST_ALIGNED:
        st.info("Add a network to compare with.")
        return
    st.info(
        f"These networks have {exact(layers)} layers together and this page compares at most {exact(MOST_ALIGNED)} one "
        "by one; their totals stand above, and `resviz compare` has no such limit."
    )


def _cards(now: state.Current) -> tuple[ResNetConfig, ...]:
    """Draw a line for each network and the form for another; return those that can be."""
    listed = compared_networks.others()
    known: list[tuple[ResNetConfig, str]] = [(now.config, now.base)]
    with st.container(key="compare-networks", gap=None):
        st.html(_line("A", now.title, now.network, now.network, "from the sidebar"))
        for index, other in enumerate(listed):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                if other.config is None:
                    st.error(plain(other.problem))
                else:
                    address = state.link(other.config, base=other.base)
                    link = f"<a href='{escape(address)}' target='_self'>open ↗</a>"
                    st.html(_line(LETTERS[len(known)], other.config.name, expand(other.config), now.network, link))
                    known.append((other.config, other.base))
                st.button(
                    f"Remove {LETTERS[index + 1]}",
                    key=f"compare.remove.{index}",
                    type="tertiary",
                    icon=":material/close:",
                    on_click=compared_networks.remove,
                    args=(index,),
                )
    if len(listed) < MOST - 1:
        with st.popover("Add a network", icon=":material/add:"):
            _adder(known)
    else:
        st.caption(f"A comparison takes up to {MOST} networks.")
    if problem := compared_networks.problem():
        st.error(plain(problem))
    return tuple(config for config, _ in known)


def _line(letter: str, name: str, network: Network, first: Network, more: str) -> str:
    """Return a network in a line of HTML: letter, name, costs and how far they are from the first's."""
    costs = []
    for label, mine, theirs in (("MACs", network.macs, first.macs), ("parameters", network.params, first.params)):
        against = "" if network is first else f" <small>{change(theirs, mine)}</small>"
        costs.append(f"<span title='{exact(mine)}'><b>{short(mine, 4)}</b> {label}{against}</span>")
    return (
        f"<div class='resviz-net'><strong>{letter}: {escape(name)}</strong>{''.join(costs)}<small>{more}</small></div>"
    )


def _adder(known: Sequence[tuple[ResNetConfig, str]]) -> None:
    ways = ("A preset", "A copy with one change", "A link")
    way = st.segmented_control("Add", ways, default=ways[0], required=True, key="compare.way")
    if way == ways[0]:
        word = st.selectbox(
            "Preset",
            list(PRESETS),
            index=None,
            accept_new_options=True,
            placeholder="resnet101 or wrn40_4_cifar10",
            key=PRESET,
        )
    elif way == ways[1]:
        names = {LETTERS[index]: config.name for index, (config, _) in enumerate(known)}
        letter = st.selectbox(
            "Same as", list(names), format_func=lambda letter: f"{letter}: {names[letter]}", key="compare.copy"
        )
        config, base = known[LETTERS.index(letter)]
        word = change_form(config, base, f"compare.change.{encode(config, base)}")
    else:
        text = st.text_input("Link from the address bar, or its net=…", key=LINK)
        word = _word_in(text)
    st.button("Add", type="primary", disabled=not word, on_click=_add, args=(word or "",), key="compare.add")


def _add(word: str) -> None:
    """Put a network beside the others and empty the boxes it was written in."""
    compared_networks.add(word)
    for box, nothing in WRITTEN.items():
        if box in st.session_state:
            st.session_state[box] = nothing


def _word_in(text: str) -> str | None:
    """Return the word that a pasted link holds; None, after a sentence, where it cannot be read."""
    try:
        return compared_networks.word_in(text) or None
    except ConfigError as error:
        st.error(plain(error))
        return None


def _diagrams(comparison: Comparison, configs: Sequence[ResNetConfig]) -> None:
    levels = levels_of(comparison.networks)
    if st.session_state.get(PICTURES) not in (None, *levels):
        st.session_state[PICTURES] = Detail.BLOCKS.value  # a network of many layers has come
    detail = st.segmented_control(
        "Detail",
        levels,
        default=Detail.BLOCKS,
        required=True,
        format_func=str.capitalize,
        key=PICTURES,
        bind="query-params",
    )
    panes(compared(comparison, detail or Detail.BLOCKS), key="compare.panes", height=HEIGHT)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"Compared with A: {SIGNS}.{_capped(levels)}", width="stretch")
        _picture(comparison, detail or Detail.BLOCKS, configs)


def _capped(levels: Sequence[Detail]) -> str:
    """Return what is to be said of levels that are left out."""
    return "" if Detail.LAYERS in levels else " These networks have too many layers to be drawn one by one."


def _picture(comparison: Comparison, detail: Detail, configs: Sequence[ResNetConfig]) -> None:
    """Offer the diagrams together as one picture, and as a page of one file."""
    files = st.popover("Download", icon=":material/download:", key="compare.picture", on_change="rerun")
    if files.open:
        with files:
            for kind in (*FORMATS, "html"):
                st.button(FILES[kind][0], key=f"compare.picture.{kind}", on_click=_ask, args=(kind,), width="stretch")
    if not st.session_state.get(FILE):
        return
    picture = beside(comparison, detail)
    networks = " ".join(config.to_json() for config in configs)
    if file := picture_files.made(FILE, picture, _files(comparison), lambda kind: picture, networks=networks):
        kind, content = file
        hand_over(content, f"{_files(comparison)}.{kind}", FILES[kind][1])


def _ask(kind: str) -> None:
    picture_files.ask(FILE, kind)


def _files(comparison: Comparison) -> str:
    """Return what files of a comparison are called, without an ending."""
    return "-".join(file_name(network.name) for network in comparison.networks)[:MAX_FILE_NAME]


def _quantity(key: str) -> str:
    quantity = st.segmented_control(
        "Quantity",
        list(QUANTITIES),
        default="macs",
        required=True,
        format_func=QUANTITIES.__getitem__,
        key=key,
        bind="query-params",
    )
    return quantity or "macs"


def _stages(comparison: Comparison) -> None:
    quantity = _quantity("stages-by")
    table = comparison_table(comparison, quantity)
    tables.shown(table)
    tables.downloads(table, f"{_files(comparison)}-{quantity}", key=f"compare.stages.{quantity}")
    st.markdown("## What stands in each stage")
    columns = [words("Stage")]
    for title in comparison.titles:
        columns += [Column(f"{title[0]}: output", shape), words(f"{title[0]}: layers")]
    rows = [
        (stage.name, *(cell for row in stage.rows for cell in ((row.output, row.layers) if row else (None, None))))
        for stage in comparison.stages
    ]
    tables.shown(Table(tuple(columns), tuple(rows)))


def _charts(comparison: Comparison) -> None:
    from resviz.diagram import charts

    with st.container(horizontal=True, vertical_alignment="bottom"):
        quantity = _quantity("bars-by")
        form = st.segmented_control(
            "Bars",
            ["grouped", "stacked"],
            default="grouped",
            required=True,
            format_func=str.capitalize,
            key="compare.bars",
        )
        relative = st.toggle("As shares", key="compare.relative")
    series = [
        charts.Series(title, tuple(getattr(stage.costs[index], quantity) for stage in comparison.stages))
        for index, title in enumerate(comparison.titles)
    ]
    labels = [stage.name for stage in comparison.stages]
    figure = charts.bars(labels, series, quantity, stacked=form == "stacked", relative=relative)
    st.plotly_chart(figure, config={"displaylogo": False}, key="compare.chart", alt=f"{QUANTITIES[quantity]} by stage")
