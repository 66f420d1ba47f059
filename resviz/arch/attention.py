"""The open dictionary of attention units; each appends gates to a branch, ``x * chain(x)``."""

from collections.abc import Callable
from dataclasses import dataclass
from math import log2

from resviz.arch.activations import ACTIVATIONS, SIGMOID
from resviz.arch.chain import ChainBuilder
from resviz.arch.choices import Choices
from resviz.arch.entries import CAO2019, HU2017, TIMM, WANG2019, WOO2018, Entry
from resviz.arch.joins import Attend
from resviz.arch.normalisations import ChannelNorm, ResponseNorm2d
from resviz.arch.norms import norm
from resviz.arch.ops import Activation, AvgMaxPool2d, ChannelMeanMax, GlobalAvgPool2d, SumPositions
from resviz.arch.weights import ChannelConv1d, Conv2d

RELU = Activation(ACTIVATIONS["relu"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention(Entry):
    """An attention unit: ``build`` appends its gates to a chain.

    It is given the number of channels that ``attention_ratio`` is a share of. ``has_ratio`` means that it
    squeezes; ``divisor`` is what timm rounds the squeezed width to.
    """

    build: Callable[[Choices, ChainBuilder, int], None]
    has_ratio: bool = False
    divisor: int = 1


def reduced_width(choices: Choices, channels: int) -> int:
    """Return the inner width of a squeeze: ``channels * ratio``, rounded to a multiple of the divisor.

    With a divisor of 1 it is the paper's ``C / r`` (Hu et al. 2017, Sec. 3.2), a half going to the even
    number as in RegNet's code; timm rounds SE's to 8.
    """
    divisor = choices.attention_divisor or ATTENTIONS[choices.attention].divisor
    if divisor == 1:
        return max(1, round(channels * choices.attention_ratio))
    return max(divisor, int(channels * choices.attention_ratio + divisor / 2) // divisor * divisor)


def _squeeze_excite(choices: Choices, out: ChainBuilder, reference: int) -> None:
    _squeeze(choices, out, reference, "relu")


def _squeeze_excite_alike(choices: Choices, out: ChainBuilder, reference: int) -> None:
    _squeeze(choices, out, reference, choices.activation)


def _squeeze(choices: Choices, out: ChainBuilder, reference: int, activation: str) -> None:
    """Append SE's one gate: global pool, 1x1 down, activation, 1x1 up, sigmoid, both 1x1 with a bias."""
    channels, width = out.shape[0], reduced_width(choices, reference)
    se = out.inside("se")
    se.add("pool", GlobalAvgPool2d())
    se.add("fc1", Conv2d(channels, width, 1, bias=True))
    se.add(activation, Activation(ACTIVATIONS[activation]))
    se.add("fc2", Conv2d(width, channels, 1, bias=True))
    se.add("sigmoid", Activation(SIGMOID))
    out.gate("se", se)


def _efficient_channel(choices: Choices, out: ChainBuilder, reference: int) -> None:
    """Append ECA's one gate: global pool, a 1-d convolution over channels, sigmoid.

    Its kernel is ``|log2(C) / 2 + 1 / 2|`` made odd, at least 3 (Wang et al. 2019, Eq. 12).
    """
    size = int(abs(log2(out.shape[0]) + 1) / 2)
    eca = out.inside("eca")
    eca.add("pool", GlobalAvgPool2d())
    eca.add("conv", ChannelConv1d(max(size if size % 2 else size + 1, 3)))
    eca.add("sigmoid", Activation(SIGMOID))
    out.gate("eca", eca)


def _block_attention(choices: Choices, out: ChainBuilder, reference: int) -> None:
    """Append CBAM's two gates: over channels (a shared pair of 1x1) and over positions (a 7x7)."""
    channels, width = out.shape[0], reduced_width(choices, reference)
    channel = out.inside("cbam.channel")
    channel.add("pool", AvgMaxPool2d())
    channel.add("fc1", Conv2d(channels, width, 1))
    channel.add("relu", RELU)
    channel.add("fc2", Conv2d(width, channels, 1))
    channel.add("sum", SumPositions())
    channel.add("sigmoid", Activation(SIGMOID))
    out.gate("cbam.channel", channel)
    spatial = out.inside("cbam.spatial")
    spatial.add("pool", ChannelMeanMax())
    spatial.add("conv", Conv2d(2, 1, 7, padding=3))
    spatial.add("bn", norm(choices, 1))
    spatial.add("sigmoid", Activation(SIGMOID))
    out.gate("cbam.spatial", spatial)


def _global_context(choices: Choices, out: ChainBuilder, reference: int) -> None:
    """Append GC's one gate: attention pooling, 1x1 down, layer norm, ReLU, 1x1 up; its result is added."""
    channels, width = out.shape[0], reduced_width(choices, reference)
    gc = out.inside("gc")
    weight = gc.inside("context.1")
    weight.add("conv", Conv2d(channels, 1, 1, bias=True))
    gc.arms("context", (gc.inside("context.0"), weight), Attend())
    gc.add("fc1", Conv2d(channels, width, 1, bias=True))
    gc.add("norm", ChannelNorm(width))
    gc.add("relu", RELU)
    gc.add("fc2", Conv2d(width, channels, 1, bias=True))
    out.gate("gc", gc, adds=True)


ATTENTIONS: dict[str, Attention] = {
    "none": Attention(
        label="None",
        summary="The branch has no attention.",
        source="",
        build=lambda choices, out, reference: None,
    ),
    "se": Attention(
        label="Squeeze-and-excitation (SE)",
        summary="Two 1x1 convolutions on the pooled vector weigh the channels.",
        formula="x * sigmoid(W2 ReLU(W1 mean(x)))",
        latex=r"x \odot \sigma(W_2\,\mathrm{ReLU}(W_1\,\bar{x}))",
        source=f"{HU2017}, Sec. 3",
        build=_squeeze_excite,
        has_ratio=True,
        divisor=8,
    ),
    "se_alike": Attention(
        label="SE with the network's activation",
        summary="Squeeze-and-excitation whose inner activation is the network's, not ReLU.",
        formula="x * sigmoid(W2 act(W1 mean(x)))",
        latex=r"x \odot \sigma(W_2\,\mathrm{act}(W_1\,\bar{x}))",
        source=f"{HU2017}, Sec. 3; {TIMM}, regnetz_040",
        build=_squeeze_excite_alike,
        has_ratio=True,
        divisor=8,
    ),
    "eca": Attention(
        label="Efficient channel (ECA)",
        summary="One short 1-d convolution along the pooled channels weighs them.",
        formula="x * sigmoid(conv1d_k(mean(x)))",
        latex=r"x \odot \sigma(\mathrm{conv1d}_k(\bar{x}))",
        source=f"{WANG2019}, Sec. 3.2",
        build=_efficient_channel,
    ),
    "cbam": Attention(
        label="CBAM",
        summary="Weighs the channels as SE does, from mean and maximum, then the positions by a 7x7 convolution.",
        formula="x' = x * Mc(x); x' * Ms(x')",
        latex=r"x' = x \odot M_c(x);\ x' \odot M_s(x')",
        source=f"{WOO2018}, Sec. 3",
        build=_block_attention,
        has_ratio=True,
    ),
    "gc": Attention(
        label="Global context (GC)",
        summary="One softmax over the positions pools the map; two 1x1 convolutions make of it what is added.",
        formula="x + W2 ReLU(LN(W1 Σ_p softmax(W_k x)_p x_p))",
        latex=r"x + W_2\,\mathrm{ReLU}(\mathrm{LN}(W_1 \textstyle\sum_p \mathrm{softmax}(W_k\,x)_p\,x_p))",
        source=f"{CAO2019}, Sec. 3.3",
        build=_global_context,
        has_ratio=True,
        divisor=8,
    ),
    "grn": Attention(
        label="Global response norm (GRN)",
        summary="Each channel weighed by its norm over the mean of all channels' norms.",
        formula="x + gamma x n(x) / mean(n(x)) + beta",
        latex=r"x + \gamma\,x\,\frac{n(x)}{\overline{n(x)}} + \beta",
        source="Woo et al. 2023, arXiv:2301.00808, Sec. 3.2",
        build=lambda choices, out, reference: out.add("grn", ResponseNorm2d(out.shape[0])),
    ),
}
