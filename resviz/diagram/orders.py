"""The orders of He et al. 2016 beside each other: one unit from near, five times, as in their Fig. 4."""

from dataclasses import replace
from math import ceil

from resviz.arch.config import ResNetConfig
from resviz.arch.expand import expand
from resviz.arch.orders import ORDERS
from resviz.diagram.closeup import ABOVE, WORDS, close_up
from resviz.diagram.drawing import Drawing, Edge, Node, Note
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
BELOW = 24.0
"""Pixels below a row."""


def orders(config: ResNetConfig, path: str, *, columns: int = len(FIVE)) -> Picture:
    """Return one unit of a network, ``layer2.0``, in each of the five orders, ``columns`` in a row; its own is marked.

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
    first = drawn[0][1]
    tops = [min(_sides(one)[0] for _, one in drawn)]
    for begin in range(0, len(drawn), columns):
        high = max(bottom - top for top, bottom in (_sides(one) for _, one in drawn[begin : begin + columns]))
        tops.append(tops[-1] + HEADING + high + BELOW)
    nodes: list[Node] = []
    edges: list[Edge] = []
    notes = list(first.notes[:ABOVE])
    left = 0.0
    for column in range(columns):
        members = list(enumerate(drawn))[column::columns]
        x = left + 8 - min(_leftmost(one) for _, (_, one) in members)
        for index, (order, one) in members:
            label = f"{ORDERS[order].label}{', as here' if order in config.each('order') else ''}"
            placed = _placed(one, order, label, x, tops[index // columns] + HEADING)
            nodes += placed.nodes
            edges += placed.edges
            notes += placed.notes
            left = max(left, _rightmost(placed) + APART)
    return Picture(
        name=f"{first.name}-orders",
        title=first.title,
        width=float(ceil(max(left, *(note.x + text_width(note.text, note.size) + APART for note in notes[:ABOVE])))),
        height=float(ceil(tops[-1])),
        horizontal=False,
        detail=first.detail,
        nodes=tuple(nodes),
        edges=tuple(edges),
        notes=tuple(notes),
        legend=first.legend,
    )


def _sides(one: Drawing) -> tuple[float, float]:
    """Return where a unit begins and ends, from top to bottom."""
    tops, bottoms = zip(
        *((node.y - node.face.height / 2, node.y + node.face.height / 2) for node in one.nodes), strict=True
    )
    return min(tops), max(bottoms)


def _leftmost(one: Drawing) -> float:
    words = [note.x - text_width(note.text, SMALL) - 8 for note in one.notes[ABOVE:] if note.anchor == "end"]
    return min(*words, *(node.x - node.face.width / 2 for node in one.nodes))


def _placed(one: Drawing, order: str, label: str, x: float, top: float) -> Drawing:
    """Return a unit moved by ``x`` and to ``top``, under its name, its paths beginning with its order."""
    notes, y = one.notes[ABOVE:], top - _sides(one)[0]
    axis = next(node.x for node in one.nodes if node.path == "input") + x
    return replace(
        one,
        nodes=tuple(node._replace(path=f"{order}.{node.path}", x=node.x + x, y=node.y + y) for node in one.nodes),
        edges=tuple(
            edge._replace(
                path=f"{order}.{edge.path}",
                tail=f"{order}.{edge.tail}",
                head=f"{order}.{edge.head}",
                points=tuple((px + x, py + y) for px, py in edge.points),
            )
            for edge in one.edges
        ),
        notes=(
            Note(axis, top - HEADING / 2 - 8, label, "middle", ("label",), SMALL),
            *(replace(note, x=note.x + x, y=note.y + y) for note in notes),
        ),
    )


def _rightmost(one: Drawing) -> float:
    return max(
        *(px for edge in one.edges for px, _ in edge.points),
        *(node.x + node.face.width / 2 for node in one.nodes),
        *(note.x + text_width(note.text, SMALL) * (0.5 if note.anchor == "middle" else 1) for note in one.notes),
    )


def without_order(path: str) -> str:
    """Return what a path of the five orders is in a picture of one network; any other path as it is."""
    order, _, rest = path.partition(".")
    return rest if order in FIVE else path


def in_own_order(config: ResNetConfig, unit: str, path: str) -> str:
    """Return what a path of a network is in the picture of a unit's five orders; one that is not there as it is."""
    own = dict.fromkeys(config.each("order"))
    order = next(iter(own))
    return f"{order}.{path}" if len(own) == 1 and order in FIVE and path.startswith(f"{unit}.") else path


def takes_orders(config: ResNetConfig) -> bool:
    """Return whether the blocks of a network take each of the five orders."""
    try:
        for order in FIVE:
            config.with_(order=order)
    except ConfigError:
        return False
    return True
