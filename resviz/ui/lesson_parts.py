"""What an experiment shows, on a page: the parts one below the other, and the controls above them."""

import re
from collections.abc import Mapping
from typing import Any

import streamlit as st

from resviz.lessons.controls import Choice, Control, Slider, Text, Toggle
from resviz.lessons.experiment import Experiment
from resviz.lessons.lesson import Step
from resviz.lessons.shown import Chart, Code, Diagram, Image, Rows, Shown, ShownPart, Words
from resviz.ui import state, tables
from resviz.ui.diagram import Overlay, diagram
from resviz.ui.text import JOINER, plain

HEIGHT = 520
"""Pixels of a diagram where nothing else stands beside it."""
LOWER = 400
"""Pixels of a diagram below something else."""
SLIDE = 300
"""Pixels of a chart in the presenter's view."""
_DISPLAYED = re.compile(r"^\$\$(.+)\$\$$", re.MULTILINE)
_BEFORE_A_STOP = re.compile(r"(?<!\$)\$[^$\n]+\$(?=[.,;:?!)])")


def settings(step: Step, experiment: Experiment, key: str) -> dict[str, Any]:
    """Draw the controls that a step offers; return the experiment's values, each bound to the address."""
    values = dict(step.settings)
    if not step.offers:
        return values
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"learn-offers-{key}"):
        for name in step.offers:
            values[name] = _control(experiment.controls[name], values[name], f"{key}-{name}")
    return values


def _control(control: Control, usual: Any, key: str) -> Any:
    match control:
        case Slider():
            held = st.session_state.get(key)
            if isinstance(held, int) and not control.low <= held <= control.high:
                del st.session_state[key]
            return st.slider(
                control.label, control.low, control.high, usual, control.step, key=key, bind="query-params", width=210
            )
        case Choice() if len(control.options) > 3:
            return st.selectbox(
                control.label,
                list(control.options),
                index=list(control.options).index(str(usual)),
                format_func=control.options.__getitem__,
                key=key,
                bind="query-params",
                width=210,
            )
        case Choice():
            chosen = st.segmented_control(
                control.label,
                list(control.options),
                default=str(usual),
                required=True,
                format_func=control.options.__getitem__,
                key=key,
                bind="query-params",
            )
            return chosen or str(usual)
        case Toggle():
            return st.toggle(control.label, usual, key=key, bind="query-params")
        case Text():
            return st.text_input(
                control.label,
                usual,
                max_chars=control.longest,
                help=control.help or None,
                key=key,
                bind="query-params",
            )


def shown(what: Shown, key: str, highlights: tuple[str, ...] = ()) -> str | None:
    """Draw the parts; return the path of the node that is selected in the diagram, or None."""
    selected = None
    for index, part in enumerate(what.parts):
        chosen = _part(part, f"{key}-{index}", highlights, lower=len(what.parts) > 1)
        selected = chosen or selected
    return selected


def _part(part: ShownPart, key: str, highlights: tuple[str, ...], *, lower: bool) -> str | None:
    match part:
        case Diagram():
            chosen, kept = f"learn.selected.{key}", f"learn.folding.{key}"

            def said(words: Mapping[str, Any]) -> None:
                if words["act"] == "select":
                    st.session_state[chosen] = words["path"]
                elif words["act"] == "fold":
                    held = st.session_state.get(kept, part.folding)
                    st.session_state[kept] = held.after(words["detail"], words["path"], words["action"])

            folding = st.session_state.get(kept, part.folding).within(part.network)
            diagram(
                part.again(folding) if part.again else part.picture,
                part.network,
                key=f"learn.diagram.{key}",
                on_said=said,
                view=part.picture.title,
                overlay=Overlay(highlights=highlights),
                height=LOWER if lower else HEIGHT,
            )
            selected: str | None = st.session_state.get(chosen)
            return selected
        case Rows():
            tables.shown(part.table, totals=part.totals)
        case Chart():
            st.plotly_chart(
                part.figure,
                height=SLIDE if st.query_params.get("present") == "1" else "content",
                config={"displayModeBar": False},
                key=f"{key}-chart",
                alt=part.alt,
            )
        case Image():
            st.image(part.pixels, caption=part.alt, width="stretch")
        case Words(good=None):
            st.markdown(part.text)
        case Words():
            (st.success if part.good else st.warning)(part.text)
        case Code():
            st.code(part.text, language="python")
    return None


def way(what: Shown) -> str:
    """Return Markdown that opens in Explore what is drawn, "" where nothing is."""
    configs = [part.config for part in what.parts if isinstance(part, Diagram) and part.config is not None]
    return " ".join(f"[Open {plain(config.name)} in Explore ↗]({state.link(config)})" for config in configs)


def typeset(text: str) -> str:
    """Return Markdown with each formula in ``$$`` set on lines of its own, and no line broken before a stop.

    Streamlit sets a formula as a display only where its ``$$`` stand alone on their lines.
    """
    shown = _DISPLAYED.sub(r"$$\n\1\n$$", text)
    return _BEFORE_A_STOP.sub(rf"\g<0>{JOINER}", shown)


def linked(text: str, query: Mapping[str, str]) -> str:
    """Return Markdown with every ``resviz:page?…`` as an address of this server, the reader's network kept."""

    def address(found: re.Match[str]) -> str:
        page, _, rest = found[1].partition("?")
        given = dict(pair.split("=", 1) for pair in rest.split("&") if pair)
        return f"({state.address(page, {**query, **given})})"

    return re.sub(r"\(resviz:([^)\s]*)\)", address, text)
