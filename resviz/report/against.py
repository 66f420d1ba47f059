"""Against the paper: how a configuration differs from the nearest published network, and what each difference costs."""

from dataclasses import dataclass
from typing import Any

from resviz.arch import PRESETS, ConfigError, ResNetConfig, expand
from resviz.report import formatting
from resviz.report.differences import differing
from resviz.report.field_words import LABELS, value_in_words
from resviz.report.stages import Costs
from resviz.report.tables import Column, Table, words

ENDS = ("input", "num_classes")
"""Fields that make no other architecture; they weigh little in what is nearest."""


@dataclass(frozen=True, slots=True)
class Against:
    """A field in which a configuration differs from a published one, and what going back would save.

    ``costs`` is None where the published value does not go with the other fields.
    """

    field: str
    here: Any
    there: Any
    costs: Costs | None


def nearest(config: ResNetConfig) -> str:
    """Return the preset that differs in the fewest fields, of equals the first; the ends count a tenth."""
    return min(
        PRESETS,
        key=lambda name: sum(0.1 if field in ENDS else 1 for field in differing(config, PRESETS[name].config)),
    )


def against(config: ResNetConfig) -> tuple[str, tuple[Against, ...]]:
    """Return the nearest preset, and each difference with its cost: what it adds to the network without it."""
    name = nearest(config)
    preset, whole = PRESETS[name].config, Costs.of((expand(config),))
    rows = []
    for field in differing(config, preset):
        try:
            costs = whole.minus(Costs.of((expand(config.with_(**{field: getattr(preset, field)})),)))
        except ConfigError:
            costs = None
        rows.append(Against(field, getattr(config, field), getattr(preset, field), costs))
    return name, tuple(rows)


COLUMNS = (
    words("Field"),
    words("Here"),
    words("Published"),
    Column("Parameters", formatting.signed),
    Column("MACs", formatting.signed),
)


def against_table(rows: tuple[Against, ...]) -> Table:
    """Return the differences with what each costs; a cost is empty where the field cannot go back by itself."""
    return Table(
        COLUMNS,
        tuple(
            (
                LABELS[row.field],
                value_in_words(row.field, row.here),
                value_in_words(row.field, row.there),
                row.costs.params if row.costs else None,
                row.costs.macs if row.costs else None,
            )
            for row in rows
        ),
    )


def sentence(name: str, rows: tuple[Against, ...]) -> str:
    """Return in a sentence how a network stands to the nearest published one."""
    if not rows:
        return f"This is {name} as published."
    count = formatting.plural(len(rows), "field")
    return f"The nearest published network is {name}; {count} differ{'s' if len(rows) == 1 else ''}."
