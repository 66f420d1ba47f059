"""The pages of the app, in the order of the navigation; each is imported when it is first opened."""

from collections.abc import Callable
from importlib import import_module

import streamlit as st
from streamlit.navigation.page import StreamlitPage


def _late(module: str) -> Callable[[], None]:
    def page() -> None:
        import_module(f"resviz.ui.{module}").page()

    page.__name__ = module
    return page


def pages() -> list[StreamlitPage]:
    """Return the pages, made anew: Streamlit marks the page it shows, so two sessions must not share one."""
    return [
        st.Page(_late("explore"), title="Explore", icon=":material/account_tree:", default=True),
        st.Page(_late("learn"), title="Learn", icon=":material/school:", url_path="learn"),
        st.Page(_late("compare"), title="Compare", icon=":material/compare_arrows:", url_path="compare"),
        st.Page(_late("design"), title="Design space", icon=":material/scatter_plot:", url_path="design"),
        st.Page(_late("published"), title="Published", icon=":material/menu_book:", url_path="published"),
        st.Page(_late("module"), title="Module", icon=":material/deployed_code:", url_path="module"),
        st.Page(_late("laboratory"), title="Laboratory", icon=":material/science:", url_path="laboratory"),
        st.Page(_late("profile"), title="Profile", icon=":material/timer:", url_path="profile"),
        st.Page(_late("history"), title="History", icon=":material/history:", url_path="history"),
    ]
