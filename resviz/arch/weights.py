"""The operations that weigh: convolutions and linear layers."""

from dataclasses import dataclass
from math import prod
from typing import ClassVar

from resviz.arch.operation import (
    Batch,
    Footprint,
    Kind,
    Operation,
    Shape,
    TorchCall,
    Window,
    changed,
    over,
    slide,
)
from resviz.errors import ChannelError


@dataclass(frozen=True, slots=True)
class Conv2d(Operation):
    """A 2-d convolution (in fact a cross-correlation) with zero padding.

    Parameters: ``kernel_size**2 * in_channels / groups * out_channels``, and ``out_channels`` more with
    a bias. MACs: the same product without the bias, times the output's height and width.
    """

    kind: ClassVar[Kind] = Kind.CONV
    module: ClassVar[str] = "nn.Conv2d"
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
        if self.in_channels % self.groups or self.out_channels % self.groups:
            channels = f"{int(self.in_channels)} channels to {int(self.out_channels)}"
            raise ChannelError(f"a convolution of {channels} cannot have {int(self.groups)} groups")
        return (self.out_channels, *slide(shape, self.window))

    @property
    def depthwise(self) -> bool:
        """Whether each channel is convolved by itself."""
        return self.groups == self.in_channels == self.out_channels > 1

    @property
    def weight_factors(self) -> tuple[int, ...]:
        """The factors of the weight's size: kernel height and width, channels in of a group, channels out."""
        return self.kernel_size, self.kernel_size, self.in_channels // self.groups, self.out_channels

    @property
    def tensors(self) -> tuple[tuple[str, Shape], ...]:
        weight = ("weight", (self.out_channels, self.in_channels // self.groups, self.kernel_size, self.kernel_size))
        return (weight, ("bias", (self.out_channels,))) if self.bias else (weight,)

    @property
    def param_factors(self) -> tuple[tuple[int, ...], ...]:
        return (self.weight_factors, (self.out_channels,)) if self.bias else (self.weight_factors,)

    def mac_factors(self, in_shape: Shape, out_shape: Shape) -> tuple[int, ...]:
        return (*self.weight_factors, *out_shape[1:])

    @property
    def window(self) -> Window:
        return Window(self.kernel_size, self.stride, self.padding, self.dilation)

    @property
    def grouping(self) -> int:
        return self.groups

    @property
    def biased(self) -> bool:
        return self.bias

    @property
    def zero_initialised(self) -> bool:
        return self.zero_init

    @property
    def torch(self) -> TorchCall:
        options = changed(
            stride=(self.stride, 1),
            padding=(self.padding, 0),
            dilation=(self.dilation, 1),
            groups=(self.groups, 1),
        )
        options = (("kernel_size", self.kernel_size), *options, *(() if self.bias else (("bias", False),)))
        return TorchCall(self.module, (self.in_channels, self.out_channels), options)

    @property
    def label(self) -> str:
        what = f"{self.kernel_size}x{self.kernel_size} {'depthwise ' * self.depthwise}conv"
        extras = f", {self.groups} groups" if self.groups > 1 and not self.depthwise else ""
        extras += f", dilation {self.dilation}" if self.dilation > 1 else ""
        return f"{what}, {self.out_channels}{extras}{over(self.window)}"


@dataclass(frozen=True, slots=True)
class StandardisedConv2d(Conv2d):
    """A convolution whose weight is standardised at each use: mean 0, variance 1 an output channel.

    Qiao et al. 2019, arXiv:1903.10520; as BiT has it (Kolesnikov et al. 2019), with no parameter more.
    """

    module: ClassVar[str] = "StandardisedConv2d"

    def footprint(self, in_shape: Shape, out_shape: Shape, batch: Batch, *, overwrites: bool) -> Footprint:
        return standardised_footprint(self, batch, batch.bytes(out_shape), kept=1, held=0)


@dataclass(frozen=True, slots=True)
class ScaledStandardisedConv2d(Conv2d):
    """A standardised convolution with a learnt gain an output channel, scaled by the fan-in.

    Brock et al. 2021, arXiv:2101.08692, Sec. 4: what keeps the variance of a net without normalisation;
    ``gamma`` makes up for what the activation before it takes.
    """

    module: ClassVar[str] = "ScaledStandardisedConv2d"
    gamma: float = 1.0

    @property
    def torch(self) -> TorchCall:
        call: TorchCall = Conv2d.torch.__get__(self)
        return call._replace(options=(*call.options, ("gamma", self.gamma))) if self.gamma != 1 else call

    @property
    def tensors(self) -> tuple[tuple[str, Shape], ...]:
        own: tuple[tuple[str, Shape], ...] = Conv2d.tensors.__get__(self)
        return (*own, ("gain", (self.out_channels, 1, 1, 1)))

    @property
    def param_factors(self) -> tuple[tuple[int, ...], ...]:
        gain = (self.out_channels,)
        return (self.weight_factors, gain, gain) if self.bias else (self.weight_factors, gain)

    def footprint(self, in_shape: Shape, out_shape: Shape, batch: Batch, *, overwrites: bool) -> Footprint:
        return standardised_footprint(self, batch, batch.bytes(out_shape), kept=2, held=3)


def standardised_footprint(conv: Conv2d, batch: Batch, out: int, *, kept: int, held: int) -> Footprint:
    """Return what a convolution does to memory that makes its weight anew at each use.

    The weight less its mean and the weight as it is used both are kept, with ``kept`` numbers an output
    channel. Both are there, with three such numbers, before the output of ``out`` bytes is; beside it only
    the weight as it is used, with ``held`` numbers.
    """
    weight, channel = batch.item * prod(conv.weight_factors), batch.item * conv.out_channels
    making, running = 2 * weight + 3 * channel, weight + held * channel
    return Footprint(kept=2 * weight + kept * channel, scratch=max(running, making - out))


@dataclass(frozen=True, slots=True)
class ChannelConv1d(Operation):
    """ECA's 1-d convolution along the channels of a pooled ``(C, 1, 1)`` vector (Wang et al. 2020)."""

    kind: ClassVar[Kind] = Kind.CONV
    kernel_size: int

    @property
    def tensors(self) -> tuple[tuple[str, Shape], ...]:
        return (("weight", (1, 1, self.kernel_size)),)

    @property
    def param_factors(self) -> tuple[tuple[int, ...], ...]:
        return ((self.kernel_size,),)

    def mac_factors(self, in_shape: Shape, out_shape: Shape) -> tuple[int, ...]:
        return (self.kernel_size, out_shape[0])

    @property
    def geometry(self) -> tuple[int, int, int]:  # it slides along channels, not along the picture
        return self.kernel_size, 1, self.kernel_size // 2

    @property
    def grouping(self) -> int:
        return 1

    @property
    def biased(self) -> bool:
        return False

    @property
    def torch(self) -> TorchCall:
        return TorchCall("ChannelConv1d", (), (("kernel_size", self.kernel_size),))

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
    def tensors(self) -> tuple[tuple[str, Shape], ...]:
        weight = ("weight", (self.out_features, self.in_features))
        return (weight, ("bias", (self.out_features,))) if self.bias else (weight,)

    @property
    def param_factors(self) -> tuple[tuple[int, ...], ...]:
        weight = (self.in_features, self.out_features)
        return (weight, (self.out_features,)) if self.bias else (weight,)

    def mac_factors(self, in_shape: Shape, out_shape: Shape) -> tuple[int, ...]:
        return (self.in_features, self.out_features)

    @property
    def biased(self) -> bool:
        return self.bias

    @property
    def torch(self) -> TorchCall:
        return TorchCall("nn.Linear", (self.in_features, self.out_features), () if self.bias else (("bias", False),))

    @property
    def label(self) -> str:
        return f"fc, {self.out_features}"
