"""The history as other pages than its own read it: what they show beside something else, and do without."""

import streamlit as st

from resviz.errors import StoreError
from resviz.profiling.store import Store, default_url, ensure_answers, open_store

AGAIN = 15
"""Seconds until a history that did not answer is asked again."""


def at_hand() -> Store | None:
    """Return the history; None while it does not answer, which the History page explains."""
    try:
        return open_store() if _answers(default_url()) else None
    except StoreError:
        return None


@st.cache_data(ttl=AGAIN, max_entries=4, show_spinner=False)
def _answers(url: str) -> bool:
    """Return whether a database answers: one try for all visitors, so that nobody waits for it at every change."""
    try:
        ensure_answers(url)
    except StoreError:
        return False
    return True
