"""Each convention gives what its tool gives: from others' counts on file, and by running the tools."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings

from resviz.arch import PRESETS, Network, ResNetConfig, expand, preset
from resviz.arch.ops import Kind
from resviz.report.counting import CONVENTIONS, pooled, total, totals
from tests.arch.test_counts import described
from tests.strategies import configs

ROWS = list(csv.DictReader((Path(__file__).parents[1] / "data" / "library_counts.csv").read_text().splitlines()))


def pools_fvcore_missed(library: str, network: Network) -> int:
    """What the library's pools hide from fvcore, which counts `nn.AdaptiveAvgPool2d` and no other mean.

    pytorchcv and akamaster end in a windowed average pool; timm's attention units take a plain mean.
    """
    everywhere = total(network, pooled)
    in_head = sum(pooled(layer) for layer in network.head)
    return {"pytorchcv": in_head, "akamaster": in_head, "timm": everywhere - in_head}.get(library, 0)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['library']}-{row['model']}")
def test_fvcore_convention_equals_what_fvcore_counted(row: dict[str, str]) -> None:
    network = expand(described(row["library"], row["model"]))
    expected = int(float(row["macs_fvcore"])) + pools_fvcore_missed(row["library"], network)
    assert totals(network)["fvcore"] == expected


@pytest.mark.parametrize("name", PRESETS)
def test_flops_are_twice_the_macs_and_the_tools_count_no_less(name: str) -> None:
    network = expand(PRESETS[name].config)
    counted = totals(network)
    assert counted["macs"] == network.macs
    assert counted["flops"] == 2 * network.macs
    assert counted["flop_counter"] >= counted["flops"]
    assert counted["fvcore"] > network.macs


def tools(config: ResNetConfig) -> dict[str, int]:
    """What the tools themselves count of the built module, one image."""
    import torch
    from fvcore.nn import FlopCountAnalysis
    from torch.utils.flop_counter import FlopCounterMode
    from torchinfo import summary

    from resviz.nn import build

    module, image = build(config, seed=0).eval(), torch.zeros(1, *config.input)
    analysis = FlopCountAnalysis(module, image).unsupported_ops_warnings(False).uncalled_modules_warnings(False)
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        module(image)
    return {
        "fvcore": int(analysis.total()),
        "torchinfo": summary(module, input_data=image, verbose=0).total_mult_adds,
        "flop_counter": counter.get_total_flops(),
    }


@pytest.mark.parametrize(
    "name", ["resnet18", "d2l_resnet18", "resnet_v2_50", "seresnet50t", "ecaresnet26t", "resnetblur18", "resnet50_gn"]
)
def test_conventions_equal_their_tools_on_the_built_preset(name: str) -> None:
    config = preset(name)
    config = config.with_(input=[config.input[0], 64, 64])  # the rules are the same, the tools are quicker
    counted = totals(expand(config))
    assert {tool: counted[tool] for tool in ("fvcore", "torchinfo", "flop_counter")} == tools(config)


@settings(max_examples=10)
@given(config=configs(max_blocks=2))
def test_conventions_equal_their_tools_on_any_built_network(config: ResNetConfig) -> None:
    counted = totals(expand(config))
    assert {tool: counted[tool] for tool in ("fvcore", "torchinfo", "flop_counter")} == tools(config)


def test_activations_and_max_pools_are_free_in_every_convention() -> None:
    network = expand(preset("resnet50"))
    for convention in CONVENTIONS.values():
        free = {Kind.ACTIVATION, Kind.MAXPOOL, Kind.FLATTEN}
        assert not any(convention.count(layer) for layer, _ in network.tally() if layer.kind in free)


def test_a_total_is_the_sum_over_each_single_layer() -> None:
    network = expand(preset("resnet20_cifar10"))
    for convention in CONVENTIONS.values():
        assert total(network, convention.count) == sum(convention.count(layer) for layer in network.layers())
