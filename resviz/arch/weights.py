"""The operations that learn: convolutions, linear layers, normalisations, scales."""

from dataclasses import dataclass
from math import prod
from typing import ClassVar

from resviz.arch.operation import (
    STATISTIC,
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
from resviz.errors import ChannelError, ShapeError

AFFINE = ("weight", "bias")
"""What torch calls a scale and a shift a channel."""


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


@dataclass(frozen=True, slots=True)
class BatchNorm2d(Operation):
    """Batch normalisation: a scale (gamma) and a shift (beta) per channel (Ioffe & Szegedy 2015)."""

    kind: ClassVar[Kind] = Kind.NORM
    num_features: int
    zero_init: bool = False

    @property
    def tensors(self) -> tuple[tuple[str, Shape], ...]:
        return tuple((name, (self.num_features,)) for name in (*AFFINE, "running_mean", "running_var"))

    @property
    def param_factors(self) -> tuple[tuple[int, ...], ...]:
        return ((2, self.num_features),)

    @property
    def buffers(self) -> tuple[int, int]:
        return 2 * self.num_features, 1  # a mean and a variance a channel; the batches seen

    @property
    def zero_initialised(self) -> bool:
        return self.zero_init

    def footprint(self, in_shape: Shape, out_shape: Shape, batch: Batch, *, overwrites: bool) -> Footprint:
        return Footprint(kept=2 * STATISTIC * self.num_features)

    @property
    def torch(self) -> TorchCall:
        return TorchCall("nn.BatchNorm2d", (self.num_features,))

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
    def tensors(self) -> tuple[tuple[str, Shape], ...]:
        return tuple((name, (self.num_channels,)) for name in AFFINE)

    @property
    def param_factors(self) -> tuple[tuple[int, ...], ...]:
        return ((2, self.num_channels),)

    @property
    def zero_initialised(self) -> bool:
        return self.zero_init

    def footprint(self, in_shape: Shape, out_shape: Shape, batch: Batch, *, overwrites: bool) -> Footprint:
        statistics = 2 * STATISTIC * self.num_groups * batch.size
        return Footprint(kept=statistics, scratch=statistics)

    @property
    def torch(self) -> TorchCall:
        return TorchCall("nn.GroupNorm", (self.num_groups, self.num_channels))

    @property
    def label(self) -> str:
        match self.num_groups:
            case 1:
                return "LN"
            case self.num_channels:
                return "IN"
            case _:
                return "GN"


@dataclass(frozen=True, slots=True)
class ChannelNorm(Operation):
    """Layer normalisation over the channels of each position (Ba et al. 2016; Liu et al. 2022, Sec. 2.6)."""

    kind: ClassVar[Kind] = Kind.NORM
    num_channels: int
    zero_init: bool = False

    @property
    def tensors(self) -> tuple[tuple[str, Shape], ...]:
        return tuple((name, (self.num_channels,)) for name in AFFINE)

    @property
    def param_factors(self) -> tuple[tuple[int, ...], ...]:
        return ((2, self.num_channels),)

    @property
    def zero_initialised(self) -> bool:
        return self.zero_init

    def footprint(self, in_shape: Shape, out_shape: Shape, batch: Batch, *, overwrites: bool) -> Footprint:
        statistics = 2 * STATISTIC * batch.size * prod(in_shape[1:])
        return Footprint(kept=statistics, scratch=statistics)

    @property
    def torch(self) -> TorchCall:
        return TorchCall("ChannelNorm", (self.num_channels,))

    @property
    def label(self) -> str:
        return "LN"


@dataclass(frozen=True, slots=True)
class ChannelScale(Operation):
    """A learnt factor a channel, which starts small: LayerScale (Touvron et al. 2021, arXiv:2103.17239)."""

    kind: ClassVar[Kind] = Kind.SCALE
    num_channels: int
    initial: float

    @property
    def tensors(self) -> tuple[tuple[str, Shape], ...]:
        return (("weight", (self.num_channels,)),)

    @property
    def param_factors(self) -> tuple[tuple[int, ...], ...]:
        return ((self.num_channels,),)

    @property
    def torch(self) -> TorchCall:
        return TorchCall("ChannelScale", (self.num_channels, self.initial))

    @property
    def label(self) -> str:
        return "layer scale"


@dataclass(frozen=True, slots=True)
class BranchGain(Operation):
    """One learnt factor for a whole branch, which starts at zero: SkipInit (De & Smith 2020, arXiv:2002.10444)."""

    kind: ClassVar[Kind] = Kind.SCALE

    @property
    def tensors(self) -> tuple[tuple[str, Shape], ...]:
        return (("weight", ()),)

    @property
    def param_factors(self) -> tuple[tuple[int, ...], ...]:
        return ((1,),)

    @property
    def torch(self) -> TorchCall:
        return TorchCall("BranchGain")

    @property
    def label(self) -> str:
        return "gain"


@dataclass(frozen=True, slots=True)
class ConstantScale(Operation):
    """A constant factor: NF-ResNet's alpha and beta (Brock et al. 2021, arXiv:2101.08692, Sec. 3)."""

    kind: ClassVar[Kind] = Kind.SCALE
    factor: float

    def footprint(self, in_shape: Shape, out_shape: Shape, batch: Batch, *, overwrites: bool) -> Footprint:
        return Footprint(keeps_input=False)

    @property
    def torch(self) -> TorchCall:
        return TorchCall("ConstantScale", (self.factor,))

    @property
    def label(self) -> str:
        return f"× {self.factor:.4g}"


@dataclass(frozen=True, slots=True)
class ResponseNorm2d(Operation):
    """Global response normalisation: each channel times its share of all channels' norms (Woo et al. 2023).

    A learnt scale and shift a channel, both from zero on, and the input added (arXiv:2301.00808, Algorithm 1).
    """

    kind: ClassVar[Kind] = Kind.SCALE
    num_channels: int

    @property
    def tensors(self) -> tuple[tuple[str, Shape], ...]:
        return tuple((name, (self.num_channels,)) for name in AFFINE)

    @property
    def param_factors(self) -> tuple[tuple[int, ...], ...]:
        return ((2, self.num_channels),)

    def footprint(self, in_shape: Shape, out_shape: Shape, batch: Batch, *, overwrites: bool) -> Footprint:
        both = 2 * batch.item * batch.size * in_shape[0]  # the norms and their shares
        weighed = batch.bytes(in_shape)
        return Footprint(kept=weighed + both + batch.item * batch.size, scratch=weighed + both)

    @property
    def torch(self) -> TorchCall:
        return TorchCall("ResponseNorm2d", (self.num_channels,))

    @property
    def label(self) -> str:
        return "GRN"
