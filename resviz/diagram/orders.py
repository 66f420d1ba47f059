"""The orders of He et al. 2016 beside each other: one unit from near, five times, as in their Fig. 4."""

from dataclasses import replace
from math import ceil

from resviz.arch.config import ResNetConfig
from resviz.arch.expand import expand
from resviz.arch.orders import ORDERS
from resviz.diagram.closeup import WORDS, close_up
from resviz.diagram.drawing import Drawing, Node, Note
from resviz.diagram.node_styles import SMALL
from resviz.diagram.picture import Picture
from resviz.diagram.text import text_width
from resviz.errors import ConfigError, DrawError

FIVE = ("original", "bn_after_add", "relu_before_add", "relu_only_preact", "full_preact")
"""Fig. 4a to 4e."""
APART = 20.0
"""Pixels between two units."""
HEADING = 34.0
"""Pixels above them for their names."""


def orders(config: ResNetConfig, path: str) -> Picture:
    """Return one unit of a network, ``layer2.0``, in each of the five orders, side by side; its own is marked.

    Paths begin with the order: ``full_preact.layer2.0.conv1``. Raises DrawError for a path that names no unit, and
    where the network's blocks have an order of their own.
    """
    drawn: list[tuple[str, Drawing]] = []
    for order in FIVE:
        try:
            near = close_up(expand(config.with_(order=order)), path)
        except ConfigError as error:
            raise DrawError(f"{config.name} takes no other order: {error}") from None
        # The shortcut is the same in all five: its name beside each would only push them apart.
        drawn.append(
            (order, replace(near, notes=tuple(note for note in near.notes if note.text not in WORDS.values())))
        )
    top = min(node.y - node.face.height / 2 for _, one in drawn for node in one.nodes)
    nodes, edges, notes, left = [], [], list(drawn[0][1].notes[:2]), 0.0
    for order, one in drawn:
        x, y = left, HEADING + top - min(node.y - node.face.height / 2 for node in one.nodes)
        own = order in config.each("order")
        label = f"{ORDERS[order].label}{', as here' if own else ''}"
        words = [note.x - text_width(note.text, SMALL) - 8 for note in one.notes[2:] if note.anchor == "end"]
        x += 8 - min(*words, *(node.x - node.face.width / 2 for node in one.nodes))
        axis = next(node.x for node in one.nodes if node.path == "input") + x
        nodes += [_moved_node(node, order, x, y) for node in one.nodes]
        edges += [
            edge._replace(
                path=f"{order}.{edge.path}",
                tail=f"{order}.{edge.tail}",
                head=f"{order}.{edge.head}",
                points=tuple((px + x, py + y) for px, py in edge.points),
            )
            for edge in one.edges
        ]
        notes.append(Note(axis, top + HEADING / 2 - 8, label, "middle", ("label",), SMALL))
        notes += [replace(note, x=note.x + x, y=note.y + y) for note in one.notes[2:]]
        wide = max(
            *(px for edge in edges for px, _ in edge.points),
            *(node.x + node.face.width / 2 for node in nodes),
            *(note.x + text_width(note.text, SMALL) * (0.5 if note.anchor == "middle" else 1) for note in notes[2:]),
        )
        left = wide + APART
    last = max(node.y + node.face.height / 2 for node in nodes)
    first = drawn[0][1]
    return Picture(
        name=f"{first.name}-orders",
        title=first.title,
        width=float(ceil(left)),
        height=float(ceil(last + 24.0)),
        horizontal=False,
        detail=first.detail,
        nodes=tuple(nodes),
        edges=tuple(edges),
        notes=tuple(notes),
        legend=first.legend,
    )


def takes_orders(config: ResNetConfig) -> bool:
    """Return whether the blocks of a network take each of the five orders."""
    try:
        for order in FIVE:
            config.with_(order=order)
    except ConfigError:
        return False
    return True


def _moved_node(node: Node, order: str, x: float, y: float) -> Node:
    return node._replace(path=f"{order}.{node.path}", x=node.x + x, y=node.y + y)
