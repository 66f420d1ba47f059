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
    table = Table((words("Stage"), Column("Blocks"), words("Note")), (("conv1", None, None), ("conv2_x", 3, None)))
    html = html_table(table)
    assert "Note" not in html
    assert html.count("</th>") == 2
