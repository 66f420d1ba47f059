"""Single changes cost what the changed network costs."""

import pytest
from hypothesis import given, settings

from resviz.arch import ResNetConfig, expand, preset
from resviz.report.stages import Costs
from resviz.report.whatif import WhatIf, what_if
from tests.strategies import configs


def changes_of(name: str) -> dict[str, WhatIf]:
    config = preset(name)
    return {row.label: row for row in what_if(config, expand(config))}


def test_one_more_bottleneck_costs_the_same_macs_in_every_stage_of_resnet50() -> None:
    changes = changes_of("resnet50")
    more = {changes[f"one more block in conv{stage}_x"].difference.macs for stage in (2, 3, 4, 5)}
    assert more == {218_365_952}


def test_the_papers_stride_saves_231211008_macs_and_no_parameter() -> None:
    assert changes_of("resnet50")["v1: stride in the first 1x1"].difference[:2] == (0, -231_211_008)


def test_a_change_that_is_already_made_or_impossible_is_left_out() -> None:
    assert "option B shortcuts" not in changes_of("resnet50")
    assert "v1: stride in the first 1x1" not in changes_of("resnet34")
    assert "10 classes" not in changes_of("resnet20_cifar10")
    assert "160-pixel input" not in changes_of("resnet20_cifar10")


def test_basic_blocks_turn_resnet50_into_resnet34() -> None:
    assert changes_of("resnet50")["basic blocks"].costs.params == expand(preset("resnet34")).params


def test_the_costliest_change_comes_first() -> None:
    macs = [row.costs.macs for row in changes_of("resnet50").values()]
    assert macs == sorted(macs, reverse=True)


@settings(max_examples=25)
@given(config=configs())
def test_every_change_costs_what_its_network_costs(config: ResNetConfig) -> None:
    network = expand(config)
    rows = what_if(config, network)
    assert len({row.label for row in rows}) == len(rows)
    for row in rows:
        assert row.config != config
        assert row.costs == Costs.of((expand(row.config),))
        assert row.difference == row.costs.minus(Costs.of((network,)))


@pytest.mark.parametrize(
    "name", ["resnet50", "resnet20_cifar10", "resnet_v2_50", "seresnext26t_32x4d", "wrn28_10_cifar10"]
)
def test_there_is_something_to_change_in_every_family(name: str) -> None:
    assert len(changes_of(name)) >= 15
