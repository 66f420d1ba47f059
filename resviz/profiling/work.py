"""What a forward pass asks of a device, item by item: arithmetic, traffic, launches. No device is known here.

An item is a layer, or what has no layer of its own: the addition of a unit (``layer1.0.add``), the product of
an attention unit, the join of parallel arms. Traffic is in numbers for one image, each input read and each
output written once; weights are apart, since a batch reads them once.

Eager, every elementwise layer is a kernel that reads and writes its map. Compiled, one that follows another
is fused with it and moves nothing of its own but what it reads besides, such as a skip. GroupNorm and layer
norm, which autocast computes in single precision, pay for the conversions there and back.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from math import prod

from resviz.arch.layers import Arms, Chain, Gate, Layer
from resviz.arch.merges import Add, GatedAdd, ScaledAdd
from resviz.arch.network import Network, Stage
from resviz.arch.operation import Kind, Shape
from resviz.arch.ops import BatchNorm2d, BlurPool2d, ChannelConv1d, GlobalAvgPool2d
from resviz.arch.tree import Block

ADDITION = "add"
"""The last word of the path of a unit's addition."""
FUSED = frozenset({Kind.NORM, Kind.ACTIVATION, Kind.SCALE})
"""Elementwise kinds that a compiler fuses."""
DEPTHWISE = "depthwise"
"""What a convolution with a channel a group is."""
IDLE = frozenset({Kind.DROPOUT, Kind.DROPPATH, Kind.FLATTEN})
"""What does nothing at inference."""
SINGLE = 6.0
"""Traffic of a normalisation in single precision under autocast over that of batch norm, in 16-bit numbers:
convert (1 + 2), statistics (2), apply (2 + 2), convert back (2 + 1) over 1 + 1."""


class Sort(StrEnum):
    """What sort of kernel an item is; each has an efficiency of its own."""

    POINTWISE = "1x1 convolution"
    SPATIAL = "convolution"
    GROUPED = "grouped convolution"
    ELEMENTWISE = "elementwise"


@dataclass(frozen=True, slots=True)
class Item:
    """One item for one image; ``count`` is how often it stands in the network.

    ``depth`` and ``width`` are the inner and the outer size of the product that a convolution is, for one
    group; ``what`` is the class of the operation or join; ``weights`` are numbers that a batch reads once.
    """

    path: str
    label: str
    sort: Sort
    macs: int = 0
    moved: float = 0.0
    weights: int = 0
    depth: int = 1
    width: int = 1
    groups: int = 1
    launches: int = 1
    kind: Kind | None = None
    what: str = ""
    count: int = 1

    @property
    def fusible(self) -> bool:
        """Whether a compiler fuses it with its neighbours."""
        return self.sort is Sort.ELEMENTWISE and (self.kind is None or self.kind in FUSED)


def items(network: Network, *, compiled: bool, autocast: bool, each: bool = False) -> tuple[Item, ...]:
    """Return the items of a network; equal blocks once with their number, or ``each`` block by itself."""
    found = layer_items(network.stem, compiled=compiled, autocast=autocast)
    for stage in network.stages:
        found += stage_items(stage, compiled=compiled, autocast=autocast, each=each)
    return (*found, *layer_items(network.head, compiled=compiled, autocast=autocast))


def layer_items(layers: Chain, *, compiled: bool, autocast: bool) -> tuple[Item, ...]:
    """Return the items of a stem or a head."""
    return tuple(_chain(layers, "", compiled, autocast))


def stage_items(stage: Stage, *, compiled: bool, autocast: bool, each: bool = False) -> tuple[Item, ...]:
    """Return the items of a stage; equal blocks once with their number, or ``each`` block by itself."""
    found: list[Item] = []
    for run in stage.runs:
        own = list(_block(run.block, "", compiled, autocast))
        for number in range(run.count if each else 1):
            start = f"{stage.name}.{run.start + number}."
            found += [replace(i, path=start + i.path, count=1 if each else run.count) for i in own]
    return tuple(found)


def _block(block: Block, prefix: str, compiled: bool, autocast: bool) -> Iterator[Item]:
    # What opens a unit joins the addition before it, and writes a second map.
    pre = list(_chain(block.pre, prefix, compiled, autocast, fused=True))
    if compiled and pre and pre[0].fusible:
        pre[0] = replace(pre[0], moved=float(prod(block.in_shape)))
    yield from pre
    branch = list(_chain(block.branch, prefix, compiled, autocast))
    skip = list(_chain(block.shortcut or (), prefix, compiled, autocast))
    size = prod(block.out_shape)
    more = 0.0
    if compiled and block.merge is not None:
        # The kernel of the addition takes in what stands before it on either side.
        open_branch, open_skip = _open(branch), _open(skip)
        more = size * ((0 if open_branch else 2) + (0 if open_skip else 1))
        if open_skip:
            skip[-1] = replace(skip[-1], moved=max(skip[-1].moved - size, 0.0))
    yield from branch
    yield from skip
    yield from _chain(block.gate, prefix, compiled, autocast)
    match block.merge:
        case Add() if block.shortcut is not None:
            yield _elementwise(f"{prefix}{ADDITION}", "+", more if compiled else 3 * size)
        case ScaledAdd():
            yield _elementwise(f"{prefix}{ADDITION}", "+", more if compiled else 7 * size, 1 if compiled else 3)
        case GatedAdd():
            yield _elementwise(f"{prefix}{ADDITION}", "+", more + size if compiled else 9 * size, 1 if compiled else 3)
        case _:
            pass
    yield from _chain(block.post, prefix, compiled, autocast, fused=block.merge is not None)


def _open(items: list[Item]) -> bool:
    """Return whether a side of an addition ends in an elementwise kernel, which is then fused with it."""
    return bool(items) and items[-1].fusible


def _chain(chain: Chain, prefix: str, compiled: bool, autocast: bool, *, fused: bool = False) -> Iterator[Item]:
    """Yield the items of a chain; ``fused`` means that an elementwise layer at its start joins what is before."""
    after = fused and compiled
    for index, node in enumerate(chain):
        follows = chain[index + 1] if index + 1 < len(chain) else None
        match node:
            case Layer():
                item = _layer(node, prefix, autocast)
                if item is None:
                    continue
                joins = compiled and item.fusible
                if joins and after:
                    item = replace(item, moved=0.0, launches=0)
                elif joins and isinstance(follows, Gate):
                    item = replace(item, moved=float(node.elements))  # written for the product; the pool reads along
                yield item
                after = joins
            case Gate():
                yield from _chain(node.chain, prefix, compiled, autocast)
                yield _elementwise(f"{prefix}{node.name}", "+" if node.adds else "×", 2 * prod(node.in_shape))
                after = compiled
            case Arms():
                yield from _arms(node, prefix, compiled, autocast)
                after = False


def _arms(arms: Arms, prefix: str, compiled: bool, autocast: bool) -> Iterator[Item]:
    made = len(arms.arms)
    for index, arm in enumerate(arms.arms):
        yield from _chain(arm, prefix, compiled, autocast)
        if 0 < index < arms.cascaded:
            yield _elementwise(f"{prefix}{arms.name}.{index}", "+", 3 * prod(arms.arm_shape))
    out = prod(arms.out_shape)
    if not arms.weights:
        inputs = sum(prod(_end(arm, arms.arm_shape)) for arm in arms.arms)
        yield _elementwise(f"{prefix}{arms.name}", arms.join.label, inputs + out, what=type(arms.join).__name__)
        return
    # Stack, sum, weigh and sum again, as SK and split attention do.
    stacked = made * out
    yield from _chain(arms.weights, prefix, compiled, autocast)
    moved = (2 if compiled else 6) * stacked + 2 * out
    yield _elementwise(f"{prefix}{arms.name}", arms.join.label, moved, 5, type(arms.join).__name__)


def _end(chain: Chain, shape: Shape) -> Shape:
    return chain[-1].out_shape if chain else shape


def _elementwise(path: str, label: str, moved: float, launches: int = 1, what: str = "") -> Item:
    return Item(path, label, Sort.ELEMENTWISE, moved=float(moved), launches=launches, what=what)


def _layer(layer: Layer, prefix: str, autocast: bool) -> Item | None:
    """Return the item of a layer, None where inference skips it."""
    if layer.kind in IDLE:
        return None
    op, path = layer.op, f"{prefix}{layer.name}"
    read, written = float(prod(layer.in_shape)), float(layer.elements)
    if layer.macs and not isinstance(op, ChannelConv1d):
        return _product(layer, path, read, written, autocast)
    moved = read + written
    if isinstance(op, GlobalAvgPool2d):
        moved = read
    elif isinstance(op, BlurPool2d):
        moved = 3 * read + written  # the border is added in a pass of its own
    elif layer.kind is Kind.NORM and not isinstance(op, BatchNorm2d):
        moved *= SINGLE if autocast else 1.5  # statistics first
    weights = op.params + op.buffers[0]
    return Item(path, op.label, Sort.ELEMENTWISE, layer.macs, moved, weights, kind=layer.kind, what=type(op).__name__)


def _product(layer: Layer, path: str, read: float, written: float, autocast: bool) -> Item:
    op = layer.op
    window, groups = op.window, op.grouping or 1
    kernel, stride = (window.kernel, window.stride) if window else (1, 1)
    if kernel < stride:
        read *= (kernel / stride) ** 2
    width = layer.out_shape[0] // groups
    depth = layer.macs // layer.elements
    sort = Sort.GROUPED if groups > 1 else Sort.SPATIAL if kernel > 1 else Sort.POINTWISE
    return Item(
        path=path,
        label=op.label,
        sort=sort,
        macs=layer.macs,
        moved=read + written,
        weights=op.params * (4 if autocast else 1),  # read in single precision, written and read in half
        depth=depth,
        width=width,
        groups=groups,
        launches=2 if autocast else 1,
        kind=layer.kind,
        what=DEPTHWISE if width == 1 and groups > 1 else type(op).__name__,
    )
