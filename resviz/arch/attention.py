"""The open dictionary of attention units that may end a branch; each is a `Gate`, ``x * chain(x)``."""

from collections.abc import Callable
from dataclasses import dataclass
from math import log2
from typing import TYPE_CHECKING

from resviz.arch.chain import ChainBuilder
from resviz.arch.entries import HU2017, WANG2019, WOO2018, Entry
from resviz.arch.layers import norm
from resviz.arch.ops import (
    Activation,
    AvgMaxPool2d,
    ChannelConv1d,
    ChannelMeanMax,
    Conv2d,
    Function,
    GlobalAvgPool2d,
    SumPositions,
)

if TYPE_CHECKING:
    from resviz.arch.config import ResNetConfig
    from resviz.arch.ops import Shape
    from resviz.arch.tree import Layer

SIGMOID = Activation(Function.SIGMOID)


def reduced_width(config: "ResNetConfig", channels: int) -> int:
    """Return the inner width of a squeeze: ``channels * ratio``, rounded to a multiple of the divisor.

    With a divisor of 1 it is the paper's ``C / r`` (Hu et al. 2017, Sec. 3.2); timm rounds SE's to 8.
    """
    divisor = config.attention_divisor or ATTENTIONS[config.attention].divisor
    return max(divisor, int(channels * config.attention_ratio + divisor / 2) // divisor * divisor)


def squeeze_excite(config: "ResNetConfig", shape: "Shape") -> "tuple[tuple[str, tuple[Layer, ...]], ...]":
    """Return SE's one gate: global pool, 1x1 down, ReLU, 1x1 up, sigmoid, both 1x1 with a bias."""
    channels, width = shape[0], reduced_width(config, shape[0])
    out = ChainBuilder(shape, "se.")
    out.add("pool", GlobalAvgPool2d())
    out.add("fc1", Conv2d(channels, width, 1, bias=True))
    out.add("relu", Activation(Function.RELU))
    out.add("fc2", Conv2d(width, channels, 1, bias=True))
    out.add("sigmoid", SIGMOID)
    return (("se", out.layers()),)


def efficient_channel(config: "ResNetConfig", shape: "Shape") -> "tuple[tuple[str, tuple[Layer, ...]], ...]":
    """Return ECA's one gate: global pool, a 1-d convolution over channels, sigmoid.

    Its kernel is ``|log2(C) / 2 + 1 / 2|`` made odd, at least 3 (Wang et al. 2019, Eq. 12).
    """
    size = int(abs(log2(shape[0]) + 1) / 2)
    out = ChainBuilder(shape, "eca.")
    out.add("pool", GlobalAvgPool2d())
    out.add("conv", ChannelConv1d(max(size if size % 2 else size + 1, 3)))
    out.add("sigmoid", SIGMOID)
    return (("eca", out.layers()),)


def block_attention(config: "ResNetConfig", shape: "Shape") -> "tuple[tuple[str, tuple[Layer, ...]], ...]":
    """Return CBAM's two gates: over channels (a shared pair of 1x1) and over positions (a 7x7)."""
    channels, width = shape[0], reduced_width(config, shape[0])
    channel = ChainBuilder(shape, "cbam.channel.")
    channel.add("pool", AvgMaxPool2d())
    channel.add("fc1", Conv2d(channels, width, 1))
    channel.add("relu", Activation(Function.RELU))
    channel.add("fc2", Conv2d(width, channels, 1))
    channel.add("sum", SumPositions())
    channel.add("sigmoid", SIGMOID)
    spatial = ChainBuilder(shape, "cbam.spatial.")
    spatial.add("pool", ChannelMeanMax())
    spatial.add("conv", Conv2d(2, 1, 7, padding=3))
    spatial.add("bn", norm(config, 1))
    spatial.add("sigmoid", SIGMOID)
    return (("cbam.channel", channel.layers()), ("cbam.spatial", spatial.layers()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention(Entry):
    """An attention unit: ``build`` makes its gates, by name, for a shape ``(C, H, W)``.

    ``has_ratio`` says that it squeezes; ``divisor`` is what timm rounds the squeezed width to.
    """

    build: "Callable[[ResNetConfig, Shape], tuple[tuple[str, tuple[Layer, ...]], ...]]"
    has_ratio: bool = False
    divisor: int = 1


ATTENTIONS: dict[str, Attention] = {
    "none": Attention(
        label="None", summary="The branch ends without attention.", source="", build=lambda config, shape: ()
    ),
    "se": Attention(
        label="Squeeze-and-excitation (SE)",
        summary="Two 1x1 convolutions on the pooled vector weigh the channels.",
        formula="x * sigmoid(W2 ReLU(W1 mean(x)))",
        source=f"{HU2017}, Sec. 3",
        build=squeeze_excite,
        has_ratio=True,
        divisor=8,
    ),
    "eca": Attention(
        label="Efficient channel (ECA)",
        summary="One short 1-d convolution along the pooled channels weighs them.",
        formula="x * sigmoid(conv1d_k(mean(x)))",
        source=f"{WANG2019}, Sec. 3.2",
        build=efficient_channel,
    ),
    "cbam": Attention(
        label="CBAM",
        summary="Weighs the channels as SE does, from mean and maximum, then the positions by a 7x7 convolution.",
        formula="x' = x * Mc(x); x' * Ms(x')",
        source=f"{WOO2018}, Sec. 3",
        build=block_attention,
        has_ratio=True,
    ),
}
