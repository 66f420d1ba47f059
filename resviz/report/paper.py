"""The paper beside our own numbers: its Table 1 stage by stage, and every count printed of a network."""

from collections.abc import Iterator
from typing import Any

from resviz.arch import Network, ResNetConfig, expand
from resviz.published import (
    Agreement,
    PaperStage,
    Printed,
    PrintedCheck,
    PrintedRow,
    agreement,
    printed,
    rows_of,
    table1,
)
from resviz.report import formatting
from resviz.report.reconcile import paper_form
from resviz.report.stages import stage_rows
from resviz.report.tables import Column, Table, stage_table, words

DEPTHS = (18, 34, 50, 101, 152)
"""The columns of He et al. 2015, Table 1."""

PRINTED_COLUMNS = (
    words("Quantity"),
    Column("Printed"),
    Column("Computed", formatting.exact),
    Column("Difference", formatting.signed),
    Column("Relative difference", lambda share: formatting.change(1, 1 + share, 2)),
    words("Agreement"),
    words("Why"),
    words("Source"),
)
ERROR_COLUMNS = (
    Column("Top-1 error"),
    Column("Top-5 error"),
    words("Data"),
    words("Protocol"),
    words("Source"),
    words("Note"),
)
PAPER_COLUMNS = (Column("Paper's output"), words("Paper's layers"))
_QUANTITIES = {"params": "parameters", "macs": "MACs"}


def paper_stages(config: ResNetConfig) -> tuple[PaperStage, ...]:
    """Return the column of Table 1 whose stages are printed as a configuration's: kernels, channels, number.

    Stem, output sizes and classes may be others, for the column shows the paper's beside them. Its lines are
    in the order of the stage table's rows; () where the table has no such column.
    """
    stages = tuple(row.bracket for row in stage_rows(expand(config)) if row.path)
    for depth in DEPTHS:
        column = table1(depth)
        if stages == tuple(_layers(line) for line in column if line.blocks):
            return column
    return ()


def _layers(line: PaperStage) -> str:
    return f"{line.bracket} x {line.blocks}" if line.blocks else line.bracket


def paper_cells(line: PaperStage) -> tuple[str, str]:
    """Return a line of Table 1 as text: its output size and its layers."""
    return formatting.shape((line.side, line.side)), _layers(line)


def printed_table(config: ResNetConfig, network: Network) -> Table:
    """Return the counts printed of a configuration's network beside the computed ones, and why they differ.

    A v1.5 net has the MACs printed of its v1 form as well, for those are the paper's.
    """
    form = paper_form(config)
    rows = [] if form == config else [_of_v1(each, check, network) for each, check in _counts(form, "macs")]
    rows += [_row(each, check.computed, check.agreement, check.reason) for each, check in _counts(config)]
    return Table(PRINTED_COLUMNS, tuple(rows))


def errors_table(config: ResNetConfig) -> Table:
    """Return the errors printed of a configuration's network as they are printed, each with its protocol."""
    rows = [row for row in rows_of(config) if row.top1 or row.top5]
    return Table(ERROR_COLUMNS, tuple(map(_error_cells, rows)))


def _error_cells(row: PrintedRow) -> tuple[str | None, ...]:
    errors = (f"{text}%" if text.replace(".", "").isdigit() else text or None for text in (row.top1, row.top5))
    return (*errors, row.data, row.protocol, row.source, " ".join(row.remarks) or None)


def _counts(config: ResNetConfig, *only: str) -> Iterator[tuple[Printed, PrintedCheck]]:
    """Yield the counts that were printed of a configuration, each figure of a source once."""
    seen = set()
    for each in printed(config):
        key = (each.quantity, each.text, each.source)
        if each.check and key not in seen and (not only or each.quantity in only):
            seen.add(key)
            yield each, each.check


def _of_v1(each: Printed, check: PrintedCheck, network: Network) -> tuple[Any, ...]:
    summary = (
        f"Printed of v1, whose stride sits in the first 1x1: {formatting.exact(check.computed)}. "
        f"The stride in the 3x3 costs {formatting.exact(network.macs - check.computed)} more."
    )
    return _row(each, network.macs, agreement(check.figure, network.macs), f"{summary} {check.reason}".rstrip())


def _row(each: Printed, computed: int, how: Agreement, why: str) -> tuple[Any, ...]:
    difference = computed - int(each.value)
    share = difference / each.value
    said = " ".join(part for part in (why, each.judged) if part) or None
    return (_QUANTITIES[each.quantity], each.text, computed, difference, share, str(how), said, each.source)


def stage_table_beside_paper(config: ResNetConfig, network: Network) -> Table:
    """Return the stage table of a configuration's network, with Table 1's output and layers where it has them."""
    table, lines = stage_table(network), paper_stages(config)
    if not lines:
        return table
    beside = [*map(paper_cells, lines), (None, None)]
    rows = tuple((*row, *cells) for row, cells in zip(table.rows, beside, strict=True))
    return Table((*table.columns, *PAPER_COLUMNS), rows)
