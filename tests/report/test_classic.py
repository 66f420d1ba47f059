"""Basic against bottleneck, at any width."""

import pytest

from resviz.arch import ConfigError
from resviz.report.classic import MAX_WIDTH, MIN_WIDTH, same_cost, same_width, unit


def test_on_256_channels_basic_has_1179648_weights_and_bottleneck_69632() -> None:
    pair = same_width(256)
    assert (pair.basic.weights, pair.bottleneck.weights) == (1_179_648, 69_632)
    assert pair.basic.formula == "3*3*256*256 + 3*3*256*256"
    assert pair.basic.latex == r"3 \cdot 3 \cdot 256 \cdot 256 + 3 \cdot 3 \cdot 256 \cdot 256"
    assert pair.bottleneck.formula == "1*1*256*64 + 3*3*64*64 + 1*1*64*256"


def test_the_papers_own_pairing_is_of_about_equal_cost_at_four_times_the_channels() -> None:
    pair = same_cost()
    assert (pair.basic.weights, pair.bottleneck.weights) == (73_728, 69_632)
    assert pair.bottleneck.channels == 4 * pair.basic.channels


@pytest.mark.parametrize("channels", range(MIN_WIDTH, MAX_WIDTH + 1, 4))
def test_weights_follow_the_formula_at_any_width(channels: int) -> None:
    pair = same_width(channels, side=8)
    for one in (pair.basic, pair.bottleneck):
        assert one.channels == channels
        assert one.weights == eval(one.formula)
        assert one.macs == 8 * 8 * one.weights
    assert pair.basic.weights == 18 * channels**2
    assert pair.bottleneck.weights == 17 * (channels // 4) ** 2
    assert pair.ratio == pytest.approx(288 / 17)


def test_a_unit_counts_its_batch_norms_apart_from_its_weights() -> None:
    basic = unit("basic", 64)
    assert basic.params - basic.weights == 2 * 2 * 64


def test_a_bottleneck_needs_a_multiple_of_4_channels() -> None:
    with pytest.raises(ConfigError, match="multiple of 4"):
        unit("bottleneck", 66)
