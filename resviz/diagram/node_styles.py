"""What a layer looks like as a node, and the parts that a block is drawn of, before they have a place."""

from dataclasses import dataclass

from resviz.arch.layers import Layer
from resviz.arch.merges import Add, GatedAdd, Merge, ScaledAdd
from resviz.arch.ops import Kind
from resviz.diagram.drawing import Face
from resviz.diagram.text import text_width
from resviz.report import formatting as fmt

FONT = 12.0
"""Font size of a node's text, pixels."""
SMALL = 11.0
"""Font size of the words beside the picture."""
LINE = 16.0
"""From one line of a node's text to the next."""
CELL = 12.0
"""Space left and right of a count in its cell."""
RADIUS = 9.0
"""Of the circle in which two arms meet."""

THIN = frozenset({Kind.NORM, Kind.ACTIVATION, Kind.DROPOUT, Kind.DROPPATH, Kind.FLATTEN})
"""Kinds that the papers' network figures leave out; thinner where they are drawn."""


@dataclass(frozen=True, slots=True)
class Named:
    """A face with the name of what it stands for, relative to its block."""

    name: str
    face: Face


@dataclass(frozen=True, slots=True)
class GateFaces:
    """An attention unit with its chain on a side arm; ``times`` is where it weighs the path."""

    chain: "tuple[Item, ...]"
    times: Named


@dataclass(frozen=True, slots=True)
class ArmFaces:
    """One of parallel arms, or ``count`` of them folded to one.

    One that is ``cascaded`` takes what the arm before gives as well. A ``label`` stands beside an arm that
    has no nodes.
    """

    chain: "tuple[Item, ...]"
    count: int
    cascaded: bool
    label: str


@dataclass(frozen=True, slots=True)
class ArmsFaces:
    """Parallel arms, where they are joined, and the chain that makes the weights of a join that weighs."""

    arms: tuple[ArmFaces, ...]
    join: Named
    weights: "tuple[Item, ...]"


Item = Named | GateFaces | ArmsFaces
"""What stands on a path."""


@dataclass(frozen=True, slots=True)
class Arc:
    """A shortcut: what stands on it, and for how many blocks it does.

    One on the ``left`` shares its block with another on the right; a ``label`` stands beside it.
    """

    items: tuple[Named, ...]
    dashed: bool
    count: int
    label: str = ""
    left: bool = False


@dataclass(frozen=True, slots=True)
class BlockFaces:
    """The parts of a block, or of blocks folded into one, as they are shown."""

    branch: tuple[Item, ...]
    arcs: tuple[Arc, ...] = ()
    merge: Named | None = None
    pre: tuple[Named, ...] = ()
    post: tuple[Named, ...] = ()
    gate: tuple[Named, ...] = ()
    taps_pre: bool = False

    def trunk(self) -> tuple[Face, ...]:
        """Return the faces that stand on the main path by themselves, where branch and shortcut meet not included."""
        return tuple(item.face for item in (*self.pre, *self.branch, *self.post) if isinstance(item, Named))


def tint(index: int) -> str:
    """Return the class that colours the stage of an index: ``s1`` to ``s6``, then again from ``s1``."""
    return f"s{index % 6 + 1}"


def layer_face(layer: Layer, tint: str, *, split: bool) -> Face:
    """Return the face of a layer; ``tint`` is its stage's class, ``split`` asks for two short lines."""
    label = layer.op.label
    lines = tuple(label.split(", ", 1)) if split else (label,)
    thin = layer.kind in THIN
    facts = (label, *shape_facts(layer.in_shape, layer.out_shape), *cost_facts(layer.params, layer.macs))
    shape = "pill" if layer.kind in (Kind.ACTIVATION, Kind.DROPOUT, Kind.DROPPATH) else "box"
    return face(lines, (layer.kind.value, tint), facts, shape=shape, thin=thin)


def face(
    lines: tuple[str, ...],
    classes: tuple[str, ...],
    facts: tuple[str, ...],
    *,
    shape: str = "box",
    thin: bool = False,
    count: int = 1,
) -> Face:
    """Return a face just large enough for its lines; ``thin`` for one that should not draw the eye."""
    width = max(text_width(line, FONT) for line in lines) + 20
    if count > 1:
        width += text_width(count_text(count), FONT, bold=True) + 2 * CELL
    height = LINE * len(lines) + (4 if thin else 10)
    return Face("pill" if shape == "pill" else "box", lines, classes, facts, width, height, count)


def count_text(count: int) -> str:
    """Return a number of repetitions as the papers write it: ``× 3``."""
    return f"× {count}"


def shape_facts(before: tuple[int, ...], after: tuple[int, ...]) -> tuple[str, ...]:
    """Return the shapes that go in and come out, as facts."""
    return f"in {fmt.shape(before)}", f"out {fmt.shape(after)}"


def cost_facts(params: int, macs: int) -> tuple[str, ...]:
    """Return parameters and multiply-accumulates for one image, as facts."""
    return fmt.plural(params, "parameter"), f"{fmt.exact(macs)} MACs"


def merge_formula(merge: Merge) -> str:
    """Return how the arms meet, with x for the skip and F for the branch; empty for a plain sum."""
    match merge:
        case Add():
            return ""
        case ScaledAdd(skip, branch):
            return f"{_factor(skip)}x + {_factor(branch)}F(x)"
        case GatedAdd(_, exclusive, _):
            return f"(1 − g) x + {'g ' if exclusive else ''}F(x)"


def _factor(value: float) -> str:
    return "" if value == 1 else f"{value:g} "


def gate_label(name: str) -> str:
    """Return an attention unit's name for people: ``SE``, ``CBAM channel``."""
    first, _, rest = name.partition(".")
    return f"{first.upper()} {rest}".strip()
