"""What the Profile page says before a measurement: how long it will take, and what was measured before."""

import streamlit as st

from resviz.arch import ResvizError
from resviz.profiling.expected import expected
from resviz.profiling.past import runs_of, runs_table
from resviz.profiling.protocol import Protocol
from resviz.profiling.store import open_store
from resviz.ui import state, tables
from resviz.ui.text import plain

LISTED = 5
"""Runs of a network that are listed; History has the others."""


def expectation(now: state.Current, device: str, protocol: Protocol, *, parts: bool, growing: bool) -> None:
    """Say how long the measurement that is set would take, where anything tells."""
    try:
        found = expected(open_store(), now.network, _name(device), protocol, parts=parts)
    except ResvizError:  # a history that cannot be read is the History page's to explain
        return
    if found is None:
        st.caption("Nothing has been measured on this device yet; the time left is shown once the first step is done.")
    elif growing:
        st.caption(f"At batch {protocol.batch}: {plain(found.sentence)} A sweep does as much at each batch size.")
    else:
        st.caption(plain(found.sentence))


@st.cache_data(show_spinner=False, max_entries=16)
def _name(device: str) -> str:
    """Return what a device is called in the history."""
    from resviz.profiling.devices import inspect, pick

    return inspect(pick(device)).name


def before(now: state.Current) -> None:
    """List the newest runs of the network on the screen."""
    try:
        rows = runs_of(open_store(), now.config, LISTED)
    except ResvizError:
        return
    if not rows:
        return
    st.header("Earlier measurements")
    tables.shown(runs_table(rows))
    st.caption(f"The newest runs of {now.title}; the History page shows and compares all.")
