"""Tables of comparisons: stages side by side, single changes, the steps from a printed figure."""

from collections.abc import Sequence

from resviz.report import formatting
from resviz.report.compare import Comparison, share
from resviz.report.reconcile import Step
from resviz.report.stages import Costs
from resviz.report.tables import Column, Table, words
from resviz.report.whatif import WhatIf

LETTERS = "ABCD"
"""What the networks of a comparison are called for short."""

WHAT_IF_COLUMNS = (
    words("change"),
    Column("parameters", formatting.exact),
    Column("more parameters", formatting.signed),
    Column("MACs", formatting.exact),
    Column("more MACs", formatting.signed),
    Column("more MACs, share", lambda more: formatting.change(1, 1 + more)),
)


def comparison_table(comparison: Comparison, quantity: str) -> Table:
    """Return the aligned stages with one quantity of `Costs`, differences from the first network, and totals."""
    columns = [words("stage")]
    for letter, network in zip(LETTERS, comparison.networks, strict=False):
        columns.append(Column(f"{letter}: {network.name}", formatting.exact))
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


def steps_table(steps: Sequence[Step]) -> Table:
    """Return the steps of a reconciliation, additions and totals in columns of their own."""
    columns = (words("step"), Column("adds", formatting.signed), Column("makes", formatting.exact), words("why"))
    return Table(
        columns,
        tuple(
            (step.label, None if step.total else step.value, step.value if step.total else None, step.says)
            for step in steps
        ),
    )
