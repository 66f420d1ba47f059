"""Tables for people: what columns there are and how each is written, apart from where it is shown.

A `Table` keeps raw values; text, Markdown and LaTeX take them through the column's format, CSV and data
frames (``resviz.report.frames``) take them as they are.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from resviz.arch.network import Network
from resviz.report import formatting
from resviz.report.escapes import csv_cell, printable
from resviz.report.layers import LayerRow, layer_rows
from resviz.report.stages import StageRow, stage_rows


class Form(StrEnum):
    """What a table may be written as."""

    TEXT = "text"
    CSV = "csv"
    MARKDOWN = "markdown"
    LATEX = "latex"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header with the unit, and how a value is written; numbers stand to the right."""

    header: str
    text: Callable[[Any], str] = str
    right: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows of raw values; None is an empty cell."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers in order."""
        return tuple(column.header for column in self.columns)

    @property
    def cells(self) -> tuple[tuple[str, ...], ...]:
        """The rows as text."""
        return tuple(
            tuple("" if value is None else column.text(value) for column, value in zip(self.columns, row, strict=True))
            for row in self.rows
        )


def words(header: str) -> Column:
    """Return a column of words, which stand to the left."""
    return Column(header, right=False)


_LAYER_NUMBERS = tuple(Column(name) for name in ("Kernel", "Stride", "Padding", "Groups"))

STAGE_COLUMNS = (
    words("Stage"),
    Column("Output", formatting.shape),
    words("Layers"),
    Column("Blocks"),
    Column("Solid"),
    Column("Dashed"),
    Column("Parameters", formatting.exact),
    Column("Share of parameters", formatting.percent),
    Column("MACs", formatting.exact),
    Column("Share of MACs", formatting.percent),
)
LAYER_COLUMNS = (
    words("Layer"),
    words("Kind"),
    *_LAYER_NUMBERS,
    Column("Bias", lambda bias: "yes" if bias else "no"),
    Column("Input", formatting.shape),
    Column("Output", formatting.shape),
    Column("Parameters", formatting.exact),
    Column("MACs", formatting.exact),
    words("Parameters from"),
    words("MACs from"),
)


def stage_table(network: Network) -> Table:
    """Return the stage table with its totals as the last row."""
    rows = stage_rows(network)
    total, (solid, dashed) = rows[0].total, network.shortcuts
    blocks = sum(row.blocks for row in rows)
    sums = ("total", None, None, blocks, solid, dashed, total.params, 1.0, total.macs, 1.0)
    return Table(STAGE_COLUMNS, (*map(_stage_cells, rows), sums))


def layer_table(network: Network) -> Table:
    """Return the layer table with its totals as the last row."""
    sums = ("total", *[None] * 8, network.params, network.macs, None, None)
    return Table(LAYER_COLUMNS, (*map(_layer_cells, layer_rows(network)), sums))


_LATEX = str.maketrans(
    {formatting.MINUS: "$-$", "×": "$\\times$"}
    | {digit: f"\\textsuperscript{{{value}}}" for value, digit in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
)
"""What LaTeX cannot read as it stands, after its own characters are escaped."""


def write(table: Table, form: Form) -> str:
    """Return a table as text in a form, without a newline at its end."""
    match form:
        case Form.CSV:
            return _csv(table)
        case Form.TEXT:
            return _tabulated(table, "simple")
        case Form.MARKDOWN:
            return _tabulated(table, "github", _markdown)
        case Form.LATEX:
            return _tabulated(table, "latex_booktabs").translate(_LATEX)
        case Form.HTML:
            return _tabulated(table, "html")


def _stage_cells(row: StageRow) -> tuple[Any, ...]:
    counts = (row.blocks, *row.shortcuts) if row.path else (None, None, None)
    costs = (row.params, row.params_share, row.macs, row.macs_share)
    return (row.name, row.output, row.layers, *counts, *costs)


def _layer_cells(row: LayerRow) -> tuple[Any, ...]:
    window = (row.kernel, row.stride, row.padding, row.groups, row.bias)
    shapes = (row.in_shape, row.out_shape)
    derivations = (row.params_derivation or None, row.macs_derivation or None)
    return (row.name, str(row.kind), *window, *shapes, row.params, row.macs, *derivations)


def _tabulated(table: Table, style: str, escape: Callable[[str], str] = str) -> str:
    from tabulate import tabulate

    text: str = tabulate(
        [[escape(printable(cell)) for cell in row] for row in table.cells],
        headers=[escape(printable(header)) for header in table.headers],
        tablefmt=style,
        disable_numparse=True,
        colalign=["right" if column.right else "left" for column in table.columns],
    )
    return text


def _markdown(cell: str) -> str:
    """Return a cell that Markdown shows as it is: no tag, no link, no other column."""
    return re.sub(r"([\\|<\[\]`])", r"\\\1", cell)


def _csv(table: Table) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(csv_cell, table.headers))
    writer.writerows([csv_cell(_plain(value)) for value in row] for row in table.rows)
    return out.getvalue().rstrip("\n")


def _plain(value: Any) -> Any:
    """Return a value as a data file holds it: shapes are ``64x56x56``, numbers stay as they are."""
    return formatting.shape(value) if isinstance(value, tuple) else value


def plain_rows(table: Table) -> Iterable[list[Any]]:
    """Yield the rows as a data frame or a data file holds them: shapes as text, numbers as they are."""
    return ([_plain(value) for value in row] for row in table.rows)
