"""The open dictionaries of convolutions: how their weights are used, and which have a bias."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from resviz.arch.activations import ACTIVATIONS
from resviz.arch.choices import Choices
from resviz.arch.entries import BROCK2021, HE2015, IOFFE2015, KOLESNIKOV2019, QIAO2019, Entry
from resviz.arch.weights import Conv2d, ScaledStandardisedConv2d, StandardisedConv2d


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvType(Entry):
    """A way to use a convolution's weight: ``build`` is the operation's class.

    One that ``follows_activation`` makes up for the variance that the activation takes, by its gamma.
    """

    build: type[Conv2d]
    follows_activation: bool = False


CONVS = {
    "plain": ConvType(
        label="Plain",
        summary="The weight as it is.",
        source=f"{HE2015}, Sec. 3.3",
        build=Conv2d,
    ),
    "standardised": ConvType(
        label="Standardised weights",
        summary="Each output channel's weight has mean 0 and variance 1 when it is used.",
        formula="W' = (W - mean) / sqrt(var + eps)",
        latex=r"W' = \frac{W - \mu}{\sqrt{\sigma^2 + \varepsilon}}",
        source=f"{QIAO2019}; {KOLESNIKOV2019} (BiT)",
        build=StandardisedConv2d,
    ),
    "scaled_standardised": ConvType(
        label="Scaled standardised weights",
        summary="Standardised, times a learnt gain a channel, over the root of the fan-in: for nets without norms.",
        formula="W' = gamma g (W - mean) / sqrt(fan-in * (var + eps))",
        latex=r"W' = \gamma\,g\,\frac{W - \mu}{\sqrt{N\,(\sigma^2 + \varepsilon)}},\ N = \text{fan-in}",
        source=f"{BROCK2021}, Sec. 4",
        build=ScaledStandardisedConv2d,
        follows_activation=True,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BiasRule(Entry):
    """Which convolutions have a bias: ``has`` answers for one that a norm follows directly, or does not."""

    has: Callable[[bool], bool]


CONV_BIASES = {
    "none": BiasRule(
        label="None",
        summary="No convolution has a bias: the normalisation's beta does its work.",
        source=IOFFE2015,
        has=lambda normed: False,
    ),
    "unnormalised": BiasRule(
        label="Where no norm follows",
        summary="A convolution has a bias unless a normalisation follows it directly.",
        source="TF-slim, resnet_v2",
        has=lambda normed: not normed,
    ),
    "all": BiasRule(
        label="All",
        summary="Every convolution has a bias, as PyTorch's default is.",
        source="Dive into Deep Learning, Sec. 8.6",
        has=lambda normed: True,
    ),
}


def conv(choices: Choices, in_channels: int, out_channels: int, kernel: int, *, normed: bool, **options: Any) -> Conv2d:
    """Return a convolution of the chosen kind; ``normed`` means that the order puts a norm right after it.

    ``options`` are `Conv2d`'s other fields.
    """
    bias = CONV_BIASES[choices.conv_bias].has(normed and choices.norm != "none")
    kind = CONVS[choices.conv]
    if kind.follows_activation:
        options["gamma"] = ACTIVATIONS[choices.activation].gamma
    return kind.build(in_channels, out_channels, kernel, bias=bias, **options)
