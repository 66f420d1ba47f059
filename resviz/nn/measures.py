"""What the shapes of a file's tensors suggest for a configuration's numbers: values to try, read off the shapes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import isqrt

from resviz.arch.operation import Shape
from resviz.arch.tensors import Shapes
from resviz.nn.inventory import Inventory

_CONV = re.compile(r"conv(\d+)\.(?:.+\.)?weight")


@dataclass(frozen=True, slots=True)
class StageMeasure:
    """A stage's numbers: channels out, what may be inner widths, what may be groups and kernels, the smaller first."""

    out: int
    inner: tuple[int, ...]
    groups: tuple[int, ...]
    kernels: tuple[int, ...]
    arms: tuple[int, ...]


def _convs(block: Shapes) -> dict[int, list[Shape]]:
    """Return the weights of a block's convolutions by their number."""
    found: dict[int, list[Shape]] = {}
    for name, shape in block.items():
        match = _CONV.fullmatch(name)
        if match and len(shape) in (2, 4) and "select" not in name:
            found.setdefault(int(match[1]), []).append(shape)
    return found


def separate(block: Shapes) -> bool:
    """Return whether a block only changes the shape: a norm and a convolution without a number."""
    return "conv.weight" in block


def stage_measure(blocks: dict[int, Shapes]) -> StageMeasure:
    """Return what a stage's tensors suggest; its last block is looked at, which has the stage's full width."""
    block = next((blocks[index] for index in sorted(blocks, reverse=True) if _convs(blocks[index])), {})
    convs = _convs(block)
    every = [shape for shapes in convs.values() for shape in shapes]
    last = convs[max(convs)] if convs else [(1, 1, 1, 1)]
    # Parallel arms at the end are concatenated, or else all have the output's channels.
    whole = {shape[0] for shape in last} | {sum(shape[0] for shape in last)}
    norms = [shape[0] for name, shape in block.items() if name.startswith("downsample") and len(shape) == 1]
    out = norms[-1] if norms else min(whole) if len(last) > 1 else last[0][0]
    sides = {side for shape in every for side in shape[:2]} | {
        sum(shape[0] for shape in shapes) for shapes in convs.values()
    }
    ratios = {shape[0] // shape[1] for shape in every if shape[0] % shape[1] == 0}
    ratios |= {len(shapes) for shapes in convs.values()}
    arms = {len(shapes) + extra for shapes in convs.values() for extra in (0, 1)} | {
        big // small for big in sides for small in sides if big % small == 0 and big // small <= 8
    }
    return StageMeasure(
        out=out,
        inner=tuple(sorted(sides)),
        groups=tuple(sorted(ratios | {1}))[:12],
        kernels=tuple(sorted({shape[2] for shape in every if len(shape) == 4 and shape[2] > 1})),
        arms=tuple(sorted(arms)),
    )


@lru_cache(maxsize=8)
def stages(inventory: Inventory) -> tuple[StageMeasure, ...]:
    """Return each stage's measures."""
    return tuple(stage_measure(blocks) for blocks in inventory.stages)


def depths(inventory: Inventory) -> tuple[int, ...]:
    """Return the units of each stage: its blocks without one that only changes the shape."""
    return tuple(
        max(count - separate(blocks.get(0, {})), 1)
        for count, blocks in zip(inventory.depths, inventory.stages, strict=True)
    )


def channels(inventory: Inventory) -> int | None:
    """Return the channels of the picture: what the first convolution takes."""
    for name in ("conv1.weight", "conv1.0.weight"):
        if len(shape := inventory.rest.get(name, ())) == 4:
            return shape[1]
    if inventory.stages and (block := inventory.stages[0].get(0)):
        first = _convs(block).get(1, [])
        return max((shape[1] for shape in first), default=None)
    return None


def stem_width(inventory: Inventory) -> int | None:
    """Return the channels that the stem's last convolution gives."""
    found = [(name, shape) for name, shape in inventory.rest.items() if re.fullmatch(r"conv1\.(\d+\.)?weight", name)]
    found = [(name, shape) for name, shape in found if len(shape) == 4]
    return max(found, key=lambda each: [int(part) for part in re.findall(r"\d+", each[0])])[1][0] if found else None


def classes(inventory: Inventory) -> int | None:
    """Return the outputs of the classifier."""
    shape = inventory.rest.get("fc.weight", ())
    return shape[0] if len(shape) in (2, 4) else None


def head_width(inventory: Inventory) -> int | None:
    """Return the channels of the head's convolution or hidden layer."""
    for name in ("head.0.weight", "hidden.weight"):
        if len(shape := inventory.rest.get(name, ())) in (2, 4):
            return shape[0]
    return None


def squeezes(inventory: Inventory) -> tuple[float, ...]:
    """Return the shares that attention units may squeeze to, the commonest in use first."""
    found = set()
    for block in {id(block): block for blocks in inventory.stages for block in blocks.values()}.values():
        reduced = {shape[0] for name, shape in block.items() if name.endswith("fc1.weight") and len(shape) == 4}
        if reduced:
            sides = {side for shape in block.values() if len(shape) == 4 for side in shape[:2]}
            found |= {inner / side for inner in reduced for side in sides if side >= inner}
    usual = [1 / 16, 1 / 4, 1 / 8, 1 / 2, 1 / 32, 1.0]
    return tuple(dict.fromkeys([*usual, *sorted(found)[:40]]))


def maps(inventory: Inventory) -> Iterator[tuple[int, int]]:
    """Yield the heights and widths of the map before an attention head, if it has one: a square before any other."""
    shape = inventory.rest.get("attnpool.tokens.weight", ())
    positions = shape[1] - 1 if len(shape) == 3 else 0
    root = isqrt(max(positions, 0))
    if root and root * root == positions:
        yield root, root
    for height in range(root, 0, -1):
        if positions % height == 0:
            yield height, positions // height


def strides(inventory: Inventory) -> tuple[tuple[int, ...], ...]:
    """Return the strides each stage may have: a kernel of its own layer's size tells."""
    found = []
    for blocks in inventory.stages:
        shape = blocks.get(0, {}).get("conv.weight", ())
        found.append((shape[2],) if len(shape) == 4 else (1, 2, 3, 4))
    return tuple(found)
