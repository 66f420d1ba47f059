"""The entry point: `streamlit run app.py`, or `resviz app`, which runs this file out of a wheel as well."""

from time import perf_counter

import pandas as pd  # noqa: F401  # whole, before any session: two that first need parts of it see it half imported
import streamlit as st

from resviz.report.html_table import STYLE as TABLE_STYLE
from resviz.ui import address_bar, collector, compared_networks, logs, sidebar, state
from resviz.ui.asset_text import ASSETS
from resviz.ui.pages import pages

began = perf_counter()
logs.start()
st.set_page_config(page_title="resviz", page_icon=ASSETS / "icon.svg", layout="wide", initial_sidebar_state=340)
st.html(ASSETS / "page.css")
st.html(TABLE_STYLE)
all_pages = pages()
page = st.navigation(all_pages, position="top")
state.watch_address()
state.start()
if compared_networks.asked():
    st.switch_page(next(each for each in all_pages if each.url_path == "compare"))
state.name_tab()
with st.sidebar:
    sidebar.sidebar()
state.say_address_problem()
page.run()
st.session_state[address_bar.LAST_PAGE] = page.url_path
state.write_address()
logs.page_shown(page.url_path, began)
collector.settle()
