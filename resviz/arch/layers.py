"""The nodes of a chain: a layer, a gate, or parallel arms; and the one walk through them.

Everything is frozen. A layer here knows its name within its block (``conv2``, ``downsample.0``); its full
path (``layer3.0.conv2``) is torchvision's name for it and comes from `resviz.arch.network`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import prod

from resviz.arch.joins import Join
from resviz.arch.operation import Kind, Operation, Shape, times

_COUNTED = (Kind.CONV, Kind.LINEAR)
"""The kinds whose outputs count as activations."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One leaf operation where it stands, with the shapes it takes and gives."""

    name: str
    op: Operation
    in_shape: Shape
    out_shape: Shape

    def layers(self) -> "Iterator[Layer]":
        """Yield the layer itself, as every node yields its layers."""
        yield self

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
        return prod(self.out_shape) if self.op.kind in _COUNTED else 0


@dataclass(frozen=True, slots=True)
class Gate:
    """An attention unit: its input weighed by what its own chain makes of it, ``x * chain(x)``.

    One that ``adds`` puts the chain's result on top instead, ``x + chain(x)``.
    """

    name: str
    chain: "Chain"
    in_shape: Shape
    adds: bool = False

    @property
    def out_shape(self) -> Shape:
        """The shape is kept."""
        return self.in_shape

    def layers(self) -> Iterator[Layer]:
        """Yield the layers of its chain in order."""
        return leaves(self.chain)


@dataclass(frozen=True, slots=True)
class Arms:
    """Parallel chains that are joined: on the same input, or each on its share of the channels (``split``).

    Of the first ``cascaded`` arms each but the first takes the output of the one before added to its own
    input (Res2Net). ``weights`` is the chain that makes the weights of a join that weighs: it takes the sum
    of the arms' outputs.
    """

    name: str
    arms: "tuple[Chain, ...]"
    join: Join
    in_shape: Shape
    out_shape: Shape
    split: bool = False
    cascaded: int = 0
    weights: "Chain" = ()

    @property
    def arm_shape(self) -> Shape:
        """The shape each arm takes."""
        return (self.in_shape[0] // len(self.arms), *self.in_shape[1:]) if self.split else self.in_shape

    def layers(self) -> Iterator[Layer]:
        """Yield the layers of the arms in order, then those that make the weights."""
        for chain in (*self.arms, self.weights):
            yield from leaves(chain)


Node = Layer | Gate | Arms
Chain = tuple[Node, ...]


def leaves(chain: Iterable[Node]) -> Iterator[Layer]:
    """Yield the layers of a chain in order, those inside its gates and arms included."""
    for node in chain:
        if isinstance(node, Layer):  # most nodes are, and need no iterator of their own
            yield node
        else:
            yield from node.layers()


def nodes(chain: Iterable[Node]) -> Iterator[Node]:
    """Yield every node of a chain in order, each before those inside it."""
    for node in chain:
        yield node
        match node:
            case Gate():
                yield from nodes(node.chain)
            case Arms():
                for inner in (*node.arms, node.weights):
                    yield from nodes(inner)
            case Layer():
                pass


def main_path(chain: Iterable[Node]) -> Iterator[Layer]:
    """Yield the layers that a signal passes, of parallel arms all; what only makes weights is left out."""
    for node in chain:
        match node:
            case Layer():
                yield node
            case Arms():
                for arm in node.arms:
                    yield from main_path(arm)
            case Gate():
                pass


def chain_depth(chain: Iterable[Node]) -> int:
    """Return the weighted layers in a row: convolutions and linear layers, of parallel arms the longest."""
    total = 0
    for node in chain:
        match node:
            case Layer():
                total += node.kind in (Kind.CONV, Kind.LINEAR)
            case Arms():
                total += max(chain_depth(arm) for arm in node.arms)
            case Gate():
                pass  # what weighs a path is not on it
    return total
