"""Scaling rules: MACs grow as asked, activations by the power that each rule promises."""

from math import isclose, log

import pytest

from resviz.arch import expand, preset
from resviz.report.scaling import RULES, STEPS, Rule, scaling_line


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_the_shares_of_a_rule_are_one_together_and_it_passes_through_the_net(rule: Rule) -> None:
    assert isclose(rule.depth + rule.width + rule.resolution, 1)
    for name in ("resnet50", "resnet20_cifar10", "regnety_040"):
        assert rule.scaled(preset(name), 1.0) == preset(name)


@pytest.mark.parametrize(
    ("rule", "power"), [("width", 0.5), ("depth", 1), ("resolution", 1), ("compound", 0.854), ("fast", 0.6)]
)
def test_activations_grow_by_the_power_that_the_rule_promises(rule: str, power: float) -> None:
    assert RULES[rule].activations == pytest.approx(power, abs=0.005)
    found = scaling_line(preset("resnet110_cifar10"), RULES[rule])
    ends = [found.columns[name][-1] / found.columns[name][STEPS.index(1.0)] for name in ("macs", "activations")]
    assert log(ends[0], 8) == pytest.approx(1, abs=0.06)
    assert log(ends[1]) / log(ends[0]) == pytest.approx(power, abs=0.04)


@pytest.mark.parametrize("rule", RULES)
def test_a_row_of_a_line_is_the_network_whose_costs_it_has(rule: str) -> None:
    found = scaling_line(preset("resnet50"), RULES[rule])
    assert [axis.name for axis in found.axes] == ["times"]
    for row in (0, STEPS.index(1.0), len(found.values) - 1):
        network = expand(found.config(row), advise=False)
        assert (network.params, network.macs) == (found.columns["params"][row], found.columns["macs"][row])


def test_a_rule_keeps_widths_that_groups_divide() -> None:
    for name in ("regnety_040", "resnext50_32x4d"):
        assert len(scaling_line(preset(name), RULES["width"]).values) == len(STEPS)


def test_eight_times_the_macs_by_resolution_leaves_the_parameters() -> None:
    found = scaling_line(preset("resnet50"), RULES["resolution"])
    assert set(found.columns["params"]) == {expand(preset("resnet50")).params}
    assert (found.columns["macs"][1:] >= found.columns["macs"][:-1]).all()
