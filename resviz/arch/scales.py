"""The operations that only multiply, by a constant or a learnt factor."""

from dataclasses import dataclass
from typing import ClassVar

from resviz.arch.operation import (
    Batch,
    Footprint,
    Kind,
    Operation,
    Shape,
    TorchCall,
)


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
