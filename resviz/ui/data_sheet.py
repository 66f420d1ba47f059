"""A chip's figures, behind a button beside where it is chosen."""

import streamlit as st

from resviz.profiling.chips import chip
from resviz.profiling.data_sheet import UNCHECKED, sheet, sources
from resviz.ui.text import plain


def data_sheet(gpu: str) -> None:
    """Draw the button that shows what is known of a chip, by whom it is printed, and what is unchecked."""
    found = chip(gpu)
    with st.popover("Data sheet", icon=":material/memory:", width="content"):
        rows = sheet(found).cells
        shown = "\n".join(f"| {plain(name)} | {plain(value)} | {_mark(pages)} |" for name, value, pages in rows)
        st.markdown(f"**{plain(found.name)}**\n\n| | | printed by |\n|:--|:--|:--|\n{shown}")
        st.caption(plain(sources(found)))


def _mark(pages: str) -> str:
    return f":orange[:material/help: {pages}]" if pages == UNCHECKED else plain(pages)
