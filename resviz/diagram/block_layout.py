"""The layout of one block, in a frame of its own: ``a`` runs along the main path, ``c`` across it.

The main path is the line ``c = 0``; shortcuts run beside it at positive ``c``, what gates read at
negative ``c``. A part begins at ``a = 0``, where the node before it ended. Identical blocks share one part.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from resviz.diagram.drawing import Face, Point
from resviz.diagram.node_styles import SMALL, Arm, BlockFaces, Named
from resviz.diagram.text import text_width

TAP = 10.0
"""From a node to where a side arm leaves the main path."""
BEND = 24.0
"""Room an arm needs along the path for its corner and its arrow."""
LETTER = 9.0
"""From a line to a letter that stands on it."""
SIDE = 20.0
"""From the boxes to an arm that has no boxes of its own."""


@dataclass(frozen=True, slots=True)
class Look:
    """The measures that one picture shares.

    ``trunk`` is the width of the main path's boxes (0: each its own), ``gap`` the space between nodes;
    ``identity`` and ``projection`` are where shortcuts run, ``attention`` and ``gate`` where those arms do;
    ``reach`` is how far anything gets on the shortcuts' side, ``depth`` on the other.
    """

    vertical: bool
    gap: float
    trunk: float = 0.0
    identity: float = 0.0
    projection: float = 0.0
    attention: float = 0.0
    gate: float = 0.0
    reach: float = 0.0
    depth: float = 0.0

    def along(self, face: Face) -> float:
        """Return what a face takes along the main path."""
        return face.height if self.vertical else face.width

    def across(self, face: Face) -> float:
        """Return what a face takes across the main path."""
        return face.width if self.vertical else face.height

    def widened(self, face: Face) -> Face:
        """Return the face at the common width of the main path."""
        if not self.trunk or face.width >= self.trunk or face.shape == "circle" or "formula" in face.classes:
            return face
        return replace(face, width=self.trunk)


class PartNode(NamedTuple):
    """A node in a part's frame."""

    name: str
    a: float
    c: float
    face: Face
    trunk: bool


class PartEdge(NamedTuple):
    """An edge in a part's frame; the tail ``None`` is whatever stands before the part."""

    role: Literal["trunk", "skip", "gate"]
    tail: str | None
    head: str
    points: tuple[Point, ...]
    dashed: bool = False
    arrow: bool = True
    tapped: bool = False
    blocks: int = 0


class PartNote(NamedTuple):
    """Words beside an arc, in a part's frame."""

    a: float
    c: float
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A laid out block: its nodes, edges and words, how long it is, and the name of its last node."""

    nodes: tuple[PartNode, ...]
    edges: tuple[PartEdge, ...]
    notes: tuple[PartNote, ...]
    length: float
    out: str | None


def look_for(blocks: Collection[BlockFaces], others: Collection[Face], *, vertical: bool, gap: float) -> Look:
    """Return the measures that fit all blocks and all other faces of a picture's main path."""
    bare = Look(vertical, gap)
    trunk = [face for block in blocks for face in block.trunk()] + list(others)
    widest = max([120.0, *(face.width for face in trunk)]) if vertical else 0.0
    merges = [block.merge.face for block in blocks if block.merge]
    half = max([widest / 2, *(bare.across(face) / 2 for face in (*merges, *(() if vertical else trunk)))])
    skips = [bare.across(item.face) for block in blocks for arc in block.arcs for item in arc.items]
    chains = [arm.layers for block in blocks for arm in block.branch if isinstance(arm, Arm)]
    arms = [bare.across(item.face) for chain in chains for item in chain]
    gates = [bare.across(item.face) for block in blocks for item in block.gate]
    attention = half + SIDE + max(arms, default=0.0) / 2
    gate = half + SIDE + (max(arms) + SIDE if arms else 0.0) + max(gates, default=0.0) / 2
    labels = [text_width(arc.label, SMALL) + 6 for block in blocks for arc in block.arcs if arc.label]
    label = (max(labels) if vertical else SMALL + 4) if labels else 0.0
    projection = half + SIDE + max(skips, default=0.0) / 2
    reach = [half]
    reach += [half + SIDE + label] if any(block.arcs for block in blocks) else []
    reach += [half + SIDE + max(skips)] if skips else []
    deep = [half]
    deep += [half + SIDE + label] if any(arc.left for block in blocks for arc in block.arcs) else []
    deep += [attention + max(arms) / 2] if arms else []
    deep += [gate + max(gates) / 2] if gates else []
    return Look(vertical, gap, widest, half + SIDE, projection, -attention, -gate, max(reach), max(deep))


class _Tap(NamedTuple):
    """Where an arm leaves the main path, and the node before that."""

    a: float
    tail: str | None


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

    def arm(self, items: tuple[Named, ...], c: float, tap: _Tap, end: float, head: Named, edge: PartEdge) -> None:
        """Run a side arm at ``c`` from a tap to the node ``head`` centred at ``end``, its boxes in the middle.

        ``edge`` is what all its edges are like; its blocks are left to the last.
        """
        look, tail = self.look, tap.tail
        start = (tap.a + end - _extent(items, look)) / 2
        points: tuple[Point, ...] = ((tap.a, 0.0), (tap.a, c))
        edge = edge._replace(tapped=True)
        for item in items:
            length = look.along(item.face)
            self.edges.append(edge._replace(tail=tail, head=item.name, points=(*points, (start, c)), blocks=0))
            self.nodes.append(PartNode(item.name, start + length / 2, c, item.face, False))
            points, tail = ((start + length, c),), item.name
            edge = edge._replace(tapped=False)
            start += length + look.gap
        side = look.across(head.face) / 2 * (1 if c > 0 else -1)
        self.edges.append(edge._replace(tail=tail, head=head.name, points=(*points, (end, c), (end, side))))


def _extent(items: tuple[Named, ...], look: Look) -> float:
    return sum(look.along(item.face) for item in items) + look.gap * max(len(items) - 1, 0)


def _arm_length(items: tuple[Named, ...], look: Look) -> float:
    """Return how far apart an arm's tap and the centre of its end must be."""
    return _extent(items, look) + 2 * BEND if items else BEND


def block_part(faces: BlockFaces, look: Look) -> Part:
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
        if isinstance(node, Arm):
            tap, length = _Tap(out.a + TAP, out.out), _arm_length(node.layers, look)
            end = out.put(node.times, TAP + length - look.along(node.times.face) / 2)
            out.arm(node.layers, look.attention, tap, end, node.times, PartEdge("gate", None, "", ()))
        else:
            out.put(node, gap)
        gap = look.gap
    if faces.merge is not None:
        end = out.put(faces.merge, look.gap + slack / 2)
        for arc in faces.arcs:
            lane = (look.projection if arc.items else look.identity) * (-1 if arc.left else 1)
            edge = PartEdge("skip", None, "", (), arc.dashed, blocks=arc.count)
            out.arm(arc.items, lane, skip_tap, end, faces.merge, edge)
            if arc.label:
                out.notes.append(PartNote((skip_tap.a + end) / 2, lane, arc.label))
        if faces.gate:
            out.arm(faces.gate, look.gate, source, end, faces.merge, PartEdge("gate", None, "", ()))
            out.notes.append(PartNote(end - LETTER, look.gate / 2 - look.across(faces.merge.face) / 4, "g"))
    for item in faces.post:
        out.put(item, look.gap)
    return Part(tuple(out.nodes), tuple(out.edges), tuple(out.notes), out.a, out.out)


def _branch_length(items: tuple[Named | Arm, ...], look: Look, gap: float) -> float:
    total = 0.0
    for item in items:
        if isinstance(item, Arm):
            total += TAP + _arm_length(item.layers, look) + look.along(item.times.face) / 2
        else:
            total += gap + look.along(item.face)
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
