"""Which blocks of a network share a class: those of one block type whose parts are the same, or are left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from resviz.arch.layers import Chain
from resviz.arch.merges import GatedAdd, Merge
from resviz.arch.tree import Block
from resviz.nn.codegen.chains import grouped
from resviz.nn.codegen.numbers import origin, structure

PARTS = ("pre", "branch", "shortcut", "gate", "post")
"""A block's chains in the order of its layers."""

Child = tuple[str, Any]
"""A child's name and the structure of what it holds."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Distinct blocks of one class."""

    blocks: tuple[Block, ...]

    @property
    def first(self) -> Block:
        """The block with the most children, which the others' are among."""
        return max(self.blocks, key=lambda block: sum(len(children(getattr(block, part))) for part in PARTS))

    @property
    def shape_changing(self) -> bool:
        """Whether every block changes the shape."""
        return all(block.in_shape != block.out_shape for block in self.blocks)


def children(chain: Chain | None) -> tuple[Child, ...]:
    """Return the children that run a chain."""
    return tuple((name, structure(alike[0])) for name, alike in grouped((chain or (),)).items())


def clusters(blocks: Sequence[Block]) -> tuple[Cluster, ...]:
    """Return the blocks by the class they share, the classes in the order of their first block."""
    found: list[list[Block]] = []
    for block in sorted(blocks, key=lambda block: -len(children(block.pre + block.branch + block.post))):
        fitting = next((members for members in found if _joins(block, members)), None)
        if fitting is None:
            found.append([block])
        else:
            fitting.append(block)
    order = {id(block): index for index, block in enumerate(blocks)}
    made = [tuple(sorted(members, key=lambda block: order[id(block)])) for members in found]
    return tuple(Cluster(members) for members in sorted(made, key=lambda members: order[id(members[0])]))


def _joins(block: Block, members: Sequence[Block]) -> bool:
    """Return whether a block has no child that the first of a class, its largest, has not."""
    largest = members[0]
    return (
        origin(block).choices.block == origin(largest).choices.block
        and _merge(block.merge) == _merge(largest.merge)
        and structure(block.gate) == structure(largest.gate)
        and all(
            _within(children(getattr(block, part)), children(getattr(largest, part)))
            for part in ("pre", "branch", "post")
        )
    )


def _merge(merge: Merge | None) -> Any:
    """Return how branch and shortcut meet, without the numbers of a gate's layers."""
    return (merge.exclusive, merge.bias_init) if isinstance(merge, GatedAdd) else merge


def _within(few: Sequence[Child], many: Sequence[Child]) -> bool:
    """Return whether children stand among others in the same order."""
    rest = iter(many)
    return all(child in rest for child in few)
