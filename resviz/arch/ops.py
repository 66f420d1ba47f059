"""The closed set of leaf operations a residual network is made of.

Each operation is one frozen dataclass that holds everything about itself: its shape rule, its learnt
parameters, its cost, the factors both come from, what it does to memory, the torch call that makes it and
its label in a diagram. Those that learn are in ``weights``, those that move or pool in ``pools``.

MACs are the multiply-accumulates of convolutions and linear layers, which is what papers call FLOPs.
Everything else counts zero here; other conventions are ways of counting in ``resviz.report.counting``.
"""

from dataclasses import dataclass
from math import prod
from typing import ClassVar

from resviz.arch.activations import ActivationType
from resviz.arch.normalisations import BatchNorm2d, ChannelNorm, GroupNorm, ResponseNorm2d
from resviz.arch.operation import Batch, Footprint, Kind, Operation, Shape, TorchCall, Window, times
from resviz.arch.pools import (
    AvgMaxPool2d,
    AvgPool2d,
    BlurPool2d,
    ChannelMeanMax,
    GlobalAvgPool2d,
    MaxPool2d,
    SubsamplePad,
    SumPositions,
    ZeroPad2d,
)
from resviz.arch.scales import BranchGain, ChannelScale, ConstantScale
from resviz.arch.weights import ChannelConv1d, Conv2d, Linear, ScaledStandardisedConv2d, StandardisedConv2d

__all__ = [
    "Activation",
    "AvgMaxPool2d",
    "AvgPool2d",
    "BatchNorm2d",
    "BlurPool2d",
    "BranchGain",
    "ChannelConv1d",
    "ChannelMeanMax",
    "ChannelNorm",
    "ChannelScale",
    "ConstantScale",
    "Conv2d",
    "DropPath",
    "Dropout",
    "Flatten",
    "GlobalAvgPool2d",
    "GroupNorm",
    "Kind",
    "Linear",
    "MaxPool2d",
    "Operation",
    "ResponseNorm2d",
    "ScaledStandardisedConv2d",
    "Shape",
    "StandardisedConv2d",
    "SubsamplePad",
    "SumPositions",
    "Window",
    "ZeroPad2d",
    "times",
]


@dataclass(frozen=True, slots=True)
class Activation(Operation):
    """An elementwise non-linearity."""

    kind: ClassVar[Kind] = Kind.ACTIVATION
    function: ActivationType

    @property
    def functional(self) -> str:  # type: ignore[override]  # each function has its own
        return self.function.functional

    def footprint(self, in_shape: Shape, out_shape: Shape, batch: Batch, *, overwrites: bool) -> Footprint:
        function = self.function
        new = not (overwrites and function.overwrites)
        copies = function.keeps == "copy" and not new  # the input is written over, so a copy of it is kept
        return Footprint(
            new=new,
            keeps_input=function.keeps != "output" and not copies,
            keeps_output=function.keeps == "output",
            kept=batch.bytes(in_shape) if copies else 0,
        )

    @property
    def torch(self) -> TorchCall:
        inplace = (("inplace", True),) if self.function.overwrites else ()
        return TorchCall(self.function.torch, (), (*self.function.options, *inplace))

    @property
    def label(self) -> str:
        return self.function.label


@dataclass(frozen=True, slots=True)
class Dropout(Operation):
    """Dropout with probability ``p``; nothing at inference."""

    kind: ClassVar[Kind] = Kind.DROPOUT
    p: float

    def footprint(self, in_shape: Shape, out_shape: Shape, batch: Batch, *, overwrites: bool) -> Footprint:
        if not self.p:
            return Footprint(new=False, keeps_input=False)
        return Footprint(training_only=True, keeps_input=False, kept=batch.mask * batch.size * prod(out_shape))

    @property
    def torch(self) -> TorchCall:
        return TorchCall("nn.Dropout", (self.p,))

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

    def footprint(self, in_shape: Shape, out_shape: Shape, batch: Batch, *, overwrites: bool) -> Footprint:
        return Footprint(new=False, keeps_input=False)

    @property
    def torch(self) -> TorchCall:
        return TorchCall("DropPath", (self.rate,))

    @property
    def label(self) -> str:
        return f"drop path, up to {self.rate:g}"


@dataclass(frozen=True, slots=True)
class Flatten(Operation):
    """``(C, H, W)`` to ``(C*H*W,)``."""

    kind: ClassVar[Kind] = Kind.FLATTEN
    functional: ClassVar[str] = "{}.flatten(1)"

    def out_shape(self, shape: Shape) -> Shape:
        return (prod(shape),)

    def footprint(self, in_shape: Shape, out_shape: Shape, batch: Batch, *, overwrites: bool) -> Footprint:
        return Footprint(new=False, keeps_input=False)

    @property
    def torch(self) -> TorchCall:
        return TorchCall("nn.Flatten")

    @property
    def label(self) -> str:
        return "flatten"
