"""Storages: which feature maps a forward pass makes, writes over, holds on to and keeps for the way back.

The rules are those of PyTorch's operators as `resviz.nn` calls them. Sizes are bytes for a whole batch.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod
from typing import assert_never

from resviz.arch import ops as o
from resviz.arch.tree import Add, Block, Chain, Gate, GatedAdd, Layer, ScaledAdd

INDEX, STATISTIC = 8, 4
"""Bytes of a max pool's index, of a mean or deviation of a normalisation."""


@dataclass(frozen=True, slots=True)
class Part:
    """What running a part of a network does to memory, in bytes.

    ``peak`` is the most that is alive at once, the part's input included while it is held; ``kept`` what
    training keeps of the storages made inside. Input and output may be kept by a neighbour as well, so
    that whether this part keeps them is said apart. ``output`` is None where the input itself comes out.
    """

    peak: int
    kept: int
    keeps_input: bool
    output: int | None
    keeps_output: bool


class Tape:
    """Follows the storages of one part; a storage is a number, the part's input is number 0.

    ``mask`` is the bytes of an element of a dropout's mask. Dropout makes a map of its own in training alone:
    ``source`` has the one that it passes on at inference, the only time whose peak is followed.
    """

    def __init__(self, batch: int, item: int, mask: int, shape: o.Shape) -> None:
        self.batch, self.item, self.mask = batch, item, mask
        self.source: dict[int, int] = {}
        self.sizes = [self.bytes(shape)]
        self.kept: set[int] = set()
        self.extra = 0
        self.peak = 0

    def bytes(self, shape: Iterable[int]) -> int:
        """Return the bytes of a feature map for the whole batch."""
        return self.item * self.batch * prod(shape)

    def new(self, shape: Iterable[int]) -> int:
        """Return a new storage for a feature map."""
        self.sizes.append(self.bytes(shape))
        return len(self.sizes) - 1

    def alive(self, *storages: int, scratch: int = 0) -> None:
        """Note that storages are alive together, with some bytes of scratch."""
        real = {self.source.get(each, each) for each in storages}
        self.peak = max(self.peak, sum(self.sizes[each] for each in real) + scratch)

    def chain(self, chain: Chain, x: int, *held: int, opens: bool = False) -> int:
        """Run a chain on a storage while others are held; return its output's.

        ``opens`` says that the chain opens a unit, so that its first layer must not write over its input.
        """
        container, entered = "", x
        for index, node in enumerate(chain):
            inside = node.name.rpartition(".")[0]
            if inside != container:
                container, entered = inside, x
            # A container of layers holds its input until the last of them is done.
            outer = (entered, *held) if container else held
            if isinstance(node, Gate):
                x = self.gate(node, x, *outer)
            else:
                x = self.layer(node, x, *outer, overwrites=not (opens and index == 0))
        return x

    def gate(self, gate: Gate, x: int, *held: int) -> int:
        """Run an attention unit on a storage while others are held; return its output's."""
        weight = self.chain(gate.layers, x, x, *held)
        out = self.new(gate.out_shape)
        self.alive(x, weight, out, *held)
        self.kept |= {x, weight}
        return out

    def layer(self, layer: Layer, x: int, *held: int, overwrites: bool = True) -> int:
        """Run a layer on a storage while others are held; return its output's."""
        match layer.op:
            case o.Flatten() | o.DropPath() | o.Dropout(p=0):
                return x
            case o.Dropout():
                self.extra += self.mask * self.batch * layer.elements
                out = self.new(layer.out_shape)
                self.source[out] = self.source.get(x, x)
                return out
            case o.Activation(function):
                return self._activation(function, layer, x, *held, overwrites=overwrites)
            case _:
                out = self.new(layer.out_shape)
                self.alive(x, out, *held, scratch=self._scratch(layer))
                self._keep(layer, x)
                return out

    def _activation(self, function: o.Function, layer: Layer, x: int, *held: int, overwrites: bool) -> int:
        in_place = overwrites and function not in (o.Function.GELU, o.Function.SIGMOID)
        out = x if in_place else self.new(layer.out_shape)
        self.alive(x, out, *held)
        match function:
            case o.Function.RELU | o.Function.SIGMOID:
                self.kept.add(out)
            case o.Function.LEAKY_RELU | o.Function.GELU:
                self.kept.add(x)
            case o.Function.SILU | o.Function.MISH:
                if in_place:
                    self.extra += self.sizes[x]  # the input is written over, so a copy of it is kept
                else:
                    self.kept.add(x)
            case _:
                assert_never(function)
        return out

    def _keep(self, layer: Layer, x: int) -> None:
        """Note what the way back needs of a layer that reads ``x`` and makes an output of its own."""
        match layer.op:
            case o.GlobalAvgPool2d() | o.SumPositions() | o.SubsamplePad():
                return
            case o.AvgPool2d(same=True):
                self.extra += self._scratch(layer)  # the padded map, in the place of the input
                return
            case o.BatchNorm2d(channels):
                self.extra += 2 * STATISTIC * channels
            case o.GroupNorm() | o.MaxPool2d() | o.BlurPool2d():
                self.extra += self._scratch(layer)
            case o.AvgMaxPool2d() | o.ChannelMeanMax():
                self.extra += self._scratch(layer) // 2  # the maximum; a mean needs nothing
            case _:
                pass
        self.kept.add(x)

    def _scratch(self, layer: Layer) -> int:
        """Return the bytes that a layer takes while it runs, beside its input and output."""
        match layer.op:
            case o.GroupNorm(groups):
                return 2 * STATISTIC * groups * self.batch
            case o.MaxPool2d():
                return INDEX * self.batch * layer.elements
            case o.AvgPool2d(kernel, same=True):
                channels, height, width = layer.in_shape
                return self.bytes((channels, height + kernel - 1, width + kernel - 1))
            case o.BlurPool2d():
                channels, height, width = layer.in_shape
                return self.bytes((channels, height + 2, width + 2))
            case o.AvgMaxPool2d() | o.ChannelMeanMax():
                return self.bytes(layer.out_shape)
            case _:
                return 0

    def merge(self, block: Block, x: int, branch: int, skip: int) -> int:
        """Let the arms of a block meet; return the storage of their sum."""
        arms = (x, branch, skip)
        match block.merge:
            case ScaledAdd():
                scaled = (self.new(block.out_shape), self.new(block.out_shape))
                out = self.new(block.out_shape)
                self.alive(*arms, *scaled, out)
            case GatedAdd(gate=layers, exclusive=exclusive):
                gate = self.chain(layers, x, *arms)
                rest, carried = self.new(block.out_shape), self.new(block.out_shape)
                self.alive(*arms, gate, rest, carried)
                self.kept |= {rest, skip}
                weighed = (self.new(block.out_shape),) if exclusive else ()
                self.kept |= {gate, branch} if exclusive else set()
                out = self.new(block.out_shape)
                self.alive(*arms, gate, carried, *weighed, out)
            case Add() | None:
                out = self.new(block.out_shape)
                self.alive(*arms, out)
            case _:
                assert_never(block.merge)
        return out

    def part(self, out: int) -> Part:
        """Return what the tape holds, ``out`` being the part's output."""
        inside = self.kept - {0, out}
        kept = sum(self.sizes[each] for each in inside) + self.extra
        return Part(self.peak, kept, 0 in self.kept, self.sizes[out] if out else None, out in self.kept)


def run_block(block: Block, batch: int, item: int, mask: int) -> Part:
    """Return what a block does to memory; its input is held until it is done."""
    tape = Tape(batch, item, mask, block.in_shape)
    start = tape.chain(block.pre, 0, 0, opens=True)
    out = tape.chain(block.branch, start, 0, start)
    if block.shortcut is not None:
        skip = tape.chain(block.shortcut, start if block.taps_pre else 0, 0, start, out)
        out = tape.merge(block, 0, out, skip)
    return tape.part(tape.chain(block.post, out, 0))


def run_layers(layers: tuple[Layer, ...], batch: int, item: int, mask: int, *, hold: bool) -> Part:
    """Return what a run of layers does to memory; ``hold`` says that its input outlives the first of them."""
    tape = Tape(batch, item, mask, layers[0].in_shape)
    return tape.part(tape.chain(layers, 0, *((0,) if hold else ())))
