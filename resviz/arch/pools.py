"""The operations that only move, pool or rearrange: no weights, no MACs in the headline count."""

from dataclasses import dataclass
from math import prod
from typing import ClassVar

from resviz.arch.operation import Batch, Footprint, Kind, Operation, Shape, TorchCall, Window, changed, over, slide
from resviz.errors import ShapeError

INDEX = 8
"""Bytes of a max pool's index."""


@dataclass(frozen=True, slots=True)
class MaxPool2d(Operation):
    """Max pooling; a 1x1 window with a stride is TF-slim's parameter-free strided identity.

    With ``ceil_mode`` a last window may reach over the edge, as in Caffe.
    """

    kind: ClassVar[Kind] = Kind.MAXPOOL
    kernel_size: int
    stride: int
    padding: int = 0
    ceil_mode: bool = False

    def out_shape(self, shape: Shape) -> Shape:
        return (shape[0], *slide(shape, self.window, ceil_mode=self.ceil_mode))

    @property
    def window(self) -> Window:
        return Window(self.kernel_size, self.stride, self.padding, 1)

    def footprint(self, in_shape: Shape, out_shape: Shape, batch: Batch, *, overwrites: bool) -> Footprint:
        index = INDEX * batch.size * prod(out_shape)
        return Footprint(kept=index, scratch=index)

    @property
    def torch(self) -> TorchCall:
        options = (("stride", self.stride), *changed(padding=(self.padding, 0)))
        options += (("ceil_mode", True),) if self.ceil_mode else ()
        return TorchCall("nn.MaxPool2d", (self.kernel_size,), options)

    @property
    def label(self) -> str:
        return f"{self.kernel_size}x{self.kernel_size} max pool{over(self.window)}"


@dataclass(frozen=True, slots=True)
class AvgPool2d(Operation):
    """Average pooling; at an odd edge the window is cut (``ceil_mode``), as in ResNet-D.

    Padding, where there is any, counts as zeros (Res2Net and ResNeSt pool 3x3 with a padding of 1).
    With ``same`` it is of stride 1 and keeps the size: zeros around the map count in the mean, where their number
    is odd one more of them below and to the right, as in timm's ``AvgPool2dSame``.
    """

    kind: ClassVar[Kind] = Kind.AVGPOOL
    kernel_size: int
    stride: int
    ceil_mode: bool = True
    padding: int = 0
    same: bool = False

    def out_shape(self, shape: Shape) -> Shape:
        return shape if self.same else (shape[0], *slide(shape, self.window, ceil_mode=self.ceil_mode))

    @property
    def window(self) -> Window:
        return Window(self.kernel_size, self.stride, (self.kernel_size - 1) // 2 if self.same else self.padding, 1)

    def footprint(self, in_shape: Shape, out_shape: Shape, batch: Batch, *, overwrites: bool) -> Footprint:
        if not self.same:
            return Footprint()
        channels, height, width = in_shape
        padded = batch.bytes((channels, height + self.kernel_size - 1, width + self.kernel_size - 1))
        return Footprint(keeps_input=False, kept=padded, scratch=padded)  # the padded map, in the input's place

    @property
    def torch(self) -> TorchCall:
        if self.same:
            return TorchCall("AvgPool2dSame", (self.kernel_size,))
        cut = (("ceil_mode", True), ("count_include_pad", False)) if self.ceil_mode else ()
        options = (("stride", self.stride), *changed(padding=(self.padding, 0)), *cut)
        return TorchCall("nn.AvgPool2d", (self.kernel_size,), options)

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
    def buffers(self) -> tuple[int, int]:
        return 9 * self.channels, 0

    def footprint(self, in_shape: Shape, out_shape: Shape, batch: Batch, *, overwrites: bool) -> Footprint:
        channels, height, width = in_shape
        padded = batch.bytes((channels, height + 2, width + 2))
        return Footprint(kept=padded, scratch=padded)

    @property
    def torch(self) -> TorchCall:
        return TorchCall("BlurPool2d", (self.channels,), (("stride", self.stride),))

    @property
    def label(self) -> str:
        return f"3x3 blur pool{over(self.window)}"


@dataclass(frozen=True, slots=True)
class GlobalAvgPool2d(Operation):
    """The mean over all positions: ``(C, H, W)`` to ``(C, 1, 1)``."""

    kind: ClassVar[Kind] = Kind.AVGPOOL
    functional: ClassVar[str] = "F.adaptive_avg_pool2d({}, 1)"

    def out_shape(self, shape: Shape) -> Shape:
        return (shape[0], 1, 1)

    def footprint(self, in_shape: Shape, out_shape: Shape, batch: Batch, *, overwrites: bool) -> Footprint:
        return Footprint(keeps_input=False)

    @property
    def torch(self) -> TorchCall:
        return TorchCall("nn.AdaptiveAvgPool2d", (1,))

    @property
    def label(self) -> str:
        return "global avg pool"


@dataclass(frozen=True, slots=True)
class AvgMaxPool2d(Operation):
    """CBAM's two pooled vectors side by side, mean and maximum: ``(C, H, W)`` to ``(C, 2, 1)``."""

    kind: ClassVar[Kind] = Kind.REDUCE

    def out_shape(self, shape: Shape) -> Shape:
        return (shape[0], 2, 1)

    def footprint(self, in_shape: Shape, out_shape: Shape, batch: Batch, *, overwrites: bool) -> Footprint:
        both = batch.bytes(out_shape)
        return Footprint(kept=both // 2, scratch=both)  # the way back reads the maximum; a mean needs nothing

    @property
    def torch(self) -> TorchCall:
        return TorchCall("AvgMaxPool2d")

    @property
    def label(self) -> str:
        return "global avg | max pool"


@dataclass(frozen=True, slots=True)
class SumPositions(Operation):
    """The sum over all positions: ``(C, H, W)`` to ``(C, 1, 1)``; joins CBAM's two vectors."""

    kind: ClassVar[Kind] = Kind.REDUCE

    def out_shape(self, shape: Shape) -> Shape:
        return (shape[0], 1, 1)

    def footprint(self, in_shape: Shape, out_shape: Shape, batch: Batch, *, overwrites: bool) -> Footprint:
        return Footprint(keeps_input=False)

    @property
    def torch(self) -> TorchCall:
        return TorchCall("SumPositions")

    @property
    def label(self) -> str:
        return "sum"


@dataclass(frozen=True, slots=True)
class ChannelMeanMax(Operation):
    """CBAM's two maps, the mean and the maximum over channels: ``(C, H, W)`` to ``(2, H, W)``."""

    kind: ClassVar[Kind] = Kind.REDUCE

    def out_shape(self, shape: Shape) -> Shape:
        return (2, *shape[1:])

    def footprint(self, in_shape: Shape, out_shape: Shape, batch: Batch, *, overwrites: bool) -> Footprint:
        both = batch.bytes(out_shape)
        return Footprint(kept=both // 2, scratch=both)  # the way back reads the maximum; a mean needs nothing

    @property
    def torch(self) -> TorchCall:
        return TorchCall("ChannelMeanMax")

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

    def footprint(self, in_shape: Shape, out_shape: Shape, batch: Batch, *, overwrites: bool) -> Footprint:
        return Footprint(keeps_input=False)

    @property
    def torch(self) -> TorchCall:
        extra = self.out_channels - self.in_channels
        return TorchCall("SubsamplePad", (extra,), (("stride", self.stride),))

    @property
    def label(self) -> str:
        extra = self.out_channels - self.in_channels
        return (f"pad {extra} zeros" if extra else "subsample") + over(self.window)


@dataclass(frozen=True, slots=True)
class ZeroPad2d(Operation):
    """Zeros around the map, where a max pool's own padding would never be the maximum.

    With ``after`` they stand below and to the right alone, for a window of even size that keeps the map's.
    """

    kind: ClassVar[Kind] = Kind.PAD
    padding: int
    after: bool = False

    def out_shape(self, shape: Shape) -> Shape:
        if self.after:
            return (shape[0], shape[1] + self.padding, shape[2] + self.padding)
        return (shape[0], *slide(shape, self.window))

    @property
    def window(self) -> Window:
        return Window(1, 1, 0 if self.after else self.padding, 1)

    def footprint(self, in_shape: Shape, out_shape: Shape, batch: Batch, *, overwrites: bool) -> Footprint:
        return Footprint(keeps_input=False)

    @property
    def torch(self) -> TorchCall:
        padding = (0, self.padding, 0, self.padding) if self.after else self.padding
        return TorchCall("nn.ZeroPad2d", (padding,))

    @property
    def label(self) -> str:
        return f"pad {self.padding}{' below and right' if self.after else ''}"
