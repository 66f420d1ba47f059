"""A picture in strips, one for each thing that folds: stacked along the main path they make that of any folding.

Each strip is drawn as if it began at the start of the main path, with measures that fit all of them. A block of a run
of identical ones is drawn once, for all of them: `EACH` stands in its paths for its number.
"""

import json
import re
from dataclasses import asdict
from math import prod
from typing import Any

from resviz.arch.network import Network, Run, Stage
from resviz.diagram.block_measures import Look, look_for
from resviz.diagram.drawing import Drawing
from resviz.diagram.flow import line_widths
from resviz.diagram.layout import BREAK, Layout
from resviz.diagram.levels import Detail, Piece, Plan, Show, plan, run_path
from resviz.diagram.node_styles import tint
from resviz.diagram.placement import MARGIN, Canvas
from resviz.diagram.search import search_index, stage_place
from resviz.diagram.svg import screen_header, screen_parts

GAP = 14.0
"""Space between two nodes, at every level: that of layers."""
EACH = "\ue000"
"""Stands for the number of a block, a character that no path or label has."""
SHOWS: tuple[Show, ...] = ("folded", "layers", "operations")
"""How a single block can be shown."""
BEFORE = "before"
"""The path of whatever a strip follows."""

Strip = dict[str, Any]


def strips(network: Network, *, horizontal: bool) -> dict[str, Any]:
    """Return the strips of a network in a direction, and what goes around them."""
    look, views = common_look(network, horizontal=horizontal), _views(network)
    fitted = {
        name: Layout(network, detail, plans, vertical=look.vertical, look=look)
        for name, (detail, plans) in views.items()
    }
    return _Strips(network, fitted).all()


def common_look(network: Network, *, horizontal: bool) -> Look:
    """Return the measures that fit all strips of a network in a direction."""
    views = _views(network).values()
    loose = [Layout(network, detail, plans, vertical=not horizontal) for detail, plans in views]
    return look_for(
        [faces for layout in loose for faces in layout.blocks.values()],
        [face for layout in loose for face in layout.others],
        vertical=not horizontal,
        gap=GAP,
    )


def _views(network: Network) -> dict[str, tuple[Detail, tuple[Plan, ...]]]:
    """Return levels of detail and plans that show, together, everything that folds in each of its ways."""
    names = [stage.name for stage in network.stages]
    views: dict[str, tuple[Detail, list[str]]] = {
        "stage": (Detail.STAGES, []),
        "run": (Detail.BLOCKS, []),
        "folded": (Detail.BLOCKS, names),
        "layers": (Detail.LAYERS, []),
        "operations": (Detail.OPERATIONS, []),
    }
    return {name: (detail, plan(network, detail, unfold, ())) for name, (detail, unfold) in views.items()}


class _Strips:
    """The strips of one direction, from a layout for each way that a thing can be shown."""

    def __init__(self, network: Network, layouts: dict[str, Layout]) -> None:
        self.network, self.layouts = network, layouts
        self.canvas = layouts["stage"].canvas()

    def all(self) -> dict[str, Any]:
        """Return everything that a picture of any folding is stacked of."""
        drawing, canvas = self.canvas.drawing("", frozenset(), frozenset()), self.canvas
        vertical = canvas.look.vertical
        canvas.ground(self.network.stages[0], 0.0, 0.0, "")
        (band,) = canvas.bands
        ground = (band.left, band.width) if vertical else (band.top, band.height)
        return {
            "header": screen_header(drawing),
            "origin": [canvas.x, canvas.y],
            "size": [drawing.width, drawing.height],
            "margin": MARGIN,
            "break": BREAK,
            "ground": list(ground),
            "ends": {
                "layers": self._ends(self.layouts["layers"]),
                "operations": self._ends(self.layouts["operations"]),
            },
            "stages": [self._stage(index, stage) for index, stage in enumerate(self.network.stages)],
        }

    def _ends(self, layout: Layout) -> list[Strip]:
        first, last = layout.canvas(), self._begun(layout)
        first.single("input", layout.input, 0.0)
        layout.chain(first, self.network.stem)
        layout.chain(last, self.network.head)
        size = prod(self.network.stages[-1].out_shape)
        return [self._strip(first, prod(self.network.input)), self._strip(last, size)]

    def _begun(self, layout: Layout) -> Canvas:
        canvas = layout.canvas()
        canvas.out = BEFORE
        return canvas

    def _stage(self, index: int, stage: Stage) -> dict[str, Any]:
        layout, canvas = self.layouts["stage"], self._begun(self.layouts["stage"])
        node = canvas.part(stage.name, layout.parts[stage.name])
        strip = self._strip(canvas, prod(stage.in_shape))
        canvas = layout.canvas()
        canvas.stage_note(-BREAK, node, stage, "unfold")
        return {
            "path": stage.name,
            "tint": tint(index),
            "strip": {**strip, "label": self._label(canvas)},
            "place": asdict(stage_place(stage)),
            "runs": [self._run(stage, run) for run in stage.runs],
        }

    def _run(self, stage: Stage, run: Run) -> dict[str, Any]:
        many = run.count > 1
        whole = [self._piece("run", stage, Piece(run.block, run.start, run.count, "folded"))] if many else []
        return {
            "path": run_path(stage, run),
            "start": run.start,
            "count": run.count,
            "strip": whole[0] if whole else None,
            "each": {show: self._single(show, stage, run) for show in SHOWS},
        }

    def _single(self, show: Show, stage: Stage, run: Run) -> Strip:
        strip = self._piece(show, stage, Piece(run.block, run.start, 1, show))
        if run.count == 1:
            return strip
        path = re.compile(re.escape(f"{stage.name}.{run.start}") + r"(?![-\d])")
        either: Strip = json.loads(path.sub(f"{stage.name}.{EACH}", json.dumps(strip)))
        return either

    def _piece(self, view: str, stage: Stage, piece: Piece) -> Strip:
        layout = self.layouts[view]
        canvas = self._begun(layout)
        node = canvas.part(piece.path(stage), layout.parts[piece.key])
        layout.handles(canvas, stage, [(piece, node)])
        own = [handle for handle in canvas.handles if handle.path == piece.path(stage)]
        others = [handle for handle in canvas.handles if handle.path != piece.path(stage)]
        canvas.handles = own
        strip = self._strip(canvas, prod(piece.block.in_shape))
        canvas = layout.canvas()
        canvas.handles = others
        first = screen_parts(canvas.drawing("", frozenset(), frozenset()))["handles"]
        canvas = layout.canvas()
        canvas.stage_note(-BREAK, node, stage, "fold")
        return {**strip, "first": first, "label": self._label(canvas)}

    def _label(self, canvas: Canvas) -> list[Any]:
        """Return a stage's words and handle beside its first node, and the length that they take."""
        parts = screen_parts(canvas.drawing("", frozenset(), frozenset()))
        return [parts["notes"], parts["handles"], canvas.free]

    def _strip(self, canvas: Canvas, before: int) -> Strip:
        drawing = canvas.drawing("", frozenset(), frozenset())
        index = search_index(self.network, drawing)
        return {
            **screen_parts(drawing),
            "length": canvas.free,
            "end": canvas.a,
            "words": index.words,
            "places": [asdict(place) for place in index.places],
            "flow": self._flow(drawing, before),
        }

    def _flow(self, drawing: Drawing, before: int) -> list[list[float]]:
        """Return the widths of the lines on the main path and of the others."""
        trunk = sum(edge.role in ("trunk", "arm") for edge in drawing.edges)
        widths = line_widths(drawing, self.network, before)
        return [widths[:trunk], widths[trunk:]]
