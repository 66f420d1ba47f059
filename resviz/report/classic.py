"""Basic against bottleneck: what the two units of He et al. 2015, Fig. 5 cost at the same width."""

from dataclasses import dataclass
from math import prod

from resviz.arch import ConfigError, ResNetConfig, expand
from resviz.arch.entries import HE2015
from resviz.arch.layers import leaves
from resviz.arch.ops import Kind, times
from resviz.arch.tree import Block

SOURCE = f"{HE2015}, Fig. 5"
MIN_WIDTH, MAX_WIDTH = 16, 1024
"""Channels between which the comparison is offered."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One residual unit with an identity shortcut on a number of channels.

    ``weights`` are those of its convolutions, which the paper compares; ``params`` has its BatchNorm's as
    well. ``macs`` is for one image with maps of ``side`` x ``side``. ``formula`` has the values in it.
    """

    block: str
    channels: int
    side: int
    bracket: str
    formula: str
    weights: int
    params: int
    macs: int

    @property
    def latex(self) -> str:
        """The formula in LaTeX."""
        return self.formula.replace("*", r" \cdot ")


@dataclass(frozen=True, slots=True)
class Pair:
    """A basic unit and a bottleneck side by side."""

    basic: Unit
    bottleneck: Unit
    summary: str

    @property
    def ratio(self) -> float:
        """How many times the bottleneck's weights the basic unit has."""
        return self.basic.weights / self.bottleneck.weights


def unit(block: str, channels: int, side: int = 56) -> Unit:
    """Return the cost of a ``basic`` or ``bottleneck`` unit that takes and gives a number of channels.

    ``side`` is that of its maps in pixels. Raises ConfigError for a bottleneck's channels that 4 does not divide.
    """
    planes, rest = divmod(channels, 4) if block == "bottleneck" else (channels, 0)
    if rest:
        raise ConfigError.of("widths", f"A bottleneck on {channels} channels is not possible: take a multiple of 4.")
    config = ResNetConfig(
        block=block,
        input=(3, side, side),
        stem="cifar",
        stem_width=channels,
        depths=(1,),
        widths=(planes,),
        stage_strides=(1,),
    )
    return _unit(block, expand(config).stages[0].blocks[0])


def same_width(channels: int, side: int = 56) -> Pair:
    """Return both units on the same number of channels, a multiple of 4. Raises ConfigError for another."""
    summary = f"Both on {channels} channels: the bottleneck works on {channels // 4} and costs a fraction."
    return Pair(unit("basic", channels, side), unit("bottleneck", channels, side), summary)


def same_cost(channels: int = 64, side: int = 56) -> Pair:
    """Return a basic unit and the bottleneck on four times its channels: the paper's own pairing at 64."""
    summary = f"About equal cost: the bottleneck carries {4 * channels} channels where the basic block has {channels}."
    return Pair(unit("basic", channels, side), unit("bottleneck", 4 * channels, side), summary)


def _unit(name: str, block: Block) -> Unit:
    factors = [layer.op.param_factors[0] for layer in leaves(block.branch) if layer.kind is Kind.CONV]
    return Unit(
        block=name,
        channels=block.in_shape[0],
        side=block.in_shape[1],
        bracket=block.bracket,
        formula=" + ".join(map(times, factors)),
        weights=sum(map(prod, factors)),
        params=block.params,
        macs=block.macs,
    )
