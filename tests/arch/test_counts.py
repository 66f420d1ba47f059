"""Parameters, MACs and layer counts against modules that other people wrote (tests/data/library_counts.csv)."""

import csv
import re
from pathlib import Path

import pytest

from resviz.arch import PRESETS, Network, ResNetConfig, expand, preset
from resviz.arch.layers import Layer
from resviz.arch.ops import BatchNorm2d, Conv2d
from resviz.errors import ChannelError
from tests.presets import on_each

COUNTS = Path(__file__).parents[1] / "data" / "library_counts.csv"
ROWS = list(csv.DictReader(COUNTS.read_text().splitlines()))

PYTORCHCV = {
    "preresnet18": preset("resnet18").with_(order="full_preact", stem_norm=True),
    "resnet18": preset("resnet18"),
    "resnet50": preset("resnet50_v1"),
    "seresnet18": preset("resnet18").with_(attention="se", attention_divisor=1),
    "seresnet50": preset("resnet50_v1").with_(attention="se", attention_divisor=1),
    "preresnet20_cifar10": preset("preact_resnet20_cifar10"),
    "preresnet110_cifar10": preset("preact_resnet110_cifar10"),
    "preresnet164bn_cifar10": preset("preact_resnet164_cifar10"),
    "resnet20_cifar10": preset("resnet20_cifar10").with_(shortcut="B"),
    "resnext29_32x4d_cifar10": preset("resnext29_32x4d_cifar10"),
    "wrn28_10_cifar10": preset("wrn28_10_cifar10"),
}
"""pytorchcv's nets that have another name here, or no name of their own."""


def described(library: str, model: str) -> ResNetConfig:
    """The configuration that a row of the file counts."""
    if library == "pytorchcv":
        return PYTORCHCV[model]
    if library == "akamaster":
        name, _, option = model.partition("_opt")
        return preset(f"{name}_cifar10").with_(shortcut=option or "A")
    if library == "torchvision-derived":
        config = preset(model.split(" ", 1)[0].replace("plain-", "plain"))
        option = re.search(r"option (\w)", model)
        config = config.with_(stride_in="1x1") if " v1 " in model else config
        return config.with_(shortcut=option[1]) if option else config
    return preset(model)


def batch_norms(network: Network) -> int:
    return sum(count for layer, count in network.tally() if isinstance(layer.op, BatchNorm2d))


@on_each("row", ROWS, lambda row: f"{row['library']}-{row['model']}")
def test_counts_equal_the_library_module(row: dict[str, str]) -> None:
    network = expand(described(row["library"], row["model"]))
    assert network.input == tuple(map(int, row["input_shape"].split("x")[1:]))
    assert {
        "params": network.params,
        "conv_linear_macs": network.macs,
        "n_conv": network.count("conv"),
        "n_linear": network.count("linear"),
        "n_bn": batch_norms(network),
    } == {key: int(row[key]) for key in ("params", "conv_linear_macs", "n_conv", "n_linear", "n_bn")}


def test_every_row_of_the_file_is_counted() -> None:
    assert len(ROWS) == 53


@pytest.mark.parametrize(
    ("name", "params"),
    [("resnet_v2_50", 25_568_360), ("resnet_v2_101", 44_577_896), ("resnet_v2_152", 60_236_904)],
)
def test_slim_nets_have_keras_trainable_parameters(name: str, params: int) -> None:
    assert expand(preset(name)).params == params


def test_d2l_lesson_counts() -> None:
    network = expand(preset("d2l_resnet18"))
    assert (network.params, network.macs, network.input) == (11_178_378, 318_657_536, (1, 96, 96))


def test_lecture_notes_stem_shrinks_without_padding() -> None:
    network = expand(preset("d2l_resnet18_notes"))
    assert [layer.out_shape for layer in network.stem] == [(64, 45, 45)] * 3 + [(64, 22, 22)]
    assert network.params == expand(preset("d2l_resnet18")).params


def test_resnet50_has_53_convolutions_of_which_49_and_fc_make_the_50() -> None:
    network = expand(preset("resnet50"))
    assert network.count("conv") == 53
    projections = sum(block.shortcut_kind == "projection" for _, block in network.blocks())
    assert network.count("conv") - projections == 49
    assert network.depth == 50


@pytest.mark.parametrize(("name", "total", "dashed"), [("resnet34", 16, 3), ("resnet50", 16, 4), ("plain34", 0, 0)])
def test_shortcuts_and_how_many_are_dashed(name: str, total: int, dashed: int) -> None:
    shortcuts = expand(preset(name)).shortcuts
    assert (sum(shortcuts), shortcuts.dashed) == (total, dashed)


def test_basic_against_bottleneck_on_256_channels() -> None:
    def weights(**fields: object) -> int:
        config = ResNetConfig(depths=(2,), stage_strides=(1,), input=(3, 8, 8), **fields)
        block = expand(config).stages[0].blocks[1]
        nodes = [node for node in block.branch if isinstance(node, Layer) and isinstance(node.op, Conv2d)]
        return sum(node.params for node in nodes)

    assert weights(block="basic", widths=(256,)) == 1_179_648
    assert weights(block="bottleneck", widths=(64,)) == 69_632


def test_v15_costs_the_same_gap_at_every_depth() -> None:
    for depth in (50, 101, 152):
        v1, v15 = expand(preset(f"resnet{depth}_v1")), expand(preset(f"resnet{depth}"))
        assert v15.macs - v1.macs == 231_211_008
        assert v15.params == v1.params


@pytest.mark.parametrize(
    "name", [name for name in PRESETS if re.match(r"(preact_)?(resnet|plain)\d+(_v1|_cifar10)?$", name)]
)
def test_the_number_in_the_name_is_the_depth(name: str) -> None:
    assert expand(preset(name)).depth == int(re.search(r"(\d+)", name)[1])  # type: ignore[index]


@pytest.mark.parametrize(("channels", "width"), [(9, 8), (8, 9)])
def test_groups_that_divide_one_side_alone_are_refused_with_both_sides_named(channels: int, width: int) -> None:
    with pytest.raises(ChannelError, match=f"{channels} channels to {width} cannot have 4 groups"):
        Conv2d(channels, width, 3, groups=4).out_shape((channels, 8, 8))
