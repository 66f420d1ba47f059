"""What a picture's tests measure it with."""

from collections import defaultdict
from collections.abc import Iterator

from resviz.diagram import Drawing
from resviz.diagram.drawing import Node, Point

BUCKET = 64  # pixels
Box = tuple[float, float, float, float]


def box(node: Node) -> Box:
    """Left, top, right, bottom."""
    half_width, half_height = node.face.width / 2, node.face.height / 2
    return node.x - half_width, node.y - half_height, node.x + half_width, node.y + half_height


def overlapping(drawing: Drawing) -> list[tuple[str, str]]:
    """Pairs of nodes whose boxes overlap."""
    found = []
    for near in _buckets(drawing).values():
        for index, first in enumerate(near):
            for second in near[index + 1 :]:
                a, b = box(first), box(second)
                if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]:
                    found.append((first.path, second.path))
    return found


def crossings(drawing: Drawing) -> list[tuple[str, str]]:
    """Edges that run through a node's box, with that node. Every stretch of an edge runs along an axis."""
    buckets, found = _buckets(drawing), []
    for edge in drawing.edges:
        for start, end in zip(edge.points, edge.points[1:], strict=False):
            assert abs(start[0] - end[0]) < 0.01 or abs(start[1] - end[1]) < 0.01, (edge, "not along an axis")
            stretch = min(start[0], end[0]), min(start[1], end[1]), max(start[0], end[0]), max(start[1], end[1])
            for node in {node.path: node for key in _keys(drawing, stretch) for node in buckets[key]}.values():
                left, top, right, bottom = box(node)
                # A line may touch the box that it begins or ends at.
                across = (stretch[0] < right - 0.1 and left + 0.1 < stretch[2]) or left + 0.1 < stretch[0] < right - 0.1
                down = (stretch[1] < bottom - 0.1 and top + 0.1 < stretch[3]) or top + 0.1 < stretch[1] < bottom - 0.1
                if across and down:
                    found.append((f"{edge.tail} to {edge.head}", node.path))
    return found


def outside(drawing: Drawing) -> list[object]:
    """What does not lie within the picture."""
    found: list[object] = []
    for node in drawing.nodes:
        left, top, right, bottom = box(node)
        if left < 0 or top < 0 or right > drawing.width or bottom > drawing.height:
            found.append(node.path)
    for edge in drawing.edges:
        found += [edge.path for point in edge.points if not _within(drawing, point)]
    for band in drawing.bands:
        corners = ((band.left, band.top), (band.left + band.width, band.top + band.height))
        found += [band.path for corner in corners if not _within(drawing, corner)]
    found += [handle.path for handle in drawing.handles if not _within(drawing, (handle.x, handle.y))]
    return found + [note.text for note in drawing.notes if not _within(drawing, (note.x, note.y))]


def _within(drawing: Drawing, point: Point) -> bool:
    return 0 <= point[0] <= drawing.width and 0 <= point[1] <= drawing.height


def _buckets(drawing: Drawing) -> defaultdict[int, list[Node]]:
    buckets: defaultdict[int, list[Node]] = defaultdict(list)
    for node in drawing.nodes:
        for key in _keys(drawing, box(node)):
            buckets[key].append(node)
    return buckets


def _keys(drawing: Drawing, area: Box) -> Iterator[int]:
    start, end = (area[0], area[2]) if drawing.horizontal else (area[1], area[3])
    yield from range(int(start // BUCKET), int(end // BUCKET) + 1)
