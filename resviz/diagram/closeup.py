"""Two pictures that the papers are known for: one unit from near, and a plain net beside its residual twin."""

from collections.abc import Collection
from dataclasses import replace
from math import ceil

from resviz.arch.config import ResNetConfig
from resviz.arch.expand import expand
from resviz.arch.layers import leaves
from resviz.arch.network import Network
from resviz.arch.tree import Block, ShortcutKind
from resviz.diagram.block_layout import block_part
from resviz.diagram.block_measures import look_for
from resviz.diagram.block_nodes import block_faces
from resviz.diagram.drawing import Drawing, Edge, Note
from resviz.diagram.layout import lay_out
from resviz.diagram.levels import Detail, Piece
from resviz.diagram.node_styles import SMALL, face, merge_formula, tint
from resviz.diagram.picture import Picture
from resviz.diagram.placement import PAD, Canvas, Header
from resviz.diagram.text import text_width
from resviz.errors import DrawError, unknown
from resviz.report import formatting as fmt

GAP = 16.0
"""Space between the nodes of a unit from near."""
APART = 56.0
"""Between the two columns of twins."""
HEADING = 22.0
"""Room for the words above them."""
ABOVE = 2
"""How many of a picture's words stand above it: title and facts."""
WORDS = {
    ShortcutKind.IDENTITY: "identity, x",
    ShortcutKind.PROJECTION: "projection, W x",
    ShortcutKind.PADDING: "zero padding",
    ShortcutKind.POOLING: "pooling",
}
"""What stands beside a unit's shortcut."""


def close_up(network: Network | ResNetConfig, path: str, *, horizontal: bool = False) -> Picture:
    """Return the picture of one unit, ``layer2.0``, with every operation: the papers' block figures.

    Raises DrawError for a path that names no unit, ConfigError for an impossible configuration.
    """
    if isinstance(network, ResNetConfig):
        network = expand(network)
    blocks = dict(network.blocks())
    if path not in blocks:
        raise DrawError(unknown("block", path, blocks, like="layer2.0"))
    block = blocks[path]
    index = next(index for index, stage in enumerate(network.stages) if path.startswith(f"{stage.name}."))
    faces = block_faces(Piece(block, 0, 1, "operations"), tint(index), split=horizontal)
    faces = replace(
        faces, arcs=tuple(replace(arc, label="" if arc.items else WORDS[block.shortcut_kind]) for arc in faces.arcs)
    )
    before, after = fmt.shape(block.in_shape), fmt.shape(block.out_shape)
    ends = [
        face((f"x, {size}",), ("input",), (f"{what}, {size}",), shape="pill")
        for size, what in ((before, "the block's input"), (after, "the block's output"))
    ]
    ends[1] = replace(ends[1], lines=(f"y, {after}",))
    look = look_for([faces], ends, vertical=not horizontal, gap=GAP)
    arms = _formula(block)
    canvas = Canvas(_header(network, path, block), look, [""])
    canvas.single("input", ends[0], 0.0)
    canvas.free += PAD
    canvas.part(path, block_part(faces, look))
    canvas.free += PAD
    canvas.single("output", ends[1], GAP)
    by_path = {node.path: node for node in canvas.nodes}
    branch = [by_path[f"{path}.{op.name}"] for op in block.layers() if op in block.branch]
    if branch and arms:
        canvas.near_note(branch[len(branch) // 2], "F(x)")
        canvas.near_note(by_path[f"{path}.add"], arms)
    return canvas.drawing(Detail.OPERATIONS, frozenset(), frozenset())


def _formula(block: Block) -> str:
    if block.merge is None:
        return ""
    return (
        ""
        if merge_formula(block.merge)
        else "F(x) + x"
        if block.shortcut_kind is ShortcutKind.IDENTITY
        else "F(x) + s(x)"
    )


def _header(network: Network, path: str, block: Block) -> Header:
    facts = f"{fmt.plural(block.params, 'parameter')}, {fmt.macs(block.macs)}, {block.bracket}"
    there = block.shortcut is not None
    return Header(f"{path} of {network.name}", facts, int(there and not block.dashed), int(block.dashed))


def twins(network: Network | ResNetConfig, detail: Detail | str = Detail.LAYERS) -> Picture:
    """Return a residual network beside the plain net of the same layers, as in He et al. 2015, Fig. 3.

    The plain column's paths begin with ``plain.``. Raises DrawError for a network without shortcuts or a
    level that does not exist, ConfigError for an impossible configuration.
    """
    if isinstance(network, ResNetConfig):
        network = expand(network)
    if sum(network.shortcuts) == 0:
        raise DrawError(f"{network.name} is a plain net itself: it has no residual twin. Choose a shortcut.")
    one = lay_out(network, detail)
    skipped = sum(_cost(run.block) * run.count for stage in network.stages for run in stage.runs)
    headings = (
        f"plain, {fmt.short(network.params - skipped)} parameters",
        f"residual, {fmt.short(network.params)} parameters",
    )
    dropped = _only_residual(network) | {node.path for node in one.nodes if node.path.endswith(".add")}
    column = tuple(
        node._replace(path=f"plain.{node.path}", y=node.y + HEADING) for node in one.nodes if node.path not in dropped
    )
    leftmost = min(node.x - node.face.width / 2 for node in one.nodes)  # gates stand there
    rightmost = max(node.x + node.face.width / 2 for node in column)
    room = sum(text_width(heading, SMALL, bold=True) for heading in headings) / 2 + PAD
    aside = max(rightmost + APART - leftmost, room)
    lines = _plain_edges(one, dropped)
    top = column[0]
    row = top.y - top.face.height / 2 - HEADING / 2
    words = tuple(
        Note(top.x + aside * index, row, heading, "middle", ("label",), SMALL) for index, heading in enumerate(headings)
    )
    above, beside = one.notes[:ABOVE], one.notes[ABOVE:]
    return replace(
        one,
        width=float(ceil(one.width + aside)),
        height=one.height + HEADING,
        nodes=(*column, *(node._replace(x=node.x + aside, y=node.y + HEADING) for node in one.nodes)),
        edges=(*lines, *(_moved(edge, aside) for edge in one.edges)),
        bands=tuple(replace(band, width=band.width + aside, top=band.top + HEADING) for band in one.bands),
        notes=(
            *above,
            *words,
            *(replace(note, x=note.x + aside * (note.x > leftmost), y=note.y + HEADING) for note in beside),
        ),
        handles=(),
    )


def _cost(block: Block) -> int:
    """Return the parameters that a unit's shortcut and gate have."""
    arms = {layer.name for layer in block.gate} | {layer.name for layer in block.shortcut or ()}
    return sum(layer.params for layer in block.layers() if layer.name in arms)


def _only_residual(network: Network) -> set[str]:
    """Return the paths of the layers that a plain net lacks: those of shortcuts and of what gates them."""
    return {
        f"{path}.{layer.name}"
        for path, block in network.blocks()
        for layer in (*leaves(block.shortcut or ()), *block.gate)
    }


def _plain_edges(one: Drawing, dropped: Collection[str]) -> tuple[Edge, ...]:
    """Return the edges of the plain column; one that would leave a dropped node leaves what stands before that."""
    nodes = {node.path: node for node in one.nodes}
    before = {edge.head: edge.tail for edge in one.edges if edge.role == "trunk"}
    found = []
    for edge in one.edges:
        if edge.role == "skip" or edge.head in dropped:
            continue
        tail = edge.tail
        while tail in dropped:
            tail = before[tail]
        points = edge.points
        if tail != edge.tail:
            node = nodes[tail]
            points = ((node.x, node.y + node.face.height / 2), *points[1:])
        path, head = f"plain.{edge.path}", f"plain.{edge.head}"
        found.append(_moved(edge._replace(path=path, tail=f"plain.{tail}", head=head, points=points), 0.0))
    return tuple(found)


def _moved(edge: Edge, aside: float) -> Edge:
    return edge._replace(points=tuple((x + aside, y + HEADING) for x, y in edge.points))
