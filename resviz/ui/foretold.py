"""What the Profile page says before a measurement: how long it will take, and what was measured before."""

import streamlit as st

from resviz.arch import ResvizError
from resviz.profiling.expected import expected
from resviz.profiling.past import runs_of, runs_table
from resviz.profiling.protocol import STEPS, Protocol
from resviz.ui import state, tables
from resviz.ui.past import at_hand
from resviz.ui.text import plain

LISTED = 5
"""Runs of a network that are listed; History has the others."""


def expectation(now: state.Current, device: str, protocol: Protocol, *, parts: bool, growing: bool) -> None:
    """Say how long the measurement that is set would take, where anything tells."""
    store = at_hand()
    try:
        found = expected(store, now.network, _name(device), protocol, parts=parts) if store else None
    except ResvizError:  # a history that cannot be read is the History page's to explain
        return
    if found is None:
        what = STEPS[protocol.step]
        st.caption(f"No {what} has been measured on this device yet; the time left is shown once the first is done.")
        return
    each = f" That is for batch {protocol.batch}; a sweep takes as many steps at each batch size." if growing else ""
    st.caption(plain(found.sentence) + each)


@st.cache_data(show_spinner=False, max_entries=16)
def _name(device: str) -> str:
    """Return what a device is called in the history."""
    from resviz.profiling.devices import inspect, pick

    return inspect(pick(device)).name


def before(now: state.Current) -> None:
    """List the newest runs of the network on the screen."""
    store = at_hand()
    try:
        rows = runs_of(store, now.config, LISTED) if store else ()
    except ResvizError:
        return
    if not rows:
        return
    st.header("Earlier measurements")
    tables.shown(runs_table(rows))
    st.caption(f"The newest runs of {now.title}; the History page shows and compares all.")
