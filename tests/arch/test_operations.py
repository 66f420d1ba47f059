"""What single operations and entries do, where no whole network would show a slip."""

from itertools import product

import pytest

from resviz.arch import ResNetConfig, expand, preset
from resviz.arch.inactive import inactive_fields
from resviz.arch.joins import Attend, Concat
from resviz.arch.normalisations import GroupNorm
from resviz.arch.norms import NORMS
from resviz.arch.operation import Window, slide
from resviz.arch.pools import SumPositions
from resviz.arch.scales import ConstantScale
from resviz.arch.tree import Block
from resviz.errors import ConfigError, ShapeError


def factors(config: ResNetConfig, name: str) -> set[float]:
    """The constants that the branches of a network are multiplied by under a name."""
    blocks: list[Block] = [block for _, block in expand(config).blocks()]
    layers = [layer for block in blocks for layer in block.layers() if layer.name == name]
    return {layer.op.factor for layer in layers if isinstance(layer.op, ConstantScale)}


def test_arms_of_unlike_widths_are_concatenated_to_their_sum() -> None:
    assert Concat().out_shape([(2, 5, 7), (3, 5, 7)]) == (5, 5, 7)
    assert Concat().out_shape([(4, 5, 7)] * 3) == (12, 5, 7)
    with pytest.raises(ShapeError, match="2x5x7, 2x5x8"):
        Concat().out_shape([(2, 5, 7), (2, 5, 8)])


def test_positions_that_are_weighed_leave_one() -> None:
    assert Attend().out_shape([(4, 5, 7), (1, 5, 7)]) == (4, 1, 1)
    with pytest.raises(ShapeError, match="1x5x7, not 4x5x7"):
        Attend().out_shape([(4, 5, 7), (4, 5, 7)])


@pytest.mark.parametrize(("kernel", "stride"), list(product([2, 3, 4], [1, 2, 3, 4])))
def test_a_window_that_hangs_over_the_end_still_starts_within_the_map(kernel: int, stride: int) -> None:
    """With `ceil_mode`: a window may end up to stride - 1 behind the padding, and starts before it."""
    for side, padding in product(range(4, 12), range(kernel // 2 + 1)):
        starts = range(-padding, side, stride)
        expected = [start for start in starts if start + kernel < side + padding + stride]
        window = Window(kernel, stride, padding, dilation=1)
        assert slide((1, side, side), window, ceil_mode=True) == (len(expected), len(expected))


def test_a_shortcut_that_averages_and_pads_averages_where_the_map_shrinks_alone() -> None:
    network = expand(preset("resnet50").with_(shortcut="avgpool_pad"))
    first, second = (stage.runs[0].block.shortcut for stage in network.stages[:2])
    assert [layer.kind for layer in first or ()] == ["pad"]
    assert [layer.kind for layer in second or ()] == ["avgpool", "pad"]


def test_a_stage_whose_layers_are_too_wide_is_named_by_its_number() -> None:
    with pytest.raises(ConfigError, match="in stage 2 make a layer of more than"):
        preset("resnet50").with_(widths=(64, 1_000_000, 64, 64))


@pytest.mark.parametrize(("width", "channels"), [(24, 8), (48, 16), (10, 2)])
def test_sixteen_channels_are_a_group_or_what_divides_them_and_sixteen(width: int, channels: int) -> None:
    config = ResNetConfig(block="basic", depths=(1,), widths=(width,), stage_strides=(1,), norm="group16")
    norms = [layer.op for layer in expand(config).layers() if isinstance(layer.op, GroupNorm)]
    assert {op.num_channels // op.num_groups for op in norms} == {channels}
    assert "where 16 does not divide them" in NORMS["group16"].summary


@pytest.mark.parametrize("downsampling", ["conv", "pool"])
def test_a_downsampling_that_a_norm_follows_has_no_bias_where_others_have(downsampling: str) -> None:
    network = expand(preset("resnet18").with_(downsampling=downsampling, conv_bias="unnormalised"))
    (conv,) = (layer for layer in network.stages[1].blocks[0].layers() if layer.name == "conv")
    assert not conv.op.biased


@pytest.mark.parametrize("downsampling", ["unit", "layer", "conv", "pool"])
@pytest.mark.parametrize("output_stride", [4, 8, 16])
def test_a_map_shrinks_by_no_more_than_the_output_stride(downsampling: str, output_stride: int) -> None:
    network = expand(preset("resnet18").with_(downsampling=downsampling, output_stride=output_stride))
    assert network.stages[-1].out_shape == (512, 224 // output_stride, 224 // output_stride)


def test_blocks_of_which_every_second_would_be_grouped_are_alike_in_one_group() -> None:
    long = preset("resnet18").with_(depths=(700, 1, 1, 1), grouped_units="every_second")
    assert long.depths[0] == 700
    with pytest.raises(ConfigError, match="grouped_units 'every_second'; at most 600"):
        preset("resnet50").with_(depths=(700, 1, 1, 1), grouped_units="every_second", groups=2)


def test_a_sum_over_positions_leaves_one() -> None:
    assert SumPositions().out_shape((8, 2, 1)) == (8, 1, 1)


def test_attention_without_norms_is_doubled() -> None:
    assert factors(preset("nf_seresnet26"), "attention_gain") == {2.0}


@pytest.mark.parametrize(("scale", "expected"), [(0.2, {0.2}), (1.0, set()), (2.0, {2.0})])
def test_a_branch_without_norms_is_scaled_unless_by_one(scale: float, expected: set[float]) -> None:
    assert factors(preset("nf_resnet26").with_(branch_scale=scale), "alpha") == expected


@pytest.mark.parametrize(("head", "silent"), [("pool", False), ("hidden", True), ("attention", True)])
def test_the_classifiers_form_means_nothing_where_the_head_flattens_or_pools_by_attention(
    head: str, silent: bool
) -> None:
    fields = {**preset("resnet18").to_dict(), "head": head, "head_width": 64}
    assert ("classifier" in inactive_fields(fields)) == silent


@pytest.mark.parametrize(("block", "silent"), [("basic", False), ("repvgg_deployed", True)])
def test_dropout_stands_between_the_parts_of_a_unit(block: str, silent: bool) -> None:
    fields = {**preset("resnet18").to_dict(), "block": block, "shortcut": "none"}
    assert ("dropout" in inactive_fields(fields)) == silent
