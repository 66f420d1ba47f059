"""What a branch is made of: convolutions, or what stands in the place of one (`resviz.arch.parallel_parts`).

A part is data, and builds itself into a branch. All share what `Spot` states of where they stand.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple, Protocol

from resviz.arch.chain import ChainBuilder
from resviz.arch.choices import Choices
from resviz.arch.convs import conv
from resviz.arch.steps import Steps
from resviz.arch.tree import Place
from resviz.errors import ConfigError

Width = Literal["inner", "half", "same", "outer"]
"""A part's output: the block's inner width, half of it, its own input's, or the block's output."""


class Spot(NamedTuple):
    """Where a part stands: its name, the channels it gives, its window's numbers, and the steps that follow.

    ``normed`` means that a norm follows directly, if only after the addition; ``zero_init`` that the branch
    starts at zero and that this part is its last.
    """

    name: str
    out_channels: int
    kernel: int
    stride: int
    dilation: int
    after: str
    normed: bool
    zero_init: bool
    place: Place


class Traits(NamedTuple):
    """What a kind of part makes of a configuration's fields.

    Whether ``arms`` is the number of its arms, whether ``attention_ratio`` is a share in it, whether it has an arm
    for each group; and whether it holds the unit's identity, so that no shortcut goes around it.
    """

    counts_arms: bool = False
    squeezes: bool = False
    arm_a_group: bool = False
    holds_identity: bool = False


class Part(Protocol):
    """A part of a branch."""

    traits: ClassVar[Traits]

    @property
    def shares(self) -> int:
        """How many arms share its input's channels among them where `arms` leaves it open; 1 where each takes all."""

    @property
    def kernel(self) -> int:
        """The size of its window."""

    @property
    def width(self) -> Width:
        """The channels it gives."""

    @property
    def after(self) -> str | None:
        """The steps that follow it, where it has its own; None leaves them to the order."""

    def append(self, choices: Choices, out: ChainBuilder, steps: Steps, spot: Spot) -> None:
        """Append it to a branch, the steps behind it included."""


@dataclass(frozen=True, slots=True)
class Conv:
    """One convolution; ``groups`` is none, the stage's, or one for each channel (depthwise)."""

    traits: ClassVar[Traits] = Traits()
    shares: ClassVar[int] = 1
    kernel: int
    width: Width = "inner"
    groups: Literal["none", "stage", "depthwise"] = "none"
    after: str | None = None

    def append(self, choices: Choices, out: ChainBuilder, steps: Steps, spot: Spot) -> None:
        """Append the convolution and its steps."""
        channels = out.shape[0]
        groups = 1 if self.groups == "none" else spot.place.groups if self.groups == "stage" else channels
        ensure_divides(groups, channels, spot.out_channels)
        norm_last = spot.zero_init and spot.after.startswith("n") and choices.norm != "none"
        op = conv(
            choices,
            channels,
            spot.out_channels,
            spot.kernel,
            normed=spot.normed,
            stride=spot.stride,
            padding=spot.dilation * (spot.kernel // 2),
            dilation=spot.dilation,
            groups=groups,
            zero_init=spot.zero_init and not norm_last,
        )
        out.add(spot.name, op)
        steps.append(out, spot.after, zero_init=norm_last)


def ensure_divides(groups: int, *channels: int) -> None:
    """Raise ConfigError unless so many groups can share the channels of a unit's convolution."""
    if groups == 1:
        return
    odd = next((number for number in channels if number % groups), None)
    if odd is not None:
        raise ConfigError.of(
            "groups",
            f"groups make {groups} parts of the {odd} channels inside a block, which does not come out even; take "
            "fewer groups or arms, or wider stages.",
        )
