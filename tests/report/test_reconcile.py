"""The way from a paper's figure to each tool's has named, exact steps."""

import pytest
from hypothesis import given

from resviz.arch import PRESETS, ResNetConfig, expand, preset
from resviz.report.counting import CONVENTIONS, totals
from resviz.report.reconcile import CountStep, route, waterfall
from tests.presets import on_each
from tests.strategies import configs


def adds_up(steps: tuple[CountStep, ...]) -> bool:
    """Whether each total is what the steps since the start amount to."""
    reached = steps[0].value
    for step in steps[1:]:
        if step.total:
            if step.value != reached:
                return False
        else:
            reached += step.value
    return steps[0].total


def test_resnet50_goes_from_the_printed_figure_to_flops_in_named_steps() -> None:
    assert [(step.label, step.value) for step in waterfall(preset("resnet50"))] == [
        ("printed", 3_800_000_000),
        ("further digits", 57_973_248),
        ("v1", 3_857_973_248),
        ("stride in the 3x3", 231_211_008),
        ("v1.5", 4_089_184_256),
        ("BatchNorm", 22_227_968),
        ("global average pool", 100_352),
        ("fvcore", 4_111_512_576),
        ("MACs alone", -22_328_320),
        ("additions", 4_089_184_256),
        ("FLOPs", 8_178_368_512),
    ]


def test_resnet50_goes_to_what_thop_and_ptflops_print_in_named_steps() -> None:
    ways = {tool: route(preset("resnet50"), tool) for tool in ("thop", "ptflops")}
    assert [(step.label, step.value) for step in ways["thop"][5:]] == [
        ("BatchNorm", 44_455_936),
        ("average pools", 102_400),
        ("thop", 4_133_742_592),
    ]
    assert [(step.label, step.value) for step in ways["ptflops"][5:]] == [
        ("biases", 1_000),
        ("normalisation", 22_227_968),
        ("activations", 19_217_408),
        ("pools", 1_806_336),
        ("ptflops", 4_132_436_968),
    ]


def test_a_tools_level_says_what_a_module_that_pools_by_a_mean_prints() -> None:
    levels = {tool: route(preset("resnet50"), tool)[-1].summary for tool in ("fvcore", "thop", "ptflops", "torchinfo")}
    assert "pools are layers" in levels["fvcore"]
    assert levels["fvcore"].endswith("with a mean() for each global pool the tool prints 4,111,412,224.")
    assert levels["thop"].endswith("prints 4,133,640,192.")
    assert levels["ptflops"].endswith("prints 4,132,236,264.")
    assert "mean()" not in levels["torchinfo"]


@pytest.mark.parametrize("depth", [50, 101, 152])
def test_the_stride_in_the_3x3_costs_the_same_at_every_depth(depth: int) -> None:
    steps = {step.label: step.value for step in waterfall(preset(f"resnet{depth}"))}
    assert steps["stride in the 3x3"] == 231_211_008


def test_resnet34_says_that_its_printed_figure_is_another_nets() -> None:
    steps = {step.label: step for step in route(preset("resnet34"), "macs")}
    assert "option A" in steps["other count"].summary
    assert steps["printed"].value + steps["further digits"].value == expand(preset("resnet34_option_a")).macs


def test_a_v1_net_has_no_step_for_its_stride() -> None:
    assert "stride in the 3x3" not in {step.label for step in waterfall(preset("resnet50_v1"))}


@on_each("name", PRESETS)
def test_steps_add_up_for_every_preset(name: str) -> None:
    assert adds_up(waterfall(preset(name)))


@given(config=configs())
def test_steps_lead_to_the_conventions_total_for_any_network(config: ResNetConfig) -> None:
    network = expand(config)
    for name in CONVENTIONS:
        steps = route(config, name)
        assert adds_up(steps)
        assert steps[-1].value == totals(network)[name]
        assert all(step.summary for step in steps)
        assert all(step.value for step in steps if not step.total)
