"""The Design space page: the networks around the sidebar's that keep within limits of cost."""

from dataclasses import replace
from functools import partial
from html import escape
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from resviz.arch import ResNetConfig, ResvizError
from resviz.profiling import search_views as views
from resviz.profiling.brush import Brush, LineAxis
from resviz.profiling.chips import PEAK_OF, chips
from resviz.profiling.protocol import MAX_BATCH
from resviz.profiling.search import QUANTITIES, Found, Query, basis, limit, narrowed, table
from resviz.report.axes import usual
from resviz.report.formatting import exact, plural
from resviz.report.scaling import RULES
from resviz.report.tables import Form, write
from resviz.ui import design_brush, state
from resviz.ui import design_counts as counts
from resviz.ui.data_sheet import data_sheet
from resviz.ui.text import plain

RANKED = 50
"""Rows of the ranking."""
LIMITS = {
    "max_macs": ("macs", "<=", "MACs at most", "4G"),
    "max_params": ("params", "<=", "Parameters at most", "25M"),
    "max_time": ("time", "<=", "Time at most", "10ms"),
    "max_inference": ("inference", "<=", "Inference at most", "500MB"),
    "max_training": ("training", "<=", "Training at most", "8GB"),
    "min_depth": ("depth", ">=", "Layers at least", "50"),
    "min_field": ("field", ">=", "Field at least", "224"),
}
"""The limits of the page by their key in the address: quantity, sign, label, example."""
HIGH, LOW = ("Higher", "Highest"), ("Lower", "Lowest")
"""What may be better, and what may come first."""
TABLE, LINES = "Table", "Lines"
USUAL = "resviz.design.usual"
LINK = {"Open": st.column_config.LinkColumn(display_text="open ↗", help="This net on the Explore page.", pinned=True)}


def page() -> None:
    """Draw the page for the network that the sidebar describes."""
    now = state.current()
    st.title("Design space")
    st.markdown(
        f"Variants of **{now.title}** within the limits you set. Only costs are computed: no count tells how well a "
        "network learns. Errors are shown where a paper printed them."
    )
    ranges = _ranges(now.config)
    query = _chip(now.config)
    limits = _limits()
    try:
        asked = Query.of(now.config, ranges, [text for text, _ in limits.values()], **query)
        swept = counts.swept(asked, now)
    except ResvizError as error:
        st.error(plain(error))
        return
    if swept is None:
        return
    found = narrowed(asked, *swept)
    for (_, place), left in zip(limits.values(), found.left, strict=True):
        place.caption(f"{exact(left)} left")
    _sentences(found)
    if not len(found.rows):
        st.warning(f"No network meets the limits: {plain(_tightest(found))}", icon=":material/filter_alt_off:")
        return
    kept, axes, brush, colour = _chart(now, found)
    ranked = _ranked(now, kept) if len(kept.rows) else None
    if brush.ranges and "below" not in st.session_state and "below" not in st.query_params:
        st.session_state["below"] = LINES  # a link with ranges opens what they are drawn on
    listed, lines = st.tabs((TABLE, LINES), key="below", on_change="rerun", bind="query-params")
    if listed.open:
        with listed:
            if ranked is None:
                st.caption("No network is chosen.")
            else:
                _table(now, kept, ranked)
    if lines.open:
        with lines:
            design_brush.lines(found, axes, brush, kept, colour)


def _ranges(config: ResNetConfig) -> list[str]:
    """Draw the ranges; return them as they are written."""
    first = list(usual(config, coarse=True))
    if st.session_state.get("ranges") == st.session_state.get(USUAL):
        st.session_state["ranges"] = first  # nobody has chosen others, and the network is another one
    st.session_state[USUAL] = first
    held = st.session_state.get("ranges") or first
    return st.multiselect(
        "Ranges",
        list(dict.fromkeys([*held, *first, "groups=1,2,4", "attention=none,se", "depth=0.5..2/0.5"])),
        default=first,
        accept_new_options=True,
        key="ranges",
        bind="query-params",
        placeholder="A field and its values: depths.3=2..36/4",
        help="A field of the sidebar, one stage's (depths.3, widths.4, groups.2), or the whole network's depth, width "
        "(factors) and resolution (pixels). Values: 1,2,4 or 2..36/4. Type one and press Enter.",
    )


def _chip(config: ResNetConfig) -> dict[str, Any]:
    """Draw what time and memory are for; return it as the query's fields."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = list(chips())
        gpu = st.selectbox("GPU", names, index=names.index("T4"), key="gpu", bind="query-params", width=150)
        precision = st.selectbox("Number format", list(PEAK_OF), key="precision", bind="query-params", width=130)
        batch = st.number_input("Images in a batch", 1, MAX_BATCH, value=1, key="batch", bind="query-params", width=150)
        data_sheet(gpu)
    return {"gpu": gpu, "precision": precision, "batch": int(batch)}


def _limits() -> dict[str, tuple[str, Any]]:
    """Draw a box for each limit; return the limits that are set as text, with the place for what they leave."""
    out: dict[str, tuple[str, Any]] = {}
    with st.container(horizontal=True, vertical_alignment="top", gap="small"):
        for key, (quantity, sign, label, example) in LIMITS.items():
            place = st.container(width=124, gap="xxsmall")
            with place:
                text = st.text_input(label, key=key, bind="query-params", placeholder=example, max_chars=40)
            if not (text or "").strip():
                continue
            try:
                limit(f"{quantity}{sign}{text}")
            except ResvizError as error:
                place.error(plain(error))
            else:
                out[key] = (f"{quantity}{sign}{text}", place)
    return out


def _sentences(found: Found) -> None:
    refused = views.refusals(found)
    st.caption(f"{plural(len(found.sweep.values), 'configuration')}. {plain(refused)}".rstrip())
    times = f"Time: {basis(found)}"
    if found.times.extrapolated:
        st.caption(f":orange[:material/query_stats:] Extrapolated for some. {plain(times)}")
    else:
        st.caption(plain(times))


def _tightest(found: Found) -> str:
    """Return the limit that leaves nothing."""
    tight = next(each for each, left in zip(found.query.limits, found.left, strict=True) if not left)
    return f"{tight.text} refuses all that the limits before it leave."


def _chart(now: state.Current, found: Found) -> tuple[Found, tuple[LineAxis, ...], Brush, str]:
    """Draw the scatter; return what is picked in it and within the ranges on the lines' axes, and what lines need.

    Those are their axes, the ranges on them, and the quantity that colours them.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = list(QUANTITIES)
        x = st.selectbox("Across", names, 3, format_func=_label, key="x", bind="query-params", width=210)
        y = st.selectbox("Up", names, 1, format_func=_label, key="y", bind="query-params", width=210)
        better = st.segmented_control(
            f"{_label(y)}: better is",
            [HIGH[0], LOW[0]],
            default=HIGH[0],
            required=True,
            key="front",
            bind="query-params",
            help=f"Decides the Pareto front; across, lower is better: {_word(x)}.",
        )
        rules = st.pills(
            "Scaling rules",
            list(RULES),
            selection_mode="multi",
            format_func=lambda name: RULES[name].label,
            key="rules",
            bind="query-params",
            help="Lines through the network of the sidebar: how each rule grows it, to a quarter and to eight times "
            "its MACs.",
        )
    axes, brush = design_brush.brushed(found)
    within = replace(found, rows=found.rows[brush.keeps(axes)[found.rows]])
    own = counts.alone(now, found.query)
    courses = {name: line for name in rules if (line := counts.line(found.query, name, now)) is not None}
    picked = design_brush.picked(found)
    drawn = repr((x, y, better, tuple(courses), brush, found.query))
    figure = views.scatter(
        within,
        x,
        y,
        most_y=better == HIGH[0],
        own=own,
        rules=courses,
        out="Beyond a limit or a range" if brush.ranges else views.OUT,
        picked=picked.faded(drawn),
    )
    design_brush.chart(figure, found, drawn, alt=f"{_label(y)} against {_label(x)}")
    kept = replace(within, rows=within.rows[np.isin(within.rows, picked.rows)]) if picked.rows else within
    design_brush.chosen(found, kept, brush, picked=bool(picked.rows), opens=lambda row: _link(now, found, row))
    return kept, axes, brush, y


def _label(name: str) -> str:
    return QUANTITIES[name].label


def _ranked(now: state.Current, found: Found) -> NDArray[np.int64]:
    """Draw what networks are ranked by, and which ranks first; return their rows in that order."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = st.selectbox(
            "Rank by", list(QUANTITIES), 1, format_func=_label, key="rank", bind="query-params", width=210
        )
        order = st.segmented_control(
            "First", [HIGH[1], LOW[1]], default=HIGH[1], required=True, key="order", bind="query-params"
        )
    ranked = found.ranked(f"-{by}" if order == HIGH[1] else by)
    _best(now, found, int(ranked[0]), f"{order} {_word(by)}")
    return ranked


def _table(now: state.Current, found: Found, ranked: NDArray[np.int64]) -> None:
    """List the networks in this order, and offer them as files."""
    with st.container(horizontal=True):
        st.download_button(
            "CSV",
            lambda: write(table(found, ranked, units=True), Form.CSV),
            "networks.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "Parquet",
            lambda: views.parquet(found, ranked),
            "networks.parquet",
            "application/octet-stream",
            icon=":material/download:",
            on_click="ignore",
        )
    listed = ranked[:RANKED]
    records = views.records(found, listed, partial(state.link, base=now.base))
    names = [axis.name for axis in found.sweep.axes]
    order_of = ["Open", *names, *(each.header for each in QUANTITIES.values())]
    if any(record["Printed top-1 error, %"] for record in records):
        order_of.append("Printed top-1 error, %")
    numbers = {each.header: st.column_config.NumberColumn(format=f"%.{each.digits}f") for each in QUANTITIES.values()}
    st.dataframe(
        records,
        hide_index=True,
        height=380,
        column_order=order_of,
        column_config={**LINK, **numbers},
        key="design.rows",
    )
    if len(ranked) > RANKED:
        st.caption(f"The first {RANKED} of {exact(len(ranked))}; the files hold all.")


def _best(now: state.Current, found: Found, row: int, what: str) -> None:
    """Say which network ranks first, and offer it."""
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        varied, *costs = views.in_lines(found, row)
        st.markdown(f"**{what}:** {plain(varied)}  \n:small[{plain(' · '.join(costs))}]")
        _link(now, found, row)


def _link(now: state.Current, found: Found, row: int) -> None:
    """Offer a row's network; one step back leads here again, to the same limits and ranges."""
    address = state.link(found.sweep.config(row), base=now.base)
    st.html(f"<a class='resviz-open' href='{escape(address)}' target='_self'>Open in Explore</a>", width="content")


def _word(name: str) -> str:
    label = QUANTITIES[name].label
    return label if label == "MACs" else label.lower()
