"""How much of a network a picture shows: the level of detail, and what is folded or unfolded against it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from resviz.arch.network import Network, Run, Stage
from resviz.arch.tree import Block
from resviz.errors import DrawError, unknown


class Detail(StrEnum):
    """The levels of detail: what one node of the main path stands for."""

    STAGES = "stages"
    BLOCKS = "blocks"
    LAYERS = "layers"
    OPERATIONS = "operations"


def level_of(detail: Detail | str) -> Detail:
    """Return a level of detail by its name. Raises DrawError where there is none of it."""
    try:
        return Detail(detail)
    except ValueError:
        raise DrawError(f"detail {detail!r} does not exist; it is one of {', '.join(Detail)}.") from None


Show = Literal["folded", "layers", "operations"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Blocks that are drawn alike: one folded node for all of them, or the layers of a single one."""

    block: Block
    start: int
    count: int
    show: Show

    @property
    def key(self) -> object:
        """What pieces that look the same have in common."""
        return id(self.block), self.show, self.count

    def path(self, stage: Stage) -> str:
        """Return the path of what is drawn: ``layer3.0`` or, for a folded run, ``layer3.1-5``."""
        return span_path(stage, self.start, self.count)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a picture shows of one stage: nothing but the stage (``pieces`` is None), or its pieces."""

    stage: Stage
    pieces: tuple[Piece, ...] | None


def span_path(stage: Stage, start: int, count: int) -> str:
    """Return the path of consecutive blocks of a stage: ``layer3.0``, ``layer3.1-5``."""
    return f"{stage.name}.{start}" + (f"-{start + count - 1}" if count > 1 else "")


def run_path(stage: Stage, run: Run) -> str:
    """Return the path of a run of identical blocks."""
    return span_path(stage, run.start, run.count)


def foldable(network: Network) -> Iterator[str]:
    """Yield the path of everything that folds: stages, runs, single blocks."""
    for stage in network.stages:
        yield stage.name
        for run in stage.runs:
            yield run_path(stage, run)
            if run.count > 1:
                for index in range(run.start, run.start + run.count):
                    yield f"{stage.name}.{index}"


@dataclass(frozen=True, slots=True)
class Folding:
    """What a person took apart (``unfold``) or together (``fold``) by hand, against a level of detail."""

    unfold: frozenset[str] = frozenset()
    fold: frozenset[str] = frozenset()

    def within(self, network: Network) -> "Folding":
        """Return the folding without what this network does not have."""
        if not (self.unfold or self.fold):
            return self
        there = frozenset(foldable(network))
        return Folding(self.unfold & there, self.fold & there)

    @classmethod
    def everything(cls, network: Network, detail: Detail, action: str) -> "Folding":
        """Return the folding that takes everything apart (``unfold``) or together, one step from a level of detail."""
        stages = frozenset(stage.name for stage in network.stages)
        deep = detail in (Detail.LAYERS, Detail.OPERATIONS)
        if action == "unfold":
            return cls() if deep else cls(unfold=stages)
        if detail is Detail.STAGES:
            return cls()
        runs = frozenset(run_path(stage, run) for stage in network.stages for run in stage.runs)
        return cls(fold=runs if deep else stages)

    def after(self, detail: Detail | str, path: str, action: str) -> "Folding":
        """Return the folding after the handle of ``path`` was pressed in a picture of this level."""
        whole_stage = "." not in path
        opened = path.partition(".")[0] in self.unfold  # at blocks its runs are not folded, then
        folded_anyway = detail == Detail.STAGES or (detail == Detail.BLOCKS and not whole_stage and not opened)
        if action == "unfold":
            if path in self.fold and not (whole_stage and detail == Detail.STAGES):
                return Folding(self.unfold, self.fold - {path})
            return Folding(self.unfold | {path}, self.fold - {path})
        inside = {inner for inner in self.unfold if _covers(path, inner)}
        if folded_anyway or path in inside:
            return Folding(self.unfold - inside, self.fold)
        return Folding(self.unfold - inside, self.fold | {path})


def _covers(path: str, inner: str) -> bool:
    """Return whether a path names what another names or something that holds it."""
    stage, _, blocks = path.partition(".")
    inner_stage, _, inner_blocks = inner.partition(".")
    if stage != inner_stage or not blocks:
        return stage == inner_stage
    if not inner_blocks:
        return False
    (first, last), (start, end) = (_span(part) for part in (blocks, inner_blocks))
    return first <= start and end <= last


def _span(blocks: str) -> tuple[int, int]:
    first, _, last = blocks.partition("-")
    return int(first), int(last or first)


def plan(network: Network, detail: Detail, unfold: Collection[str], fold: Collection[str]) -> tuple[Plan, ...]:
    """Return what to show of each stage. Raises DrawError for a path that does not fold.

    Unfolding goes one step deeper than the level: a stage shows its blocks, a run its single blocks, a
    block its operations. Folding makes one node of a stage, a run or a block that the level takes apart.
    """
    wrong = (set(unfold) | set(fold)) - set(foldable(network)) if unfold or fold else set()
    if wrong:
        raise DrawError(
            unknown("stage, run or block", min(wrong), foldable(network), like="layer2, layer2.0 or layer2.1-3")
        )
    return tuple(_plan(stage, detail, frozenset(unfold), frozenset(fold)) for stage in network.stages)


def _plan(stage: Stage, detail: Detail, unfold: frozenset[str], fold: frozenset[str]) -> Plan:
    touched = any(path == stage.name or path.startswith(f"{stage.name}.") for path in unfold)
    if stage.name in fold or (detail is Detail.STAGES and not touched):
        return Plan(stage, None)
    return Plan(stage, tuple(piece for run in stage.runs for piece in _pieces(stage, run, detail, unfold, fold)))


def _pieces(stage: Stage, run: Run, detail: Detail, unfold: frozenset[str], fold: frozenset[str]) -> Iterator[Piece]:
    path = run_path(stage, run)
    singles = {f"{stage.name}.{index}": index for index in range(run.start, run.start + run.count)}
    deep = detail in (Detail.LAYERS, Detail.OPERATIONS)
    base: Show = "operations" if detail is Detail.OPERATIONS else "layers" if deep else "folded"
    whole_stage = detail is Detail.BLOCKS and stage.name in unfold
    if run.count > 1 and (path in fold or not (deep or whole_stage or path in unfold or singles.keys() & unfold)):
        yield Piece(run.block, run.start, run.count, "folded")
        return
    for single, index in singles.items():
        yield Piece(run.block, index, 1, "folded" if single in fold else "operations" if single in unfold else base)
