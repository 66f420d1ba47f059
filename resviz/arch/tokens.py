"""The operations of attention over positions, which become tokens: CLIP's attention pool."""

from dataclasses import dataclass
from math import prod
from typing import ClassVar

from resviz.arch.operation import Batch, Footprint, Kind, Operation, Shape, TorchCall


@dataclass(frozen=True, slots=True)
class TokensWithMean(Operation):
    """The positions in a row behind their mean, plus a learnt map of their places.

    ``(C, H, W)`` becomes ``(C, H W + 1, 1)``.
    Radford et al. 2021, arXiv:2103.00020, Sec. 2.4.
    """

    kind: ClassVar[Kind] = Kind.SCALE
    num_channels: int
    positions: int

    def out_shape(self, shape: Shape) -> Shape:
        return (shape[0], self.positions + 1, 1)

    @property
    def tensors(self) -> tuple[tuple[str, Shape], ...]:
        return (("weight", (self.num_channels, self.positions + 1, 1)),)

    @property
    def param_factors(self) -> tuple[tuple[int, ...], ...]:
        return ((self.num_channels, self.positions + 1),)

    def footprint(self, in_shape: Shape, out_shape: Shape, batch: Batch, *, overwrites: bool) -> Footprint:
        return Footprint(keeps_input=False)

    @property
    def torch(self) -> TorchCall:
        return TorchCall("TokensWithMean", (self.num_channels, self.positions))

    @property
    def label(self) -> str:
        return f"{self.positions + 1} tokens"


@dataclass(frozen=True, slots=True)
class SelfAttention(Operation):
    """Scaled dot-product attention among tokens, ``(3 C, T, 1)`` to ``(C, T, 1)``: queries, keys, values in a row.

    Vaswani et al. 2017, arXiv:1706.03762, Eq. 1, in several heads. Its two products of activations are no
    convolution and no linear layer, so they cost nothing by the papers' convention.
    """

    kind: ClassVar[Kind] = Kind.SCALE
    heads: int

    def out_shape(self, shape: Shape) -> Shape:
        return (shape[0] // 3, *shape[1:])

    def footprint(self, in_shape: Shape, out_shape: Shape, batch: Batch, *, overwrites: bool) -> Footprint:
        tokens = prod(out_shape[1:])
        viewed = 1 in (batch.size, self.heads)  # then the values stay a part of the input and are not copied
        copies = batch.bytes((2 if viewed else 3, *out_shape))
        return Footprint(keeps_input=viewed, kept=copies + batch.bytes((self.heads, tokens, tokens)))

    @property
    def torch(self) -> TorchCall:
        return TorchCall("SelfAttention", (self.heads,))

    @property
    def label(self) -> str:
        return f"attention, {self.heads} heads"


@dataclass(frozen=True, slots=True)
class FirstToken(Operation):
    """The first token, ``(C, T, 1)`` to ``(C,)``."""

    kind: ClassVar[Kind] = Kind.FLATTEN

    def out_shape(self, shape: Shape) -> Shape:
        return (shape[0],)

    def footprint(self, in_shape: Shape, out_shape: Shape, batch: Batch, *, overwrites: bool) -> Footprint:
        return Footprint(keeps_input=False)

    @property
    def torch(self) -> TorchCall:
        return TorchCall("FirstToken")

    @property
    def label(self) -> str:
        return "first token"
