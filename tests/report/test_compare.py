"""Networks side by side: aligned by stage, differing layers marked."""

import pytest
from hypothesis import given

from resviz.arch import ResNetConfig, expand, preset
from resviz.errors import CompareError
from resviz.report.compare import Mark, compare, comparison_record
from resviz.report.stages import Costs
from tests.families import FAMILIES
from tests.strategies import configs


def nets(*names: str):
    return [expand(preset(name)) for name in names]


def test_v1_and_v15_differ_in_the_stride_of_three_blocks() -> None:
    marks = compare(nets("resnet50_v1", "resnet50")).marks[1]
    changed = [path for path, mark in marks.items() if mark is Mark.CHANGED]
    assert changed == [f"layer{stage}.0.conv{number}" for stage in (2, 3, 4) for number in (1, 2)]
    assert {mark for path, mark in marks.items() if path not in changed} == {Mark.RESIZED}


def test_v1_and_v15_differ_by_231211008_macs_and_no_parameter() -> None:
    comparison = compare(nets("resnet50_v1", "resnet50"))
    assert comparison.differences[1][:2] == (0, 231_211_008)


def test_a_plain_net_lacks_the_projections_and_every_addition() -> None:
    marks = compare(nets("resnet34", "plain34")).marks[1]
    missing = {path for path, mark in marks.items() if mark is Mark.MISSING}
    additions = {path for path in missing if path.endswith(".add")}
    assert len(additions) == 16
    assert missing - additions == {f"layer{stage}.0.downsample.{part}" for stage in (2, 3, 4) for part in (0, 1)}
    assert set(marks) == missing


def test_the_first_diagram_carries_what_others_change_or_lack_but_not_what_they_add() -> None:
    comparison = compare(nets("resnet34", "plain34", "resnet50"))
    assert comparison.base_marks["layer2.0.downsample.0"] is Mark.MISSING
    assert comparison.base_marks["layer2.0.conv1"] is Mark.CHANGED
    assert "layer1.0.conv3" not in comparison.base_marks
    assert comparison.marks[2]["layer1.0.conv3"] is Mark.ADDED


def test_a_net_with_fewer_stages_has_empty_cells_and_its_head_beside_the_others() -> None:
    comparison = compare(nets("resnet20_cifar10", "resnet18"))
    assert [stage.name for stage in comparison.stages] == ["conv1", "conv2_x", "conv3_x", "conv4_x", "conv5_x", "head"]
    assert comparison.stages[4].rows[0] is None
    assert all(comparison.stages[5].rows)


@pytest.mark.parametrize("count", [0, 1, 5])
def test_a_comparison_takes_two_to_four_networks(count: int) -> None:
    with pytest.raises(CompareError, match=f"not {count}"):
        compare(nets(*["resnet18"] * count))


@given(one=configs(), other=configs())
def test_aligned_stages_add_up_to_both_networks_and_a_net_equals_itself(one: ResNetConfig, other: ResNetConfig) -> None:
    networks = [expand(one), expand(other), expand(one)]
    comparison = compare(networks)
    for index, network in enumerate(networks):
        assert Costs(*map(sum, zip(*(stage.costs[index] for stage in comparison.stages), strict=True))) == Costs.of(
            (network,)
        )
    assert comparison.marks[2] == {}
    assert comparison.differences[2] == (0, 0, 0)


def test_the_record_gives_differences_and_shares_of_the_first() -> None:
    record = comparison_record(compare(nets("resnet18", "resnet34")))
    difference = record["differences"][0]["params"]
    assert difference == {"difference": 10_108_160, "share": 10_108_160 / 11_689_512}
    assert record["stages"][0]["name"] == "conv1"
    assert record["stages"][0]["differences"][0]["macs"] == {"difference": 0, "share": 0.0}


def test_networks_with_and_without_a_stem_are_aligned_stage_by_stage() -> None:
    compared = compare([expand(FAMILIES["repvgg_a0"]), expand(preset("resnet50"))])
    names = ["conv1", "conv2_x", "conv3_x", "conv4_x", "conv5_x", "conv6_x", "head"]
    assert [stage.name for stage in compared.stages] == names
    assert [row is None for row in compared.stages[0].rows] == [True, False]


def test_arms_that_only_cascade_elsewhere_differ_where_they_meet() -> None:
    first, second = (expand(FAMILIES["res2net50"].with_(arms=arms)) for arms in (4, 2))
    marks = compare([first, second]).marks[1]
    assert marks["layer1.1.conv2"] is Mark.CHANGED
    assert marks["layer1.1.conv2.2.conv"] is Mark.MISSING
    assert compare([first, first]).marks[1] == {}
