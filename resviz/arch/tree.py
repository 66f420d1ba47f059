"""A residual unit as the papers draw it: a branch, a shortcut beside it, and how the two meet."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import chain

from resviz.arch.change import Change
from resviz.arch.choices import Choices
from resviz.arch.layers import Arms, Chain, Layer, chain_depth, leaves
from resviz.arch.merges import GatedAdd, Merge
from resviz.arch.operation import Kind, Shape


class ShortcutKind(StrEnum):
    """What the shortcut of a block is."""

    NONE = "none"
    IDENTITY = "identity"
    PROJECTION = "projection"
    PADDING = "padding"
    POOLING = "pooling"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block stands, which with the stage's choices is all that it is built from.

    What it takes, its inner width, the channels it gives, its stride, and its dilations: the strided
    convolution of the unit that would have strided keeps the one from before. ``first`` means that it opens
    its stage. ``variance`` is what a unit without norms expects of its input (`resviz.arch.skips`).
    """

    in_shape: Shape
    width: int
    out_channels: int
    stride: int
    first_dilation: int
    dilation: int
    groups: int = 1
    first: bool = False
    variance: float = 1.0

    @property
    def in_channels(self) -> int:
        """The channels it takes."""
        return self.in_shape[0]

    @property
    def change(self) -> Change:
        """What its shortcut has to bridge."""
        return Change(self.in_channels, self.out_channels, self.stride, self.dilation)


@dataclass(frozen=True, slots=True)
class Origin:
    """What a block was built from; code that makes it again is written from this."""

    choices: Choices
    place: Place


@dataclass(frozen=True)
class Block:
    """A residual unit: ``post(merge(branch(pre(x)), shortcut))``.

    ``shortcut`` is None in a plain net and ``()`` for the identity. Each part but ``merge`` is a chain.
    A unit whose parts are all empty, with no shortcut, is a weight-free identity; it has no origin. Its totals
    are computed once, for one block stands for many.
    """

    in_shape: Shape
    out_shape: Shape
    pre: Chain
    branch: Chain
    shortcut: Chain | None
    merge: Merge | None
    post: Chain
    origin: Origin | None = field(default=None, compare=False, repr=False)

    @property
    def gate(self) -> tuple[Layer, ...]:
        """The layers of a gated merge, else ()."""
        return self.merge.gate if isinstance(self.merge, GatedAdd) else ()

    @property
    def chains(self) -> tuple[Chain, ...]:
        """Its chains in the order of the walk: pre, branch, shortcut, gate, post."""
        return self.pre, self.branch, self.shortcut or (), self.gate, self.post

    def layers(self) -> Iterator[Layer]:
        """Return the layers in order: pre, branch, shortcut, gate, post; names are relative to the block."""
        return leaves(chain.from_iterable(self.chains))

    @property
    def shortcut_kind(self) -> ShortcutKind:
        """What the shortcut is, read off its layers."""
        if self.shortcut is None:
            return ShortcutKind.NONE
        kinds = {layer.kind for layer in leaves(self.shortcut)}
        if Kind.CONV in kinds:
            return ShortcutKind.PROJECTION
        if Kind.PAD in kinds:
            return ShortcutKind.PADDING
        if kinds & {Kind.MAXPOOL, Kind.AVGPOOL, Kind.BLURPOOL}:
            return ShortcutKind.POOLING
        return ShortcutKind.IDENTITY

    @property
    def dashed(self) -> bool:
        """Whether the block's shortcut changes the shape, which the papers draw dashed."""
        return self.shortcut is not None and self.in_shape != self.out_shape

    @property
    def taps_pre(self) -> bool:
        """Whether the shortcut starts after ``pre``: a projection does, an identity taps the input."""
        return bool(self.pre) and self.shortcut_kind is ShortcutKind.PROJECTION

    @property
    def depth(self) -> int:
        """The weighted layers of the main path in a row, which the depth of a network counts."""
        return chain_depth(self.branch)

    @property
    def cells(self) -> tuple[str, ...]:
        """The convolutions of the main path as a line each: ``3x3, 64``, grouped ones with ``C=32``."""
        return tuple(_cells(self.branch))

    @property
    def labels(self) -> tuple[str, ...]:
        """The convolutions of the main path as a diagram writes them: ``3x3 conv, 64, /2``."""
        return tuple(_labels(self.branch))

    @cached_property
    def bracket(self) -> str:
        """The block as the papers' tables print it: ``[1x1, 64; 3x3, 64; 1x1, 256]``."""
        return f"[{'; '.join(self.cells) or 'identity'}]"

    @property
    def params(self) -> int:
        """Learnt parameters."""
        return self._totals[0]

    @property
    def macs(self) -> int:
        """Multiply-accumulates for one image."""
        return self._totals[1]

    @property
    def activations(self) -> int:
        """Output elements of convolutions and linear layers for one image."""
        return self._totals[2]

    @cached_property
    def _totals(self) -> tuple[int, int, int]:
        """Parameters, multiply-accumulates and activations, in one walk."""
        params = macs = activations = 0
        for layer in self.layers():
            params += layer.op.params
            macs += layer.op.macs(layer.in_shape, layer.out_shape)
            activations += layer.activations
        return params, macs, activations


def _cells(chain: Chain) -> Iterator[str]:
    for node in chain:
        if isinstance(node, Arms):
            yield from _grouped([" → ".join(_cells(arm)) for arm in node.arms])
        elif isinstance(node, Layer) and node.op.kind is Kind.CONV and (window := node.op.window):
            groups = node.op.grouping or 1
            cardinality = f", C={groups}" if groups > 1 else ""
            yield f"{window.kernel}x{window.kernel}, {node.out_shape[0]}{cardinality}"


def _labels(chain: Chain) -> Iterator[str]:
    for node in chain:
        if isinstance(node, Arms):
            yield from _grouped([" → ".join(_labels(arm)) for arm in node.arms])
        elif isinstance(node, Layer) and node.kind is Kind.CONV:
            yield node.op.label


def _grouped(texts: list[str]) -> Iterator[str]:
    """Yield the texts of arms side by side, equal ones once with their number; arms without any are left out."""
    for text in dict.fromkeys(text for text in texts if text):
        count = texts.count(text)
        yield f"{count} × ({text})" if count > 1 else text
