"""The tree up to a block: layers, attention units, how the arms meet, residual units.

Everything is frozen. A layer here knows its name within its block (``conv2``, ``downsample.0``); its full
path (``layer3.0.conv2``) is torchvision's name for it and comes from `resviz.arch.network`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import prod

from resviz.arch.ops import Conv2d, Kind, Op, Shape, times


@dataclass(frozen=True, slots=True)
class Layer:
    """One leaf operation where it stands, with the shapes it takes and gives."""

    name: str
    op: Op
    in_shape: Shape
    out_shape: Shape

    @property
    def kind(self) -> Kind:
        """What sort of operation it is."""
        return self.op.kind

    @property
    def params(self) -> int:
        """Learnt parameters."""
        return self.op.params

    @property
    def macs(self) -> int:
        """Multiply-accumulates for one image: convolutions and linear layers only."""
        return self.op.macs(self.in_shape, self.out_shape)

    @property
    def derivation(self) -> str:
        """The product behind `macs`, as ``3*3*64*64*56*56``; empty where that is zero."""
        return times(self.op.mac_factors(self.in_shape, self.out_shape))

    @property
    def elements(self) -> int:
        """Numbers in the output for one image."""
        return prod(self.out_shape)

    @property
    def activations(self) -> int:
        """Output elements where the layer is a convolution or linear (Radosavovic et al. 2020), else 0."""
        return self.elements if self.kind in (Kind.CONV, Kind.LINEAR) else 0


@dataclass(frozen=True, slots=True)
class Gate:
    """An attention unit: its input times what its own small chain makes of it, ``x * chain(x)``."""

    name: str
    layers: tuple[Layer, ...]
    in_shape: Shape

    @property
    def out_shape(self) -> Shape:
        """The shape is kept."""
        return self.in_shape


Node = Layer | Gate
Chain = tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Add:
    """The arms meet in a plain sum, ``F(x) + x``."""


@dataclass(frozen=True, slots=True)
class ScaledAdd:
    """The arms meet in a weighted sum with constant factors (He et al. 2016, Sec. 3.1)."""

    skip: float
    branch: float


@dataclass(frozen=True, slots=True)
class GatedAdd:
    """The arms meet weighted by a learnt gate ``g = sigmoid(W x + b)`` (He et al. 2016, Sec. 3.1).

    The skip is multiplied by ``1 - g``; the branch by ``g`` where the gate is ``exclusive``, else by 1.
    ``gate`` takes the block's input.
    """

    gate: tuple[Layer, ...]
    exclusive: bool
    bias_init: float


Merge = Add | ScaledAdd | GatedAdd


class Skip(StrEnum):
    """What the shortcut of a block is."""

    NONE = "none"
    IDENTITY = "identity"
    PROJECTION = "projection"
    PADDING = "padding"
    POOLING = "pooling"


def leaves(chain: Chain) -> Iterator[Layer]:
    """Yield the layers of a chain in order, those inside its gates included."""
    for node in chain:
        if isinstance(node, Gate):
            yield from node.layers
        else:
            yield node


@dataclass(frozen=True, slots=True)
class Block:
    """A residual unit: ``post(merge(branch(pre(x)), shortcut))``.

    ``shortcut`` is None in a plain net and ``()`` for the identity. Each part but ``merge`` is a chain.
    A unit whose parts are all empty, with no shortcut, is a weight-free identity.
    """

    in_shape: Shape
    out_shape: Shape
    pre: Chain
    branch: Chain
    shortcut: Chain | None
    merge: Merge | None
    post: Chain

    @property
    def gate(self) -> tuple[Layer, ...]:
        """The layers of a gated merge, else ()."""
        return self.merge.gate if isinstance(self.merge, GatedAdd) else ()

    def layers(self) -> Iterator[Layer]:
        """Yield the layers in order: pre, branch, shortcut, gate, post; names are relative to the block."""
        for chain in (self.pre, self.branch, self.shortcut or (), self.gate, self.post):
            yield from leaves(chain)

    @property
    def skip(self) -> Skip:
        """What the shortcut is, read off its layers."""
        if self.shortcut is None:
            return Skip.NONE
        kinds = {layer.kind for layer in leaves(self.shortcut)}
        if Kind.CONV in kinds:
            return Skip.PROJECTION
        if Kind.PAD in kinds:
            return Skip.PADDING
        if kinds & {Kind.MAXPOOL, Kind.AVGPOOL, Kind.BLURPOOL}:
            return Skip.POOLING
        return Skip.IDENTITY

    @property
    def dashed(self) -> bool:
        """Whether the block's shortcut changes the shape, which the papers draw dashed."""
        return self.shortcut is not None and self.in_shape != self.out_shape

    @property
    def taps_pre(self) -> bool:
        """Whether the shortcut starts after ``pre``: a projection does, an identity taps the input."""
        return bool(self.pre) and self.skip is Skip.PROJECTION

    @property
    def weighted(self) -> tuple[Conv2d, ...]:
        """The convolutions of the main path, which the depth of a network counts."""
        return tuple(node.op for node in self.branch if isinstance(node, Layer) and isinstance(node.op, Conv2d))

    @property
    def bracket(self) -> str:
        """The block as the papers' tables print it: ``[1x1, 64; 3x3, 64; 1x1, 256]``."""
        if not self.weighted:
            return "[identity]"
        cells = (
            f"{op.kernel_size}x{op.kernel_size}, {op.out_channels}" + (f", C={op.groups}" if op.groups > 1 else "")
            for op in self.weighted
        )
        return f"[{'; '.join(cells)}]"

    @property
    def params(self) -> int:
        """Learnt parameters."""
        return sum(layer.params for layer in self.layers())

    @property
    def macs(self) -> int:
        """Multiply-accumulates for one image."""
        return sum(layer.macs for layer in self.layers())

    @property
    def activations(self) -> int:
        """Output elements of convolutions and linear layers for one image."""
        return sum(layer.activations for layer in self.layers())
