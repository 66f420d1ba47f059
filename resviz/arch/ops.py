"""The closed set of leaf operations a residual network is made of.

Each operation is one frozen dataclass that holds everything about itself: its shape rule, its learnt
parameters, its cost, the factors that cost comes from, the torch line that makes it and its label in a
diagram. Shapes are ``(C, H, W)``, or ``(features,)`` after `Flatten`; there is no batch axis.

MACs are the multiply-accumulates of convolutions and linear layers, which is what papers call FLOPs.
Everything else counts zero here; other conventions are ways of counting in ``resviz.report.counting``.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import prod
from typing import ClassVar, NamedTuple

from resviz.arch.errors import ShapeError

Shape = tuple[int, ...]


class Kind(StrEnum):
    """What sort of operation a layer is: the word used in tables, diagrams and colours."""

    CONV = "conv"
    LINEAR = "linear"
    NORM = "norm"
    ACTIVATION = "activation"
    MAXPOOL = "maxpool"
    AVGPOOL = "avgpool"
    BLURPOOL = "blurpool"
    PAD = "pad"
    REDUCE = "reduce"
    DROPOUT = "dropout"
    DROPPATH = "droppath"
    FLATTEN = "flatten"


class Window(NamedTuple):
    """The sliding window of a spatial operation, equal in height and width; pixels of its input."""

    kernel: int
    stride: int
    padding: int
    dilation: int


def times(factors: Iterable[int]) -> str:
    """Return the product written out, as in ``3*3*64*64*56*56``."""
    return "*".join(str(factor) for factor in factors)


@dataclass(frozen=True, slots=True)
class Operation(ABC):
    """What every leaf operation offers; the defaults are those of a free, shape-preserving one."""

    kind: ClassVar[Kind]

    def out_shape(self, shape: Shape) -> Shape:
        """Return the output shape for an input shape; raises ShapeError where there is none."""
        return shape

    @property
    def params(self) -> int:
        """Learnt parameters; running statistics of a normalisation are not among them."""
        return 0

    def mac_factors(self, in_shape: Shape, out_shape: Shape) -> tuple[int, ...]:
        """Return the factors whose product is `macs`; empty for an operation that costs none."""
        return ()

    def macs(self, in_shape: Shape, out_shape: Shape) -> int:
        """Return the multiply-accumulates for one image."""
        factors = self.mac_factors(in_shape, out_shape)
        return prod(factors) if factors else 0

    @property
    def window(self) -> Window | None:
        """The sliding window, or None for an operation that looks at one position at a time."""
        return None

    @property
    @abstractmethod
    def torch(self) -> str:
        """The line of PyTorch that makes this operation."""

    @property
    @abstractmethod
    def label(self) -> str:
        """The label in a diagram, in the papers' manner: ``3x3 conv, 64, /2``."""


def _slide(shape: Shape, window: Window, *, ceil_mode: bool = False) -> tuple[int, int]:
    """Return the height and width that a sliding window leaves (PyTorch's rule)."""
    kernel, stride, padding, dilation = window
    reach = dilation * (kernel - 1) + 1
    sides = []
    for side in shape[1:]:
        room = side + 2 * padding - reach
        if room + (stride - 1 if ceil_mode else 0) < 0:
            raise ShapeError(
                f"a {kernel}x{kernel} window{f' with dilation {dilation}' if dilation > 1 else ''} "
                f"and padding {padding} does not fit a {shape[1]}x{shape[2]} feature map"
            )
        steps = -(-room // stride) if ceil_mode else room // stride
        if ceil_mode and steps * stride >= side + padding:  # torch: no window starts in the padding
            steps -= 1
        sides.append(steps + 1)
    return sides[0], sides[1]


def _over(window: Window) -> str:
    return f", /{window.stride}" if window.stride > 1 else ""


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
        return (self.out_channels, *_slide(shape, self.window))

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
        return f"{size} conv, {self.out_channels}{extras}{_over(self.window)}"


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
class MaxPool2d(Operation):
    """Max pooling; a 1x1 window with a stride is TF-slim's parameter-free strided identity."""

    kind: ClassVar[Kind] = Kind.MAXPOOL
    kernel_size: int
    stride: int
    padding: int = 0

    def out_shape(self, shape: Shape) -> Shape:
        return (shape[0], *_slide(shape, self.window))

    @property
    def window(self) -> Window:
        return Window(self.kernel_size, self.stride, self.padding, 1)

    @property
    def torch(self) -> str:
        padding = f", padding={self.padding}" if self.padding else ""
        return f"nn.MaxPool2d({self.kernel_size}, stride={self.stride}{padding})"

    @property
    def label(self) -> str:
        return f"{self.kernel_size}x{self.kernel_size} max pool{_over(self.window)}"


@dataclass(frozen=True, slots=True)
class AvgPool2d(Operation):
    """Average pooling without padding; at an odd edge the window is cut (``ceil_mode``), as in ResNet-D."""

    kind: ClassVar[Kind] = Kind.AVGPOOL
    kernel_size: int
    stride: int
    ceil_mode: bool = True

    def out_shape(self, shape: Shape) -> Shape:
        return (shape[0], *_slide(shape, self.window, ceil_mode=self.ceil_mode))

    @property
    def window(self) -> Window:
        return Window(self.kernel_size, self.stride, 0, 1)

    @property
    def torch(self) -> str:
        cut = ", ceil_mode=True, count_include_pad=False" if self.ceil_mode else ""
        return f"nn.AvgPool2d({self.kernel_size}, stride={self.stride}{cut})"

    @property
    def label(self) -> str:
        return f"{self.kernel_size}x{self.kernel_size} avg pool{_over(self.window)}"


@dataclass(frozen=True, slots=True)
class BlurPool2d(Operation):
    """A fixed 3x3 binomial filter (1, 2, 1) with a stride, reflecting at the edges (Zhang 2019).

    Its weights are constants, so it has no parameters, and no MACs in the headline count.
    """

    kind: ClassVar[Kind] = Kind.BLURPOOL
    channels: int
    stride: int

    def out_shape(self, shape: Shape) -> Shape:
        if min(shape[1:]) < 2:
            raise ShapeError(f"a blur pool reflects one pixel, which a {shape[1]}x{shape[2]} map does not have")
        return (shape[0], *_slide(shape, self.window))

    @property
    def window(self) -> Window:
        return Window(3, self.stride, 1, 1)

    @property
    def torch(self) -> str:
        return f"BlurPool2d({self.channels}, stride={self.stride})"

    @property
    def label(self) -> str:
        return f"3x3 blur pool{_over(self.window)}"


@dataclass(frozen=True, slots=True)
class GlobalAvgPool2d(Operation):
    """The mean over all positions: ``(C, H, W)`` to ``(C, 1, 1)``."""

    kind: ClassVar[Kind] = Kind.AVGPOOL

    def out_shape(self, shape: Shape) -> Shape:
        return (shape[0], 1, 1)

    @property
    def torch(self) -> str:
        return "nn.AdaptiveAvgPool2d(1)"

    @property
    def label(self) -> str:
        return "global avg pool"


@dataclass(frozen=True, slots=True)
class AvgMaxPool2d(Operation):
    """CBAM's two pooled vectors side by side, mean and maximum: ``(C, H, W)`` to ``(C, 2, 1)``."""

    kind: ClassVar[Kind] = Kind.REDUCE

    def out_shape(self, shape: Shape) -> Shape:
        return (shape[0], 2, 1)

    @property
    def torch(self) -> str:
        return "AvgMaxPool2d()"

    @property
    def label(self) -> str:
        return "global avg | max pool"


@dataclass(frozen=True, slots=True)
class SumPositions(Operation):
    """The sum over all positions: ``(C, H, W)`` to ``(C, 1, 1)``; joins CBAM's two vectors."""

    kind: ClassVar[Kind] = Kind.REDUCE

    def out_shape(self, shape: Shape) -> Shape:
        return (shape[0], 1, 1)

    @property
    def torch(self) -> str:
        return "SumPositions()"

    @property
    def label(self) -> str:
        return "sum"


@dataclass(frozen=True, slots=True)
class ChannelMeanMax(Operation):
    """CBAM's two maps, the mean and the maximum over channels: ``(C, H, W)`` to ``(2, H, W)``."""

    kind: ClassVar[Kind] = Kind.REDUCE

    def out_shape(self, shape: Shape) -> Shape:
        return (2, *shape[1:])

    @property
    def torch(self) -> str:
        return "ChannelMeanMax()"

    @property
    def label(self) -> str:
        return "channel avg | max"


@dataclass(frozen=True, slots=True)
class SubsamplePad(Operation):
    """Option A: every stride-th position, and zeros for the channels that are new (He et al. 2015)."""

    kind: ClassVar[Kind] = Kind.PAD
    in_channels: int
    out_channels: int
    stride: int

    def out_shape(self, shape: Shape) -> Shape:
        return (self.out_channels, *_slide(shape, self.window))

    @property
    def window(self) -> Window:
        return Window(1, self.stride, 0, 1)

    @property
    def torch(self) -> str:
        return f"SubsamplePad({self.in_channels}, {self.out_channels}, stride={self.stride})"

    @property
    def label(self) -> str:
        extra = self.out_channels - self.in_channels
        return (f"pad {extra} zeros" if extra else "subsample") + _over(self.window)


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

    ``rate`` is the last block's; block number ``l`` of ``L`` (from 0) has ``rate * l / (L - 1)``. The op
    holds the last block's rate, not its own, so that identical blocks stay the same object.
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
