"""From a network to its picture: the parts one after the other, the stages' grounds, words and legend.

A residual net is a chain with side arms, so the layout is linear in the number of nodes: blocks are laid
out once each (`resviz.diagram.block_layout`), then placed wherever they stand.
"""

from collections.abc import Collection, Iterable

from resviz.arch.config import ResNetConfig
from resviz.arch.expand import expand
from resviz.arch.layers import Layer
from resviz.arch.network import Network, Stage
from resviz.diagram.block_layout import BlockLayout, block_part, look_for
from resviz.diagram.drawing import Face, Node
from resviz.diagram.heat import Heat, heat_of
from resviz.diagram.levels import Detail, Piece, Plan, plan, run_path
from resviz.diagram.node_styles import SMALL, THIN, BlockFaces, block_faces, face, layer_face, stage_faces, tint
from resviz.diagram.paper import Width, figure
from resviz.diagram.picture import Picture
from resviz.diagram.placement import Canvas, network_header
from resviz.diagram.styles import STYLES
from resviz.diagram.text import text_width
from resviz.errors import DrawError
from resviz.report import formatting as fmt

BREAK = 8.0
"""From the last node of a stage to the end of its ground, and from there to the next."""
PAPER = "A paper's figure is black on white, from left to right in rows."
GAPS = {Detail.STAGES: 18.0, Detail.BLOCKS: 18.0, Detail.LAYERS: 14.0, Detail.OPERATIONS: 12.0}
"""Space between two nodes at each level; an arrow's head is 6 long."""


def draw(  # noqa: PLR0913 - each is a word of its own about the picture, and all but two are optional
    network: Network | ResNetConfig,
    detail: Detail | str = Detail.BLOCKS,
    *,
    unfold: Collection[str] = (),
    fold: Collection[str] = (),
    horizontal: bool = False,
    heat: str | Heat | None = None,
    style: str = "screen",
    width: Width | str | None = None,
    only: Collection[str] = (),
) -> Picture:
    """Return the picture of a network at a level of detail.

    ``unfold`` and ``fold`` name stages (``layer3``), runs (``layer3.1-5``) or blocks (``layer3.0``) to take
    apart or together against the level. ``heat`` colours the nodes: "params", "macs", "activations",
    "receptive", or a `Heat` of measured values.

    ``style="paper"`` is a figure for print: black on white, no heading, from left to right in rows of a column's
    ``width`` ("one", or "two" for both columns), with text of 8 pt or more. ``only`` names the stages, runs, blocks
    and single layers that it shows.

    Raises DrawError for a level, a path, a heat or a style that does not exist, for what a style has no use for and
    for a figure that does not fit; ConfigError for an impossible configuration.
    """
    if isinstance(network, ResNetConfig):
        network = expand(network)
    try:
        detail = Detail(detail)
    except ValueError:
        raise DrawError(f"detail {detail!r} does not exist; it is one of {', '.join(Detail)}.") from None
    if style == "paper":
        if horizontal or heat is not None:
            raise DrawError(f"{'heat' if heat is not None else 'horizontal'} changes nothing in this picture. {PAPER}")
        return figure(network, detail, unfold, fold, only=only, width=Width.ONE if width is None else width)
    if style not in STYLES:
        raise DrawError(f"style {style!r} does not exist; it is one of {', '.join(STYLES)}.")
    if width is not None or only:
        raise DrawError(f"{'only' if only else 'width'} changes nothing in this picture. Take style paper with it.")
    plans = plan(network, detail, unfold, fold)
    layout = _Layout(network, detail, plans, vertical=not horizontal)
    scale = heat_of(network, heat) if isinstance(heat, str) else heat
    return layout.drawing(frozenset(unfold), frozenset(fold), scale)


class _Layout:
    """The parts of one picture, and the walk that puts them on a canvas."""

    def __init__(self, network: Network, detail: Detail, plans: tuple[Plan, ...], *, vertical: bool) -> None:
        self.network, self.detail, self.plans, self.vertical = network, detail, plans, vertical
        self.ends = {layer.name: self._end_face(layer) for layer in (*network.stem, *network.head)}
        blocks = dict(self._faces())
        others = [self.input, *(self.ends[layer.name] for layer in self._seen((*network.stem, *network.head)))]
        self.look = look_for(blocks.values(), others, vertical=vertical, gap=GAPS[detail])
        self.parts: dict[object, BlockLayout] = {key: block_part(faces, self.look) for key, faces in blocks.items()}

    def drawing(self, unfold: frozenset[str], fold: frozenset[str], heat: Heat | None) -> Picture:
        """Put everything on a canvas, along the main path."""
        labels = [text for stage in self.network.stages for text in (stage.label, fmt.shape(stage.out_shape))]
        labels += [fmt.shape(layer.out_shape) for layer in (*self.network.stem, *self.network.head)]
        canvas = Canvas(network_header(self.network), self.look, labels, heat)
        canvas.single("input", self.input, 0.0)
        self._chain(canvas, self.network.stem)
        for index, entry in enumerate(self.plans):
            self._stage(canvas, index, entry)
        self._chain(canvas, self.network.head)
        return canvas.drawing(self.detail, unfold, fold)

    @property
    def input(self) -> Face:
        """The face of the picture that goes in."""
        size = fmt.shape(self.network.input)
        lines = (f"input {size}",) if self.vertical else ("input", size)
        return face(lines, ("input",), (f"one picture, {size}",), shape="pill")

    def _faces(self) -> "Iterable[tuple[object, BlockFaces]]":
        for index, entry in enumerate(self.plans):
            if entry.pieces is None:
                yield entry.stage.name, stage_faces(entry.stage, tint(index))
            seen = set()
            for piece in entry.pieces or ():
                if (key := piece.key) not in seen:
                    seen.add(key)
                    yield key, block_faces(piece, tint(index), split=not self.vertical)

    def _end_face(self, layer: Layer) -> Face:
        return layer_face(layer, "stem" if layer in self.network.stem else "head", split=not self.vertical)

    def _seen(self, layers: Iterable[Layer]) -> list[Layer]:
        return [layer for layer in layers if self.detail is Detail.OPERATIONS or layer.kind not in THIN]

    def _chain(self, canvas: Canvas, layers: Iterable[Layer]) -> None:
        for layer in self._seen(layers):
            size = fmt.shape(layer.out_shape) if layer.kind not in THIN else ""
            node = canvas.single(layer.name, self.ends[layer.name], self.look.gap, room=text_width(size, SMALL))
            if size:
                canvas.side_note(node, size)

    def _stage(self, canvas: Canvas, index: int, entry: Plan) -> None:
        stage = entry.stage
        begin = canvas.free + (BREAK if canvas.grounds else 2 * BREAK)
        canvas.free = begin + BREAK
        if entry.pieces is None:
            first = canvas.part(stage.name, self.parts[stage.name])
            canvas.stage_note(begin, first, stage, "unfold")
        else:
            places = [(piece, canvas.part(piece.path(stage), self.parts[piece.key])) for piece in entry.pieces]
            canvas.stage_note(begin, places[0][1], stage, "fold")
            self._handles(canvas, stage, places)
        canvas.ground(stage, begin, canvas.free + BREAK, tint(index))

    def _handles(self, canvas: Canvas, stage: Stage, places: list[tuple[Piece, Node]]) -> None:
        """Put a handle on each folded piece, and on the first node of each run that is taken apart."""
        runs = {run.start: run for run in stage.runs}
        for piece, node in places:
            run = runs.get(piece.start)
            if piece.show == "folded":
                canvas.handle(node, piece.path(stage), "unfold")
            elif run is not None and run.count == 1:
                canvas.handle(node, piece.path(stage), "fold")
            if run is not None and run.count > piece.count:
                canvas.handle(node, run_path(stage, run), "fold", second=piece.show == "folded")
