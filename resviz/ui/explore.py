"""The Explore page: one network, its totals, its diagram, its stages beside the paper's, its layers."""

import streamlit as st

from resviz.report.headline import headline
from resviz.ui import state


def page() -> None:
    """Draw the page for the network that the sidebar describes."""
    now = state.current()
    if "address" in state.problems():
        st.warning(state.problems()["address"])
    for column, line in zip(st.columns(6), headline(now.network), strict=True):
        column.metric(line.label, line.value, help=line.says)
