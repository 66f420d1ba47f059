"""The sidebar: the preset, then every field of the configuration that means something, by group."""

from typing import Any

import streamlit as st

from resviz.arch import FAMILIES, PRESETS, ResNetConfig, find
from resviz.arch.entries import Entry
from resviz.arch.fields import CHOICES, MAX_STAGES
from resviz.arch.fields import PER_STAGE as VALUES_PER_STAGE
from resviz.arch.inactive import inactive_fields, without_inactive
from resviz.arch.settings import SETTINGS
from resviz.ui import state
from resviz.ui.fields import GRIDS, GROUPS, LABELS, UNSET, FieldWidget, from_one_line, in_one_line

PRESET = f"{state.FIELD}preset"
FAMILY = "family.open"
STAGES = f"{state.FIELD}stages"
PER_STAGE = {"depths": "Blocks", "widths": "Planes", "stage_strides": "Stride"}
INPUT = ("Channels", "Height", "Width")
NUMBERS = {
    "depth": "Depth",
    "k": "Width k",
    "groups": "Groups",
    "width": "Width",
    "classes": "Classes",
    "w_0": "w_0",
    "w_a": "w_a",
    "w_m": "w_m",
    "group_width": "Width of a group",
}
"""What the numbers in the names of a family are called."""
OPEN = ("Stages",)
"""The groups that are open at first."""


def sidebar() -> None:
    """Draw the sidebar; an edit takes effect before the page is drawn."""
    now = state.current()
    fields = now.config.model_dump()
    _preset(now)
    quiet = inactive_fields(fields)
    for group, widgets in GROUPS.items():
        wrong = any(name in state.problems() for name in (*widgets, *(f for f, g in GRIDS.items() if g == group)))
        key = f"group.{group}"
        if wrong:
            st.session_state[key] = True
        box = st.expander(group, expanded=group in OPEN, key=key, on_change="rerun")
        if not box.open:  # a closed group costs the browser nothing
            continue
        with box:
            if group == "Input and stem":
                _input(fields)
            if group == "Stages":
                _stages(fields)
            for name, widget in widgets.items():
                if name not in quiet:
                    _field(name, widget, fields[name])
    _problem("configuration")


def _preset(now: state.Current) -> None:
    names = list(PRESETS) if now.base in PRESETS else [now.base, *PRESETS]
    st.session_state.setdefault(PRESET, now.base)
    st.selectbox(
        "Preset",
        names,
        key=PRESET,
        on_change=lambda: state.pick(st.session_state[PRESET] or now.base),
        accept_new_options=True,
        help="Pick a network, or type a member of a family: "
        + ", ".join(f"`{family.pattern}`" for family in FAMILIES.values()),
    )
    _problem("preset")
    _family()
    if now.changed:
        left, right = st.columns((3, 1), vertical_alignment="center")
        left.markdown(f"**{now.title}**")
        right.button("Reset", on_click=state.pick, args=(now.base,), width="stretch")
    found = find(now.base)
    st.caption(f"{found.family}. {found.source}")


def _family() -> None:
    """Draw the form that makes a member of a family from its numbers."""
    form = st.popover("From a depth", width="stretch", icon=":material/function:", key=FAMILY, on_change="rerun")
    if not form.open:
        return
    with form:
        family = st.selectbox("Family", list(FAMILIES.values()), format_func=lambda family: family.label, key="family")
        st.caption(_in_words(family))
        numbers = {}
        for column, (name, usual) in zip(st.columns(len(family.example)), family.example.items(), strict=True):
            label = NUMBERS[name]
            kind = type(usual)  # a number input wants bounds of its value's kind
            key = f"family.{family.pattern}.{name}"
            numbers[name] = column.number_input(label, kind(1), kind(999_999), usual, key=key)
        name = family.pattern.format(**numbers)
        st.button(f"Show {name}", on_click=state.pick, args=(name,), width="stretch")
        _problem("preset")


def _edited() -> None:
    """Read every widget that is drawn, over the fields of the last network that could be."""
    values = st.session_state
    fields: dict[str, Any] = values[state.CONFIG].model_dump()
    for key, value in values.items():
        name, _, index = str(key).removeprefix(state.FIELD).partition(".")
        if not str(key).startswith(state.FIELD) or name not in fields:
            continue
        if index:
            row = list(fields[name])
            row[int(index)] = value
            fields[name] = tuple(row)
        elif name in VALUES_PER_STAGE and "," in str(value):
            fields[name] = from_one_line(value)
        elif value is not None or ResNetConfig.model_fields[name].default is None:
            fields[name] = None if value == UNSET else value
    before = len(fields["depths"])
    stages = values.get(STAGES) or before
    for name in PER_STAGE:
        row = fields[name]
        fields[name] = (*row, *row[-1:] * (stages - len(row)))[:stages]
    for name in VALUES_PER_STAGE:
        row = fields[name]
        if isinstance(row, tuple) and stages != before:
            fields[name] = (*row, *row[-1:] * (stages - len(row)))[:stages]
            values[f"{state.FIELD}{name}"] = in_one_line(fields[name])
    state.edit(without_inactive(fields))
    for name in inactive_fields(fields):
        values.pop(f"{state.FIELD}{name}", None)


def _input(fields: dict[str, Any]) -> None:
    for index, (column, label) in enumerate(zip(st.columns(3), INPUT, strict=True)):
        with column:
            _number("input", index, fields["input"][index], label)
    _problem("input")


def _stages(fields: dict[str, Any]) -> None:
    stages = len(fields["depths"])
    st.session_state.setdefault(STAGES, stages)
    st.number_input("Stages", 1, MAX_STAGES, key=STAGES, on_change=_edited)
    rows, *columns = st.columns((1.1, 1, 1, 1), gap="xsmall")
    labels = "".join(f"<div>conv{index + 2}_x</div>" for index in range(stages))
    rows.html(f"<div class='resviz-rows'>{labels}</div>")
    for column, (name, heading) in zip(columns, PER_STAGE.items(), strict=True):
        with column:
            for index in range(stages):
                _number(name, index, fields[name][index], heading, head=index == 0)
    for name in PER_STAGE:
        _problem(name)


def _number(name: str, index: int, value: int, label: str, *, head: bool = True) -> None:
    key = f"{state.FIELD}{name}.{index}"
    st.session_state.setdefault(key, value)
    if not head:
        label = f"{label}, conv{index + 2}_x"
    st.number_input(label, step=1, key=key, on_change=_edited, label_visibility="visible" if head else "collapsed")


def _field(name: str, widget: FieldWidget, value: Any) -> None:
    key = f"{state.FIELD}{name}"
    value = UNSET if value is None and widget.widget == "option" else value
    st.session_state.setdefault(key, value)
    label = LABELS[name]
    if isinstance(value, tuple):
        st.session_state[key] = in_one_line(value) if st.session_state[key] == value else st.session_state[key]
        st.text_input(f"{label}, a value for each stage", key=key, on_change=_edited)
        _problem(name)
        return
    says = _in_words(SETTINGS[name]) if name in SETTINGS else ResNetConfig.model_fields[name].description
    match widget.widget:
        case "choice":
            entries = CHOICES[name]
            st.selectbox(
                label,
                list(entries),
                key=key,
                on_change=_edited,
                help=says,
                format_func=lambda choice: entries[choice].label,
            )
            st.caption(_in_words(entries[st.session_state[key]]))
        case "option":
            values = list(widget.options) if value in widget.options else [*widget.options, value]
            st.selectbox(
                label,
                values,
                key=key,
                on_change=_edited,
                help=says,
                format_func=lambda choice: widget.options.get(choice, str(choice)),
            )
        case "number":
            placeholder = widget.empty if value is None else None
            st.number_input(
                label, step=int(widget.step), key=key, on_change=_edited, help=says, placeholder=placeholder
            )
        case "fraction":
            placeholder = widget.empty if value is None else None
            step = float(widget.step)
            st.number_input(
                label, step=step, key=key, on_change=_edited, help=says, format="%g", placeholder=placeholder
            )
        case "switch":
            st.toggle(label, key=key, on_change=_edited, help=says)
    _problem(name)


def _in_words(entry: Entry) -> str:
    formula = f"  \n`{entry.formula}`" if entry.formula else ""
    source = f"  \n*{entry.source}*" if entry.source else ""
    return f"{entry.summary}{formula}{source}"


def _problem(name: str) -> None:
    if name in state.problems():
        st.error(state.problems()[name])
