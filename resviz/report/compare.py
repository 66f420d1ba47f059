"""Compare: two to four networks side by side, aligned stage by stage and layer by layer.

The first network is the one the others are held against; a difference is theirs minus its.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from resviz.arch import Network
from resviz.arch.layers import Arms, Layer, nodes
from resviz.arch.merges import Add, GatedAdd, Merge, ScaledAdd
from resviz.arch.ops import Shape
from resviz.errors import CompareError
from resviz.report.stages import HEAD, STEM, Costs, StageRow, stage_rows
from resviz.report.summary import summary

MOST = 4
"""Networks in one comparison."""


class Mark(StrEnum):
    """How a layer of one network stands to the layer of the same path in the first.

    A resized layer is the same operation on maps of another size.
    """

    CHANGED = "changed"
    RESIZED = "resized"
    ADDED = "added"
    MISSING = "missing"

    @property
    def sign(self) -> str:
        """The sign that stands beside the colour."""
        return _SIGNS[self]

    @property
    def words(self) -> str:
        """What the mark says of a layer, held against the first network, called A."""
        return _WORDS[self]


_SIGNS = {Mark.CHANGED: "≠", Mark.RESIZED: "↕", Mark.ADDED: "+", Mark.MISSING: "−"}
_WORDS = {
    Mark.CHANGED: "differs",
    Mark.RESIZED: "the same on maps of another size",
    Mark.ADDED: "not in A",
    Mark.MISSING: "in A only",
}
_GRAVITY = (Mark.RESIZED, Mark.CHANGED, Mark.MISSING)
"""The marks that the first network's own diagram may carry, the weightiest last."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """Where the arms of a block meet, and the shape there; its path is the block's and ``add``."""

    merge: Merge
    shape: Shape

    @property
    def op(self) -> object:
        """How they meet; the layers of a gate stand for themselves."""
        match self.merge:
            case GatedAdd(_, exclusive, bias_init):
                return GatedAdd((), exclusive, bias_init)
            case Add() | ScaledAdd():
                return self.merge


@dataclass(frozen=True, slots=True)
class Joined:
    """Where parallel arms meet, and the shape there; its path is the block's and the arms' name."""

    arms: Arms

    @property
    def op(self) -> object:
        """How many they are and how they meet; the layers in them stand for themselves."""
        return len(self.arms.arms), self.arms.join, self.arms.split, self.arms.cascaded


@dataclass(frozen=True, slots=True)
class AlignedStage:
    """A row of the comparison: the stage's name and each network's row of it, None where it has none.

    ``differences`` are from the first network's; what one of the two does not have counts as 0.
    """

    name: str
    rows: tuple[StageRow | None, ...]

    @property
    def costs(self) -> tuple[Costs, ...]:
        """Each network's costs here."""
        return tuple(row.costs if row else Costs(0, 0, 0) for row in self.rows)

    @property
    def differences(self) -> tuple[Costs, ...]:
        """Each network's costs minus the first's; the first's own are 0."""
        return tuple(costs.minus(self.costs[0]) for costs in self.costs)


LETTERS = "ABCD"
"""What the networks of a comparison are called for short."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two to four networks, their stages aligned, and the marks of each but the first by full path.

    A path that a network lacks is marked missing in its marks; its place is in the first network.
    """

    networks: tuple[Network, ...]
    stages: tuple[AlignedStage, ...]
    marks: tuple[dict[str, Mark], ...]

    @property
    def titles(self) -> tuple[str, ...]:
        """What the networks are called: a letter, so that no two are called alike, and the name."""
        return tuple(f"{letter}: {network.name}" for letter, network in zip(LETTERS, self.networks, strict=False))

    @property
    def costs(self) -> tuple[Costs, ...]:
        """Each network's total costs."""
        return tuple(Costs.of((network,)) for network in self.networks)

    @property
    def differences(self) -> tuple[Costs, ...]:
        """Each network's total costs minus the first's; the first's own are 0."""
        return tuple(costs.minus(self.costs[0]) for costs in self.costs)

    @property
    def base_marks(self) -> dict[str, Mark]:
        """The marks on the first network's own diagram: what any other changes or lacks."""
        found = {(path, mark) for marks in self.marks for path, mark in marks.items() if mark in _GRAVITY}
        return dict(sorted(found, key=lambda each: _GRAVITY.index(each[1])))


def compare(networks: Sequence[Network]) -> Comparison:
    """Return networks side by side, held against the first. Raises CompareError unless they are 2 to 4."""
    if not 2 <= len(networks) <= MOST:
        raise CompareError(f"A comparison takes 2 to {MOST} networks, not {len(networks)}.")
    tables = [{row.name: row for row in stage_rows(network)} for network in networks]
    named = {name for table in tables for name in table}
    between = sorted(named - {STEM, HEAD}, key=lambda name: (len(name), name))  # conv10_x follows conv9_x
    names = [*([STEM] if STEM in named else []), *between, HEAD]
    stages = tuple(AlignedStage(name, tuple(table.get(name) for table in tables)) for name in names)
    first = dict(parts(networks[0]))
    marks = ({}, *(dict(_marks(first, dict(parts(network)))) for network in networks[1:]))
    return Comparison(tuple(networks), stages, marks)


def parts(network: Network) -> Iterator[tuple[str, Layer | Joined | Meeting]]:
    """Yield everything that may differ with its full path: each layer, and where arms or branch and shortcut meet."""
    yield from network.walk()
    for path, block in network.blocks():
        for node in nodes(block.branch):
            if isinstance(node, Arms):
                yield f"{path}.{node.name}", Joined(node)
        if block.merge is not None:
            yield f"{path}.add", Meeting(block.merge, block.out_shape)


def _marks(
    first: dict[str, Layer | Joined | Meeting], other: dict[str, Layer | Joined | Meeting]
) -> Iterator[tuple[str, Mark]]:
    for path, part in other.items():
        if path not in first:
            yield path, Mark.ADDED
        elif part.op != first[path].op:
            yield path, Mark.CHANGED
        elif _shapes(part) != _shapes(first[path]):
            yield path, Mark.RESIZED
    for path in first:
        if path not in other:
            yield path, Mark.MISSING


def _shapes(part: Layer | Joined | Meeting) -> tuple[Shape, ...]:
    match part:
        case Layer():
            return part.in_shape, part.out_shape
        case Joined():
            return part.arms.in_shape, part.arms.out_shape
        case Meeting():
            return (part.shape,)


def share(difference: int, base: int) -> float | None:
    """Return a difference as a share of what it is from, 1 being the whole; None where that is 0."""
    return difference / base if base else None


def comparison_record(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as plain data: summaries, stages side by side, totals, differing layers."""

    def held(costs: tuple[Costs, ...]) -> list[dict[str, Any]]:
        """Return the differences from the first with their shares."""
        return [
            {
                key: {"difference": mine - base, "share": share(mine - base, base)}
                for key, mine, base in zip(Costs._fields, each, costs[0], strict=True)
            }
            for each in costs[1:]
        ]

    return {
        "networks": [summary(network) for network in comparison.networks],
        "differences": held(comparison.costs),
        "stages": [
            {
                "name": stage.name,
                "networks": [
                    row
                    and {"output": list(row.output), "layers": row.layers, "blocks": row.blocks} | row.costs._asdict()
                    for row in stage.rows
                ],
                "differences": held(stage.costs),
            }
            for stage in comparison.stages
        ],
        "layers": [{path: str(mark) for path, mark in marks.items()} for marks in comparison.marks[1:]],
    }
