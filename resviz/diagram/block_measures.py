"""What the parts of a block take: along the main path, ``a``, and to either side of it, across ``c``."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import NamedTuple

from resviz.diagram.drawing import Face
from resviz.diagram.node_styles import SMALL, ArmFaces, ArmsFaces, BlockFaces, GateFaces, Item, Named
from resviz.diagram.text import text_width

TAP = 10.0
"""From a node to where a side arm leaves the main path."""
BEND = 24.0
"""Room an arm needs along the path for its corner and its arrow."""
FAN = 22.0
"""From where arms part to their first node, and from where they meet to the node that joins them."""
LINE_ROOM = 8.0
"""On either side of an arm without nodes."""
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


def look_for(blocks: Collection[BlockFaces], others: Collection[Face], *, vertical: bool, gap: float) -> Look:
    """Return the measures that fit all blocks and all other faces of a picture's main path."""
    bare = Look(vertical, gap)
    trunk = [face for block in blocks for face in block.trunk()] + list(others)
    widest = max([120.0, *(face.width for face in trunk)]) if vertical else 0.0
    merges = [block.merge.face for block in blocks if block.merge]
    half = max([widest / 2, *(bare.across(face) / 2 for face in (*merges, *(() if vertical else trunk)))])
    parallel = [arms_size(item, bare) for block in blocks for item in block.branch if isinstance(item, ArmsFaces)]
    above, below = (max([half, *(size[side] for size in parallel)]) for side in (1, 2))
    skips = [bare.across(item.face) for block in blocks for arc in block.arcs for item in arc.items]
    chains = [item.chain for block in blocks for item in block.branch if isinstance(item, GateFaces)]
    sides = [chain_size(chain, bare) for chain in chains]
    near, far = (max((size[side] for size in sides), default=0.0) for side in (1, 2))
    gates = [bare.across(item.face) for block in blocks for item in block.gate]
    attention = below + SIDE + near
    gate = below + SIDE + (near + far + SIDE if sides else 0.0) + max(gates, default=0.0) / 2
    labels = [text_width(arc.label, SMALL) + 6 for block in blocks for arc in block.arcs if arc.label]
    label = (max(labels) if vertical else SMALL + 4) if labels else 0.0
    projection = above + SIDE + max(skips, default=0.0) / 2
    reach = [above]
    reach += [above + SIDE + label] if any(block.arcs for block in blocks) else []
    reach += [above + SIDE + max(skips)] if skips else []
    deep = [below]
    deep += [below + SIDE + label] if any(arc.left for block in blocks for arc in block.arcs) else []
    deep += [attention + far] if sides else []
    deep += [gate + max(gates) / 2] if gates else []
    return Look(vertical, gap, widest, above + SIDE, projection, -attention, -gate, max(reach), max(deep))


class Size(NamedTuple):
    """What something takes along the path and to either side of it: where shortcuts run, where gates do."""

    along: float
    above: float
    below: float


def chain_size(items: tuple[Item, ...], look: Look) -> Size:
    """Return what a chain on a side arm takes, from its first node to its last."""
    sizes = [item_size(item, look) for item in items]
    along = sum(size.along for size in sizes) + look.gap * max(len(items) - 1, 0)
    return Size(along, *(max((size[side] for size in sizes), default=0.0) for side in (1, 2)))


def item_size(item: Item, look: Look) -> Size:
    """Return what one item of a chain takes."""
    match item:
        case ArmsFaces():
            return arms_size(item, look)
        case GateFaces(_, face_of) | (Named() as face_of):
            across = look.across(face_of.face) / 2
            return Size(look.along(face_of.face), across, across)


def arms_size(item: ArmsFaces, look: Look) -> Size:
    """Return what parallel arms take, from where they part to the end of the node that joins them."""
    columns, weights = arm_columns(item, look), chain_size(item.weights, look)
    half = max(columns.half, look.across(item.join.face) / 2)
    below = half + (SIDE + weights.above + weights.below if item.weights else 0.0)
    return Size(columns.join + look.along(item.join.face), half, below)


class Columns(NamedTuple):
    """Where arms stand: their places across and where each begins along the path.

    ``half`` is how far they get to either side, ``meet`` where their lines meet again and ``join`` where the
    node that joins them begins.
    """

    places: tuple[float, ...]
    starts: tuple[float, ...]
    half: float
    meet: float
    join: float


def arm_columns(item: ArmsFaces, look: Look) -> Columns:
    """Return where parallel arms stand."""
    sizes = [chain_size(arm.chain, look) for arm in item.arms]
    widest = max(max(size.above, size.below) for size in sizes)
    halves = [widest if arm.chain else _line_room(arm, look) for arm in item.arms]
    half = sum(halves) + SIDE * (len(halves) - 1) / 2
    places, starts, place, end, last = [], [], -half, 0.0, 0.0
    for arm, size, own in zip(item.arms, sizes, halves, strict=True):
        places.append(place + own)
        place += 2 * own + SIDE
        starts.append(end + TAP + FAN if arm.cascaded else FAN)
        end = starts[-1] + (size.along if arm.chain else _line_length(arm, look))
        last = max(last, end)
    meet = last + TAP
    join = meet + FAN
    if item.weights:
        side = chain_size(item.weights, look).along
        join = max(join, meet + FAN + side + BEND - look.along(item.join.face) / 2)
    return Columns(tuple(places), tuple(starts), half, meet, join)


def _line_room(arm: ArmFaces, look: Look) -> float:
    """Return the room on either side of an arm without nodes."""
    if not arm.label:
        return LINE_ROOM
    return text_width(arm.label, SMALL) + 8 if look.vertical else SMALL + 8


def _line_length(arm: ArmFaces, look: Look) -> float:
    return SMALL if look.vertical else text_width(arm.label, SMALL) if arm.label else 0.0
