"""The details beside the diagram: what is selected, what it costs and why; else what the network is made of."""

from html import escape
from typing import Any

import streamlit as st

from resviz.arch.fields import CHOICES
from resviz.diagram.facts import facts
from resviz.ui import state

MADE_OF = {"block": "Block", "shortcut": "Shortcut", "skip": "Signal on the skip", "order": "Order", "stem": "Stem"}
ALSO = {"attention": "Attention", "anti_alias": "Anti-aliasing", "norm": "Normalisation"}


def details(now: state.Current, path: str | None) -> None:
    """Draw the details of what a path stands for, or of the whole network where nothing is selected."""
    known = facts(now.network, path) if path else None
    if known is None:
        _made_of(now)
        return
    st.markdown(f"**{known.title}**  \n`{known.path}`")
    lines = "".join(f"<dt>{escape(fact.label)}</dt><dd>{escape(fact.value)}</dd>" for fact in known.rows)
    st.html(f"<dl class='resviz-facts'>{lines}</dl>")
    if known.torch:
        st.code(known.torch, language="python", wrap_lines=True)


def _made_of(now: state.Current) -> None:
    config = now.config
    lines = [f"**{now.title}** is made of"]
    plain = config.shortcut == "none"
    names = [name for name in MADE_OF if not (plain and name == "skip")]
    names += [name for name in ALSO if not set(config.each(name)) <= {"none", "batch"}]
    choices = [(name, choice) for name in names for choice in dict.fromkeys(config.each(name))]
    for field, choice in choices:
        entry: Any = CHOICES[field][choice]
        formula = f"  \n`{entry.formula}`" if entry.formula else ""
        lines.append(f"{(MADE_OF | ALSO)[field]}: **{entry.label}**  \n:small[{entry.summary}]{formula}")
    st.markdown("\n\n".join(lines))
    st.caption("Select a node of the diagram, or a row of the layer table, to see what it costs and why.")
