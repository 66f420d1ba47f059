"""Every printed count is computed, and agrees with the printed digits or has a stated reason."""

import pytest

from resviz.arch import expand, preset
from resviz.published import (
    REASONS,
    Agreement,
    PrintedCheck,
    PrintedFigure,
    PrintedRow,
    agreement,
    checks,
    printed,
    rows_of,
    tables,
)

ROWS = [row for table in tables() for row in table.rows]
CHECKS = [(row, check) for row in ROWS for check in checks(row)]


def identify(value: object) -> str | None:
    match value:
        case PrintedRow():
            return f"{value.table}-{value.model}-{value.data}"
        case PrintedCheck():
            return value.quantity
        case _:
            return None


def of(table: str, model: str, quantity: str) -> PrintedCheck:
    return next(c for row, c in CHECKS if (row.table, row.model, c.quantity) == (table, model, quantity))


def test_every_printed_count_of_a_network_is_checked() -> None:
    counts = sum((row.params is not None) + (row.macs is not None) for row in ROWS if row.config)
    assert len(CHECKS) == counts > 120


@pytest.mark.parametrize(("row", "check"), CHECKS, ids=identify)
def test_a_computed_count_gives_the_printed_digits_or_has_a_reason(row: PrintedRow, check: PrintedCheck) -> None:
    if check.agreement is Agreement.ROUNDED:
        assert not check.reason
    elif check.agreement is Agreement.CUT:
        assert check.reason
    else:
        assert row.reason in REASONS


@pytest.mark.parametrize(
    ("row", "check"), [(row, check) for row, check in CHECKS if check.explained is not None], ids=identify
)
def test_a_reason_with_a_count_gives_the_printed_digits(row: PrintedRow, check: PrintedCheck) -> None:
    assert check.explained is not None
    assert agreement(check.figure, check.explained) in (Agreement.ROUNDED, Agreement.CUT)


def test_no_row_carries_a_reason_it_does_not_need() -> None:
    needed = {id(row) for row, check in CHECKS if check.agreement is not Agreement.ROUNDED}
    assert not [row.model for row in ROWS if row.reason and id(row) not in needed]


def test_every_reason_explains_some_row() -> None:
    assert {row.reason for row in ROWS} - {""} == set(REASONS)


def test_a_single_figure_has_no_known_reason() -> None:
    assert [(row.model, c.figure.text) for row, c in CHECKS if row.reason == "unknown"] == [
        ("ResNeXt-101 64x4d", "~15.6G")
    ]


def test_resnet50_is_printed_cut_off() -> None:
    check = of("he2015_table1", "ResNet-50", "macs")
    assert (check.computed, check.agreement) == (3_857_973_248, Agreement.CUT)


def test_resnet34_is_printed_with_option_a() -> None:
    check = of("he2015_table1", "ResNet-34", "macs")
    assert check.explained == expand(preset("resnet34_option_a")).macs
    assert check.explained == expand(preset("plain34")).macs


def test_resnet1001_is_printed_without_batchnorm() -> None:
    assert of("he2016_table4", "ResNet-1001 (pre-act)", "params").explained == 10_178_490


def test_eight_groups_of_14_bring_a_unit_but_not_the_net_nearest_to_equal_cost() -> None:
    base = preset("resnet50")
    nets = {width: expand(base.with_(groups=8, width_per_group=width)) for width in (13, 14, 15)}
    whole = expand(base)
    unit = whole.stages[0].blocks[1].macs
    assert min(nets, key=lambda width: abs(nets[width].stages[0].blocks[1].macs - unit)) == 14
    assert min(nets, key=lambda width: abs(nets[width].macs - whole.macs)) == 13


def test_every_count_of_torchvision_agrees() -> None:
    found = [c for row, c in CHECKS if row.table == "torchvision"]
    assert len(found) == 34
    assert all(c.agreement is Agreement.ROUNDED for c in found)


def test_every_count_of_the_wide_nets_for_ten_outputs_agrees() -> None:
    wide = [
        c for row, c in CHECKS if row.table in ("wrn_table2", "wrn_table3", "wrn_table4") and row.data == "CIFAR-10"
    ]
    assert len(wide) == 20
    assert all(c.agreement is Agreement.ROUNDED for c in wide)


def test_a_configuration_finds_its_printed_figures_under_any_name() -> None:
    renamed = preset("resnet50_v1").with_(name="mine")
    figures = {(p.quantity, p.text, p.source) for p in printed(renamed)}
    assert ("macs", "3.8×10⁹", "He et al. 2015, arXiv:1512.03385, Table 1") in figures
    assert ("macs", "3.86G") in {figure[:2] for figure in figures}
    assert not any("torchvision" in figure[2] for figure in figures)


def test_torchvisions_resnet50_finds_its_weights() -> None:
    figures = {(p.quantity, p.value) for p in printed(preset("resnet50")) if "torchvision" in p.source}
    assert {("params", 25_557_032), ("macs", 4_089_000_000), ("top1", 23.87), ("top1", 19.142)} <= figures


def test_a_net_that_nobody_printed_has_no_printed_figure() -> None:
    assert printed(preset("resnet50").with_(width_per_group=65)) == ()
    assert rows_of(preset("resnet50").with_(num_classes=7)) == ()


def test_a_figure_is_off_by_a_share_of_the_printed_one() -> None:
    assert PrintedCheck("params", PrintedFigure("100M"), 105_000_000, None, "").off == pytest.approx(0.05)
