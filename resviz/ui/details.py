"""The details beside the diagram: what is selected, what it costs and why; else what the network is made of."""

from collections.abc import Iterable
from html import escape
from typing import Any

import streamlit as st

from resviz.arch.fields import CHOICES
from resviz.diagram.facts import Fact, Facts
from resviz.report.formulas import in_words, typical
from resviz.report.headline import headline
from resviz.ui import state

MADE_OF = {"block": "Block", "shortcut": "Shortcut", "skip": "Signal on the skip", "order": "Order", "stem": "Stem"}
ALSO = {"attention": "Attention", "anti_alias": "Anti-aliasing", "norm": "Normalisation"}


def details(now: state.Current, known: Facts | None) -> None:
    """Draw what is known of what is selected, or of the whole network where nothing is."""
    if known is not None:
        torch = f"<pre>{escape(known.torch)}</pre>" if known.torch else ""
        shown = f"<dl class='resviz-facts'>{_lines(known.rows)}</dl>{torch}"
        if any(fact.latex for fact in known.rows):  # st.html drops MathML, only Markdown typesets
            st.html(_title(known.title, known.path))
            st.markdown(shown, unsafe_allow_html=True)
        else:
            st.html(f"{_title(known.title, known.path)}{shown}")
        return
    totals = [Fact(line.label, line.summary) for line in headline(now.network)]
    st.html(f"{_title(now.config.name)}<dl class='resviz-facts'>{_lines(totals)}</dl>")
    _made_of(now)


def _title(title: str, path: str = "") -> str:
    """Return the title and, for a sheet, the button that puts it away."""
    close = "<button type='button' data-close aria-label='Close the details'>&times;</button>"
    shown = f"<code>{escape(path)}</code>" if path else ""
    return f"<div class='resviz-title'>{close}<h2>{escape(title)}</h2>{shown}</div>"


def _lines(rows: Iterable[Fact]) -> str:
    return "".join(f"<dt>{escape(fact.label)}</dt><dd>{_value(fact)}</dd>" for fact in rows)


def _value(fact: Fact) -> str:
    """Return a value as HTML; a formula as Markdown, which stands between empty lines."""
    return f"\n\n${fact.latex}$\n\n{escape(fact.more)}" if fact.latex else escape(fact.text)


def latex(lines: tuple[str, ...]) -> str:
    """Return lines of LaTeX as lines of Markdown, to stand behind a text."""
    return "".join(f"  \n:small[${line}$]" for line in lines)


def _made_of(now: state.Current) -> None:
    config = now.config
    lines = ["**Made of**"]
    plain = config.shortcut == "none"
    names = [name for name in MADE_OF if not (plain and name == "skip")]
    names += [name for name in ALSO if set(config.each(name)) - {"none", "batch"}]
    for name in names:
        values = config.each(name)
        for value in dict.fromkeys(values):
            entry: Any = CHOICES[name][value]
            formula = latex((entry.latex,) if entry.latex else in_words(now.network, name))
            where = _stages(value, values)
            lines.append(f"{(MADE_OF | ALSO)[name]}{where}: **{entry.label}**  \n:small[{entry.summary}]{formula}")
    lines.append(f":small[The formulas are those of `{typical(now.network)[0]}`.]")
    lines.append(":small[Select a node or a shortcut of the diagram to see what it costs and why.]")
    st.markdown("\n\n".join(lines))


def _stages(value: str, values: tuple[str, ...]) -> str:
    """Return the stages that have a value, in brackets; nothing where all have it."""
    if len(set(values)) == 1:
        return ""
    return f" ({', '.join(f'conv{index + 2}_x' for index, each in enumerate(values) if each == value)})"
