"""The stage table is the paper's Table 1, and its rows add up to the network."""

import pytest
from hypothesis import given

from resviz.arch import PRESETS, ResNetConfig, expand, preset
from resviz.published import table1
from resviz.report.stages import Costs, stage_records, stage_rows
from tests.families import FAMILIES
from tests.presets import on_each
from tests.strategies import configs


def rows_of(name: str):
    return {row.name: row for row in stage_rows(expand(preset(name)))}


@pytest.mark.parametrize("depth", [18, 34, 50, 101, 152])
def test_stages_are_those_of_the_papers_table_1(depth: int) -> None:
    rows = rows_of(f"resnet{depth}")
    for line in table1(depth):
        if line.blocks:
            row = rows[line.label]
            assert (row.output[1], row.bracket, row.blocks) == (
                line.side,
                f"{line.bracket} x {line.blocks}",
                line.blocks,
            )
    assert rows["conv1"].output == (64, 112, 112)


def test_the_max_pool_stands_in_the_first_stages_row_as_in_the_paper() -> None:
    rows = rows_of("resnet50")
    assert rows["conv2_x"].pool == "3x3 max pool, /2"
    assert rows["conv2_x"].layers == "3x3 max pool, /2; [1x1, 64; 3x3, 64; 1x1, 256] x 3"
    assert rows["conv3_x"].pool == rows["conv1"].pool == ""


def test_groups_stand_in_the_bracket() -> None:
    assert rows_of("resnext50_32x4d")["conv2_x"].bracket == "[1x1, 128; 3x3, 128, C=32; 1x1, 256] x 3"


def test_blocks_that_print_unlike_follow_one_another() -> None:
    network = expand(preset("resnet18").with_(identity_units=2))
    assert stage_rows(network)[1].bracket == "[3x3, 64; 3x3, 64] x 2, [identity] x 2"


def test_deep_stems_print_every_convolution() -> None:
    assert rows_of("resnet50d")["conv1"].bracket == "3x3, 32, /2; 3x3, 32; 3x3, 64"


def test_resnet34_has_16_shortcuts_of_which_3_are_dashed() -> None:
    shortcuts = [row.shortcuts for row in stage_rows(expand(preset("resnet34")))]
    assert (sum(each.solid for each in shortcuts), sum(each.dashed for each in shortcuts)) == (13, 3)


@on_each("name", PRESETS)
def test_rows_add_up_to_every_preset(name: str) -> None:
    network = expand(PRESETS[name].config)
    rows = stage_rows(network)
    assert Costs(*map(sum, zip(*(row.costs for row in rows), strict=True))) == Costs.of((network,))


@given(config=configs())
def test_rows_add_up_to_any_network(config: ResNetConfig) -> None:
    network = expand(config)
    rows = stage_rows(network)
    assert Costs(*map(sum, zip(*(row.costs for row in rows), strict=True))) == Costs.of((network,))
    assert sum(row.params_share for row in rows) == pytest.approx(1)
    assert sum(row.macs_share for row in rows) == pytest.approx(1)
    assert sum(row.blocks for row in rows) == sum(len(stage.blocks) for stage in network.stages)


def test_records_are_plain_data() -> None:
    record = stage_records(expand(preset("resnet18")))[1]
    assert record["name"] == "conv2_x"
    assert record["output"] == [64, 56, 56]
    assert record["shortcuts"] == {"solid": 2, "dashed": 0}


def test_a_1202_layer_net_has_no_more_distinct_blocks_than_a_32_layer_one() -> None:
    def distinct(name: str) -> list[int]:
        return [len(stage.runs) for stage in expand(preset(name)).stages]

    assert distinct("resnet1202_cifar10") == distinct("resnet32_cifar10") == [1, 2, 2]


def test_a_network_without_a_stem_has_no_row_for_it() -> None:
    network = expand(FAMILIES["repvgg_a0"])
    rows = stage_rows(network)
    assert [row.name for row in rows] == ["conv2_x", "conv3_x", "conv4_x", "conv5_x", "conv6_x", "head"]
    assert sum(row.params for row in rows) == network.params


def test_a_bracket_shows_arms_that_are_alike_with_their_number() -> None:
    assert stage_rows(expand(FAMILIES["res2net50"]))[1].bracket == "[1x1, 104; 3 × (3x3, 26); 1x1, 256] x 3"


def test_each_share_is_of_its_own_quantity() -> None:
    rows = rows_of("resnet50")
    fc, stage = rows["head"], rows["conv2_x"]
    assert fc.params_share == 2_049_000 / 25_557_032
    assert fc.macs_share == 2_048_000 / 4_089_184_256
    assert stage.macs_share == stage.macs / 4_089_184_256
    for name in ("params_share", "macs_share"):
        assert sum(getattr(row, name) for row in rows.values()) == pytest.approx(1)


def test_the_heads_row_has_the_classes_that_the_network_gives() -> None:
    assert rows_of("resnet50")["head"].output == (1000,)
