"""The tree that a configuration expands to: layers in blocks, blocks in stages, stages in a network.

Everything is frozen. Identical blocks of a stage are the same object, so that totals cost what the
distinct blocks cost; only `Network.layers` and `Network.walk` pay for each layer. A layer in the tree
knows its name within its block (``conv2``, ``downsample.0``); its full path (``layer3.0.conv2``) is
torchvision's name for it and comes from the walk.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from math import prod
from typing import NamedTuple

from resviz.arch.ops import Conv2d, DropPath, Kind, Op, Shape, times


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


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive blocks of a stage that are the same object: the block, the first one's index, how many."""

    block: Block
    start: int
    count: int


@dataclass(frozen=True, slots=True)
class Stage:
    """The blocks that work on feature maps of one size; ``name`` is torchvision's, ``label`` the papers'."""

    name: str
    label: str
    blocks: tuple[Block, ...]

    @property
    def runs(self) -> tuple[Run, ...]:
        """The blocks with identical neighbours taken together."""
        runs, start = [], 0
        for _, same in groupby(self.blocks, key=id):
            members = list(same)
            runs.append(Run(members[0], start, len(members)))
            start += len(members)
        return tuple(runs)

    @property
    def in_shape(self) -> Shape:
        """The shape the first block takes."""
        return self.blocks[0].in_shape

    @property
    def out_shape(self) -> Shape:
        """The shape the last block gives."""
        return self.blocks[-1].out_shape

    @property
    def params(self) -> int:
        """Learnt parameters."""
        return sum(run.block.params * run.count for run in self.runs)

    @property
    def macs(self) -> int:
        """Multiply-accumulates for one image."""
        return sum(run.block.macs * run.count for run in self.runs)

    @property
    def activations(self) -> int:
        """Output elements of convolutions and linear layers for one image."""
        return sum(run.block.activations * run.count for run in self.runs)

    @property
    def shortcuts(self) -> "Shortcuts":
        """How many of the shortcuts are solid and how many dashed."""
        solid = sum(run.count for run in self.runs if run.block.shortcut is not None and not run.block.dashed)
        return Shortcuts(solid, sum(run.count for run in self.runs if run.block.dashed))


class Shortcuts(NamedTuple):
    """How many shortcuts keep the shape (solid) and how many change it (dashed)."""

    solid: int
    dashed: int


@dataclass(frozen=True, slots=True)
class Network:
    """A whole network: the stem, the stages, the head."""

    name: str
    input: Shape
    stem: tuple[Layer, ...]
    stages: tuple[Stage, ...]
    head: tuple[Layer, ...]

    def tally(self) -> Iterator[tuple[Layer, int]]:
        """Yield each distinct layer with the number of times it stands in the network."""
        for layer in self.stem:
            yield layer, 1
        for stage in self.stages:
            for run in stage.runs:
                for layer in run.block.layers():
                    yield layer, run.count
        for layer in self.head:
            yield layer, 1

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """Yield every block in order with its path, ``layer1.0``."""
        for stage in self.stages:
            for index, block in enumerate(stage.blocks):
                yield f"{stage.name}.{index}", block

    def walk(self) -> Iterator[tuple[str, Layer]]:
        """Yield every layer with its full path, in the order of torchvision's forward definition.

        Within a block that is the main path, then the shortcut, then what follows the addition.
        """
        for layer in self.stem:
            yield layer.name, layer
        for path, block in self.blocks():
            for layer in block.layers():
                yield f"{path}.{layer.name}", layer
        for layer in self.head:
            yield layer.name, layer

    def layers(self) -> tuple[Layer, ...]:
        """Return every layer, each under its full path."""
        return tuple(replace(layer, name=path) for path, layer in self.walk())

    def count(self, kind: Kind) -> int:
        """Return the number of layers of a kind, those inside attention units and gates included."""
        return sum(count for layer, count in self.tally() if layer.kind == kind)

    @property
    def params(self) -> int:
        """Learnt parameters."""
        return sum(layer.params * count for layer, count in self.tally())

    @property
    def macs(self) -> int:
        """Multiply-accumulates of convolutions and linear layers for one image: the papers' FLOPs."""
        return sum(layer.macs * count for layer, count in self.tally())

    @property
    def flops(self) -> int:
        """Floating-point operations of the same layers for one image: 2 x `macs`."""
        return 2 * self.macs

    @property
    def activations(self) -> int:
        """Output elements of convolutions and linear layers for one image."""
        return sum(layer.activations * count for layer, count in self.tally())

    @property
    def depth(self) -> int:
        """The papers' depth: convolutions of the main path and the classifier; projections not counted."""
        ends = sum(layer.kind in (Kind.CONV, Kind.LINEAR) for layer in (*self.stem, *self.head))
        return ends + sum(len(run.block.weighted) * run.count for stage in self.stages for run in stage.runs)

    @property
    def shortcuts(self) -> Shortcuts:
        """How many of the shortcuts are solid and how many dashed."""
        each = [stage.shortcuts for stage in self.stages]
        return Shortcuts(sum(s.solid for s in each), sum(s.dashed for s in each))

    @property
    def drop_path_rates(self) -> tuple[float, ...]:
        """The probability of each block, in order, that training drops its branch (Huang et al. 2016)."""
        total = sum(len(stage.blocks) for stage in self.stages)
        rates = []
        for index, (_, block) in enumerate(self.blocks()):
            last = next((leaf.op.rate for leaf in leaves(block.branch) if isinstance(leaf.op, DropPath)), 0.0)
            rates.append(last * index / max(total - 1, 1))
        return tuple(rates)
