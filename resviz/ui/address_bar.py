"""When the address bar says something new: in a new session, and after the Back or Forward button.

Any other run of a session may bring an address that is older than what the session wrote last, for the browser sends
the one it knows at that moment: then what the session holds is right.
"""

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

LAST_PAGE = "resviz.page"
"""The session's key for the page that ran last, by its path."""


def went_back() -> bool:
    """Return whether a step through the browser's history led to this run."""
    run = get_script_run_ctx(suppress_warning=True)
    return run is not None and run.is_history_navigation


def is_news(key: str, page: str, names: Sequence[str]) -> bool:
    """Return whether a page reads its parameters ``names`` from the address, rather than from the session's ``key``.

    Whoever comes back from another page finds what he left also where the address names nothing of it: what that page
    wrote first may have stood, for a moment, in the place of this page's address.
    """
    if key not in st.session_state:
        return True
    stays = st.session_state.get(LAST_PAGE) == page
    return went_back() and (stays or any(name in st.query_params for name in names))


def kept(key: str, page: str, names: Sequence[str]) -> dict[str, str]:
    """Return a page's parameters: the address's where they are news, else what the session keeps under a key."""
    if is_news(key, page, names):
        st.session_state[key] = {name: st.query_params[name] for name in names if name in st.query_params}
    held: dict[str, str] = st.session_state[key]
    return held


def keep(key: str, names: Sequence[str], held: dict[str, str]) -> None:
    """Keep a page's parameters in the session and write them to the address: at once, for each writing may be a step.

    No widget of the page may be bound to the address, unless ``names`` is one.
    """
    st.session_state[key] = held
    stay = {name: st.query_params.get_all(name) for name in st.query_params if name not in names}
    gone = [name for name in names if name not in held and name in st.query_params]
    if len(gone) > 1:
        st.query_params.from_dict({**stay, **held})
        return
    if any(st.query_params.get(name) != value for name, value in held.items()):
        st.query_params.update(held)
    for name in gone:
        del st.query_params[name]
