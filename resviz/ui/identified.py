"""Whose network an uploaded file is, beside the upload, with the way to open it."""

from typing import TYPE_CHECKING

import streamlit as st

from resviz.arch import Network, ResvizError, expand
from resviz.arch.tensors import network_tensors
from resviz.report.field_words import LABELS, value_in_words
from resviz.ui import state
from resviz.ui.text import plain
from resviz.ui.weights import Choice

if TYPE_CHECKING:
    from resviz.nn.identification import Identification


def answer(now: state.Current, choice: Choice) -> None:
    """Say whose network the open file is, unless it is the one on the screen, and offer to open that."""
    if not choice.name:
        return
    try:
        found = _found(choice.digest, choice.name, now.config.to_json(), choice, now.network)
    except ResvizError:
        return  # what loads the weights says it
    if found is None:
        return
    if found.config is None:
        st.warning(f"{plain(choice.name)}: {plain(found.sentence)}", icon=":material/help:")
        return
    network = expand(found.config)
    if found.exact and network_tensors(network) == network_tensors(now.network):
        return
    with st.container(border=True):
        st.markdown(f"**{plain(choice.name)}** is not the network of the sidebar. {plain(found.sentence)}")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                f"Open {plain(network.name)}",
                type="primary",
                icon=":material/open_in_new:",
                on_click=state.show,
                args=(found.config, found.nearest),
                key="module.identified",
            )
            with st.popover("What the weights tell", icon=":material/fact_check:"):
                _fields(found)


def _fields(found: "Identification") -> None:
    st.markdown("**Decided by names and shapes**")
    said = (f"- {plain(LABELS[field])}: {plain(value_in_words(field, value))}" for field, value in found.decided)
    st.markdown("\n".join(said))
    st.markdown("**Left open: they leave no trace in the weights**")
    st.markdown("\n".join(f"- {plain(each.sentence)}" for each in found.undecided))


@st.cache_data(max_entries=4, show_spinner="Names and shapes are compared ...")
def _found(digest: str, name: str, config: str, _choice: Choice, _network: Network) -> "Identification | None":
    """Return whose network a file is; None where it is this one. The first three arguments are the cache's key."""
    from resviz.nn.identify import identify
    from resviz.nn.inventory import without_counters
    from resviz.nn.weight_files import read_shapes

    shapes = read_shapes(_choice.data, name)
    return None if without_counters(shapes) == network_tensors(_network) else identify(shapes)
