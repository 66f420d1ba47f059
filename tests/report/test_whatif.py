"""Single changes cost what the changed network costs."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings

from resviz.arch import ResNetConfig, expand, preset
from resviz.arch.layers import main_path
from resviz.arch.ops import Conv2d
from resviz.arch.tree import Block
from resviz.report.stages import Costs
from resviz.report.whatif import CHANGES, WhatIf, what_if
from tests.strategies import configs, examples


def weighted(block: Block) -> list[Conv2d]:
    """The convolutions of a block's main path."""
    return [layer.op for layer in main_path(block.branch) if isinstance(layer.op, Conv2d)]


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
    costs = [(row.costs.macs, row.costs.params) for row in changes_of("resnet50").values()]
    assert costs == sorted(costs, reverse=True)
    assert len({macs for macs, _ in costs}) < len(costs)  # where MACs are equal, parameters decide


@settings(max_examples=examples(0.4))
@given(config=configs())
def test_every_change_costs_what_its_network_costs(config: ResNetConfig) -> None:
    network = expand(config)
    rows = what_if(config, network)
    assert len({row.label for row in rows}) == len(rows)
    for row in rows:
        assert row.config != config
        assert row.costs == Costs.of((expand(row.config),))
        assert row.difference == row.costs.minus(Costs.of((network,)))


def inner_widths(config: ResNetConfig) -> list[int]:
    return [weighted(block)[0].out_channels for _, block in expand(config).blocks() if block.origin]


@pytest.mark.parametrize("name", ["resnet50", "resnext50_32x4d", "wide_resnet50_2", "resnext29_8x64d_cifar10"])
def test_twice_the_inner_width_is_twice_that_and_keeps_the_groups(name: str) -> None:
    changed = changes_of(name)["twice the inner width"].config
    assert inner_widths(changed) == [2 * width for width in inner_widths(preset(name))]
    assert changed.groups == preset(name).groups


def test_the_inner_width_of_a_basic_block_is_no_change_of_its_own() -> None:
    assert "twice the inner width" not in changes_of("resnet18")


SAYS: dict[str, Callable[[ResNetConfig, ResNetConfig], bool]] = {
    "v1: stride in the first 1x1": lambda a, b: b.stride_in == "1x1",
    "v1.5: stride in the 3x3": lambda a, b: b.stride_in == "3x3",
    "stride in a stage's last block": lambda a, b: b.stride_unit == "last",
    "option A shortcuts": lambda a, b: shortcut_kinds(b) <= {"padding", "identity"},
    "option B shortcuts": lambda a, b: b.shortcut == "B",
    "option C shortcuts": lambda a, b: shortcut_kinds(b) == {"projection"},
    "no shortcuts: the plain net": lambda a, b: expand(b).shortcuts == (0, 0),
    "ResNet-D shortcuts": lambda a, b: b.shortcut == "avgpool",
    "basic blocks": lambda a, b: kernels_of(b) <= {(size(b), size(b)), ()},
    "bottleneck blocks": lambda a, b: kernels_of(b) <= {(1, size(b), 1), ()},
    "32 groups of width 4 (ResNeXt)": lambda a, b: (b.groups, b.width_per_group) == (32, 4),
    "twice the inner width": lambda a, b: inner_widths(b)[0] >= 2 * inner_widths(a)[0] and b.groups == a.groups,
    "half the width": lambda a, b: b.widths == tuple(max(width // 2, 1) for width in a.widths),
    "twice the width": lambda a, b: b.widths == tuple(2 * width for width in a.widths),
    "160-pixel input": lambda a, b: b.input == (a.input[0], 160, 160),
    "288-pixel input": lambda a, b: b.input == (a.input[0], 288, 288),
    "64-pixel input": lambda a, b: b.input == (a.input[0], 64, 64),
    "ImageNet stem": lambda a, b: expand(b).stem[0].op.label.startswith("7x7"),
    "CIFAR stem": lambda a, b: expand(b).stem[-1].out_shape[1:] == b.input[1:],
    "deep stem (ResNet-C)": lambda a, b: sum(layer.kind == "conv" for layer in expand(b).stem) == 3,
    "full pre-activation": lambda a, b: b.order == "full_preact",
    "no attention": lambda a, b: expand(b).count("reduce") == 0 and b.attention == "none",
    "squeeze-and-excitation": lambda a, b: any(layer.name == "se.fc1" for layer, _ in expand(b).tally()),
    "efficient channel attention": lambda a, b: any(layer.name == "eca.conv" for layer, _ in expand(b).tally()),
    "CBAM": lambda a, b: any(layer.name == "cbam.spatial.conv" for layer, _ in expand(b).tally()),
    "blur pools for strides": lambda a, b: b.anti_alias == "blur",
    "group normalisation": lambda a, b: b.norm == "group",
    "a bias in every convolution": lambda a, b: b.conv_bias == "all",
    "10 classes": lambda a, b: expand(b).head[-1].out_shape == (10,),
    "100 classes": lambda a, b: expand(b).head[-1].out_shape == (100,),
    "1,000 classes": lambda a, b: expand(b).head[-1].out_shape == (1000,),
    "output stride 16: later strides become dilations": lambda a, b: b.output_stride == 16,
}
"""What the label of a change claims of the configuration before and after."""


def shortcut_kinds(config: ResNetConfig) -> set[str]:
    return {block.shortcut_kind for _, block in expand(config).blocks() if block.origin}


def size(config: ResNetConfig) -> int:
    return config.kernel_size or 3


def kernels_of(config: ResNetConfig) -> set[tuple[int, ...]]:
    return {kernels(block) for _, block in expand(config).blocks()}


def kernels(block: Block) -> tuple[int, ...]:
    return tuple(op.kernel_size for op in weighted(block)) if block.origin else ()  # what only downsamples has none


def test_every_change_has_a_claim() -> None:
    assert set(SAYS) == set(CHANGES)


@settings(max_examples=examples(0.4))
@given(config=configs(max_blocks=2))
def test_every_change_does_what_its_label_says(config: ResNetConfig) -> None:
    network = expand(config)
    for row in what_if(config, network):
        assert expand(row.config) != network, row.label
        if row.label in SAYS:
            assert SAYS[row.label](config, row.config), row.label


@pytest.mark.parametrize(
    "name", ["resnet50", "resnet20_cifar10", "resnet_v2_50", "seresnext26t_32x4d", "wrn28_10_cifar10"]
)
def test_there_is_something_to_change_in_every_family(name: str) -> None:
    assert len(changes_of(name)) >= 15


def test_a_plain_net_starts_with_the_branches_that_it_has_nothing_beside() -> None:
    config = preset("resnet18").with_(zero_init_last=True)
    plain = next(row for row in what_if(config, expand(config)) if row.config.shortcut == "none")
    assert not plain.config.zero_init_last
