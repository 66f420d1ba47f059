"""What a person has set stays set while its widgets are not drawn: Streamlit forgets a widget that a run leaves out."""

import streamlit as st


def keep_unseen(*prefixes: str) -> None:
    """Keep the values of all widgets whose keys begin with one of these: for runs that do not draw them.

    Where they are drawn this would undo what was clicked while the run's answer was on its way.
    """
    for key, value in st.session_state.items():
        if str(key).startswith(prefixes) and isinstance(value, str | int | float | list | None):
            st.session_state[key] = value
