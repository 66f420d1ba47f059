"""What was changed from the preset, for people: each field, what it was and what it is."""

from dataclasses import asdict, dataclass
from typing import Any

from resviz.arch import ResNetConfig, preset
from resviz.arch.fields import CHOICES, PER_STAGE
from resviz.arch.inactive import inactive_fields
from resviz.arch.links import changes
from resviz.ui.change_form import NAMES
from resviz.ui.fields import GROUPS, UNSET

STAGES = ("depths", "widths", "stage_strides")
_WIDGETS = {name: widget for widgets in GROUPS.values() for name, widget in widgets.items()}


@dataclass(frozen=True, slots=True)
class Changed:
    """A field that differs from the preset's, in words: ``Block: Basic to Bottleneck``."""

    field: str
    label: str
    before: str
    after: str

    def plain(self) -> dict[str, str]:
        """Return the same as plain data."""
        return asdict(self)


def changed(config: ResNetConfig, base: str) -> tuple[Changed, ...]:
    """Return the fields that make a configuration another network than its preset, in the sidebar's order."""
    before, different = preset(base).model_dump(), changes(config, base)
    quiet = inactive_fields(config.model_dump())
    names = [name for name in NAMES if name in different and name not in quiet]
    return tuple(
        Changed(name, NAMES[name], _in_words(name, before[name]), _in_words(name, different[name])) for name in names
    )


def undone(config: ResNetConfig, base: str, field: str) -> dict[str, Any]:
    """Return the fields of a configuration with one put back as the preset has it.

    Fields that hold a value for each stage go back together where the number of stages is another one.
    """
    fields, before = config.model_dump(), preset(base).model_dump()
    put_back = {field}
    if len(fields["depths"]) != len(before["depths"]) and field in STAGES:
        put_back |= {*STAGES, *(name for name in PER_STAGE if isinstance(fields[name], tuple))}
    return {**fields, **{name: before[name] for name in put_back}}


def _in_words(name: str, value: Any) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(_in_words(name, one) for one in value)
    if name in CHOICES:
        return str(CHOICES[name][value].label)
    widget = _WIDGETS.get(name)
    if widget and (UNSET if value is None else value) in widget.options:
        return widget.options[UNSET if value is None else value]
    if value is None:
        return widget.empty if widget else "automatic"
    return (
        {True: "yes", False: "no"}[value]
        if isinstance(value, bool)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )
