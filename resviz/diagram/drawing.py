"""The picture of a network as data: placed nodes, routed edges, and the words around them.

Lengths are pixels; x grows to the right, y downwards, and everything lies within ``width`` x ``height``.
A node's and an edge's ``path`` is the path of what it stands for in the tree (``layer3.0.conv2``,
``layer3.0.add``, ``layer3.1-5`` for a folded run, ``layer3`` for a stage), the key that tables, module
and profile share. Nothing here has a colour: classes say what a thing is, and whoever writes the
picture knows what that looks like.
"""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

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
    arrow: bool = True
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


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of the legend: a line or a heat step as a sample, and its words."""

    x: float
    y: float
    sample: Literal["solid", "dashed", "heat"]
    text: str
    step: int = 0


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
    unfold: frozenset[str] = field(default=frozenset())
    fold: frozenset[str] = field(default=frozenset())
    style: str = "screen"

    @property
    def shortcuts(self) -> tuple[int, int]:
        """For how many blocks the solid and the dashed shortcuts of the picture stand."""
        solid = sum(edge.blocks for edge in self.edges if not edge.dashed)
        return solid, sum(edge.blocks for edge in self.edges if edge.dashed)
