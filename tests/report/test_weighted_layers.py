"""Where the 50 layers are."""

import pytest

from resviz.arch import PRESETS, expand, preset
from resviz.arch.ops import Kind
from resviz.report.weighted_layers import depth_sum, layer_numbers, left_out


@pytest.mark.parametrize(
    ("name", "terms"),
    [
        ("resnet50", "1 + 3·3 + 4·3 + 6·3 + 3·3 + 1"),
        ("resnet18", "1 + 2·2 + 2·2 + 2·2 + 2·2 + 1"),
        ("resnet20_cifar10", "1 + 3·2 + 3·2 + 3·2 + 1"),
    ],
)
def test_the_depth_is_written_as_the_sum_of_its_parts(name: str, terms: str) -> None:
    assert depth_sum(expand(preset(name))) == terms


@pytest.mark.parametrize("name", PRESETS)
def test_sum_numbers_and_what_is_left_out_agree_with_the_counts_of_every_preset(name: str) -> None:
    network = expand(preset(name))
    total = sum(eval(term.replace("·", "*")) for term in depth_sum(network).split(" + "))  # our own sum
    assert total == network.depth
    assert max(last for _, last in layer_numbers(network).values()) == network.depth
    out = left_out(network)
    assert min(out.shortcuts, out.weighing, out.parallel) >= 0
    beside = network.count(Kind.CONV) + network.count(Kind.LINEAR) - network.depth
    assert out.shortcuts + out.weighing + out.parallel == beside


def test_layers_blocks_runs_and_stages_know_their_numbers() -> None:
    numbers = layer_numbers(expand(preset("resnet50")))
    for path, span in {
        "conv1": (1, 1),
        "layer1.0.conv3": (4, 4),
        "layer1.0": (2, 4),
        "layer1.1-2": (5, 10),
        "layer1": (2, 10),
        "fc": (50, 50),
    }.items():
        assert numbers[path] == span
    assert "layer1.0.downsample.0" not in numbers


def test_what_is_not_counted_is_said_with_why() -> None:
    said = left_out(expand(preset("resnet50"))).sentence
    assert said.startswith(
        "Not counted: 4 convolutions on the shortcuts, which a signal takes instead of the main path;"
    )
    assert "16 layers" not in said
    assert "32 layers that only weigh the path" in left_out(expand(preset("seresnet50"))).sentence
