"""Memory on the Profile page: what inference and training take, what is alive when, the largest batch that fits."""

import streamlit as st

from resviz.arch import Network
from resviz.arch.operation import Batch
from resviz.diagram import memory_charts as charts
from resviz.report.alive import steps
from resviz.report.formatting import size
from resviz.report.frames import frame
from resviz.report.headline import crowded
from resviz.report.memory import ITEM, MASK, STATES, memory, sized
from resviz.report.memory_tables import batch_table, trade_table, ways
from resviz.report.tables import Table
from resviz.ui import state

KEY = "memory"
PLOT = {"displaylogo": False}
DEVICES = {"cpu": "CPU", "cuda": "CUDA"}
MAX_BATCH = 10**6
INFERENCE, TRAINING, FITS = "Alive at inference", "Kept in training", "Largest batch"


def section() -> None:
    """Draw the section for the network that the sidebar describes."""
    now = state.current()
    st.markdown(
        f"What **{now.title}** takes, counted from PyTorch's rules, not measured. Scratch space of libraries, "
        "gradients of feature maps and what the device's runtime takes come on top."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        batch = int(st.number_input("Images", 1, MAX_BATCH, value=32, key=f"{KEY}.batch", width=130))
        dtype = st.selectbox("Numbers", list(ITEM), key=f"{KEY}.dtype", width=130)
        optimiser = st.selectbox("Optimiser", list(STATES), index=2, key=f"{KEY}.optimiser", width=200)
        device = st.selectbox(
            "Device",
            list(MASK),
            index=1,
            format_func=DEVICES.__getitem__,
            key=f"{KEY}.device",
            width=110,
            help="Only a dropout's mask differs.",
        )
    whole = memory(now.network, batch, dtype, optimiser, device)
    figures = {
        "Inference": (whole.to_infer, "Weights and the most feature maps that are alive at once."),
        "Training": (whole.to_train, "Weights, gradients, optimiser and what the backward pass needs."),
        "Weights": (whole.weights, "With the running statistics of BN."),
        "Gradients": (whole.gradients, "A number for each parameter."),
        "Optimiser": (whole.optimiser, "What it keeps for each parameter."),
        "Kept feature maps": (whole.kept, "What the layers keep of the forward pass for the backward pass."),
    }
    with st.container(horizontal=True, gap="medium"):
        for label, (count, explanation) in figures.items():
            st.metric(label, size(count), help=explanation, width="content")
    views = (INFERENCE, TRAINING, FITS)
    for name, tab in zip(views, st.tabs(views, key=f"{KEY}.view", on_change="rerun"), strict=True):
        if not tab.open:
            continue
        with tab:
            if crowded(now.network):
                st.info("This network has more layers than the page draws one by one; `resviz memory` counts it.")
            elif name == INFERENCE:
                _inference(now.network, sized(batch, dtype, device))
            elif name == TRAINING:
                _training(now.network, batch, dtype, optimiser, device)
            else:
                _table(_fits(now.network, now.config.to_json(), dtype, optimiser, device), f"{KEY}.fits")
                st.caption("1 GB is 10⁹ bytes. The device's runtime needs memory of its own.")


def _inference(network: Network, batch: Batch) -> None:
    figure = charts.alive_strip(steps(network, batch))
    st.plotly_chart(figure, width="stretch", config=PLOT, key=f"{KEY}.alive", alt="Bytes alive at each step")
    st.caption(
        "One bar for each step, in order. While the branch runs, the block's input is kept for the addition: an "
        "identity shortcut has no parameters, but it takes this memory."
    )


def _training(network: Network, batch: int, dtype: str, optimiser: str, device: str) -> None:
    figure = charts.kept_strip(ways(network, batch, dtype, device))
    st.plotly_chart(figure, width="stretch", config=PLOT, key=f"{KEY}.kept", alt="Bytes kept by each part")
    _table(trade_table(network, batch, dtype, optimiser, device), f"{KEY}.trade")
    st.caption(
        "With checkpointing, a block or stage stores only its input and is computed again in the backward pass. "
        "The extra arithmetic is a share of a training step's three passes. (torch.utils.checkpoint; Chen et al. 2016)"
    )


@st.cache_data(max_entries=64, show_spinner=False)
def _fits(_network: Network, config: str, dtype: str, optimiser: str, device: str) -> Table:
    return batch_table(_network, dtype, optimiser, device)


def _table(table: Table, key: str) -> None:
    data = frame(table)
    for column in table.columns:
        if column.right:
            data[column.header] = [column.text(value) for value in data[column.header]]
    right = {c.header: st.column_config.TextColumn(alignment="right") for c in table.columns if c.right}
    st.dataframe(data, hide_index=True, height="content", column_config=right, key=key)
