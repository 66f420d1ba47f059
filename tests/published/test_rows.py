"""Every printed row is here, is what the paper has, and says which network it is."""

import subprocess
import sys
from collections import Counter

import pytest

from resviz.arch import expand
from resviz.published import SOURCES, PrintedRow, tables
from resviz.published.sources import Source
from tests.presets import on_each

ROWS = [row for table in tables() for row in table.rows]
COUNTS = {
    "he2015_table1": 5,
    "he2015_table2": 4,
    "he2015_table3": 7,
    "he2015_table4": 5,
    "he2015_table5": 1,
    "he2015_table6": 6,
    "he2015_models": 6,
    "he2016_table1": 11,
    "he2016_table2": 10,
    "he2016_table3": 12,
    "he2016_table4": 9,
    "he2016_table5": 6,
    "wrn_table2": 6,
    "wrn_table3": 4,
    "wrn_table4": 20,
    "wrn_table5": 18,
    "wrn_table6": 12,
    "wrn_overall": 2,
    "wrn_models": 5,
    "resnext_table3": 10,
    "resnext_table4": 6,
    "resnext_models": 1,
    "resnext_no_shortcut": 2,
    "resnext_table7": 6,
    "senet_table2": 2,
    "senet_models": 6,
    "slim": 7,
    "torchvision": 17,
}


def identify(row: PrintedRow) -> str:
    return f"{row.table}-{row.model}-{row.data}"


def test_each_of_the_206_rows_stands_in_its_table() -> None:
    assert Counter(row.table for row in ROWS) == COUNTS
    assert len(ROWS) == 206


def test_only_an_ensemble_and_senet154_are_no_single_network_of_ours() -> None:
    assert [row.model for row in ROWS if row.config is None] == ["ResNet ensemble (6 models)", "SENet-154"]


def test_a_row_without_a_network_says_why() -> None:
    assert all(row.note for row in ROWS if row.config is None)


@on_each("row", ROWS, identify)
def test_a_row_is_the_network_its_text_speaks_of(row: PrintedRow) -> None:
    if row.config is None:
        return
    net = expand(row.config)
    outputs = {"ImageNet": 1000, "CIFAR-10": 10, "CIFAR-100": 100}[row.data]
    assert row.config.num_classes == outputs
    assert net.input[1] >= 224 if row.data == "ImageNet" else net.input == (3, 32, 32)
    plain = row.model.startswith("plain") or "without residual" in row.model
    assert (row.config.shortcut == "none") is plain


@pytest.mark.parametrize(
    "row", [row for row in ROWS if "ResNet-" in row.model and "NeXt" not in row.model], ids=identify
)
def test_the_depth_in_a_resnets_name_is_the_depth_of_its_network(row: PrintedRow) -> None:
    depth = int("".join(c for c in row.model.split("ResNet-")[1].split()[0] if c.isdigit()))
    assert row.config is not None
    assert expand(row.config).depth == depth


@on_each("row", ROWS, identify)
def test_errors_are_per_cent_and_top5_is_the_smaller(row: PrintedRow) -> None:
    assert row.top1 in ("", "fail") or row.error is not None
    if row.error is not None:
        assert 0 < row.error < 50
        assert not row.top5 or float(row.top5) < row.error


@pytest.mark.parametrize("about", SOURCES.values(), ids=SOURCES)
def test_each_table_has_a_title_and_a_source(about: Source) -> None:
    assert about.title
    assert about.source


def test_no_two_tables_share_title_and_paper() -> None:
    assert len({(about.title, about.paper) for about in SOURCES.values()}) == len(SOURCES)


def test_the_rows_load_without_pandas() -> None:
    code = (
        "import sys; from resviz.published import tables; tables(); "
        "print({'pandas', 'numpy', 'yaml', 'torch', 'plotly'} & set(sys.modules))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "set()"


NETS = {
    ("resnext_table4", "ResNet-200 1x64d", "21.7"): ("full_preact", "3x3"),
    ("he2016_table5", "ResNet-200 pre-act", "20.1"): ("full_preact", "3x3"),
    ("he2016_table5", "ResNet-200 pre-act", "20.7"): ("full_preact", "1x1"),
    ("wrn_models", "ResNet-50", "24.01"): ("bn_after_add", "3x3"),
    ("wrn_models", "ResNet-101", "22.44"): ("original", "3x3"),
}
"""Order and strided convolution of nets that are easily taken for others."""


@pytest.mark.parametrize(("row", "expected"), NETS.items(), ids=str)
def test_a_row_has_the_order_and_stride_of_the_net_that_was_trained(
    row: tuple[str, str, str], expected: tuple[str, str]
) -> None:
    (config,) = [each.config for each in ROWS if (each.table, each.model, each.top1) == row]
    assert config is not None
    assert (config.order, config.stride_in) == expected


def test_what_a_source_leaves_open_is_marked_as_our_judgement() -> None:
    judged = [row for row in ROWS if row.judgement]
    assert {row.table for row in judged} == {"he2016_table5", "wrn_models", "wrn_table5", "resnext_table4"}
    for row in judged:
        assert row.config is not None
        assert row.judgement.endswith(".")
        assert row.remarks[-1] == f"Our judgement: {row.judgement}"


def test_every_net_of_he_2016_table_5_says_what_is_judged_of_its_stride() -> None:
    assert all("stride" in row.judgement for row in ROWS if row.table == "he2016_table5")
