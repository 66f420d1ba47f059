"""Whose network an uploaded file is, beside the upload, with the way to open it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from resviz.arch import expand
from resviz.arch.tensors import network_tensors
from resviz.progress import Report
from resviz.report.field_words import LABELS, value_in_words
from resviz.ui import state
from resviz.ui.text import plain
from resviz.ui.weights import Choice
from resviz.ui.work import Kind, Results, needed

if TYPE_CHECKING:
    from resviz.nn.identification import Identification


@dataclass(frozen=True, slots=True)
class Answer:
    """Whose network a file is; None where it is the one on the screen."""

    found: "Identification | None"


_ANSWERS: Kind[Answer] = Kind("identified", Results(16))


def answer(now: state.Current, choice: Choice) -> None:
    """Say whose network the open file is, unless it is the one on the screen, and offer to open that."""
    if not choice.name:
        return
    key = choice.digest, choice.name, now.config.to_json()
    # Quiet: where the file cannot be read, what loads the weights says it.
    answered = needed(_ANSWERS, key, f"Whose network {choice.name} is", _looked(now, choice), quiet=True)
    found = answered.found if answered else None
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


def _looked(now: state.Current, choice: Choice) -> "Callable[[Report], Answer]":
    """Return work that finds whose network a file is; nobody's where it is the one on the screen."""

    def work(report: Report) -> Answer:
        from resviz.nn.identify import identify
        from resviz.nn.inventory import without_counters
        from resviz.nn.weight_files import read_shapes

        report("reading names and shapes", 0, 2)
        shapes = read_shapes(choice.data, choice.name)
        report("comparing them with networks", 1, 2)
        return Answer(None if without_counters(shapes) == network_tensors(now.network) else identify(shapes))

    return work
