"""From a network to its picture: the parts one after the other, the stages' grounds, words and legend.

A residual net is a chain with side arms, so the layout is linear in the number of nodes: blocks are laid
out once each (`resviz.diagram.block_layout`), then placed wherever they stand.
"""

from collections.abc import Collection, Iterable

from resviz.arch.layers import Layer
from resviz.arch.network import Network, Stage
from resviz.diagram.block_layout import BlockLayout, block_part
from resviz.diagram.block_measures import Look, look_for
from resviz.diagram.block_nodes import block_faces, stage_faces
from resviz.diagram.drawing import Face, Node
from resviz.diagram.heat import Heat
from resviz.diagram.levels import Detail, Piece, Plan, level_of, plan, run_path
from resviz.diagram.node_styles import SMALL, THIN, BlockFaces, face, layer_face, tint
from resviz.diagram.picture import Picture
from resviz.diagram.placement import Canvas, network_header
from resviz.diagram.text import text_width
from resviz.report import formatting as fmt

BREAK = 8.0
"""From the last node of a stage to the end of its ground, and from there to the next."""
GAPS = {Detail.STAGES: 18.0, Detail.BLOCKS: 18.0, Detail.LAYERS: 14.0, Detail.OPERATIONS: 12.0}
"""Space between two nodes at each level; an arrow's head is 6 long."""


def lay_out(
    network: Network,
    detail: Detail | str = Detail.BLOCKS,
    *,
    unfold: Collection[str] = (),
    fold: Collection[str] = (),
    horizontal: bool = False,
    heat: Heat | None = None,
) -> Picture:
    """Return the picture of a network at a level of detail; `resviz.diagram.draw` is the verb for it.

    ``unfold`` and ``fold`` name stages (``layer3``), runs (``layer3.1-5``) or blocks (``layer3.0``) to take
    apart or together against the level. ``heat`` colours the nodes. Raises DrawError for a level or a path that does
    not exist.
    """
    detail = level_of(detail)
    plans = plan(network, detail, unfold, fold)
    layout = Layout(network, detail, plans, vertical=not horizontal)
    return layout.drawing(frozenset(unfold), frozenset(fold), heat)


class Layout:
    """The parts of one picture, and the walk that puts them on a canvas.

    ``look`` are measures that fit more than this picture; without them it has those that fit it.
    """

    def __init__(
        self,
        network: Network,
        detail: Detail,
        plans: tuple[Plan, ...],
        *,
        vertical: bool,
        look: Look | None = None,
    ) -> None:
        self.network, self.detail, self.plans, self.vertical = network, detail, plans, vertical
        self.ends = {layer.name: self._end_face(layer) for layer in (*network.stem, *network.head)}
        self.blocks = dict(self._faces())
        self.others = [self.input, *(self.ends[layer.name] for layer in self._seen((*network.stem, *network.head)))]
        self.look = look or look_for(self.blocks.values(), self.others, vertical=vertical, gap=GAPS[detail])
        self.parts: dict[object, BlockLayout] = {key: block_part(each, self.look) for key, each in self.blocks.items()}

    def drawing(self, unfold: frozenset[str], fold: frozenset[str], heat: Heat | None) -> Picture:
        """Put everything on a canvas, along the main path."""
        canvas = self.canvas(heat)
        canvas.single("input", self.input, 0.0)
        self.chain(canvas, self.network.stem)
        for index, entry in enumerate(self.plans):
            self._stage(canvas, index, entry)
        self.chain(canvas, self.network.head)
        return canvas.drawing(self.detail, unfold, fold)

    def canvas(self, heat: Heat | None = None) -> Canvas:
        """Return an empty canvas with the room that the words beside the main path need."""
        labels = [text for stage in self.network.stages for text in (stage.label, fmt.shape(stage.out_shape))]
        labels += [fmt.shape(layer.out_shape) for layer in (*self.network.stem, *self.network.head)]
        return Canvas(network_header(self.network), self.look, labels, heat)

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

    def chain(self, canvas: Canvas, layers: Iterable[Layer]) -> None:
        """Put layers of the stem or the head on a canvas."""
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
            self.handles(canvas, stage, places)
        canvas.ground(stage, begin, canvas.free + BREAK, tint(index))

    def handles(self, canvas: Canvas, stage: Stage, places: list[tuple[Piece, Node]]) -> None:
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
