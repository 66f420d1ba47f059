"""A picture made narrow, for where several stand next to each other: its labels on the stages' grounds, not beside."""

from collections.abc import Iterator
from dataclasses import replace
from math import ceil

from resviz.diagram.drawing import Band, Drawing, Node, Note
from resviz.diagram.node_styles import SMALL
from resviz.diagram.picture import Picture
from resviz.diagram.placement import LABELS, MARGIN, PAD, ROW, TITLE
from resviz.diagram.text import text_width

ABOVE = 2
"""How many of a picture's words stand above it: title and facts."""
INSIDE = 9.0
"""From a ground's edge to the words on it, and from a node to the words beside it; pixels."""
EDGE = 6.0
"""What is left of a picture's margin where a place has its own; pixels."""
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def narrow(picture: Picture) -> Picture:
    """Return a picture from top to bottom without the column of labels at its left.

    Where a label would lie on a node or a line, and of a picture from left to right, it is returned as it is.
    """
    column = [note for note in picture.notes[ABOVE:] if note.x == LABELS]
    rest = [note for note in picture.notes[ABOVE:] if note.x != LABELS]
    if picture.horizontal or not column:
        return picture
    leftmost = min(
        *(node.x - node.face.width / 2 for node in picture.nodes),
        *(x for edge in picture.edges for x, _ in edge.points),
        *(_box(note)[0] for note in rest),
        picture.width,
    )
    aside = max(leftmost - MARGIN - PAD, 0.0)
    labels = list(_placed(picture, column, aside))
    if any(_covers(picture, _box(label)) for label in labels):
        return picture
    head = max(
        *(_box(note)[2] for note in picture.notes[:ABOVE]),
        *(key.x + 34 + text_width(key.text, SMALL) for key in picture.legend),
        0.0,
    )
    within = (*labels, *rest)
    right = max(picture.width - MARGIN, *(_box(note)[2] for note in within))
    moved = replace(picture, notes=(*picture.notes[:ABOVE], *within)).moved(-aside, 0.0)
    return replace(
        moved,
        width=float(ceil(max(right - aside, head) + MARGIN)),
        notes=(*picture.notes[:ABOVE], *moved.notes[ABOVE:]),
        legend=picture.legend,
        bands=tuple(replace(band, left=MARGIN, width=band.left + band.width - MARGIN) for band in moved.bands),
        handles=(),
    )


def untitled(picture: Picture) -> Picture:
    """Return a picture without its title and wide margins, for a place that has both already."""
    up, aside = TITLE + MARGIN - EDGE, MARGIN - EDGE
    bare = replace(picture, notes=picture.notes[1:]).moved(-aside, -up)
    return replace(bare, width=picture.width - 2 * aside, height=picture.height - up - aside)


def _placed(picture: Drawing, column: list[Note], aside: float) -> Iterator[Note]:
    """Yield the labels where they will stand, before all is moved: on the ground's corner, or right of their node."""
    grounds = {band.path: band for band in picture.bands}
    nodes = {node.y: node for node in picture.nodes if node.trunk}
    rows: dict[str, int] = {}
    for note in column:
        if note.stage:
            row = rows[note.stage] = rows.get(note.stage, -1) + 1
            yield _on_ground(note, grounds[note.stage], row, aside)
        elif note.y in nodes:
            yield replace(note, x=_right(nodes[note.y]) + INSIDE)


def _on_ground(note: Note, ground: Band, row: int, aside: float) -> Note:
    return replace(note, x=MARGIN + aside + INSIDE, y=ground.top + INSIDE + 1 + row * (ROW - 4))


def _right(node: Node) -> float:
    return node.x + node.face.width / 2


def _box(note: Note) -> Box:
    width = text_width(note.text, note.size, bold=bool({"title", "label"} & set(note.classes)))
    left = note.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[note.anchor] * width
    return left, note.y - note.size / 2, left + width, note.y + note.size / 2


def _covers(picture: Drawing, box: Box) -> bool:
    """Return whether a box lies on a node or on a line of the picture."""
    left, top, right, bottom = box
    for node in picture.nodes:
        wide, high = node.face.width / 2, node.face.height / 2
        if left < node.x + wide and node.x - wide < right and top < node.y + high and node.y - high < bottom:
            return True
    for edge in picture.edges:
        for (x, y), (to_x, to_y) in zip(edge.points, edge.points[1:], strict=False):
            if left < max(x, to_x) + 2 and min(x, to_x) - 2 < right and top < max(y, to_y) and min(y, to_y) < bottom:
                return True
    return False
