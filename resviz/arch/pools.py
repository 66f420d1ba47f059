"""The operations that only move, pool or rearrange: no weights, no MACs in the headline count."""

from dataclasses import dataclass
from typing import ClassVar

from resviz.arch.errors import ShapeError
from resviz.arch.operation import Kind, Operation, Shape, Window, over, slide


@dataclass(frozen=True, slots=True)
class MaxPool2d(Operation):
    """Max pooling; a 1x1 window with a stride is TF-slim's parameter-free strided identity."""

    kind: ClassVar[Kind] = Kind.MAXPOOL
    kernel_size: int
    stride: int
    padding: int = 0

    def out_shape(self, shape: Shape) -> Shape:
        return (shape[0], *slide(shape, self.window))

    @property
    def window(self) -> Window:
        return Window(self.kernel_size, self.stride, self.padding, 1)

    @property
    def torch(self) -> str:
        padding = f", padding={self.padding}" if self.padding else ""
        return f"nn.MaxPool2d({self.kernel_size}, stride={self.stride}{padding})"

    @property
    def label(self) -> str:
        return f"{self.kernel_size}x{self.kernel_size} max pool{over(self.window)}"


@dataclass(frozen=True, slots=True)
class AvgPool2d(Operation):
    """Average pooling without padding; at an odd edge the window is cut (``ceil_mode``), as in ResNet-D.

    With ``same`` it is of stride 1 and keeps the size: a row of zeros below and a column to the right count in
    the mean, as in timm's ``AvgPool2dSame``.
    """

    kind: ClassVar[Kind] = Kind.AVGPOOL
    kernel_size: int
    stride: int
    ceil_mode: bool = True
    same: bool = False

    def out_shape(self, shape: Shape) -> Shape:
        return shape if self.same else (shape[0], *slide(shape, self.window, ceil_mode=self.ceil_mode))

    @property
    def window(self) -> Window:
        return Window(self.kernel_size, self.stride, 0, 1)

    @property
    def torch(self) -> str:
        if self.same:
            return f"AvgPool2dSame({self.kernel_size})"
        cut = ", ceil_mode=True, count_include_pad=False" if self.ceil_mode else ""
        return f"nn.AvgPool2d({self.kernel_size}, stride={self.stride}{cut})"

    @property
    def label(self) -> str:
        same = ", same size" if self.same else ""
        return f"{self.kernel_size}x{self.kernel_size} avg pool{over(self.window)}{same}"


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
        return (shape[0], *slide(shape, self.window))

    @property
    def window(self) -> Window:
        return Window(3, self.stride, 1, 1)

    @property
    def torch(self) -> str:
        return f"BlurPool2d({self.channels}, stride={self.stride})"

    @property
    def label(self) -> str:
        return f"3x3 blur pool{over(self.window)}"


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
        return (self.out_channels, *slide(shape, self.window))

    @property
    def window(self) -> Window:
        return Window(1, self.stride, 0, 1)

    @property
    def torch(self) -> str:
        return f"SubsamplePad({self.in_channels}, {self.out_channels}, stride={self.stride})"

    @property
    def label(self) -> str:
        extra = self.out_channels - self.in_channels
        return (f"pad {extra} zeros" if extra else "subsample") + over(self.window)
