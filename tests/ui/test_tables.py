"""Tables as pages show them: what says nothing is left out."""

from resviz.report.tables import Column, Table, words
from resviz.ui.tables import _filled, _html

TABLE = Table((words("stage"), Column("blocks"), words("note")), (("conv1", None, None), ("conv2_x", 3, None)))


def test_a_column_that_no_row_has_anything_in_is_left_out() -> None:
    assert _filled(TABLE).headers == ("stage", "blocks")
    assert _filled(TABLE).rows == (("conv1", None), ("conv2_x", 3))


def test_an_empty_cell_is_empty_so_that_a_card_leaves_it_out_and_each_is_named_after_its_column() -> None:
    html = _html(TABLE)
    assert '<td data-label="stage">conv1</td><td data-label="blocks" style="text-align: right;"></td>' in html
    assert '<td data-label="stage">conv2_x</td><td data-label="blocks" style="text-align: right;">3</td>' in html
