"""Parts of a branch that stand in a convolution's place: parallel arms, each a chain of its own."""

from dataclasses import dataclass
from typing import ClassVar

from resviz.arch.activations import SIGMOID
from resviz.arch.chain import ChainBuilder
from resviz.arch.choices import Choices
from resviz.arch.convs import conv
from resviz.arch.joins import Concat, Select, Sum
from resviz.arch.norms import norm
from resviz.arch.ops import Activation, GlobalAvgPool2d
from resviz.arch.parts import Spot, Traits, Width, ensure_divides
from resviz.arch.pools import AvgPool2d
from resviz.arch.rounding import divisible
from resviz.arch.steps import Steps, activation
from resviz.arch.weights import Conv2d


def _follow(choices: Choices, out: ChainBuilder, letters: str) -> None:
    """Append steps inside an arm, where each stands at most once."""
    for letter in letters:
        if letter == "n":
            out.add("bn", norm(choices, out.shape[0]))
        else:
            out.add(choices.activation, activation(choices))


def _window(spot: Spot) -> dict[str, int]:
    return {"stride": spot.stride, "padding": spot.dilation * (spot.kernel // 2), "dilation": spot.dilation}


@dataclass(frozen=True, slots=True)
class Hierarchical:
    """Res2Net's unit: the channels in shares, each convolved with what the one before gave added (Gao et al. 2019).

    The last share passes. In a unit that changes its shape no share takes another's output, and the last is
    averaged over 3x3 (the paper's released code, as timm has it).
    """

    traits: ClassVar[Traits] = Traits(counts_arms=True)
    kernel: int = 3
    width: Width = "same"
    after: str | None = None
    arms: int = 4

    @property
    def shares(self) -> int:
        """Its arms: each takes a share."""
        return self.arms

    def append(self, choices: Choices, out: ChainBuilder, steps: Steps, spot: Spot) -> None:
        """Append the arms; the steps stand inside them."""
        number = choices.arms or self.arms
        changes = spot.place.stride > 1 or spot.place.in_channels != spot.place.out_channels
        share = (out.shape[0] // number, *out.shape[1:])
        groups = spot.place.groups
        ensure_divides(groups, share[0])
        made = []
        for index in range(number - 1):
            arm = out.inside(f"{spot.name}.{index}", share)
            op = conv(choices, share[0], share[0], spot.kernel, normed=spot.normed, groups=groups, **_window(spot))
            arm.add("conv", op)
            _follow(choices, arm, spot.after)
            made.append(arm)
        rest = out.inside(f"{spot.name}.{number - 1}", share)
        if changes:
            rest.add("pool", AvgPool2d(3, spot.stride, ceil_mode=False, padding=1))
        out.arms(spot.name, (*made, rest), Concat(), split=True, cascaded=0 if changes else number - 1)


@dataclass(frozen=True, slots=True)
class Selective:
    """SK's unit: two convolutions with different reach, weighed channel by channel (Li et al. 2019).

    The second arm's reach is 5x5, by dilation. With ``split`` each arm takes half of the channels, as in timm.
    """

    traits: ClassVar[Traits] = Traits(counts_arms=True, squeezes=True)
    kernel: int = 3
    width: Width = "inner"
    after: str | None = None
    split: bool = False
    arms: int = 2

    @property
    def shares(self) -> int:
        """Its arms where each takes a share."""
        return self.arms if self.split else 1

    def append(self, choices: Choices, out: ChainBuilder, steps: Steps, spot: Spot) -> None:
        """Append the arms, and the chain that weighs them."""
        number = choices.arms or self.arms
        taken = (out.shape[0] // number if self.split else out.shape[0], *out.shape[1:])
        groups = min(spot.place.groups, spot.out_channels)
        ensure_divides(groups, taken[0], spot.out_channels)
        made = []
        for index in range(number):
            arm = out.inside(f"{spot.name}.{index}", taken)
            dilation = spot.dilation * (index + 1)
            window = {"stride": spot.stride, "padding": dilation * (spot.kernel // 2), "dilation": dilation}
            op = conv(choices, taken[0], spot.out_channels, spot.kernel, normed=spot.normed, groups=groups, **window)
            arm.add("conv", op)
            _follow(choices, arm, spot.after)
            made.append(arm)
        channels = made[0].shape[0]
        width = divisible(channels * choices.attention_ratio, choices.attention_divisor or 8)
        weights = out.inside(f"{spot.name}.select", made[0].shape)
        weights.add("pool", GlobalAvgPool2d())
        weights.add("fc1", Conv2d(channels, width, 1))
        weights.add("bn", norm(choices, width))
        weights.add(choices.activation, activation(choices))
        weights.add("fc2", Conv2d(width, channels * number, 1))
        out.arms(spot.name, made, Select(), split=self.split, weights=weights)


@dataclass(frozen=True, slots=True)
class SplitAttention:
    """ResNeSt's unit: one grouped convolution makes the arms, which are weighed channel by channel (Zhang et al. 2020).

    ``arms`` is the radix. With a radix of 1 what is left is a gate.
    """

    traits: ClassVar[Traits] = Traits(counts_arms=True, squeezes=True)
    shares: ClassVar[int] = 1
    kernel: int = 3
    width: Width = "inner"
    after: str | None = None
    arms: int = 2

    def append(self, choices: Choices, out: ChainBuilder, steps: Steps, spot: Spot) -> None:
        """Append the convolution with its steps, the arms, and the chain that weighs them."""
        radix, groups, channels = choices.arms or self.arms, spot.place.groups, spot.out_channels
        reference = out.shape[0]
        width = divisible(reference * radix * choices.attention_ratio, choices.attention_divisor or 8, least=32)
        ensure_divides(groups * radix, reference, channels * radix)
        ensure_divides(groups, width)
        op = conv(
            choices,
            reference,
            channels * radix,
            spot.kernel,
            normed=spot.normed,
            groups=groups * radix,
            **_window(spot),
        )
        out.add(spot.name, op)
        steps.append(out, spot.after)
        name = f"{spot.name}_select"
        shape = (channels, *out.shape[1:])
        weights = out.inside(f"{name}.select" if radix > 1 else name, shape)
        weights.add("pool", GlobalAvgPool2d())
        weights.add("fc1", Conv2d(channels, width, 1, groups=groups, bias=True))
        weights.add("bn", norm(choices, width))
        weights.add(choices.activation, activation(choices))
        weights.add("fc2", Conv2d(width, channels * radix, 1, groups=groups, bias=True))
        if radix == 1:
            weights.add("sigmoid", Activation(SIGMOID))
            out.gate(name, weights)
            return
        made = [out.inside(f"{name}.{index}", shape) for index in range(radix)]
        out.arms(name, made, Select(groups), split=True, weights=weights)


@dataclass(frozen=True, slots=True)
class Reparameterised:
    """RepVGG's unit in training: a 3x3, a 1x1 and, where the shape is kept, the identity, each with its BN, added.

    Deployed, it is one 3x3 convolution with a bias (Ding et al. 2021, Sec. 3.3).
    """

    traits: ClassVar[Traits] = Traits(holds_identity=True)
    shares: ClassVar[int] = 1
    kernel: int = 3
    width: Width = "outer"
    after: str | None = ""

    def append(self, choices: Choices, out: ChainBuilder, steps: Steps, spot: Spot) -> None:
        """Append the arms and what follows their sum."""
        made = []
        for index, kernel in enumerate((spot.kernel, 1)):
            arm = out.inside(f"{spot.name}.{index}")
            window = {"stride": spot.stride, "padding": spot.dilation * (kernel // 2), "dilation": spot.dilation}
            op = conv(
                choices,
                out.shape[0],
                spot.out_channels,
                kernel,
                normed=True,
                groups=spot.place.groups,
                **(window if kernel > 1 else {"stride": spot.stride}),
            )
            arm.add("conv", op)
            _follow(choices, arm, "n")
            made.append(arm)
        if spot.stride == 1 and out.shape[0] == spot.out_channels:
            identity = out.inside(f"{spot.name}.2")
            _follow(choices, identity, "n")
            made.append(identity)
        out.arms(spot.name, made, Sum())
        steps.append(out, spot.after)


@dataclass(frozen=True, slots=True)
class Cardinal:
    """ResNeXt's arms, one a group: each a narrow chain of its own on the same input (Xie et al. 2016, Fig. 3).

    ``adds`` is form (a): each arm widens by a 1x1 of its own, and the arms are added. Else it is form (b):
    they are concatenated, for one 1x1 to widen.
    """

    traits: ClassVar[Traits] = Traits(arm_a_group=True)
    shares: ClassVar[int] = 1
    kernel: int = 3
    adds: bool = True
    after: str | None = None

    @property
    def width(self) -> Width:
        """The block's output where the arms are added, its inner width where they are concatenated."""
        return "outer" if self.adds else "inner"

    def append(self, choices: Choices, out: ChainBuilder, steps: Steps, spot: Spot) -> None:
        """Append the arms; the steps between their convolutions are a norm and an activation."""
        groups = spot.place.groups
        share = spot.place.width // groups
        made = []
        for index in range(groups):
            arm = out.inside(f"{spot.name}.{index}")
            arm.add("conv1", conv(choices, out.shape[0], share, 1, normed=True))
            arm.add("bn1", norm(choices, share))
            arm.add(f"{choices.activation}1", activation(choices))
            arm.add("conv2", conv(choices, share, share, spot.kernel, normed=True, **_window(spot)))
            arm.add("bn2", norm(choices, share))
            arm.add(f"{choices.activation}2", activation(choices))
            if self.adds:
                arm.add("conv3", conv(choices, share, spot.out_channels, 1, normed=spot.normed))
            made.append(arm)
        out.arms(spot.name, made, Sum() if self.adds else Concat())
        steps.append(out, spot.after if self.adds else "")
