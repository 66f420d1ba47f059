"""What a paper's figure shows, one thing after the other: the chosen nodes of the main path, and dots for the rest."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from resviz.arch.layers import Layer
from resviz.arch.network import Network, Stage
from resviz.arch.operation import Shape
from resviz.diagram.block_nodes import block_faces, stage_faces
from resviz.diagram.levels import Detail, Piece, foldable, plan, span_path
from resviz.diagram.node_styles import THIN, BlockFaces, Named, face, layer_face, tint
from resviz.diagram.paper_faces import short
from resviz.errors import DrawError, unknown
from resviz.report import formatting as fmt


@dataclass(frozen=True, slots=True)
class PaperStep:
    """A node of the main path or a block, before it has a place; ``label`` stands under it, or under its stage.

    ``takes`` is the shape that goes in. Steps of a ``role``, as blocks of a stage, would rather be in one row.
    """

    path: str
    faces: BlockFaces
    key: object
    stage: Stage | None
    label: str
    takes: str = ""
    role: str = ""

    @property
    def group(self) -> str:
        """What it has its label in common with: its stage, or itself."""
        return self.path if self.stage is None else self.stage.name

    @property
    def omitted(self) -> bool:
        """Whether it is dots, in the place of what is left out."""
        return self.path.startswith("omitted.")

    @property
    def together(self) -> str:
        """What it would rather share a row with."""
        return self.role or self.group


def chosen_steps(
    network: Network, detail: Detail, unfold: Collection[str], fold: Collection[str], only: frozenset[str]
) -> Iterator[PaperStep]:
    """Yield the steps of a figure; those not among ``only`` are left out, dots in their place.

    Raises DrawError for a name that does not exist.
    """
    known = ["input", *(layer.name for layer in _seen((*network.stem, *network.head), detail)), *foldable(network)]
    if wrong := only - set(known):
        raise DrawError(unknown("stage, block or layer", min(wrong), known, like="layer2, layer2.0 or conv1"))
    out: list[PaperStep | None] = []
    for step, chosen in _steps(network, detail, unfold, fold, only):
        if chosen:
            if out and out[-1] is None:
                out[-1] = _dots(step.takes, len(out))
            out.append(step)
        elif not out or out[-1] is not None:
            out.append(None)
    if out and out[-1] is None:
        out[-1] = _dots("", len(out))
    yield from (step for step in out if step is not None)


def _dots(label: str, number: int) -> PaperStep:
    path, node = f"omitted.{number}", face(("…",), ("omitted",), ("left out",))
    return PaperStep(path, BlockFaces((Named("", node),)), path, None, label)


def _steps(
    network: Network, detail: Detail, unfold: Collection[str], fold: Collection[str], only: frozenset[str]
) -> Iterator[tuple[PaperStep, bool]]:
    """Yield each step of a network, and whether it is chosen."""

    def chosen(path: str) -> bool:
        return not only or path in only

    def ends(layers: Iterable[Layer], role: str) -> Iterator[tuple[PaperStep, bool]]:
        for layer in _seen(layers, detail):
            before, after = _size(layer.in_shape), "" if layer.kind in THIN else _size(layer.out_shape)
            faces = BlockFaces((Named("", layer_face(layer, role, split=True)),))
            yield PaperStep(layer.name, faces, layer.name, None, after, before, role), chosen(layer.name)

    size = _size(network.input)
    first = Named("", face(("input",), ("input",), (f"one picture, {size}",), shape="pill"))
    yield PaperStep("input", BlockFaces((first,)), "input", None, size, role="stem"), chosen("input")
    yield from ends(network.stem, "stem")
    coarse = plan(network, detail, unfold, fold)
    finer = plan(network, Detail.BLOCKS if detail is Detail.STAGES else detail, unfold, fold)
    for index, (entry, parts) in enumerate(zip(coarse, finer, strict=True)):
        stage, colour = entry.stage, tint(index)
        picked, label = _indices(stage, only), f"{stage.label}, {_size(stage.out_shape)}"
        pieces = parts.pieces if 0 < len(picked) < len(stage.blocks) else entry.pieces
        if pieces is None:
            faces = stage_faces(stage, colour)
            yield PaperStep(stage.name, faces, stage.name, stage, label, _size(stage.in_shape)), bool(picked)
        for piece in pieces or ():
            for part, seen in _clipped(piece, picked):
                faces, before = block_faces(part, colour, split=True), _size(part.block.in_shape)
                yield PaperStep(part.path(stage), faces, part.key, stage, label, before), seen
    yield from ends(network.head, "head")


def _seen(layers: Iterable[Layer], detail: Detail) -> list[Layer]:
    return [layer for layer in layers if detail is Detail.OPERATIONS or layer.kind not in THIN]


def _size(shape: Shape) -> str:
    return short(fmt.shape(shape))


def _indices(stage: Stage, only: frozenset[str]) -> frozenset[int]:
    """Return which of a stage's blocks are chosen."""
    every = range(len(stage.blocks))
    if not only or stage.name in only:
        return frozenset(every)
    spans = [(run.start, run.count) for run in stage.runs if span_path(stage, run.start, run.count) in only]
    inside = {index for start, count in spans for index in range(start, start + count)}
    return frozenset(index for index in every if index in inside or f"{stage.name}.{index}" in only)


def _clipped(piece: Piece, picked: frozenset[int]) -> Iterator[tuple[Piece, bool]]:
    """Yield a piece in parts that are chosen as a whole, or not at all."""
    for seen, indices in groupby(range(piece.start, piece.start + piece.count), key=picked.__contains__):
        members = list(indices)
        yield replace(piece, start=members[0], count=len(members)), seen
