"""Storages: which feature maps a forward pass makes, writes over, holds on to and keeps for the way back.

The rules are those of PyTorch's operators as `resviz.nn` calls them; what an operation does to memory is its
own `footprint`. Sizes are bytes for a whole batch.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from resviz.arch.joins import Attend, Concat, Select, Sum
from resviz.arch.layers import Arms, Chain, Gate, Layer
from resviz.arch.merges import Add, GatedAdd, ScaledAdd
from resviz.arch.operation import Batch, Shape
from resviz.arch.tree import Block


@dataclass(frozen=True, slots=True)
class Usage:
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

    def then(self, other: "Usage", held: int = 0) -> "Usage":
        """Return what this part and another that reads its output do, ``held`` bytes being held beside the other.

        What passes between them counts once, if either keeps it.
        """
        kept, peak = self.kept + other.kept, max(self.peak, held + other.peak)
        if self.output is None:
            return Usage(peak, kept, self.keeps_input or other.keeps_input, other.output, other.keeps_output)
        passed = self.keeps_output or other.keeps_input
        if other.output is None:
            return Usage(peak, kept, self.keeps_input, self.output, passed)
        return Usage(peak, kept + self.output * passed, self.keeps_input, other.output, other.keeps_output)

    def repeated(self, count: int, held: int) -> "Usage":
        """Return what as many equal parts in a row do, ``held`` bytes being held beside each but the first."""
        if count == 1:
            return self
        more, passed = count - 1, self.keeps_output or self.keeps_input
        kept = count * self.kept + more * (self.output or 0) * passed
        return Usage(max(self.peak, held + self.peak), kept, self.keeps_input, self.output, self.keeps_output)


@dataclass(frozen=True, slots=True)
class Moment:
    """One step of a part at inference, in bytes: what it works on, the part's input waiting, what else waits."""

    step: str
    working: int
    skip: int
    waiting: int

    @property
    def total(self) -> int:
        """All that is alive."""
        return self.working + self.skip + self.waiting


class Tape:
    """Follows the storages of one part; a storage is a number, the part's input is number 0.

    Dropout makes a map of its own in training alone: ``source`` has the one that it passes on at inference,
    the only time whose peak is followed. A ``picture`` as input needs no gradient: what weightless layers make
    of it is ``constant``, and nothing is kept for it.
    """

    def __init__(self, batch: Batch, shape: Shape, *, picture: bool = False) -> None:
        self.batch = batch
        self.constant: set[int] = {0} if picture else set()
        self.source: dict[int, int] = {}
        self.sizes = [batch.bytes(shape)]
        self.kept: set[int] = set()
        self.extra = 0
        self.peak = 0
        self.step = ""
        self.moments: list[Moment] = []

    def new(self, shape: Iterable[int]) -> int:
        """Return a new storage for a feature map."""
        self.sizes.append(self.batch.bytes(shape))
        return len(self.sizes) - 1

    def alive(self, *storages: int, held: tuple[int, ...] = (), scratch: int = 0) -> None:
        """Note that a step works on storages while others are held, with some bytes of scratch."""
        used = {self.source.get(each, each) for each in storages}
        waiting = {self.source.get(each, each) for each in held} - used
        working = sum(self.sizes[each] for each in used) + scratch
        skip = self.sizes[0] * (0 in waiting)
        moment = Moment(self.step, working, skip, sum(self.sizes[each] for each in waiting) - skip)
        self.moments.append(moment)
        self.peak = max(self.peak, moment.total)

    def chain(self, chain: Chain, x: int, *held: int, opens: bool = False) -> int:
        """Run a chain on a storage while others are held; return its output's.

        ``opens`` means that the chain opens a unit, so that its first layer must not write over its input.
        """
        container, entered = "", x
        for index, node in enumerate(chain):
            inside = node.name.rpartition(".")[0]
            if inside != container:
                container, entered = inside, x
            # A container of layers holds its input until the last of them is done.
            outer = (entered, *held) if container else held
            if isinstance(node, Layer):
                self.step = node.name
            match node:
                case Gate():
                    x = self.gate(node, x, *outer)
                case Arms():
                    x = self.arms(node, x, *outer)
                case Layer():
                    x = self.layer(node, x, *outer, overwrites=not (opens and index == 0))
        return x

    def gate(self, gate: Gate, x: int, *held: int) -> int:
        """Run an attention unit on a storage while others are held; return its output's."""
        made = self.chain(gate.chain, x, x, *held)
        out = self.new(gate.out_shape)
        self.alive(x, made, out, held=held)
        if not gate.adds:
            self.kept |= {x, made}
        return out

    def arms(self, arms: Arms, x: int, *held: int) -> int:
        """Run parallel arms on a storage while others are held; return the joined output's.

        Each arm's output is held until the last is done. Shares of the channels are views of the input.
        """
        made: list[int] = []
        for index, arm in enumerate(arms.arms):
            taken = x
            if 0 < index < arms.cascaded:
                whole = self.new(arms.arm_shape)
                self.alive(x, *made, whole, held=held)
                taken = whole
            made.append(self.chain(arm, taken, x, *made, *held))
        match arms.join:
            case Sum():  # one after the other: of three arms the sum of two is there beside the whole
                out = made[0]
                for _ in made[1:]:
                    partial, out = out, self.new(arms.out_shape)
                    self.alive(x, *made, partial, out, held=held)
            case Concat():
                out = self.new(arms.out_shape)
                self.alive(x, *made, out, held=held)
            case Select():
                stacked = self.new((len(made), *arms.out_shape))
                self.alive(x, *made, stacked, held=held)
                total = self.new(arms.out_shape)
                weights = self.chain(arms.weights, total, x, stacked, *made, *held)
                shares = self.new((len(made) * arms.out_shape[0],))
                self.alive(x, *made, stacked, weights, shares, held=held)
                weighed = self.new((len(made), *arms.out_shape))
                out = self.new(arms.out_shape)
                self.alive(x, *made, stacked, shares, weighed, out, held=held)
                self.kept |= {stacked, shares}
            case Attend():
                shares = self.new((1, *arms.in_shape[1:]))
                out = self.new(arms.out_shape)
                self.alive(x, *made, shares, out, held=held)
                self.kept |= {made[0], shares}
            case _:
                raise TypeError(f"{arms.join} joins no arms")
        return out

    def layer(self, layer: Layer, x: int, *held: int, overwrites: bool = True) -> int:
        """Run a layer on a storage while others are held; return its output's."""
        effect = layer.op.footprint(layer.in_shape, layer.out_shape, self.batch, overwrites=overwrites)
        out = self.new(layer.out_shape) if effect.new else x
        if effect.training_only:
            self.source[out] = self.source.get(x, x)
        self.alive(x, out, held=held, scratch=effect.scratch)
        if x in self.constant and not layer.params:
            self.constant.add(out)
            return out
        self.extra += effect.kept
        self.kept |= {x} if effect.keeps_input else set()
        self.kept |= {out} if effect.keeps_output else set()
        return out

    def merge(self, block: Block, x: int, branch: int, skip: int) -> int:
        """Let the branch and the shortcut of a block meet; return the storage of their sum."""
        self.step = "add"
        both = (x, branch, skip)
        match block.merge:
            case ScaledAdd():
                scaled = (self.new(block.out_shape), self.new(block.out_shape))
                out = self.new(block.out_shape)
                self.alive(*both, *scaled, out)
            case GatedAdd(gate=layers, exclusive=exclusive):
                gate = self.chain(layers, x, *both)
                rest, carried = self.new(block.out_shape), self.new(block.out_shape)
                self.alive(*both, gate, rest, carried)
                self.kept |= {skip} if skip in self.constant else {rest, skip}
                weighed = (self.new(block.out_shape),) if exclusive else ()
                self.kept |= {gate, branch} if exclusive else set()
                out = self.new(block.out_shape)
                self.alive(*both, gate, carried, *weighed, out)
            case Add() | None:
                out = self.new(block.out_shape)
                self.alive(*both, out)
            case _:
                assert_never(block.merge)
        return out

    def usage(self, out: int) -> Usage:
        """Return what the tape holds, ``out`` being the part's output."""
        inside = self.kept - {0, out}
        kept = sum(self.sizes[each] for each in inside) + self.extra
        return Usage(self.peak, kept, 0 in self.kept, self.sizes[out] if out else None, out in self.kept)


def run_block(block: Block, batch: Batch, *, picture: bool = False) -> Usage:
    """Return what a block does to memory; its input, the ``picture`` or a feature map, is held until it is done."""
    return tape_block(block, batch, picture=picture)[0]


def tape_block(block: Block, batch: Batch, *, picture: bool = False) -> tuple[Usage, tuple[Moment, ...]]:
    """Return what a block does to memory, and each of its steps at inference."""
    tape = Tape(batch, block.in_shape, picture=picture)
    start = tape.chain(block.pre, 0, 0, opens=True)
    out = tape.chain(block.branch, start, 0, start)
    if block.shortcut is not None:
        skip = tape.chain(block.shortcut, start if block.taps_pre else 0, 0, start, out)
        out = tape.merge(block, 0, out, skip)
    use = tape.usage(tape.chain(block.post, out, 0))
    return use, tuple(tape.moments)


def run_layers(layers: tuple[Layer, ...], batch: Batch, *, hold: bool) -> Usage:
    """Return what a run of layers does to memory; ``hold`` means that its input outlives the first of them."""
    return tape_layers(layers, batch, hold=hold)[0]


def tape_layers(layers: tuple[Layer, ...], batch: Batch, *, hold: bool) -> tuple[Usage, tuple[Moment, ...]]:
    """Return what a run of layers does to memory, and each of its steps at inference."""
    tape = Tape(batch, layers[0].in_shape)
    use = tape.usage(tape.chain(layers, 0, *((0,) if hold else ())))
    return use, tuple(tape.moments)
