"""The entry point: `streamlit run app.py`."""

import streamlit as st

from resviz.ui import sidebar, state
from resviz.ui.pages import PAGES

st.set_page_config(page_title="resviz", page_icon=":material/account_tree:", layout="wide", initial_sidebar_state=340)
page = st.navigation(PAGES, position="top")
state.start()
with st.sidebar:
    sidebar.sidebar()
page.run()
state.write_address()
