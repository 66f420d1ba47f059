"""What single operations and entries do, where no whole network would show a slip."""

import pytest

from resviz.arch import ResNetConfig, expand, preset
from resviz.arch.inactive import inactive_fields
from resviz.arch.joins import Concat
from resviz.arch.pools import SumPositions
from resviz.arch.scales import ConstantScale
from resviz.arch.tree import Block
from resviz.errors import ShapeError


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
