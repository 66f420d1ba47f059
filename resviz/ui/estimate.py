"""The estimate on the Profile page: the time of a step on a GPU that is not here, and what bounds each layer."""

import streamlit as st

from resviz.arch import ResvizError
from resviz.profiling import estimate_views as views
from resviz.profiling.chips import PEAK_OF, Chip, chip, chips
from resviz.profiling.estimate import Estimate, estimated
from resviz.profiling.protocol import MAX_BATCH, STEPS
from resviz.report.frames import frame
from resviz.report.headline import crowded
from resviz.ui import state
from resviz.ui.data_sheet import data_sheet
from resviz.ui.diagram import heat_diagram
from resviz.ui.text import plain

KEY = "estimate"
PLOT = {"displaylogo": False}
RUNS = 50
"""Newest runs of a GPU that an estimate is fitted to."""
HEIGHT = 560
"""Pixels of the diagram and of the table."""
FORMATS = {"nhwc": "NHWC (channels last)", "nchw": "NCHW"}
PRECISIONS = {"amp": "FP16 by autocast", "fp16": "FP16", "bf16": "BF16", "tf32": "TF32", "fp32": "FP32"}
TABLE, DIAGRAM, FIT = "Time by layer", "Time in the diagram", "Estimated against published"


def section() -> None:
    """Draw the section for the network that the sidebar describes."""
    now = state.current()
    st.markdown(
        f"How long **{now.title}** would take for a forward pass or a training step on a GPU you do not have, from the "
        "arithmetic, the memory traffic and the launches of its layers. Nothing is run."
    )
    try:
        found = _asked(now)
    except ResvizError as error:
        st.error(plain(error))
        return
    with st.container(horizontal=True, gap="medium"):
        for figure in views.figures(found):
            st.metric(figure.label, figure.value, help=figure.summary, width="content")
    if found.extrapolated:
        st.warning(plain(views.basis(found)), icon=":material/query_stats:")
    else:
        st.caption(plain(views.basis(found)))
    tabs = dict(
        zip((TABLE, DIAGRAM, FIT), st.tabs((TABLE, DIAGRAM, FIT), key=f"{KEY}.view", on_change="rerun"), strict=True)
    )
    for name, tab in tabs.items():
        if tab.open:
            with tab:
                _view(name, found)


def _asked(now: state.Current) -> Estimate:
    """Draw the controls; return the estimate that they ask for. Raises ResvizError."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = list(chips())
        step = st.selectbox(
            "Estimated step",
            list(STEPS),
            format_func=lambda name: STEPS[name].capitalize(),
            key=f"{KEY}.step",
            width=160,
            help="A training step is forward pass, loss, backward pass and SGD.",
        )
        gpu = st.selectbox("GPU", names, index=names.index("RTX 4090"), key=f"{KEY}.gpu", width=160)
        precision = st.selectbox(
            "Number format", list(PEAK_OF), format_func=PRECISIONS.__getitem__, key=f"{KEY}.precision", width=190
        )
        layout = st.selectbox(
            "Layout", list(FORMATS), format_func=FORMATS.__getitem__, key=f"{KEY}.memory_format", width=210
        )
        batch = st.number_input("Images in a batch", 1, MAX_BATCH, value=256, key=f"{KEY}.batch", width=150)
        compiled = st.toggle("Compiled", key=f"{KEY}.compiled", help="By torch.compile.")
        data_sheet(gpu)
    found = estimated(
        now.network, gpu, precision=precision, memory_format=layout, batch=int(batch), compiled=compiled, step=step
    )
    return _fitted(found)


def _fitted(found: Estimate) -> Estimate:
    """Offer to fit the estimate to runs on the same GPU, where the history has any, and do so where that is wanted.

    Where none of them can be held against an estimate it says so and leaves it.
    """
    from resviz.profiling.own_runs import anchor, anchored
    from resviz.ui.past import at_hand

    store = at_hand()
    try:
        devices = [name for name in store.choices("device") if _is(name, found.chip)] if store else []
        rows = store.rows(devices=devices, limit=RUNS) if store and devices else ()
    except ResvizError:  # a history that cannot be read is the History page's to explain
        return found
    if not store or not rows:
        return found
    wanted = st.toggle(
        f"Fit to what was measured on {plain(found.chip.name)}",
        key=f"{KEY}.own",
        help=f"Scales the estimate to agree with the newest runs of the History on that GPU, at most {RUNS}: for you "
        "alone.",
    )
    if not wanted:
        return found
    try:
        return anchored(found, anchor(tuple(store.each([row.id for row in rows], readable=True)), found))
    except ResvizError as error:
        st.warning(plain(error))
        return found


def _is(device: str, wanted: Chip) -> bool:
    try:
        return chip(device) is wanted
    except ResvizError:
        return False


def _view(name: str, found: Estimate) -> None:
    match name:
        case "Time by layer":
            if crowded(found.network):
                st.info("This network has more layers than the page lists; `resviz estimate --json` does.")
                return
            config = {
                "Time, ms": st.column_config.NumberColumn(format="%.4f"),
                "Share": st.column_config.NumberColumn(format="percent"),
            }
            st.dataframe(
                frame(views.layer_table(found)),
                hide_index=True,
                height=HEIGHT,
                placeholder="",
                column_config=config,
                key=f"{KEY}.layers",
            )
        case "Time in the diagram":
            heat_diagram(found.network, views.estimated_heat(found), key=f"{KEY}.diagram", height=HEIGHT)
        case _:
            st.plotly_chart(views.fit_chart(), width="stretch", config=PLOT, key=f"{KEY}.fit")
            st.caption(views.fit_sentence())
