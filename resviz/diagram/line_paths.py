"""The courses of a picture's lines, for writers of every format: arrow heads, rounded corners, brackets of stages."""

from math import hypot

from resviz.diagram.drawing import Band, Edge, Point

HEAD = 6.0
"""Length of an arrow's head; it is as wide."""


def bracket(band: Band) -> list[tuple[Point, Point]]:
    """Return the strokes of a stage's bracket: a line with a gap for words, and a tick at either end."""
    left, right, top, bottom = band.left, band.left + band.width, band.top, band.top + band.height
    middle, half = (top + bottom) / 2, (band.width - band.gap) / 2
    if half <= 0:
        return []
    lines = [((left, middle), (left + half, middle)), ((right - half, middle), (right, middle))]
    return [((left, top), (left, bottom)), *lines, ((right, top), (right, bottom))]


def edge_paths(edge: Edge) -> tuple[str, str]:
    """Return an edge's line and its arrow head as path data."""
    points = edge.points
    (x, y), (tip_x, tip_y) = points[-2], points[-1]
    length = hypot(tip_x - x, tip_y - y) or 1.0
    along_x, along_y = (tip_x - x) / length, (tip_y - y) / length
    base_x, base_y = tip_x - HEAD * along_x, tip_y - HEAD * along_y
    half = HEAD / 2
    head = (
        f"M{tip_x:g} {tip_y:g}L{base_x - half * along_y:g} {base_y + half * along_x:g}"
        f"L{base_x + half * along_y:g} {base_y - half * along_x:g}Z"
    )
    if len(points) == 2:
        return f"M{x:g} {y:g}L{base_x:g} {base_y:g}", head
    return _rounded((*points[:-1], (base_x, base_y)), edge.radius), head


def corners(points: tuple[Point, ...], radius: float) -> list[tuple[Point, Point, Point]]:
    """Return for each bend where its arc begins, its corner and where the arc ends."""
    bends = []
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        into, onward = (hypot(corner[0] - side[0], corner[1] - side[1]) for side in (before, after))
        size = min(radius, into / 2 if before != points[0] else into, onward / 2 if after != points[-1] else onward)
        bends.append((_towards(corner, before, size, into), corner, _towards(corner, after, size, onward)))
    return bends


def _towards(start: Point, end: Point, size: float, length: float) -> Point:
    share = size / length if length else 0.0
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _rounded(points: tuple[Point, ...], radius: float) -> str:
    data = f"M{points[0][0]:g} {points[0][1]:g}"
    for begin, corner, end in corners(points, radius):
        data += f"L{begin[0]:g} {begin[1]:g}Q{corner[0]:g} {corner[1]:g} {end[0]:g} {end[1]:g}"
    return f"{data}L{points[-1][0]:g} {points[-1][1]:g}"
