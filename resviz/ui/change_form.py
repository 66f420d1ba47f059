"""A small form: a network, one field of it, another value."""

from typing import Any

import streamlit as st

from resviz.arch import ConfigError, ResNetConfig
from resviz.arch.inactive import inactive_fields
from resviz.arch.links import encode
from resviz.report.field_words import LABELS
from resviz.ui.field_widgets import field_widget
from resviz.ui.fields import GROUPS, from_one_line, in_one_line
from resviz.ui.text import plain

LISTS = ("depths", "widths", "stage_strides", "input")
FIELDS = {name: widget for group in GROUPS.values() for name, widget in group.items()}


def change_form(config: ResNetConfig, base: str, key: str) -> str | None:
    """Draw the form; return the changed network's word for the address, or None where that is impossible."""
    quiet = inactive_fields(config.model_dump())
    names = [name for name in (*LISTS, *FIELDS) if name not in quiet]
    field = st.selectbox("Change", names, format_func=LABELS.__getitem__, key=f"{key}.field")
    now = getattr(config, field)
    value = _value(field, now, f"{key}.{field}")
    if value == now:
        st.caption("Choose another value.")
        return None
    try:
        return encode(config.with_(**{field: value, "name": _name(config, field, value)}), base)
    except ConfigError as error:
        st.error(plain(error))
        return None


def _name(config: ResNetConfig, field: str, value: Any) -> str:
    shown = "-".join(map(str, value)) if isinstance(value, tuple | list) else value
    return f"{config.name}, {field} {shown}"[:80]


def _value(field: str, now: Any, key: str) -> Any:
    if isinstance(now, tuple):
        text = st.text_input("to", in_one_line(now), key=key)
        return now if text == in_one_line(now) else from_one_line(text)
    return field_widget(field, FIELDS[field], now, key=key, label="to")
