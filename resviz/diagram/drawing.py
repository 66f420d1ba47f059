"""The picture of a network as data: placed nodes, routed edges, and the words around them.

Lengths are pixels; x grows to the right, y downwards, and everything lies within ``width`` x ``height``.
A node's and an edge's ``path`` is the path of what it stands for in the tree (``layer3.0.conv2``,
``layer3.0.add``, ``layer3.1-5`` for a folded run, ``layer3`` for a stage), the key that tables, module
and profile share. Nothing here has a colour: classes say what a thing is, and whoever writes the
picture knows what that looks like.
"""

from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple, Self

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Face:
    """How a node looks and what it reads; nodes of identical layers share one.

    ``facts`` is what a person reads about it, line by line. A ``count`` above 1 is shown in a cell of
    its own beside the lines, as in ``x 3``.
    """

    shape: Literal["box", "pill", "circle"]
    lines: tuple[str, ...]
    classes: tuple[str, ...]
    facts: tuple[str, ...]
    width: float
    height: float
    count: int = 1


class Node(NamedTuple):
    """A face at a place, ``x`` and ``y`` its centre. A named tuple, for a picture may hold 200,000.

    ``heat`` is its step on the heat scale, or None where no heat is shown. Where ``trunk`` is False the
    node stands on a side arm.
    """

    path: str
    x: float
    y: float
    face: Face
    trunk: bool = True
    heat: int | None = None


class Edge(NamedTuple):
    """A line from node to node through ``points``, its corners rounded by ``radius``.

    ``role`` states which line it is: the main path, one of its parallel arms, a shortcut, or what a gate reads.
    ``tail`` and ``head`` are the paths of the nodes it joins. Of a shortcut's edges the one that arrives
    carries ``blocks``: for how many it stands; the others, and all that is no shortcut, have 0.
    """

    role: Literal["trunk", "arm", "skip", "gate"]
    path: str
    tail: str
    head: str
    points: tuple[Point, ...]
    dashed: bool = False
    tapped: bool = False
    blocks: int = 0
    radius: float = 0


@dataclass(frozen=True, slots=True)
class Note:
    """Words beside the picture; ``x`` and ``y`` are where the text's middle line begins, ends or is centred.

    ``stage`` is the path of the stage that the words name, or empty.
    """

    x: float
    y: float
    text: str
    anchor: Literal["start", "middle", "end"]
    classes: tuple[str, ...]
    size: float
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """The ground a stage stands on, or the bracket under it; ``left`` and ``top`` are its corner.

    A bracket's line leaves a ``gap`` in its middle, for words.
    """

    path: str
    left: float
    top: float
    width: float
    height: float
    classes: tuple[str, ...]
    gap: float = 0.0


@dataclass(frozen=True, slots=True)
class Handle:
    """A place to press that unfolds or folds what ``path`` names; only a screen shows it."""

    x: float
    y: float
    path: str
    action: Literal["unfold", "fold"]


class Badge(NamedTuple):
    """What a comparison says of a node: a frame around it, and the sign of a mark at the frame's corner.

    ``path`` is the node's, ``mark`` a name in `resviz.diagram.marks`, ``radius`` the frame's corners'.
    """

    path: str
    mark: str
    left: float
    top: float
    width: float
    height: float
    radius: float

    @property
    def corner(self) -> Point:
        """Where the sign stands: at the lower left, for words may stand above a node."""
        return self.left, self.top + self.height


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of the legend: a line, the heat scale or a mark's sign as a sample, and its words."""

    x: float
    y: float
    sample: Literal["solid", "dashed", "heat", "mark"]
    text: str
    mark: str = ""


@dataclass(frozen=True)
class Drawing:
    """A finished picture as data. ``unfold`` and ``fold`` are the paths it was drawn with.

    ``style`` names how it looks in a file (`resviz.diagram.styles`).
    """

    name: str
    title: str
    width: float
    height: float
    horizontal: bool
    detail: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    bands: tuple[Band, ...] = ()
    notes: tuple[Note, ...] = ()
    handles: tuple[Handle, ...] = ()
    legend: tuple[Key, ...] = ()
    badges: tuple[Badge, ...] = ()
    unfold: frozenset[str] = field(default=frozenset())
    fold: frozenset[str] = field(default=frozenset())
    style: str = "screen"

    @property
    def shortcuts(self) -> tuple[int, int]:
        """For how many blocks the solid and the dashed shortcuts of the picture stand."""
        solid = sum(edge.blocks for edge in self.edges if not edge.dashed)
        return solid, sum(edge.blocks for edge in self.edges if edge.dashed)

    def moved(self, x: float, y: float, prefix: str = "") -> Self:
        """Return the picture with everything in it elsewhere, by pixels, and every path behind a prefix."""
        return replace(
            self,
            nodes=tuple(node._replace(path=prefix + node.path, x=node.x + x, y=node.y + y) for node in self.nodes),
            edges=tuple(
                edge._replace(
                    path=prefix + edge.path,
                    tail=prefix + edge.tail,
                    head=prefix + edge.head,
                    points=tuple((px + x, py + y) for px, py in edge.points),
                )
                for edge in self.edges
            ),
            bands=tuple(
                replace(band, path=prefix + band.path, left=band.left + x, top=band.top + y) for band in self.bands
            ),
            notes=tuple(
                replace(note, x=note.x + x, y=note.y + y, stage=note.stage and prefix + note.stage)
                for note in self.notes
            ),
            handles=tuple(
                replace(handle, x=handle.x + x, y=handle.y + y, path=prefix + handle.path) for handle in self.handles
            ),
            legend=tuple(replace(key, x=key.x + x, y=key.y + y) for key in self.legend),
            badges=tuple(
                badge._replace(path=prefix + badge.path, left=badge.left + x, top=badge.top + y)
                for badge in self.badges
            ),
        )
