"""A table as HTML for a page: on a phone each cell says which column it is of, and an empty one nothing."""

import re

from resviz.report.html_table import html_table
from resviz.report.tables import Column, Table, words


def test_a_cell_has_its_columns_name_and_an_empty_one_is_empty() -> None:
    table = Table((words("a <name>"), Column("count")), (("x & y", None), ("longer words", 12)))
    html = html_table(table)
    cells = re.findall(r'<td data-label="([^"]*)"[^>]*>(.*?)</td>', html)
    assert cells == [
        ("a &lt;name&gt;", "x &amp; y"),
        ("count", ""),
        ("a &lt;name&gt;", "longer words"),
        ("count", "12"),
    ]
    assert html.startswith("<div class='resviz-table cards'>")
    assert html_table(table, totals=True).startswith("<div class='resviz-table cards totals'>")


def test_a_column_that_no_row_has_anything_in_is_left_out() -> None:
    columns = (words("stage"), Column("blocks"), words("note"))
    html = html_table(Table(columns, (("conv1", None, None), ("conv2_x", 3, None))))
    assert re.findall("<th[^>]*>(.*?)</th>", html.replace("  ", "")) == ["stage", "blocks"]
    assert re.findall(r'data-label="(\w+)"', html) == ["stage", "blocks"] * 2
