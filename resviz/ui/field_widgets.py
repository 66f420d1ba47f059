"""The widget of a field of the configuration, the same wherever the field stands."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from resviz.arch.fields import CHOICES
from resviz.report.field_words import EMPTY, OPTIONS
from resviz.ui.fields import UNSET, FieldWidget


def field_widget(
    name: str,
    widget: FieldWidget,
    value: Any,
    *,
    key: str,
    label: str,
    explanation: str | None = None,
    on_change: Callable[[], None] | None = None,
) -> Any:
    """Draw the widget of a field that holds ``value`` and return what it holds now; None where it is unset.

    What the session already keeps under ``key`` goes before ``value``. It is the widget's default as well: where a run
    is cut off by the next before the browser heard of a widget, the browser begins with the default, and tells it.
    """
    held = st.session_state.setdefault(key, UNSET if value is None and widget.widget == "option" else value)
    common: dict[str, Any] = {"key": key, "help": explanation, "on_change": on_change}
    empty = EMPTY.get(name) if value is None else None
    match widget.widget:
        case "choice":
            entries = CHOICES[name]
            names = list(entries)
            return st.selectbox(
                label, names, names.index(held), format_func=lambda choice: entries[choice].label, **common
            )
        case "option":
            options = {UNSET if value is None else value: words for value, words in OPTIONS[name].items()}
            values = list(options) if held in options else [*options, held]
            chosen = st.selectbox(
                label, values, values.index(held), format_func=lambda value: options.get(value, str(value)), **common
            )
            return None if chosen == UNSET else chosen
        case "number":
            return st.number_input(
                label, value=None if held is None else int(held), step=int(widget.step), placeholder=empty, **common
            )
        case "fraction":
            return st.number_input(
                label,
                value=None if held is None else float(held),
                step=float(widget.step),
                format="%g",
                placeholder=empty,
                **common,
            )
        case "switch":
            return st.toggle(label, held, **common)
