"""The operations that normalise: by batch, group, position or channel."""

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
)
from resviz.errors import ShapeError

AFFINE = ("weight", "bias")
"""What torch calls a scale and a shift a channel."""


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
