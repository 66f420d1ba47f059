"""The tensors of a file by name and shape, sorted into stem, blocks and head, and how a network's tensors fit them.

Alike blocks are one object, here as in the tree, so that a comparison costs what the distinct blocks cost.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod

from resviz.arch.layers import Layer
from resviz.arch.operation import Shape
from resviz.arch.tensors import Shapes, layer_tensors

COUNTERS = ("num_batches_tracked", "n_averaged")
"""The counters that BatchNorm and averaged weights keep and other files lack: no evidence of anything."""
_IN_BLOCK = re.compile(r"layer(\d{1,2})\.(\d{1,5})\.(.+)")


Runs = tuple[tuple[int, int, Shapes], ...]
"""The alike blocks in a row of a stage: the first one's index, how many, their tensors."""


@dataclass(frozen=True, eq=False)
class Inventory:
    """Tensors under this package's names: those in blocks, by stage and index, and the rest."""

    tensors: Mapping[str, Shape]
    unindexed: bool = False
    """Whether the names tell nothing of what stands before a projection: timm's ``downsample.conv``."""

    @cached_property
    def _sorted(self) -> tuple[dict[int, dict[int, Shapes]], Shapes]:
        stages: dict[int, dict[int, Shapes]] = {}
        rest: Shapes = {}
        for key, shape in self.tensors.items():
            found = _IN_BLOCK.fullmatch(key)
            if found and key.count(".") > 2:
                stages.setdefault(int(found[1]), {}).setdefault(int(found[2]), {})[found[3]] = shape
            else:
                rest[key] = shape
        return stages, rest

    @property
    def rest(self) -> Shapes:
        """The tensors of stem and head."""
        return self._sorted[1]

    @cached_property
    def stages(self) -> tuple[dict[int, Shapes], ...]:
        """The blocks of each stage by index, from ``layer1`` to the last in a row."""
        stages, kinds = self._sorted[0], dict[frozenset[tuple[str, Shape]], Shapes]()
        found: list[dict[int, Shapes]] = []
        while (blocks := stages.get(len(found) + 1)) is not None:
            found.append({index: kinds.setdefault(frozenset(each.items()), each) for index, each in blocks.items()})
        return tuple(found)

    @cached_property
    def runs(self) -> tuple[Runs, ...]:
        """The alike blocks in a row of each stage: the first one's index, how many, their tensors."""
        stages = []
        for blocks in self.stages:
            runs: list[tuple[int, int, Shapes]] = []
            for index in sorted(blocks):
                start, count, last = runs[-1] if runs else (0, 0, None)
                if last is blocks[index] and start + count == index:
                    runs[-1] = start, count + 1, blocks[index]
                else:
                    runs.append((index, 1, blocks[index]))
            stages.append(tuple(runs))
        return tuple(stages)

    @property
    def depths(self) -> tuple[int, ...]:
        """Blocks in each stage."""
        return tuple(max(blocks) + 1 for blocks in self.stages)


_PROJECTION = re.compile(r"downsample\.(\d+)\.")


def renumbered(shapes: Shapes) -> Shapes:
    """Return a block's tensors with its projection's layers numbered from 0, whatever stands before them."""
    numbers = sorted({int(found[1]) for name in shapes if (found := _PROJECTION.match(name))})
    if not numbers or numbers[0] == 0:
        return shapes
    first = numbers[0]
    return {
        _PROJECTION.sub(lambda m: f"downsample.{int(m[1]) - first}.", name): shape for name, shape in shapes.items()
    }


def squeezed(shape: Shape) -> Shape:
    """Return a shape without its axes of size 1, in which names of the same tensor differ."""
    return tuple(side for side in shape if side != 1)


def _apart(expected: Shapes, found: Shapes) -> float:
    both = expected.keys() & found.keys()
    wrong = float(len(expected) + len(found) - 2 * len(both))
    for key in both:
        one, other = expected[key], found[key]
        if one != other:
            wrong += 1e-6 if squeezed(one) == squeezed(other) else 1 if prod(one) != prod(other) else 0.5
    return wrong


def rest_apart(expected: Iterable[Layer], inventory: Inventory) -> float:
    """Return how far a network's stem and head are from what is found outside the blocks; see `stage_apart`."""
    return _apart(layer_tensors(expected), inventory.rest)


def stage_apart(expected: Runs, found: Runs) -> float:
    """Return how far a stage's tensors are from those found: 1 for each that is missing, left over or misshaped.

    One whose shape differs only in axes of size 1 counts a millionth. 0 means that all are the same.
    """
    wrong = float(sum(count * len(shapes) for _, count, shapes in (*expected, *found)))
    for start, count, shapes in expected:
        for other, number_of, theirs in found:
            both = min(start + count, other + number_of) - max(start, other)
            if both > 0:
                wrong += both * (_apart(shapes, theirs) - len(shapes) - len(theirs))
    return wrong


def without_counters(tensors: Mapping[str, Iterable[int]]) -> dict[str, Shape]:
    """Return shapes by name as tuples, the counters of batches left out."""
    return {key: tuple(shape) for key, shape in tensors.items() if not key.endswith(COUNTERS)}
