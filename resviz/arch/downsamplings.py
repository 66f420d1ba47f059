"""The open dictionary of downsamplings: what changes the shape where a stage begins."""

from collections.abc import Callable
from dataclasses import dataclass

from resviz.arch.chain import ChainBuilder
from resviz.arch.change import Change
from resviz.arch.choices import Choices
from resviz.arch.convs import conv
from resviz.arch.entries import HE2015, LIU2022, REDMON2018, TIMM, Entry
from resviz.arch.norms import norm
from resviz.arch.operation import Shape
from resviz.arch.pools import AvgPool2d, ZeroPad2d
from resviz.arch.steps import activation
from resviz.arch.tree import Block


@dataclass(frozen=True, slots=True, kw_only=True)
class Downsampling(Entry):
    """What changes the shape: ``build`` appends layers of their own, or is None where the first unit does it."""

    build: Callable[[Choices, ChainBuilder, Change], None] | None = None


def _norm_first(choices: Choices, out: ChainBuilder, change: Change) -> None:
    """Append a norm and a convolution as large as the stride, also where that became a dilation.

    timm pads a convolution dilated by 2 on both sides, which shifts the map by a pixel; here positions stay.
    """
    out.add("norm", norm(choices, change.in_channels))
    kernel = change.stride * change.dilated
    if reach := change.dilation * (kernel - 1) - (change.stride - 1):  # beyond windows that do not overlap
        out.add("pad", ZeroPad2d(reach, after=True))
    window = {"stride": change.stride, "dilation": change.dilation}
    out.add("conv", conv(choices, change.in_channels, change.out_channels, kernel, normed=False, **window))


def _convolution(choices: Choices, out: ChainBuilder, change: Change) -> None:
    """Append a strided 3x3 convolution, a norm and an activation."""
    window = {"stride": change.stride, "padding": change.dilation, "dilation": change.dilation}
    out.add("conv", conv(choices, change.in_channels, change.out_channels, 3, normed=True, **window))
    out.add("bn", norm(choices, change.out_channels))
    out.add(choices.activation, activation(choices))


def _pool(choices: Choices, out: ChainBuilder, change: Change) -> None:
    """Append an average pool that takes the stride, a 1x1 convolution, a norm and an activation.

    Where the stride became a dilation the pool stays and keeps the size, as the shortcut's does (ResNet-D, dilated);
    timm leaves it out.
    """
    if change.stride > 1:
        out.add("pool", AvgPool2d(change.stride, change.stride, ceil_mode=False))
    elif change.dilated > 1:
        out.add("pool", AvgPool2d(change.dilated, 1, same=True))
    out.add("conv", conv(choices, change.in_channels, change.out_channels, 1, normed=True))
    out.add("bn", norm(choices, change.out_channels))
    out.add(choices.activation, activation(choices))


DOWNSAMPLINGS = {
    "unit": Downsampling(
        label="By the first block",
        summary="The stage's first block changes the shape, its shortcut with it.",
        source=f"{HE2015}, Sec. 3.3",
    ),
    "layer": Downsampling(
        label="By a layer of its own",
        summary="A norm and a convolution as large as the stride stand before the stage's blocks.",
        source=f"{LIU2022}, Sec. 2.6",
        build=_norm_first,
    ),
    "conv": Downsampling(
        label="By a 3x3 of its own",
        summary="A 3x3 convolution with the stride, a norm and an activation stand before the stage's blocks.",
        source=f"{REDMON2018}, Table 1 (Darknet-53)",
        build=_convolution,
    ),
    "pool": Downsampling(
        label="By an average pool of its own",
        summary="An average pool, a 1x1 convolution, a norm and an activation stand before the stage's blocks.",
        source=f"{TIMM}, darknetaa53",
        build=_pool,
    ),
}


def downsampling_blocks(choices: Choices, name: str, shape: Shape, change: Change) -> tuple[Block, ...]:
    """Return the block whose layers only change the shape between two stages; () where the first unit does it."""
    build = DOWNSAMPLINGS[name].build
    if build is None:
        return ()
    out = ChainBuilder(shape)
    build(choices, out, change)
    return (Block(shape, out.shape, pre=(), branch=out.chain(), shortcut=None, merge=None, post=()),)
