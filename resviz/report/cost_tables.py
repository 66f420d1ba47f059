"""Tables of comparisons and of what a network takes: counts by convention, memory, receptive fields."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from resviz.arch import Network
from resviz.report import formatting
from resviz.report.compare import LETTERS, Comparison, share
from resviz.report.counting import CONVENTIONS, by_mean, totals
from resviz.report.memory import memory
from resviz.report.receptive import fields
from resviz.report.reconcile import CountStep
from resviz.report.stages import Costs
from resviz.report.tables import Column, Table, words
from resviz.report.whatif import WhatIf

WHAT_IF_COLUMNS = (
    words("Change"),
    Column("Parameters", formatting.exact),
    Column("More parameters", formatting.signed),
    Column("MACs", formatting.exact),
    Column("More MACs", formatting.signed),
    Column("More MACs, share", lambda more: formatting.change(1, 1 + more)),
)


COUNT_COLUMNS = (
    words("Convention"),
    Column("Count", formatting.exact),
    words("Unit"),
    Column("With a mean() for each global pool", formatting.exact),
    words("Rule"),
    words("Source"),
)
DEVICES = {"cpu": "CPU", "cuda": "CUDA"}
"""What the devices that `memory` knows are called."""
MEMORY_COLUMNS = (
    Column("Batch", formatting.exact),
    *(
        Column(header, formatting.size)
        for header in (
            "Weights",
            "Feature maps at inference",
            "Inference",
            "Kept for training",
            "Gradients",
            "Optimiser",
            "Training",
        )
    ),
)
FIELD_COLUMNS = (
    words("Layer"),
    words("Kind"),
    Column("Receptive field, pixels", formatting.exact),
    Column("Share of the picture's side", formatting.percent),
    Column("Jump, pixels", formatting.exact),
)


def comparison_table(comparison: Comparison, quantity: str) -> Table:
    """Return the aligned stages with one quantity of `Costs`, differences from the first network, and totals."""
    columns = [words("Stage")]
    for letter, title in zip(LETTERS, comparison.titles, strict=False):
        columns.append(Column(title, formatting.exact))
        if letter != "A":
            columns.append(Column(f"{letter} − A", formatting.signed))
            columns.append(Column(f"{letter} − A, share", lambda more: formatting.change(1, 1 + more)))
    index = Costs._fields.index(quantity)
    rows = [_side_by_side(stage.name, [costs[index] for costs in stage.costs]) for stage in comparison.stages]
    total = _side_by_side("total", [costs[index] for costs in comparison.costs])
    return Table(tuple(columns), (*rows, total))


def _side_by_side(name: str, values: Sequence[int]) -> tuple[str | int | float | None, ...]:
    cells: list[str | int | float | None] = [name, values[0]]
    for value in values[1:]:
        difference = value - values[0]
        cells += [value, difference, share(difference, values[0])]
    return tuple(cells)


def what_if_table(rows: Sequence[WhatIf]) -> Table:
    """Return single changes with what they would cost."""
    return Table(
        WHAT_IF_COLUMNS,
        tuple(
            (
                row.label,
                row.costs.params,
                row.difference.params,
                row.costs.macs,
                row.difference.macs,
                share(row.difference.macs, row.costs.macs - row.difference.macs),
            )
            for row in rows
        ),
    )


def steps_table(steps: Sequence[CountStep]) -> Table:
    """Return the steps of a reconciliation, additions and totals in columns of their own."""
    columns = (words("Step"), Column("Adds", formatting.signed), Column("Makes", formatting.exact), words("Why"))
    return Table(
        columns,
        tuple(
            (step.label, None if step.total else step.value, step.value if step.total else None, step.summary)
            for step in steps
        ),
    )


def count_table(network: Network) -> Table:
    """Return what each convention counts of a network for one image, with its rule and source.

    A module that pools by ``mean()`` gets another number from some tools; where it is the same the cell is empty.
    """
    counted = totals(network)
    rows = []
    for name, each in CONVENTIONS.items():
        other = by_mean(network, name)
        elsewhere = None if other == counted[name] else other
        rows.append((each.label, counted[name], each.unit, elsewhere, each.summary, each.source))
    return Table(COUNT_COLUMNS, tuple(rows))


def memory_table(
    network: Network,
    batches: Sequence[int],
    dtype: str,
    optimiser: str,
    device: str = "cpu",
    checkpoint: str = "none",
) -> Table:
    """Return the memory of inference and training in bytes at some batch sizes; names as `memory` takes them.

    What checkpoints bring back at most counts as kept.
    The columns of training name the device, on which the masks of dropout depend.
    """
    rows = []
    for batch in batches:
        each = memory(network, batch, dtype, optimiser, device, checkpoint)
        inference = (each.weights, each.inference, each.to_infer)
        rows.append((batch, *inference, each.kept + each.again, each.gradients, each.optimiser, each.to_train))
    columns = (
        replace(column, header=f"{column.header} ({DEVICES[device]})")
        if "training" in column.header.lower()
        else column
        for column in MEMORY_COLUMNS
    )
    return Table(tuple(columns), tuple(rows))


def field_table(network: Network) -> Table:
    """Return the receptive field of each layer of the main path at which it changes."""
    rows = [(row.name, str(row.kind), row.size, row.covers, row.jump) for row in fields(network)]
    changed = [row for before, row in pairwise((("", "", 0, 0.0, 0), *rows)) if row[2:] != before[2:]]
    return Table(FIELD_COLUMNS, tuple(changed))
