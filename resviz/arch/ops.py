"""The closed set of leaf operations a residual network is made of.

Each operation is one frozen dataclass that holds everything about itself: its shape rule, its learnt
parameters, its cost, the factors that cost comes from, the torch line that makes it and its label in a
diagram. Shapes are ``(C, H, W)``, or ``(features,)`` after `Flatten`; there is no batch axis.

MACs are the multiply-accumulates of convolutions and linear layers, which is what papers call FLOPs.
Everything else counts zero here; other conventions are ways of counting in ``resviz.report.counting``.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import prod
from typing import ClassVar

from resviz.arch.errors import ShapeError
from resviz.arch.operation import Kind, Operation, Shape, Window, over, slide, times
from resviz.arch.pools import (
    AvgMaxPool2d,
    AvgPool2d,
    BlurPool2d,
    ChannelMeanMax,
    GlobalAvgPool2d,
    MaxPool2d,
    SubsamplePad,
    SumPositions,
)

__all__ = [
    "Activation",
    "AvgMaxPool2d",
    "AvgPool2d",
    "BatchNorm2d",
    "BlurPool2d",
    "ChannelConv1d",
    "ChannelMeanMax",
    "Conv2d",
    "DropPath",
    "Dropout",
    "Flatten",
    "Function",
    "GlobalAvgPool2d",
    "GroupNorm",
    "Kind",
    "Linear",
    "MaxPool2d",
    "Op",
    "Operation",
    "Shape",
    "SubsamplePad",
    "SumPositions",
    "Window",
    "times",
]


@dataclass(frozen=True, slots=True)
class Conv2d(Operation):
    """A 2-d convolution (in fact a cross-correlation) with zero padding.

    Parameters: ``kernel_size**2 * in_channels / groups * out_channels``, and ``out_channels`` more with
    a bias. MACs: the same product without the bias, times the output's height and width.
    """

    kind: ClassVar[Kind] = Kind.CONV
    in_channels: int
    out_channels: int
    kernel_size: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    groups: int = 1
    bias: bool = False
    zero_init: bool = False

    def out_shape(self, shape: Shape) -> Shape:
        return (self.out_channels, *slide(shape, self.window))

    @property
    def params(self) -> int:
        weight = self.kernel_size**2 * (self.in_channels // self.groups) * self.out_channels
        return weight + self.out_channels * self.bias

    def mac_factors(self, in_shape: Shape, out_shape: Shape) -> tuple[int, ...]:
        fan_in = self.in_channels // self.groups
        return (self.kernel_size, self.kernel_size, fan_in, self.out_channels, *out_shape[1:])

    @property
    def window(self) -> Window:
        return Window(self.kernel_size, self.stride, self.padding, self.dilation)

    @property
    def torch(self) -> str:
        options = [f"kernel_size={self.kernel_size}"]
        options += [
            f"{name}={value}" for name in ("stride", "padding") if (value := getattr(self, name)) > (name == "stride")
        ]
        options += [f"{name}={value}" for name in ("dilation", "groups") if (value := getattr(self, name)) > 1]
        options += [] if self.bias else ["bias=False"]
        return f"nn.Conv2d({self.in_channels}, {self.out_channels}, {', '.join(options)})"

    @property
    def label(self) -> str:
        size = f"{self.kernel_size}x{self.kernel_size}"
        extras = f", {self.groups} groups" if self.groups > 1 else ""
        extras += f", dilation {self.dilation}" if self.dilation > 1 else ""
        return f"{size} conv, {self.out_channels}{extras}{over(self.window)}"


@dataclass(frozen=True, slots=True)
class ChannelConv1d(Operation):
    """ECA's 1-d convolution along the channels of a pooled ``(C, 1, 1)`` vector (Wang et al. 2020)."""

    kind: ClassVar[Kind] = Kind.CONV
    kernel_size: int

    @property
    def params(self) -> int:
        return self.kernel_size

    def mac_factors(self, in_shape: Shape, out_shape: Shape) -> tuple[int, ...]:
        return (self.kernel_size, out_shape[0])

    @property
    def torch(self) -> str:
        return f"nn.Conv1d(1, 1, kernel_size={self.kernel_size}, padding={self.kernel_size // 2}, bias=False)"

    @property
    def label(self) -> str:
        return f"1-d conv over channels, {self.kernel_size}"


@dataclass(frozen=True, slots=True)
class Linear(Operation):
    """A fully connected layer on a flat vector."""

    kind: ClassVar[Kind] = Kind.LINEAR
    in_features: int
    out_features: int
    bias: bool = True

    def out_shape(self, shape: Shape) -> Shape:
        return (self.out_features,)

    @property
    def params(self) -> int:
        return (self.in_features + self.bias) * self.out_features

    def mac_factors(self, in_shape: Shape, out_shape: Shape) -> tuple[int, ...]:
        return (self.in_features, self.out_features)

    @property
    def torch(self) -> str:
        return f"nn.Linear({self.in_features}, {self.out_features}{'' if self.bias else ', bias=False'})"

    @property
    def label(self) -> str:
        return f"fc, {self.out_features}"


@dataclass(frozen=True, slots=True)
class BatchNorm2d(Operation):
    """Batch normalisation: a scale (gamma) and a shift (beta) per channel (Ioffe & Szegedy 2015)."""

    kind: ClassVar[Kind] = Kind.NORM
    num_features: int
    zero_init: bool = False

    @property
    def params(self) -> int:
        return 2 * self.num_features

    @property
    def torch(self) -> str:
        return f"nn.BatchNorm2d({self.num_features})"

    @property
    def label(self) -> str:
        return "BN"


@dataclass(frozen=True, slots=True)
class GroupNorm(Operation):
    """Group normalisation (Wu & He 2018); one group is layer norm, a group a channel is instance norm."""

    kind: ClassVar[Kind] = Kind.NORM
    num_groups: int
    num_channels: int
    zero_init: bool = False

    def out_shape(self, shape: Shape) -> Shape:
        if prod(shape) == self.num_groups:
            raise ShapeError(
                f"a normalisation in {self.num_groups} groups over a {'x'.join(map(str, shape))} map "
                "has one value a group, which it would turn to zero"
            )
        return shape

    @property
    def params(self) -> int:
        return 2 * self.num_channels

    @property
    def torch(self) -> str:
        return f"nn.GroupNorm({self.num_groups}, {self.num_channels})"

    @property
    def label(self) -> str:
        match self.num_groups:
            case 1:
                return "LN"
            case self.num_channels:
                return "IN"
            case _:
                return "GN"


class Function(StrEnum):
    """The activation functions, by PyTorch's name in lower case."""

    RELU = "relu"
    LEAKY_RELU = "leaky_relu"
    GELU = "gelu"
    SILU = "silu"
    MISH = "mish"
    SIGMOID = "sigmoid"


_FUNCTIONS = {
    Function.RELU: ("ReLU", "nn.ReLU(inplace=True)"),
    Function.LEAKY_RELU: ("LeakyReLU", "nn.LeakyReLU(0.01, inplace=True)"),
    Function.GELU: ("GELU", "nn.GELU()"),
    Function.SILU: ("SiLU", "nn.SiLU(inplace=True)"),
    Function.MISH: ("Mish", "nn.Mish(inplace=True)"),
    Function.SIGMOID: ("sigmoid", "nn.Sigmoid()"),
}


@dataclass(frozen=True, slots=True)
class Activation(Operation):
    """An elementwise non-linearity."""

    kind: ClassVar[Kind] = Kind.ACTIVATION
    function: Function

    @property
    def torch(self) -> str:
        return _FUNCTIONS[self.function][1]

    @property
    def label(self) -> str:
        return _FUNCTIONS[self.function][0]


@dataclass(frozen=True, slots=True)
class Dropout(Operation):
    """Dropout with probability ``p``; nothing at inference."""

    kind: ClassVar[Kind] = Kind.DROPOUT
    p: float

    @property
    def torch(self) -> str:
        return f"nn.Dropout({self.p:g})"

    @property
    def label(self) -> str:
        return f"dropout {self.p:g}"


@dataclass(frozen=True, slots=True)
class DropPath(Operation):
    """Stochastic depth (Huang et al. 2016): drops a whole branch, an image at a time, while training.

    ``rate`` is the last block's; block number ``l`` of ``L`` (from 0, units without weights not counted) has
    ``rate * l / (L - 1)``. The op holds the last block's rate, not its own, so that identical blocks stay the
    same object.
    """

    kind: ClassVar[Kind] = Kind.DROPPATH
    rate: float

    @property
    def torch(self) -> str:
        return "DropPath(rate)"

    @property
    def label(self) -> str:
        return f"drop path, up to {self.rate:g}"


@dataclass(frozen=True, slots=True)
class Flatten(Operation):
    """``(C, H, W)`` to ``(C*H*W,)``."""

    kind: ClassVar[Kind] = Kind.FLATTEN

    def out_shape(self, shape: Shape) -> Shape:
        return (prod(shape),)

    @property
    def torch(self) -> str:
        return "nn.Flatten()"

    @property
    def label(self) -> str:
        return "flatten"


Op = (
    Conv2d
    | ChannelConv1d
    | Linear
    | BatchNorm2d
    | GroupNorm
    | Activation
    | MaxPool2d
    | AvgPool2d
    | BlurPool2d
    | GlobalAvgPool2d
    | AvgMaxPool2d
    | SumPositions
    | ChannelMeanMax
    | SubsamplePad
    | Dropout
    | DropPath
    | Flatten
)
