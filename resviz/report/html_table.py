"""A table as HTML for a page of ours: styled by `table.css`; on a phone each row is a card, its cells named."""

import re
from html import escape
from itertools import cycle
from pathlib import Path

from resviz.report.tables import Form, Table, write

STYLE = Path(__file__).with_name("table.css")
"""The style sheet."""


def html_table(table: Table, *, totals: bool = False) -> str:
    """Return a table as HTML, without columns in which nothing stands.

    ``totals`` means that its last row adds up the others.
    """
    table = _filled(table)
    kind = "resviz-table cards totals" if totals else "resviz-table cards"
    labels = cycle(table.headers)
    bare = re.sub(r">\s*([^<>]*?)\s*</td>", r">\1</td>", write(table, Form.HTML))  # a cell of spaces is not empty
    cells = re.sub(r"<td(?=[ >])", lambda _: f'<td data-label="{escape(next(labels))}"', bare)
    return f"<div class='{kind}'>{cells}</div>"


def _filled(table: Table) -> Table:
    """Return a table without the columns that no row has anything in."""
    kept = [index for index, cells in enumerate(zip(*table.cells, strict=True)) if any(cells)]
    rows = tuple(tuple(row[index] for index in kept) for row in table.rows)
    return Table(tuple(table.columns[index] for index in kept), rows)
