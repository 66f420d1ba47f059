"""The layout of one block, in a frame of its own: ``a`` runs along the main path, ``c`` across it.

The main path is the line ``c = 0``; shortcuts run beside it at positive ``c``, what gates read at
negative ``c``. A part begins at ``a = 0``, where the node before it ended. Identical blocks share one part.
"""

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from resviz.diagram.block_measures import BEND, FAN, SIDE, TAP, Look, arm_columns, chain_size, item_size
from resviz.diagram.drawing import Face, Point
from resviz.diagram.node_styles import ArmsFaces, BlockFaces, GateFaces, Item, Named

LETTER = 9.0
"""From a line to a letter that stands on it."""


class PartNode(NamedTuple):
    """A node in a part's frame."""

    name: str
    a: float
    c: float
    face: Face
    trunk: bool


class PartEdge(NamedTuple):
    """An edge in a part's frame; the tail ``None`` is whatever stands before the part."""

    role: Literal["trunk", "arm", "skip", "gate"]
    tail: str | None
    head: str
    points: tuple[Point, ...]
    dashed: bool = False
    tapped: bool = False
    blocks: int = 0


class PartNote(NamedTuple):
    """Words beside an arc, in a part's frame."""

    a: float
    c: float
    text: str


@dataclass(frozen=True, slots=True)
class BlockLayout:
    """A laid out block: its nodes, edges and words, how long it is, and the name of its last node."""

    nodes: tuple[PartNode, ...]
    edges: tuple[PartEdge, ...]
    notes: tuple[PartNote, ...]
    length: float
    out: str | None


class _Tap(NamedTuple):
    """Where an arm leaves the main path, and the node before that."""

    a: float
    tail: str | None


class _Line(NamedTuple):
    """A line that has left a node, and the points it has run through so far."""

    tail: str | None
    points: tuple[Point, ...]

    def through(self, *points: Point) -> "_Line":
        """Return the line run on through more points."""
        return _Line(self.tail, (*self.points, *points))


_Lines = tuple[_Line, ...]
"""Lines that run to the same node."""


class _Builder:
    """Lays nodes along the main path; ``a`` is where the last one ended, ``out`` its name."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self.nodes: list[PartNode] = []
        self.edges: list[PartEdge] = []
        self.notes: list[PartNote] = []
        self.a = 0.0
        self.out: str | None = None

    def put(self, item: Named, gap: float) -> float:
        """Put a node after a gap; return where its centre is."""
        face = self.look.widened(item.face)
        start, length = self.a + gap, self.look.along(face)
        self.edges.append(PartEdge("trunk", self.out, item.name, ((self.a, 0.0), (start, 0.0))))
        self.nodes.append(PartNode(item.name, start + length / 2, 0.0, face, True))
        self.a, self.out = start + length, item.name
        return start + length / 2

    def arms(self, item: ArmsFaces, gap: float) -> None:
        """Put parallel arms on the main path after a gap."""
        line = _Line(self.out, ((self.a, 0.0),))
        self.a = self._parallel(item, 0.0, self.a + gap, (line,), PartEdge("arm", None, "", ()), trunk=True)
        self.out = item.join.name

    def side(self, items: tuple[Item, ...], c: float, tap: _Tap, end: float, head: Named, edge: PartEdge) -> None:
        """Run a side arm at ``c`` from a tap to the node ``head`` centred at ``end``, its boxes in the middle.

        ``edge`` is what all its edges are like; its blocks are left to the last.
        """
        start = (tap.a + end - chain_size(items, self.look).along) / 2
        lines: _Lines = (_Line(tap.tail, ((tap.a, 0.0), (tap.a, c))),)
        lines, _ = self._chain(items, c, start, lines, edge._replace(tapped=True, blocks=0))
        side = self.look.across(head.face) / 2 * (1 if c > 0 else -1)
        self._lead(lines, head.name, ((end, c), (end, side)), edge._replace(tapped=not items))

    def _lead(self, lines: _Lines, head: str, points: tuple[Point, ...], edge: PartEdge) -> None:
        """Let lines end at a node, through some last points."""
        for line in lines:
            self.edges.append(edge._replace(tail=line.tail, head=head, points=_straight((*line.points, *points))))

    def _chain(
        self, items: tuple[Item, ...], c: float, a: float, lines: _Lines, edge: PartEdge, *, width: float = 0.0
    ) -> tuple[_Lines, float]:
        """Lay a chain along ``c`` from ``a`` on; return the lines that leave it, and where its last node ends.

        ``lines`` lead to its first node; boxes are at least ``width`` wide.
        """
        end = a
        for item in items:
            match item:
                case ArmsFaces():
                    end, name = self._parallel(item, c, a, lines, edge), item.join.name
                case GateFaces(_, Named() as named) | (Named() as named):
                    face, name = named.face, named.name
                    if face.width < width and face.shape != "circle":
                        face = replace(face, width=width)
                    self._lead(lines, name, ((a, c),), edge)
                    end = a + self.look.along(face)
                    self.nodes.append(PartNode(name, (a + end) / 2, c, face, False))
            lines, edge = (_Line(name, ((end, c),)),), edge._replace(tapped=False)
            a = end + self.look.gap
        return lines, end

    def _parallel(
        self, item: ArmsFaces, c: float, a: float, lines: _Lines, edge: PartEdge, *, trunk: bool = False
    ) -> float:
        """Lay parallel arms around ``c``, which part at ``a``; return where the node that joins them ends."""
        columns, widest = arm_columns(item, self.look), _widest(item, self.look)
        meet, start = a + columns.meet, a + columns.join
        ends: list[_Line] = []
        before: _Lines = ()  # what leaves the arm before, and where it does
        turn = 0.0, 0.0
        for arm, place, begin in zip(item.arms, columns.places, columns.starts, strict=True):
            at = c + place
            entering = tuple(line.through((a, c), (a, at)) for line in lines)
            if arm.cascaded:
                corner = turn[0] + TAP
                entering += tuple(line.through((corner, turn[1]), (corner, at)) for line in before)
            before, end = self._chain(arm.chain, at, a + begin, entering, edge, width=widest)
            turn = end, at
            ends += [line.through((meet, at)) for line in before]
            if arm.label:
                self.notes.append(PartNote((a + meet) / 2, at, arm.label))
        face = item.join.face
        if item.weights:
            lane = c - columns.half - SIDE - chain_size(item.weights, self.look).above
            entering = tuple(line.through((meet, lane)) for line in ends)
            weights, _ = self._chain(item.weights, lane, meet + FAN, entering, edge._replace(role="arm"))
            middle = start + self.look.along(face) / 2
            last = ((middle, lane), (middle, c - self.look.across(face) / 2))
            self._lead(weights, item.join.name, last, edge._replace(role="arm", tapped=False))
        self._lead(tuple(line.through((meet, c)) for line in ends), item.join.name, ((start, c),), edge)
        self.nodes.append(PartNode(item.join.name, start + self.look.along(face) / 2, c, face, trunk))
        return start + self.look.along(face)


def _widest(item: ArmsFaces, look: Look) -> float:
    """Return the common width of the boxes of parallel arms."""
    faces = [each.face for arm in item.arms for each in arm.chain if isinstance(each, Named)]
    return max((face.width for face in faces), default=0.0) if look.vertical else 0.0


def _straight(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """Return a line's points without those on a straight stretch."""
    kept: list[Point] = []
    for point in points:
        if kept and kept[-1] == point:
            continue
        if len(kept) > 1 and any(kept[-2][axis] == kept[-1][axis] == point[axis] for axis in (0, 1)):
            kept.pop()
        kept.append(point)
    return tuple(kept)


def _arm_length(items: tuple[Item, ...], look: Look) -> float:
    """Return how far apart an arm's tap and the centre of its end must be."""
    return chain_size(items, look).along + 2 * BEND if items else BEND


def block_part(faces: BlockFaces, look: Look) -> BlockLayout:
    """Return the layout of a block."""
    out = _Builder(look)
    source = skip_tap = _Tap(TAP, None)
    gap = look.gap + TAP if faces.arcs else look.gap
    for item in faces.pre:
        out.put(item, gap)
        gap = look.gap
    if faces.taps_pre and faces.pre:
        skip_tap = _Tap(out.a + TAP, out.out)
        gap = look.gap + TAP
    slack = _slack(faces, look, skip_tap.a, out.a + _branch_length(faces.branch, look, gap))
    gap += slack / 2
    for node in faces.branch:
        match node:
            case GateFaces(chain, times):
                tap, length = _Tap(out.a + TAP, out.out), _arm_length(chain, look)
                end = out.put(times, TAP + length - look.along(times.face) / 2)
                out.side(chain, look.attention, tap, end, times, PartEdge("gate", None, "", ()))
            case ArmsFaces():
                out.arms(node, gap)
            case Named():
                out.put(node, gap)
        gap = look.gap
    if faces.merge is not None:
        end = out.put(faces.merge, look.gap + slack / 2)
        for arc in faces.arcs:
            lane = (look.projection if arc.items else look.identity) * (-1 if arc.left else 1)
            edge = PartEdge("skip", None, "", (), arc.dashed, blocks=arc.count)
            out.side(arc.items, lane, skip_tap, end, faces.merge, edge)
            if arc.label:
                out.notes.append(PartNote((skip_tap.a + end) / 2, lane, arc.label))
        if faces.gate:
            out.side(faces.gate, look.gate, source, end, faces.merge, PartEdge("gate", None, "", ()))
            out.notes.append(PartNote(end - LETTER, look.gate / 2 - look.across(faces.merge.face) / 4, "g"))
    for item in faces.post:
        out.put(item, look.gap)
    return BlockLayout(tuple(out.nodes), tuple(out.edges), tuple(out.notes), out.a, out.out)


def _branch_length(items: tuple[Item, ...], look: Look, gap: float) -> float:
    total = 0.0
    for item in items:
        if isinstance(item, GateFaces):
            total += TAP + _arm_length(item.chain, look) + look.along(item.times.face) / 2
        else:
            total += gap + item_size(item, look).along
        gap = look.gap
    return total


def _slack(faces: BlockFaces, look: Look, tap: float, branch_end: float) -> float:
    """Return by how much the side arms are longer than the branch."""
    if faces.merge is None:
        return 0.0
    end = branch_end + look.gap + look.along(faces.merge.face) / 2
    skip = max((tap + _arm_length(arc.items, look) for arc in faces.arcs), default=0.0)
    gate = TAP + _arm_length(faces.gate, look) if faces.gate else 0.0
    return max(skip - end, gate - end, 0.0)
