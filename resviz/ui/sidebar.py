"""The sidebar: the preset, then every field of the configuration that means something, by group."""

from typing import Any, Literal

import streamlit as st

from resviz.arch import FAMILIES, ResNetConfig
from resviz.arch.entries import Entry
from resviz.arch.fields import CHOICES, MAX_STAGES, PER_STAGE
from resviz.arch.inactive import inactive_fields, without_inactive
from resviz.arch.settings import SETTINGS
from resviz.report.field_words import LABELS
from resviz.report.formulas import in_words
from resviz.ui import state
from resviz.ui.details import latex
from resviz.ui.field_widgets import field_widget
from resviz.ui.fields import GRIDS, GROUPS, UNSET, FieldWidget
from resviz.ui.presets import presets

FAMILY = "family.open"
STAGES = f"{state.FIELD}stages"
STAGE_NUMBERS = {"depths": "Blocks", "widths": "Planes", "stage_strides": "Stride"}
SPREAD = f"{state.FIELD}each_stage"
"""The key of the choice of the fields that are shown with a value for each stage."""
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
    presets(now)
    state.ask_back()
    _family()
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
                    _field(name, widget, fields)
            if group == "Block":
                _choose_spread(fields, [name for name in widgets if name in PER_STAGE and name not in quiet])
    _problem("configuration")


def _family() -> None:
    """Draw the form that makes a member of a family from its numbers."""
    form = st.popover(
        "Other depths and widths", width="stretch", icon=":material/function:", key=FAMILY, on_change="rerun"
    )
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
        st.button(f"Show {name}", on_click=state.pick, args=(name, "family"), width="stretch")
        if refused := state.note("family"):
            st.error(refused)


def _edited() -> None:
    """Read every widget that is drawn, over the fields of the last network that could be.

    Right after a preset was picked, whatever is used in the browser brings the fields of the network before.
    """
    if state.overtaken():
        state.forget_fields()
        return
    values = st.session_state
    fields: dict[str, Any] = values[state.CONFIG].model_dump()
    for key, value in values.items():
        name, _, index = str(key).removeprefix(state.FIELD).partition(".")
        if not str(key).startswith(state.FIELD) or name not in fields:
            continue
        if index:
            row = list(_row(fields, name))
            row[int(index)] = None if value == UNSET else value
            fields[name] = tuple(row)
        elif value is not None or ResNetConfig.model_fields[name].default is None:
            fields[name] = None if value == UNSET else value
    stages = values.get(STAGES) or len(fields["depths"])
    for name in (*STAGE_NUMBERS, *PER_STAGE):
        if isinstance(row := fields[name], tuple):
            fields[name] = (*row, *row[-1:] * (stages - len(row)))[:stages]
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
    held = st.session_state.setdefault(STAGES, stages)
    st.number_input("Stages", 1, MAX_STAGES, held, key=STAGES, on_change=_edited)
    with st.container(key="stage_grid"):  # page.css keeps its columns beside each other on a phone
        heads = "".join(f"<div>{heading}</div>" for heading in ("", *STAGE_NUMBERS.values()))
        st.html(f"<div class='resviz-heads' aria-hidden='true'>{heads}</div>")
        rows, *columns = st.columns((1.1, 1, 1, 1), gap="xsmall")
        labels = "".join(f"<div>conv{index + 2}_x</div>" for index in range(stages))
        rows.html(f"<div class='resviz-rows'>{labels}</div>")
        for column, (name, heading) in zip(columns, STAGE_NUMBERS.items(), strict=True):
            with column:
                for index in range(stages):
                    _number(name, index, fields[name][index], f"{heading}, conv{index + 2}_x", "collapsed")
    for name in STAGE_NUMBERS:
        _problem(name)


def _number(name: str, index: int, value: int, label: str, seen: Literal["visible", "collapsed"] = "visible") -> None:
    key = f"{state.FIELD}{name}.{index}"
    held = st.session_state.setdefault(key, value)
    st.number_input(label, value=held, step=1, key=key, on_change=_edited, label_visibility=seen)


def _row(fields: dict[str, Any], name: str) -> tuple[Any, ...]:
    """Return a field's value for each stage."""
    value = fields[name]
    return value if isinstance(value, tuple) else (value,) * len(fields["depths"])


def _field(name: str, widget: FieldWidget, fields: dict[str, Any]) -> None:
    """Draw a field: one widget, or one for each stage where the stages differ or the person asked for it."""
    if name in _spread(fields):
        for index, value in enumerate(_row(fields, name)):
            _widget(name, widget, value, f"{state.FIELD}{name}.{index}", f"{LABELS[name]}, conv{index + 2}_x")
    else:
        _widget(name, widget, fields[name], f"{state.FIELD}{name}", LABELS[name])
    _problem(name)


def _spread(fields: dict[str, Any]) -> tuple[str, ...]:
    """Return the fields that are shown with a value for each stage."""
    if len(fields["depths"]) == 1:
        return ()
    differ = [name for name in PER_STAGE if isinstance(fields[name], tuple)]
    return tuple(dict.fromkeys((*differ, *st.session_state.get(SPREAD, ()))))


def _choose_spread(fields: dict[str, Any], names: list[str]) -> None:
    """Draw the choice of the fields that may differ from stage to stage."""
    if len(fields["depths"]) > 1:
        st.session_state[SPREAD] = [name for name in _spread(fields) if name in names]
        st.pills(
            "Choose for each stage",
            names,
            selection_mode="multi",
            default=st.session_state[SPREAD],
            key=SPREAD,
            on_change=_respread,
            format_func=LABELS.__getitem__,
        )


def _respread() -> None:
    """Give every stage the first one's value in the fields that are no longer chosen for each."""
    if state.overtaken():
        state.forget_fields()
        return
    fields = st.session_state[state.CONFIG].model_dump()
    chosen = st.session_state[SPREAD]
    for key in [key for key in st.session_state if str(key).removeprefix(state.FIELD).partition(".")[0] in PER_STAGE]:
        del st.session_state[key]
    united = {name: _row(fields, name)[0] for name in PER_STAGE if name not in chosen}
    state.edit(without_inactive({**fields, **united}))


def _widget(name: str, widget: FieldWidget, value: Any, key: str, label: str) -> None:
    explanation = _in_words(SETTINGS[name]) if name in SETTINGS else ResNetConfig.model_fields[name].description
    held = field_widget(name, widget, value, key=key, label=label, explanation=explanation, on_change=_edited)
    if widget.widget == "choice":
        st.caption(_in_words(CHOICES[name][held], in_words(state.current().network, name)))


def _in_words(entry: Entry, formulas: tuple[str, ...] = ()) -> str:
    """Return an entry's sentence, its formula or the network's own in LaTeX, and its source."""
    source = f"  \n*{entry.source}*" if entry.source else ""
    return f"{entry.summary}{latex((entry.latex,) if entry.latex else formulas)}{source}"


def _problem(name: str) -> None:
    if name in state.problems():
        st.error(state.problems()[name])
