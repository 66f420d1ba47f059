"""The picture as DOT source.

Positions, sizes and routes are written down, so that ``neato -n2`` draws just this picture. ``dot`` reads
none of them and lays the same nodes, edges and stages (as clusters) out anew. Graphviz counts y upwards and
sizes in inches; a point is taken for a pixel.
"""

from collections.abc import Container, Iterator

from graphviz import Digraph, escape

from resviz.diagram.drawing import Drawing, Edge, Face, Node, Note, Point
from resviz.diagram.line_paths import HEAD, corners
from resviz.diagram.marks import SIGNS
from resviz.diagram.node_styles import FONT, count_text
from resviz.diagram.palette import GROUNDS, INK, PAPER, SOFT, ink, paint
from resviz.diagram.text import FAMILIES, text_width
from resviz.errors import DrawError
from resviz.report.compare import Mark

FONTS = FAMILIES.replace("'", "").replace(", ", ",")
"""The same fonts as an exported SVG's, as Graphviz lists them."""
POINTS = 72.0
"""Points to the inch."""


def digraph(drawing: Drawing) -> Digraph:
    """Return the picture as a graph with positions. Raises DrawError for a paper's figure, whose rows it lacks."""
    if drawing.style == "paper":
        raise DrawError("A paper's figure has rows, which DOT knows nothing of: write it as svg, png, pdf or tex.")
    graph = Digraph(name="resviz", engine="neato")
    graph.attr(
        label=_legend(drawing),
        labelloc="t",
        fontname=FONTS,
        fontsize="12",
        fontcolor=SOFT,
        rankdir="LR" if drawing.horizontal else "TB",
        outputorder="edgesfirst",
        bgcolor=PAPER,
        splines="true",
    )
    graph.attr("node", fontname=FONTS, fontcolor=INK, margin="0.06,0.03", penwidth="1")
    graph.attr("edge", color=INK, arrowsize="0.6", penwidth="1.2")
    bands = {band.path: band for band in drawing.bands}
    badges = {badge.path: SIGNS[badge.mark].colour for badge in drawing.badges}
    clusters: dict[str, list[Node]] = {path: [] for path in bands}
    for node in drawing.nodes:
        clusters.setdefault(_stage(node.path, bands), []).append(node)
    for path, nodes in clusters.items():
        if path not in bands:
            for node in nodes:
                _node(graph, drawing, node, badges.get(node.path))
            continue
        band = bands[path]
        with graph.subgraph(name=f"cluster_{path}") as cluster:
            left, bottom = band.left, drawing.height - band.top - band.height
            words = [note for note in drawing.notes if note.stage == path]
            cluster.attr(
                label=_text("\n".join(note.text for note in words)),
                labeljust="l",
                lp=_place(drawing, _middle(words) if words else (band.left, band.top)),
                bb=f"{left:.1f},{bottom:.1f},{left + band.width:.1f},{bottom + band.height:.1f}",
                style="filled",
                color=GROUNDS.get(band.classes[0], PAPER),
                fontsize="11",
            )
            for node in nodes:
                _node(cluster, drawing, node, badges.get(node.path))
    for edge in drawing.edges:
        attributes = {"pos": _route(drawing, edge)}
        if edge.dashed:
            attributes["style"] = "dashed"
        if edge.role in ("skip", "gate"):
            attributes["constraint"] = "false"
        graph.edge(_quoted(edge.tail), _quoted(edge.head), **attributes)
    return graph


def _stage(path: str, stages: Container[str]) -> str:
    """Return the stage that a node stands in, empty for none; of several networks a letter stands before it."""
    parts = path.split(".")
    return next((name for name in (parts[0], ".".join(parts[:2])) if name in stages), "")


def _node(graph: Digraph, drawing: Drawing, node: Node, frame: str | None) -> None:
    """Add a node; ``frame`` is the colour of what a comparison marks."""
    face = node.face
    colours = paint(face.classes, node.heat)
    graph.node(
        _quoted(node.path),
        label=_label(face),
        tooltip=_text(f"{node.path}: {'; '.join(face.facts)}"),
        pos=f"{_place(drawing, (node.x, node.y))}!",
        width=f"{face.width / POINTS:.4f}",
        height=f"{face.height / POINTS:.4f}",
        fixedsize="true",
        shape="circle" if face.shape == "circle" else "box",
        style="rounded,filled" if face.shape == "pill" else "filled",
        fillcolor=colours.fill,
        color=frame or colours.stroke,
        fontcolor=ink(node.heat),
        fontsize=f"{FONT:g}",
        penwidth="2.5" if frame else "2" if face.count > 1 else "1",
    )


def _label(face: Face) -> str:
    lines = list(face.lines)
    if face.count > 1:
        middle = len(lines) // 2
        lines[middle] = f"{lines[middle]}    {count_text(face.count)}"
    return _text("\n".join(lines))


def _text(text: str) -> str:
    """Return a text that Graphviz shows as it is: no escapes of its own, no HTML-like label."""
    return str(escape(text)).replace("\n", "\\n")


def _quoted(path: str) -> str:
    """Return a path as a node's name: a colon would name a port, so it may not stand there bare."""
    return path.replace(":", "_")


def _place(drawing: Drawing, point: Point) -> str:
    return f"{point[0]:.1f},{drawing.height - point[1]:.1f}"


def _route(drawing: Drawing, edge: Edge) -> str:
    """Return an edge as Graphviz's spline: where the arrow ends, then cubic curves."""
    (x, y), (tip_x, tip_y) = edge.points[-2:]
    length = abs(tip_x - x) + abs(tip_y - y) or 1.0  # every last stretch runs along an axis
    base = tip_x - HEAD * (tip_x - x) / length, tip_y - HEAD * (tip_y - y) / length
    points = (*edge.points[:-1], base)
    path = [points[0]]
    for begin, corner, end in corners(points, edge.radius):
        path += [*_straight(path[-1], begin), *_bend(begin, corner, end)]
    path += _straight(path[-1], points[-1])
    return f"e,{_place(drawing, edge.points[-1])} " + " ".join(_place(drawing, point) for point in path)


def _straight(start: Point, end: Point) -> Iterator[Point]:
    """Yield a straight line as the other three points of a cubic curve."""
    for share in (1 / 3, 2 / 3, 1.0):
        yield start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _bend(begin: Point, corner: Point, end: Point) -> Iterator[Point]:
    """Yield a quadratic curve as the other three points of a cubic one."""
    for point in (begin, end):
        yield point[0] + (corner[0] - point[0]) * 2 / 3, point[1] + (corner[1] - point[1]) * 2 / 3
    yield end


def _middle(words: list[Note]) -> Point:
    """Return the middle of a stage's words, which begin at the same x."""
    width = max(text_width(note.text, note.size) for note in words)
    return words[0].x + width / 2, (words[0].y + words[-1].y) / 2


def _legend(drawing: Drawing) -> str:
    """Return the title and the legend in words; of several networks each line of a shortcut names its network."""
    titles = [note for note in drawing.notes if "title" in note.classes]
    words = [drawing.title]
    for key in drawing.legend:
        if key.mark:
            words.append(f"{Mark(key.mark).sign} {key.text}")
        else:
            of = "" if len(titles) < 2 else f"{next(one.text for one in reversed(titles) if one.x <= key.x)}, "
            words.append(f"{of}{key.sample}: {key.text}")
    return _text("\n".join(words))
