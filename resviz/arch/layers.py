"""The layers that the configuration's own choices decide: normalisation, activation, bias, smoothing."""

from math import gcd
from typing import TYPE_CHECKING

from resviz.arch.entries import (
    BA2016,
    HE2015,
    HENDRYCKS2016,
    IOFFE2015,
    MAAS2013,
    MISRA2019,
    RAMACHANDRAN2017,
    TIMM,
    ULYANOV2016,
    WU2018,
    ZHANG2019,
    Entry,
)
from resviz.arch.ops import Activation, AvgPool2d, BatchNorm2d, BlurPool2d, Function, GroupNorm

if TYPE_CHECKING:
    from resviz.arch.config import ResNetConfig
    from resviz.arch.ops import Op

NORMS = {
    "batch": Entry(
        label="Batch",
        summary="Each channel by its mean and variance over the batch and all positions.",
        formula="y = gamma * (x - mean) / sqrt(var + eps) + beta",
        source=IOFFE2015,
    ),
    "group": Entry(
        label="Group",
        summary="Each image by itself, channels in groups: does not depend on the batch.",
        formula="mean and var over (C / G, H, W)",
        source=WU2018,
    ),
    "layer": Entry(
        label="Layer",
        summary="Each image by itself, all channels together: group normalisation with one group.",
        formula="mean and var over (C, H, W)",
        source=f"{BA2016}; as in {WU2018}",
    ),
    "instance": Entry(
        label="Instance",
        summary="Each image and each channel by itself: group normalisation with a group a channel.",
        formula="mean and var over (H, W)",
        source=f"{ULYANOV2016}; as in {WU2018}",
    ),
    "none": Entry(
        label="None",
        summary="No normalisation; the convolutions stand alone.",
        source=f"{HE2015}, by omission",
    ),
}

ACTIVATIONS: dict[str, Entry] = {
    Function.RELU: Entry(
        label="ReLU", summary="The papers' choice.", formula="max(0, x)", source=f"{HE2015}, Sec. 3.4"
    ),
    Function.LEAKY_RELU: Entry(
        label="Leaky ReLU", summary="A slope of 0.01 below zero.", formula="max(0.01 x, x)", source=MAAS2013
    ),
    Function.GELU: Entry(
        label="GELU",
        summary="Smooth, weighs by the normal distribution.",
        formula="x Phi(x)",
        source=HENDRYCKS2016,
    ),
    Function.SILU: Entry(
        label="SiLU (Swish)",
        summary="Smooth, weighs by the sigmoid.",
        formula="x sigmoid(x)",
        source=RAMACHANDRAN2017,
    ),
    Function.MISH: Entry(label="Mish", summary="Smooth, like SiLU.", formula="x tanh(softplus(x))", source=MISRA2019),
}

CONV_BIASES = {
    "none": Entry(
        label="None",
        summary="No convolution has a bias: the normalisation's beta does its work.",
        source=IOFFE2015,
    ),
    "unnormalised": Entry(
        label="Where no norm follows",
        summary="A convolution has a bias unless a normalisation follows it directly.",
        source="TF-slim, resnet_v2",
    ),
    "all": Entry(
        label="All",
        summary="Every convolution has a bias, as PyTorch's default is.",
        source="Dive into Deep Learning, Sec. 8.6",
    ),
}

ANTI_ALIASES = {
    "none": Entry(label="None", summary="The stride sits in the convolution or pool itself.", source=HE2015),
    "blur": Entry(
        label="Blur pool",
        summary="The convolution or pool runs with stride 1; a fixed 3x3 binomial filter takes the stride.",
        formula="[1 2 1]^T [1 2 1] / 16, stride 2",
        source=f"{ZHANG2019}; placed as in timm's resnetblur50",
    ),
    "avg": Entry(
        label="Average pool",
        summary="The convolution runs with stride 1; an average pool takes the stride.",
        source=f"{TIMM}, resnetaa50",
    ),
}


def norm(config: "ResNetConfig", channels: int, *, zero_init: bool = False) -> "Op | None":
    """Return the configured normalisation of a number of channels, or None where there is none."""
    match config.norm:
        case "batch":
            return BatchNorm2d(channels, zero_init)
        case "group":
            return GroupNorm(gcd(config.norm_groups, channels), channels, zero_init)
        case "layer":
            return GroupNorm(1, channels, zero_init)
        case "instance":
            return GroupNorm(channels, channels, zero_init)
        case _:
            return None


def activation(config: "ResNetConfig") -> Activation:
    """Return the configured activation."""
    return Activation(Function(config.activation))


def biased(config: "ResNetConfig", *, normed: bool) -> bool:
    """Return whether a convolution has a bias; ``normed`` says that the order puts a norm right after it."""
    normed = normed and config.norm != "none"
    return config.conv_bias == "all" or (config.conv_bias == "unnormalised" and not normed)


def anti_alias(config: "ResNetConfig", channels: int, stride: int) -> "Op | None":
    """Return what takes the stride in the place of a strided convolution or pool; None where nothing does."""
    match config.anti_alias:
        case "blur":
            return BlurPool2d(channels, stride)
        case "avg":
            return AvgPool2d(stride, stride, ceil_mode=False)
        case _:
            return None
