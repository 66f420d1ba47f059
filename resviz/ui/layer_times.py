"""Estimated times on Explore: the choice of a GPU, which the link holds, and what its layers would take there."""

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from resviz.arch import ResvizError
from resviz.profiling.chips import chips
from resviz.report.formatting import duration, exact
from resviz.report.headline import crowded
from resviz.ui import shown as showing
from resviz.ui import state
from resviz.ui.shown import Shown
from resviz.ui.text import plain

if TYPE_CHECKING:
    from resviz.profiling.estimate import Estimate

KEY = "explore.gpu"
BATCH = 256
"""Images of a batch; the Profile page estimates others, other formats, and training steps."""


def choose(shown: Shown) -> None:
    """Draw the choice of the GPU."""
    st.session_state[KEY] = shown.gpu

    def chosen() -> None:
        gpu = st.session_state[KEY]
        heat = showing.held().heat if gpu or showing.held().heat != showing.TIME else ""
        showing.change(replace(showing.held(), gpu=gpu, heat=heat))

    st.selectbox(
        "Estimated time on",
        ["", *chips()],
        format_func=lambda name: name or "no GPU",
        key=KEY,
        on_change=chosen,
        width=200,
        help="Adds what each layer would take there, and what bounds it; the diagram can then be coloured by it.",
    )


def estimate(shown: Shown, now: state.Current) -> "Estimate | None":
    """Return the estimate for the chosen GPU; None without one, or where the network has too many layers."""
    if not shown.gpu or crowded(now.network):
        return None
    from resviz.profiling.estimate import estimated

    try:
        return estimated(now.network, shown.gpu, precision="amp", memory_format="nhwc", batch=BATCH, compiled=False)
    except ResvizError:
        return None


def say(found: "Estimate") -> None:
    """Say what the column of times is, how sure it is, and what has no row in the table."""
    layers = {path for path, _ in found.network.walk()}
    between = sum(part.seconds for part in found.layers if part.path not in layers)
    rest = f" {duration(between)} of it goes to additions and products, which have no row." if between else ""
    mark = ":orange[:material/query_stats:] Extrapolated. " if found.extrapolated else ""
    st.caption(
        f"{mark}Estimated for a forward pass of {exact(found.batch)} images on {plain(found.chip.name)}, FP16 by "
        f"autocast, NHWC: {duration(found.seconds)}, in nine of ten cases between {duration(found.low)} and "
        f"{duration(found.high)}.{rest} "
        "What bounds a layer is what it waits for most: arithmetic, memory or its launch. Profile has other batches "
        "and formats, and training steps."
    )
