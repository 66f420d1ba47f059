"""The tree, the module, torchinfo, fvcore and FlopCounterMode say the same, and what they do not is said."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from resviz.arch import ResNetConfig, expand, preset
from resviz.nn.crosscheck import TOOLS, CrossCheck, account, crosscheck
from resviz.nn.crosscheck_tables import UNEQUAL, layers_table, sums, totals_table, verdict
from tests.families import FAMILIES, units
from tests.strategies import configs, examples

VARIED = (
    "resnet20_cifar10",
    "preact_resnet20_cifar10",
    "resnet50",
    "resnet50_gn",
    "resnetblur18",
    "resnetaa34d",
    "ecaresnet26t",
    "seresnext26d_32x4d",
    "resnetv2_50d",
    "d2l_resnet18",
)


@pytest.fixture(scope="module")
def resnet20() -> CrossCheck:
    return crosscheck(preset("resnet20_cifar10"))


@pytest.mark.parametrize("name", VARIED)
def test_every_tool_agrees_to_the_unit(name: str) -> None:
    found = crosscheck(preset(name))
    assert not found.refused
    assert found.unequal == ()
    assert {check.tool for check in found.totals} == set(TOOLS)


@given(config=configs(max_blocks=1))
@settings(max_examples=examples(0.6), suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_every_tool_agrees_on_any_network(config: ResNetConfig) -> None:
    assert crosscheck(config).unequal == ()


@pytest.mark.parametrize("name", FAMILIES)
def test_every_tool_agrees_on_every_family(name: str) -> None:
    assert crosscheck(FAMILIES[name].with_(input=(3, 64, 64))).unequal == ()


@settings(max_examples=examples(0.6), suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(config=units())
def test_every_tool_agrees_on_any_unit(config: ResNetConfig) -> None:
    assert crosscheck(config).unequal == ()


def test_attention_pooling_is_a_step_of_its_own() -> None:
    network = expand(FAMILIES["gcresnet50"].with_(input=(3, 64, 64)))
    assert "+ 450,560 for attention pooling" in account(network, "fvcore")
    assert "+ 901,120 for attention pooling" in account(network, "flop_counter")


def test_fvcores_count_of_resnet50_is_accounted_for_to_the_unit() -> None:
    assert account(expand(preset("resnet50")), "fvcore") == (
        "4,111,512,576 = 4,089,184,256 + 22,227,968 for BatchNorm + 100,352 for global average pool"
    )


def test_what_a_tool_leaves_out_is_subtracted() -> None:
    assert " \N{MINUS SIGN} 87,722 for 1-d convolutions" in account(expand(preset("ecaresnet50d")), "torchinfo")


def test_every_layer_is_checked_in_parameters_shape_and_operations(resnet20: CrossCheck) -> None:
    about = {(check.tool, check.quantity) for check in resnet20.checks if check.path == "layer2.0.conv1"}
    assert about == {
        ("module", "parameters"),
        ("module", "output shape"),
        ("torchinfo", "parameters"),
        ("torchinfo", "output shape"),
        ("torchinfo", "operations"),
        ("flop_counter", "operations"),
        ("fvcore", "parameters"),
        ("fvcore", "operations"),
    }


def test_steps_are_reported_in_order() -> None:
    heard: list[tuple[str, int, int]] = []
    crosscheck(preset("resnet20_cifar10"), lambda *step: heard.append(step))
    assert heard == [(tool.label, number, len(TOOLS)) for number, tool in enumerate(TOOLS.values())]


def test_a_number_that_differs_is_marked_and_counted(resnet20: CrossCheck) -> None:
    wrong = next(check for check in resnet20.checks if check.path == "fc" and check.tool == "fvcore")
    checks = tuple(replace(check, found=12) if check is wrong else check for check in resnet20.checks)
    spoilt = replace(resnet20, checks=checks)
    assert not spoilt.equal
    assert verdict(spoilt).startswith("1 number of ")
    cells = {row[0]: row for row in layers_table(spoilt).cells}
    assert cells["fc"][-1] == f"{UNEQUAL} parameters 12, not 650"
    assert UNEQUAL not in "".join(cells["avgpool"])


def test_tables_hold_every_layer_and_every_total(resnet20: CrossCheck) -> None:
    assert len(layers_table(resnet20).rows) == len(resnet20.network.layers())
    totals = totals_table(resnet20)
    assert {row[4] for row in totals.rows} == {"="}
    said = dict(sums(resnet20))
    assert said["fvcore flops"] == "40,931,968 = 40,551,040 + 376,832 for BatchNorm + 4,096 for global average pool"
    assert len(said) == len(TOOLS) - 1
    assert verdict(resnet20) == f"All {len(resnet20.checks)} numbers agree exactly."


def test_a_tool_beyond_the_memory_limit_is_left_out_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESVIZ_MEMORY_LIMIT", "1 MB")
    found = crosscheck(preset("resnet20_cifar10"))
    assert set(found.refused) == {"fvcore"}
    assert found.equal
    assert "fvcore was not asked. fvcore's pass through resnet20_cifar10 would take" in verdict(found)
    assert len(layers_table(found).columns) == 4 + len(TOOLS) - 1
