"""A measurement on a page: its headline, its warnings, its charts, its files. Profile and History show it."""

import streamlit as st

from resviz.profiling import charts, descriptions, trust
from resviz.profiling.protocol import STEPS
from resviz.profiling.result import Profile, Sweep
from resviz.profiling.table import to_csv
from resviz.ui.diagram import heat_diagram
from resviz.ui.text import file_name, plain

PLOT = {"displaylogo": False}
HEIGHT = 560
"""Pixels of the diagram."""


def show(sweep: Sweep, key: str) -> None:
    """Draw a sweep: the run of one batch size, and curves over all where there are several."""
    if not sweep.runs:
        st.warning(sweep.summary())
        return
    run = sweep.runs[-1]
    if len(sweep.runs) > 1:
        numbers = list(range(len(sweep.runs)))
        chosen = st.pills(
            "Run",
            numbers,
            default=numbers[-1],
            required=True,
            format_func=lambda number: _batch(sweep.runs[number]),
            key=f"{key}.run",
        )
        run = sweep.runs[chosen]
    if sweep.ended != "all measured":
        st.info(sweep.summary())
    headline(run)
    for warning in trust.warnings(run):
        st.warning(plain(warning), icon=":material/speed:")
    _views(sweep, run, key)
    _downloads(sweep, key)


def headline(run: Profile) -> None:
    """Draw what was measured, on what, and the headline figures."""
    name, device = plain(run.config.name), plain(run.device.name)
    st.markdown(f"**{name}**, {STEPS[run.protocol.step]}, batch {run.protocol.batch}, on {device}")
    with st.container(horizontal=True, gap="medium"):
        for figure in descriptions.figures(run):
            st.metric(figure.label, figure.value, help=figure.summary, width="content")
    st.caption(trust.spread_sentence(run))
    if run.phases:
        st.caption(f"Of a step: {descriptions.phases_sentence(run.phases)}. Medians of a run of its own.")


def _batch(run: Profile) -> str:
    """Return what stands on a run's button: its batch, and a sign where its time is unsure."""
    return f"batch {run.protocol.batch}{' ⚠' if trust.warnings(run) else ''}"


def _views(sweep: Sweep, run: Profile, key: str) -> None:
    names = ["Steps", *(["Batch sizes"] if len(sweep.runs) > 1 else [])]
    names += ["Blocks", "Roofline", "Diagram"] if run.breakdown else []
    names.append("Protocol and device")
    tabs = dict(zip(names, st.tabs(names, key=f"{key}.view.{len(names)}", on_change="rerun"), strict=True))
    for name, tab in tabs.items():
        if tab.open:
            with tab:
                _view(name, sweep, run, key)


def _view(name: str, sweep: Sweep, run: Profile, key: str) -> None:
    match name:
        case "Steps":
            st.plotly_chart(charts.steps_chart(run), width="stretch", config=PLOT, key=f"{key}.steps")
            st.caption("Every timed step in order. Dashed: the median. Shaded: the 5th to the 95th percentile.")
        case "Batch sizes":
            st.plotly_chart(charts.sweep_chart(sweep), width="stretch", config=PLOT, key=f"{key}.sweep")
            st.caption("Bars on the time: the 5th to the 95th percentile of the steps.")
        case "Blocks" if run.breakdown:
            st.plotly_chart(charts.blocks_chart(run), width="stretch", config=PLOT, key=f"{key}.blocks")
            st.caption(descriptions.breakdown_sentence(run.breakdown))
        case "Roofline":
            st.plotly_chart(charts.roofline_chart(run), width="stretch", config=PLOT, key=f"{key}.roofline")
            st.caption(
                "One point for each convolution and linear layer. Bytes are the least it must move: input, weights "
                f"and output, once each. {descriptions.roof_sentence(run)}"
            )
        case "Diagram":
            heat_diagram(run.network, charts.time_heat(run), key=f"{key}.diagram", height=HEIGHT)
        case _:
            st.table({name: plain(value) for name, value in descriptions.details(run)}, border="horizontal")


def _downloads(sweep: Sweep, key: str) -> None:
    name = file_name(sweep.runs[0].config.name)
    with st.container(horizontal=True):
        st.download_button(
            "JSON",
            sweep.to_json,
            f"{name}-profile.json",
            "application/json",
            icon=":material/download:",
            help="Every sample, the protocol and the device; opens on this page again.",
            on_click="ignore",
            key=f"{key}.json",
        )
        st.download_button(
            "CSV",
            lambda: to_csv(sweep.runs),
            f"{name}-profile.csv",
            "text/csv",
            icon=":material/download:",
            help="One line for each run; times per layer are in the JSON only.",
            on_click="ignore",
            key=f"{key}.csv",
        )
