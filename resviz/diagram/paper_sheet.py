"""The sheet that a paper's figure is put on: blocks side by side in rows, with brackets, words and a legend.

A line leads from the end of a row to where the next begins. Lengths are the pixels of `Drawing`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from math import ceil
from typing import NamedTuple

from resviz.arch.network import Network
from resviz.diagram.block_layout import BlockLayout, block_part
from resviz.diagram.block_measures import look_for
from resviz.diagram.drawing import Band, Edge, Key, Note
from resviz.diagram.levels import Detail
from resviz.diagram.node_styles import SMALL
from resviz.diagram.paper_faces import printed
from resviz.diagram.paper_steps import PaperStep
from resviz.diagram.picture import Picture
from resviz.diagram.placement import SAMPLE, Canvas, Header
from resviz.diagram.svg import SHEET
from resviz.diagram.text import text_width

GAPS = {Detail.STAGES: 12.0, Detail.BLOCKS: 12.0, Detail.LAYERS: 9.0, Detail.OPERATIONS: 9.0}
"""Space between two nodes at each level."""
LOWER = 10.0
"""How much nearer to the boxes side arms run than on a screen."""
START = 2.0
"""Where a row begins: the line from the row before comes down there."""
TURN = 9.0
"""From a row's last node to where the line turns down."""
APART = 12.0
"""Between two rows, where the line runs back."""
BELOW = 4.0
"""From a row's nodes to the words under them, which stand in the middle of their stage's bracket."""
TICK = 6.0
"""Height of a bracket."""


class _Span(NamedTuple):
    """Steps of a row that have one label: how long they are, and the room before and after them that it needs.

    ``lead`` is from their beginning to their first node.
    """

    members: list[int]
    label: str
    lead: float
    long: float
    before: float
    after: float


class Sheet:
    """The steps laid out, each in a frame of its own, and the rows that they are put in."""

    def __init__(self, steps: list[PaperStep], detail: Detail, wide: float) -> None:
        faces = {step.key: printed(step.faces) for step in steps}
        look = look_for(faces.values(), [], vertical=False, gap=GAPS[detail])
        self.look = replace(
            look,
            identity=look.identity - LOWER,
            projection=look.projection - LOWER,
            attention=look.attention + LOWER,
            gate=look.gate + LOWER,
        )
        parts = {key: block_part(each, self.look) for key, each in faces.items()}
        self.steps, self.parts = steps, [parts[step.key] for step in steps]
        self.wide, self.room = wide, wide - START - TURN - 1

    def length(self, start: int, end: int) -> float:
        """Return how long a row of some steps is, the words under it included."""
        return sum(span.before + span.long + span.after for span in self._spans(start, end))

    def _spans(self, start: int, end: int) -> Iterator["_Span"]:
        """Yield what has one label in a row."""
        for _, same in groupby(range(start, end), key=self._group):
            members = list(same)
            label = self._label(members[0], start)
            first = self.parts[members[0]].nodes[0]
            lead = first.a - self.look.along(first.face) / 2
            long = sum(self.parts[index].length for index in members)
            beyond = max(text_width(label, SMALL) - (long - lead), 0.0) / 2
            yield _Span(members, label, lead, long, max(beyond + 5 - lead, 0.0), beyond and beyond + 5)

    def _group(self, index: int) -> str:
        return self.steps[index].group

    def _label(self, index: int, start: int) -> str:
        """Return the words under a step: a stage that goes on in another row has only its name there."""
        step = self.steps[index]
        going_on = step.stage is not None and index == start > 0 and self._group(index - 1) == self._group(index)
        return step.stage.label if step.stage is not None and going_on else step.label

    def drawn(self, network: Network, breaks: list[tuple[int, int]], detail: Detail) -> Picture:
        """Return the picture with its rows."""
        canvas, top = Canvas(Header(network.name, "", 0, 0), self.look, [""]), 1.0
        bands: list[Band] = []
        longest = max(self.length(start, end) for start, end in breaks)
        left = START + (self.room - longest) / 2  # in the middle of the column
        for start, end in breaks:
            parts = self.parts[start:end]
            above, below = (max(_reach(part, side) for part in parts) for side in (1, -1))
            if start:
                _turn(canvas, left, top - APART / 2, top + above)
            canvas.x, canvas.y, canvas.a, canvas.free = left, top + above, 0.0, 0.0
            foot = canvas.y + below + BELOW + SMALL / 2
            for span in self._spans(start, end):
                bands += self._span(canvas, span, foot)
            top = foot + SMALL / 2 + APART
        if self.steps[-1].stage is not None:  # what comes next is left out, and has no dots
            x, y = canvas.x + canvas.a, canvas.y
            canvas.edges.append(Edge("trunk", "", canvas.out, "", ((x, y), (x + TURN, y))))
        begun = self.steps[0].stage is None  # nothing leads to the input, nor to dots
        edges = tuple(edge for edge in canvas.edges if edge.tail or not begun)
        keys, bottom = _legend(edges, left, self.wide, top - APART)
        return Picture(
            name=network.name,
            title=network.name,
            width=self.wide,
            height=float(ceil(bottom + 2)),
            horizontal=True,
            detail=detail,
            nodes=tuple(canvas.nodes),
            edges=edges,
            bands=tuple(bands),
            notes=tuple(canvas.notes),
            legend=keys,
            style="paper",
        )

    def _span(self, canvas: Canvas, span: _Span, foot: float) -> Iterator[Band]:
        """Put steps down, their words under them at ``foot``; yield their stage's bracket, if they have one."""
        canvas.free += span.before
        left, label = canvas.x + canvas.free + span.lead, span.label
        for index in span.members:
            canvas.part(self.steps[index].path, self.parts[index])
        right, stage = canvas.x + canvas.a, self.steps[span.members[0]].stage
        canvas.free += span.after
        if label:
            name = stage.name if stage is not None else ""
            canvas.notes.append(Note((left + right) / 2, foot, label, "middle", ("small",), SMALL, name))
        if stage is not None:
            gap = text_width(label, SMALL) + 8
            yield Band(stage.name, left, foot - TICK / 2, right - left, TICK, ("stage",), gap)


def _turn(canvas: Canvas, left: float, back: float, middle: float) -> None:
    """Lead the line from the end of a row back along ``back`` to the left, where the next row begins."""
    end = canvas.x + canvas.a
    turn = max(end + TURN, canvas.x + canvas.free)  # the words under a node may be wider than the node
    canvas.lead = ((end, canvas.y), (turn, canvas.y), (turn, back), (left, back), (left, middle))


def _reach(part: BlockLayout, side: int) -> float:
    """Return how far a part gets to one side of the main path: 1 where shortcuts run, -1 where gates do."""
    found = [side * node.c + node.face.height / 2 + (SHEET if node.face.count > 1 else 0) for node in part.nodes]
    found += [side * c + 2 for edge in part.edges for _, c in edge.points]
    return max([*found, *(side * note.c + 9 + SMALL / 2 for note in part.notes if side * note.c > 0)])


def _legend(edges: Iterable[Edge], left: float, wide: float, top: float) -> tuple[tuple[Key, ...], float]:
    """Return what the lines of shortcuts mean, side by side where they fit, and where that ends."""
    edges = tuple(edges)
    solid, dashed = (sum(edge.blocks for edge in edges if edge.dashed is kind) for kind in (False, True))
    rows = Header("", "", solid, dashed).legend
    left = min([left, *(wide - SAMPLE - text_width(text, SMALL) - 1 for _, text in rows)])
    keys: list[Key] = []
    x, y = left, top + APART + SMALL / 2
    for sample, text in rows:
        long = SAMPLE + text_width(text, SMALL)
        if keys and x + long > wide:
            x, y = left, y + SMALL + 5
        keys.append(Key(x, y, sample, text))
        x += long + 24
    return tuple(keys), y + SMALL / 2 if keys else top
