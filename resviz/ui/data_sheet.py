"""A chip's figures, behind a button beside where it is chosen."""

import streamlit as st

from resviz.profiling.chips import chip
from resviz.profiling.data_sheet import UNCHECKED, sheet, sources
from resviz.ui.text import plain


def data_sheet(gpu: str) -> None:
    """Draw the button that shows what is known of a chip, by whom it is printed, and what is unchecked."""
    found = chip(gpu)
    with st.popover("Data sheet", icon=":material/memory:", width="content"):
        lines = [f"| {plain(name)} | {plain(value)} | {_mark(word)} |" for name, value, word in sheet(found).cells]
        st.markdown("\n".join([f"| {plain(found.name)} | | other pages |", "|:--|:--|:--|", *lines]))
        for each in sources(found):
            st.caption(plain(each))


def _mark(word: str) -> str:
    return f":orange[:material/help: {word}]" if word == UNCHECKED else f":material/check: {plain(word)}"
