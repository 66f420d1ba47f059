"""What a picture is put together on: it turns places along and across the main path into x and y."""

from collections.abc import Collection
from dataclasses import dataclass
from math import ceil
from typing import Literal

from resviz.arch.network import Network, Stage
from resviz.diagram.block_layout import BlockLayout
from resviz.diagram.block_measures import Look
from resviz.diagram.drawing import Band, Edge, Face, Handle, Key, Node, Note, Point
from resviz.diagram.heat import STEPS, Heat
from resviz.diagram.node_styles import FONT, SMALL
from resviz.diagram.picture import Picture
from resviz.diagram.text import text_width
from resviz.report import formatting as fmt

MARGIN = 16.0
"""Around everything."""
LABELS = MARGIN + 24.0
"""Where the words beside the main path begin, in a picture from top to bottom."""
PAD = 14.0
"""From a stage's ground to what stands on it."""
RADIUS = 14.0
"""Of an arm's corners."""
CORNER = 5.0
"""Of the corners of a line from row to row."""
TITLE = 16.0
"""Font size of the title."""
ROW = 18.0
"""From one row of words to the next."""
SAMPLE = 34.0
"""Width of a line's sample in the legend, and the space behind it."""
SCALE = 12.0 * (STEPS + 1) + 8
"""The same of the heat scale."""


@dataclass(frozen=True, slots=True)
class Header:
    """What stands above a picture: its title, a line of facts, and the legend of its shortcuts."""

    title: str
    facts: str
    solid: int
    dashed: int

    @property
    def legend(self) -> tuple[tuple[Literal["solid", "dashed"], str], ...]:
        """The legend's rows: a line's kind and its words."""
        rows: list[tuple[Literal["solid", "dashed"], str]] = []
        if self.solid:
            rows.append(("solid", f"shortcut that keeps the shape ({self.solid})"))
        if self.dashed:
            rows.append(("dashed", f"shortcut that changes the shape ({self.dashed})"))
        return tuple(rows)


def network_header(network: Network) -> Header:
    """Return what stands above a whole network."""
    facts = f"{fmt.short(network.params)} parameters, {fmt.macs(network.macs)}, depth {network.depth}"
    return Header(network.name, facts, *network.shortcuts)


class Canvas:
    """Nodes, edges and words as they are put down; ``a`` is where the line ends, ``free`` where room begins.

    ``lead`` are points that the line has run through since its last node, where it has turned since.

    ``labels`` are the words that will stand beside the main path; they make the room that they need.
    """

    def __init__(self, header: Header, look: Look, labels: Collection[str], heat: Heat | None = None) -> None:
        self.header, self.look, self.heat = header, look, heat
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self.bands: list[Band] = []
        self.notes: list[Note] = []
        self.handles: list[Handle] = []
        self.grounds = 0
        self.a = self.free = 0.0
        self.out = ""
        self.lead: tuple[Point, ...] = ()
        top = MARGIN + TITLE + ROW * (1 + len(header.legend) + (heat is not None)) + PAD
        self.column = max(text_width(label, SMALL, bold=True) for label in labels) + 24
        if look.vertical:
            self.x, self.y = MARGIN + self.column + PAD + look.depth + PAD, top
        else:
            self.x, self.y = MARGIN, top + PAD + look.reach

    def point(self, a: float, c: float) -> Point:
        """Return x and y of a place along and across the main path."""
        return (self.x + c, self.y + a) if self.look.vertical else (self.x + a, self.y - c)

    def single(self, path: str, face: Face, gap: float, *, room: float = 0.0) -> Node:
        """Put one node on the main path, at least ``room`` long where paths run sideways; return it."""
        face = self.look.widened(face)
        length = self.look.along(face)
        aside = 0.0 if self.look.vertical else max(room - length, 0.0) / 2
        start = self.free + gap + aside
        if self.out:
            self.edges.append(Edge("trunk", path, self.out, path, (self.point(self.a, 0), self.point(start, 0))))
        self.nodes.append(Node(path, *self.point(start + length / 2, 0), face))
        self.a, self.out = start + length, path
        self.free = self.a + aside
        return self.nodes[-1]

    def part(self, path: str, part: BlockLayout) -> Node:
        """Put a block on the main path; return its first node there."""
        first = len(self.nodes)
        base, before, point = self.free, self.out, self.point
        names = {name: f"{path}.{name}" if name else path for name, *_ in part.nodes}
        for name, a, c, face, trunk in part.nodes:
            self.nodes.append(Node(names[name], *point(base + a, c), face, trunk))
        for role, tail, head, places, dashed, tapped, blocks in part.edges:
            points = tuple([point(base + a, c) for a, c in places])
            start = before if tail is None else names[tail]
            if tail is None and role in ("trunk", "arm"):
                points = (*(self.lead or (point(self.a, 0),)), *points[1:])
            if role == "trunk":
                edge = Edge("trunk", names[head], start, names[head], points, radius=CORNER if len(points) > 2 else 0)
            else:
                name = f"{path}.shortcut" if role == "skip" else names[head]
                edge = Edge(role, name, start, names[head], points, dashed, tapped, blocks, RADIUS)
            self.edges.append(edge)
        for a, c, text in part.notes:
            self._arc_note(base + a, c, text)
        self.free = self.a = base + part.length
        self.out = names[part.out] if part.out is not None else before
        self.lead = ()
        return self.nodes[first]

    def _arc_note(self, a: float, c: float, text: str) -> None:
        x, y = self.point(a, c)
        if self.look.vertical:
            aside = 6 if c > 0 else -6
            self.notes.append(Note(x + aside, y, text, "start" if c > 0 else "end", ("small",), SMALL))
        else:
            self.notes.append(Note(x, y - (9 if c > 0 else -9), text, "middle", ("small",), SMALL))

    def side_note(self, node: Node, *lines: str) -> None:
        """Write words beside a node of the main path, the first line bold where there are several."""
        for index, text in enumerate(lines):
            classes = ("label",) if index < len(lines) - 1 else ("small",)
            row = index * (ROW - 3)
            if self.look.vertical:
                y = node.y + row - (len(lines) - 1) * (ROW - 3) / 2
                self.notes.append(Note(LABELS, y, text, "start", classes, SMALL))
            else:
                y = node.y + node.face.height / 2 + ROW / 2 + 3 + row
                self.notes.append(Note(node.x, y, text, "middle", classes, SMALL))

    def near_note(self, node: Node, text: str) -> None:
        """Write words right beside a node, on the side where no shortcut runs."""
        if not self.look.vertical:
            self.side_note(node, text)
            return
        self.notes.append(Note(node.x - node.face.width / 2 - 10, node.y, text, "end", ("formula",), FONT))

    def stage_note(self, begin: float, first: Node, stage: Stage, action: Literal["fold", "unfold"]) -> None:
        """Write a stage's label and output size on its ground, with its handle."""
        lines = ((stage.label, ("label",)), (fmt.shape(stage.out_shape), ("small",)))
        if self.look.vertical:
            left, row = LABELS, first.y - ROW / 2 + 1
        else:
            left, row = self.x + begin + 26, self.y + self.look.depth + PAD + ROW / 2 - 2
        for index, (text, classes) in enumerate(lines):
            self.notes.append(Note(left, row + index * (ROW - 3), text, "start", classes, SMALL, stage.name))
        self.handles.append(Handle(left - 12, row, stage.name, action))
        if not self.look.vertical:
            widest = max(text_width(text, SMALL, bold=True) for text, _ in lines)
            self.free = max(self.free, begin + 26 + widest)

    def ground(self, stage: Stage, begin: float, end: float, tint: str) -> None:
        """Put a stage's ground under what was put down since ``begin``."""
        (left, top), (right, bottom) = self.point(begin, 0), self.point(end, 0)
        if self.look.vertical:
            left, right = MARGIN, self.x + self.look.reach + PAD
        else:
            top, bottom = self.y - self.look.reach - PAD, self.y + self.look.depth + PAD + 2 * ROW
        self.bands.append(Band(stage.name, left, top, right - left, bottom - top, (tint,)))
        self.free, self.grounds = end, self.grounds + 1

    def handle(self, node: Node, path: str, action: Literal["fold", "unfold"], *, second: bool = False) -> None:
        """Put a handle on the near edge of a node; a ``second`` one beside the first."""
        aside = 17.0 if second else 0.0
        if self.look.vertical:
            place = node.x - node.face.width / 2 - aside, node.y
        else:
            place = node.x - node.face.width / 2 + 3 + aside, node.y + node.face.height / 2
        self.handles.append(Handle(*place, path, action))

    def drawing(self, detail: str, unfold: frozenset[str], fold: frozenset[str]) -> Picture:
        """Return the finished picture."""
        look, row = self.look, MARGIN + TITLE / 2
        title, facts = self.header.title, self.header.facts
        words = [Note(MARGIN, row, title, "start", ("title",), TITLE)]
        words.append(Note(MARGIN, row + ROW + 2, facts, "start", ("small",), SMALL))
        keys: list[Key] = []
        for sample, text in self.header.legend:
            y = row + ROW * (2 + len(keys)) + 4
            keys.append(Key(MARGIN, y, sample, text))
        nodes = tuple(self.nodes)
        if self.heat:
            top = self.heat.top(nodes)
            keys.append(Key(MARGIN, row + ROW * (2 + len(keys)) + 4, "heat", self.heat.legend(top)))
            nodes = self.heat.on(nodes, top)
        width = max(
            MARGIN + text_width(title, TITLE, bold=True),
            MARGIN + text_width(facts, SMALL),
            *(key.x + (SCALE if key.sample == "heat" else SAMPLE) + text_width(key.text, SMALL) for key in keys),
        )
        if look.vertical:
            width = max(width, self.x + look.reach + PAD)
            height = self.y + self.free
        else:
            width = max(width, self.x + self.free)
            height = self.y + look.depth + PAD + 2 * ROW
        return Picture(
            name=title,
            title=title,
            width=float(ceil(width + MARGIN)),  # whole pixels: a PNG has no others
            height=float(ceil(height + MARGIN)),
            horizontal=not look.vertical,
            detail=detail,
            nodes=nodes,
            edges=tuple(self.edges),
            bands=tuple(self.bands),
            notes=(*words, *self.notes),
            handles=tuple(self.handles),
            legend=tuple(keys),
            unfold=unfold,
            fold=fold,
        )
