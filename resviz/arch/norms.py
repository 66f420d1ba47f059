"""The open dictionary of normalisations; an entry makes the layer for a number of channels."""

from collections.abc import Callable
from dataclasses import dataclass
from math import gcd

from resviz.arch.choices import Choices
from resviz.arch.entries import BA2016, HE2015, IOFFE2015, LIU2022, TIMM, ULYANOV2016, WU2018, Entry
from resviz.arch.normalisations import BatchNorm2d, ChannelNorm, GroupNorm
from resviz.arch.operation import Operation
from resviz.arch.symbols import Symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class NormType(Entry):
    """A normalisation: ``build`` makes it for the choices, a number of channels and whether gamma starts at 0."""

    build: Callable[[Choices, int, bool], Operation | None]
    grouped: bool = False
    """Whether ``norm_groups`` applies."""


def _grouped(choices: Choices, channels: int, zero_init: bool) -> Operation:
    groups = gcd(choices.norm_groups, channels)
    if isinstance(channels, Symbol):
        groups = Symbol(groups, f"gcd({choices.norm_groups}, {channels})")
    return GroupNorm(groups, channels, zero_init)


def _by_sixteen(choices: Choices, channels: int, zero_init: bool) -> Operation:
    groups = channels // gcd(16, channels)
    if isinstance(channels, Symbol):
        groups = channels // Symbol(gcd(16, channels), f"gcd(16, {channels})")
    return GroupNorm(groups, channels, zero_init)


NORMS = {
    "batch": NormType(
        label="Batch",
        summary="Each channel by its mean and variance over the batch and all positions.",
        formula="y = gamma * (x - mean) / sqrt(var + eps) + beta",
        latex=r"y = \gamma\,\frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta",
        source=IOFFE2015,
        build=lambda choices, channels, zero_init: BatchNorm2d(channels, zero_init),
    ),
    "group": NormType(
        label="Group",
        summary="Each image by itself, channels in groups: does not depend on the batch.",
        formula="mean and var over (C / G, H, W)",
        latex=r"\mu, \sigma^2\ \text{over } (C / G, H, W)",
        source=WU2018,
        build=_grouped,
        grouped=True,
    ),
    "group16": NormType(
        label="Group, 16 channels each",
        summary="Each image by itself, 16 channels a group; where 16 does not divide them, what divides both.",
        formula="mean and var over (16, H, W)",
        latex=r"\mu, \sigma^2\ \text{over } (16, H, W)",
        source=f"{WU2018}, Table 3, channels per group; {TIMM}, regnety_040_sgn",
        build=_by_sixteen,
    ),
    "layer": NormType(
        label="Layer",
        summary="Each image by itself, all channels together: group normalisation with one group.",
        formula="mean and var over (C, H, W)",
        latex=r"\mu, \sigma^2\ \text{over } (C, H, W)",
        source=f"{BA2016}; as in {WU2018}",
        build=lambda choices, channels, zero_init: GroupNorm(1, channels, zero_init),
    ),
    "channel": NormType(
        label="Layer, at each position",
        summary="Each position by its own channels, as transformers do it.",
        formula="mean and var over C",
        latex=r"\mu, \sigma^2\ \text{over } C",
        source=f"{BA2016}; as in {LIU2022}, Sec. 2.6",
        build=lambda choices, channels, zero_init: ChannelNorm(channels, zero_init),
    ),
    "instance": NormType(
        label="Instance",
        summary="Each image and each channel by itself: group normalisation with a group a channel.",
        formula="mean and var over (H, W)",
        latex=r"\mu, \sigma^2\ \text{over } (H, W)",
        source=f"{ULYANOV2016}; as in {WU2018}",
        build=lambda choices, channels, zero_init: GroupNorm(channels, channels, zero_init),
    ),
    "none": NormType(
        label="None",
        summary="No normalisation; the convolutions stand alone.",
        source=f"{HE2015}, by omission",
        build=lambda choices, channels, zero_init: None,
    ),
}


def norm(choices: Choices, channels: int, *, zero_init: bool = False) -> Operation | None:
    """Return the chosen normalisation of a number of channels, or None where there is none."""
    return NORMS[choices.norm].build(choices, channels, zero_init)
