"""Each convention gives what its tool gives: from others' counts on file, and by running the tools."""

import csv
from math import prod
from pathlib import Path

import pytest
from hypothesis import given, settings

from resviz.arch import PRESETS, Network, ResNetConfig, expand, preset
from resviz.arch.ops import Kind
from resviz.report.counting import CONVENTIONS, by_mean, total, totals
from resviz.report.layer_counts import pooled
from tests.arch.test_counts import described
from tests.presets import on_each
from tests.strategies import configs, examples

ROWS = list(csv.DictReader((Path(__file__).parents[1] / "data" / "library_counts.csv").read_text().splitlines()))

PRINTED = list(csv.DictReader((Path(__file__).parents[1] / "data" / "tool_counts.csv").read_text().splitlines()))
"""What thop 0.1.1 and ptflops 0.7.5 (backend pytorch) print of other libraries' modules and of those built here."""


@pytest.mark.parametrize("row", PRINTED, ids=lambda row: f"{row['library']}-{row['model']}")
@pytest.mark.parametrize("tool", ["thop", "ptflops"])
def test_thop_and_ptflops_print_what_their_conventions_count(tool: str, row: dict[str, str]) -> None:
    network = expand(preset(row["model"]))
    # timm's squeeze-and-excitation takes a mean(), which neither tool sees; its head has a layer.
    gates = [layer for layer, count in network.tally() for _ in range(count) if layer.name.startswith("se.")]
    missed = sum(map(CONVENTIONS[tool].missed, gates)) if row["library"] == "timm" else 0
    assert totals(network)[tool] - missed == int(row[tool])


def test_a_mean_in_the_place_of_the_last_pool_hides_what_the_pool_counted() -> None:
    network = expand(preset("resnet50"))
    hidden = {name: totals(network)[name] - by_mean(network, name) for name in CONVENTIONS}
    assert hidden == {
        "macs": 0,
        "flops": 0,
        "fvcore": 2048 * 49,
        "torchinfo": 0,
        "flop_counter": 0,
        "thop": 2048 * 50,
        "ptflops": 2 * 2048 * 49,
    }


@pytest.mark.parametrize("name", ["resnet18", "seresnet18"])
def test_fvcore_prints_less_for_a_module_that_pools_by_a_mean(name: str) -> None:
    import torch
    from fvcore.nn import FlopCountAnalysis
    from torch import Tensor, nn

    from resviz.nn import build

    class Mean(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x.mean((2, 3), keepdim=True)

    config = preset(name).with_(input=(3, 64, 64))
    module = build(config, seed=0).eval()
    for parent in list(module.modules()):
        for child, made in list(parent.named_children()):
            if isinstance(made, nn.AdaptiveAvgPool2d):
                setattr(parent, child, Mean())
    analysis = FlopCountAnalysis(module, torch.zeros(1, 3, 64, 64))
    analysis.unsupported_ops_warnings(False).uncalled_modules_warnings(False)
    assert by_mean(expand(config), "fvcore") == int(analysis.total())


def pools_fvcore_missed(library: str, network: Network) -> int:
    """What the library's pools hide from fvcore, which counts `nn.AdaptiveAvgPool2d` and no other mean.

    pytorchcv and akamaster end in a windowed average pool; timm's attention units take a plain mean.
    """
    everywhere = total(network, pooled)
    in_head = sum(pooled(layer) for layer in network.head)
    return {"pytorchcv": in_head, "akamaster": in_head, "timm": everywhere - in_head}.get(library, 0)


@on_each("row", ROWS, lambda row: f"{row['library']}-{row['model']}")
def test_fvcore_convention_equals_what_fvcore_counted(row: dict[str, str]) -> None:
    network = expand(described(row["library"], row["model"]))
    expected = int(float(row["macs_fvcore"])) + pools_fvcore_missed(row["library"], network)
    assert totals(network)["fvcore"] == expected


@on_each("name", PRESETS)
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
    "name",
    [
        "resnet18",
        "d2l_resnet18",
        "resnet_v2_50",
        "seresnet50t",
        "ecaresnet26t",
        "resnetblur18",
        "resnet50_gn",
        "resnet50_clip",
    ],
)
def test_conventions_equal_their_tools_on_the_built_preset(name: str) -> None:
    config = preset(name)
    config = config.with_(input=[config.input[0], 64, 64])  # the rules are the same, the tools are quicker
    counted = totals(expand(config))
    assert {tool: counted[tool] for tool in ("fvcore", "torchinfo", "flop_counter")} == tools(config)


@settings(max_examples=examples(0.4))
@given(config=configs(max_blocks=2))
def test_conventions_equal_their_tools_on_any_built_network(config: ResNetConfig) -> None:
    counted = totals(expand(config))
    assert {tool: counted[tool] for tool in ("fvcore", "torchinfo", "flop_counter")} == tools(config)


def test_activations_and_max_pools_are_free_in_every_convention_but_ptflops() -> None:
    network = expand(preset("resnet50"))
    free = [layer for layer, _ in network.tally() if layer.kind in {Kind.ACTIVATION, Kind.MAXPOOL, Kind.FLATTEN}]
    for name, convention in CONVENTIONS.items():
        if name != "ptflops":
            assert not any(map(convention.count, free))
    twice = {layer.kind: CONVENTIONS["ptflops"].count(layer) / prod(layer.in_shape) for layer in free}
    assert twice == {Kind.ACTIVATION: 2, Kind.MAXPOOL: 2, Kind.FLATTEN: 0}


def test_a_total_is_the_sum_over_each_single_layer() -> None:
    network = expand(preset("resnet20_cifar10"))
    for convention in CONVENTIONS.values():
        assert total(network, convention.count) == sum(convention.count(layer) for layer in network.layers())
