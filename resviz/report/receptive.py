"""Receptive field: how much of the picture a position of each layer of the main path sees, over every path to it.

Araujo et al. 2019, "Computing Receptive Fields of Convolutional Neural Networks", Distill,
doi:10.23915/distill.00021: with the jump ``j`` (pixels between neighbouring positions) a window of kernel
``k``, dilation ``d`` and padding ``p`` moves the field's first pixel by ``-p * j`` and its last by
``((k - 1) * d - p) * j``; then its stride multiplies the jump. Where arms meet a position sees what any of
them sees, from the first pixel to the last. Most often that is the branch's field, but a shortcut that
averages over a large stride sees more. Attention units and what makes the weights of parallel arms look at
the whole map and are left out, as is the effect of the edges.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import takewhile

from resviz.arch.layers import Arms, Chain, Gate, Layer
from resviz.arch.network import Network, Stage
from resviz.arch.ops import GlobalAvgPool2d, Kind
from resviz.arch.tree import Block


@dataclass(frozen=True, slots=True)
class Field:
    """The receptive field of one layer under its full path.

    ``size`` is in pixels of the picture, along height and width; ``jump`` is how many pixels lie between
    neighbouring positions; ``start`` is the centre of the first position's field, the picture's first pixel
    having its centre at 0. ``covers`` is the share of the picture's longer side, at most 1.
    """

    name: str
    kind: Kind
    size: int
    jump: int
    start: float
    covers: float


@dataclass(frozen=True, slots=True)
class Span:
    """The first and the last pixel that the first position sees, and the pixels between positions."""

    first: int = 0
    last: int = 0
    jump: int = 1

    def through(self, layer: Layer) -> "Span":
        """Return the span behind a layer. A global pool is one window over its whole input."""
        if isinstance(layer.op, GlobalAvgPool2d):
            reach = max(layer.in_shape[1:]) - 1
            return Span(self.first, self.last + reach * self.jump, self.jump)
        if layer.op.window is None:
            return self
        kernel, stride, padding, dilation = layer.op.window
        first = self.first - padding * self.jump
        last = self.last + ((kernel - 1) * dilation - padding) * self.jump
        return Span(first, last, self.jump * stride)

    def met(self, other: "Span") -> "Span":
        """Return the span of a sum of two maps of one shape."""
        return Span(min(self.first, other.first), max(self.last, other.last), self.jump)

    def then(self, other: "Span") -> "Span":
        """Return the span behind this one and a part whose span, from a picture's pixels, is the other."""
        first, last = (end * self.jump for end in (other.first, other.last))
        return Span(self.first + first, self.last + last, self.jump * other.jump)

    @property
    def size(self) -> int:
        """The pixels seen."""
        return self.last - self.first + 1

    def field(self, name: str, kind: Kind, side: int) -> Field:
        """Return the field of a layer with this span; ``side`` is the picture's longer one."""
        return Field(name, kind, self.size, self.jump, (self.first + self.last) / 2, min(self.size / side, 1.0))


def fields(network: Network) -> tuple[Field, ...]:
    """Return the receptive field of each layer of the main path, in order.

    The field of a layer in a branch is that of the branch alone up to there; what the shortcut adds counts
    from the addition on.
    """
    side = max(network.input[1:])
    return tuple(span.field(name, layer.kind, side) for name, layer, span in _main_path(network))


def last_field(network: Network) -> Field:
    """Return the receptive field of the feature map that the global pool reads; its name is the last layer's."""
    span = layers_span(network.stem)
    for stage in network.stages:
        span = span.then(stage_span(stage))
    name, kind = "", Kind.CONV
    for path, layer, _ in _main_path(network):
        if isinstance(layer.op, GlobalAvgPool2d):
            break
        name, kind = path, layer.kind
    return span.then(layers_span(network.head)).field(name, kind, max(network.input[1:]))


def layers_span(layers: tuple[Layer, ...]) -> Span:
    """Return the span behind the layers of a stem, or behind those of a head that stand before its global pool."""
    ahead = takewhile(lambda layer: not isinstance(layer.op, GlobalAvgPool2d), layers)
    return _end(tuple(ahead), Span())


def stage_span(stage: Stage) -> Span:
    """Return the span behind a stage."""
    span = Span()
    for run in stage.runs:
        one = _behind(run.block, Span())
        for _ in range(run.count):
            span = span.then(one)
    return span


def _walk(chain: Chain, span: Span) -> tuple[list[tuple[Layer, Span]], Span]:
    """Return the layers that a signal passes, each with the span behind it, and the span behind the chain."""
    passed: list[tuple[Layer, Span]] = []
    for node in chain:
        match node:
            case Layer():
                span = span.through(node)
                passed.append((node, span))
            case Arms():
                ends: list[Span] = []
                for index, arm in enumerate(node.arms):
                    start = span.met(ends[-1]) if 0 < index < node.cascaded else span
                    layers, end = _walk(arm, start)
                    passed += layers
                    ends.append(end)
                span = reduce(Span.met, ends)
            case Gate():
                pass  # an attention unit only weighs
    return passed, span


def _end(chain: Chain, span: Span) -> Span:
    """Return the span behind a chain."""
    return _walk(chain, span)[1]


def _addition(block: Block, span: Span) -> Span:
    """Return the span where a block's arms have met: branch, shortcut, and a gate on the block's input."""
    start = _end(block.pre, span)
    met = _end(block.branch, start)
    if block.shortcut is not None:
        met = met.met(_end(block.shortcut, start if block.taps_pre else span))
    return met.met(_end(block.gate, span)) if block.gate else met


def _behind(block: Block, span: Span) -> Span:
    """Return the span behind a block."""
    return _end(block.post, _addition(block, span))


def _main_path(network: Network) -> Iterator[tuple[str, Layer, Span]]:
    layers, span = _walk(network.stem, Span())
    yield from ((layer.name, layer, behind) for layer, behind in layers)
    for path, block in network.blocks():
        met = _addition(block, span)
        for chain, start in ((block.pre, span), (block.branch, _end(block.pre, span)), (block.post, met)):
            layers, _ = _walk(chain, start)
            yield from ((f"{path}.{layer.name}", layer, behind) for layer, behind in layers)
        span = _behind(block, span)
    layers, _ = _walk(network.head, span)
    yield from ((layer.name, layer, behind) for layer, behind in layers)
