"""What a layer, a block or a stage looks like as a node, before it has a place."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from resviz.arch.layers import Arms, Chain, Gate, Layer, leaves
from resviz.arch.merges import Add, GatedAdd, Merge, ScaledAdd
from resviz.arch.network import Stage
from resviz.arch.ops import Kind
from resviz.arch.tree import Block
from resviz.diagram.arm_groups import arm_groups
from resviz.diagram.drawing import Face
from resviz.diagram.levels import Piece, Show
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


def block_faces(piece: Piece, tint: str, *, split: bool) -> BlockFaces:
    """Return the parts of a piece as faces; a folded piece has its whole branch in one."""
    block, show = piece.block, piece.show

    def seen(chain: tuple[Layer, ...]) -> tuple[Named, ...]:
        shown = (layer for layer in chain if show == "operations" or layer.kind not in THIN)
        return tuple(Named(layer.name, layer_face(layer, tint, split=split)) for layer in shown)

    pre, post = tuple(leaves(block.pre)), tuple(leaves(block.post))
    folded = show == "folded"
    branch = (
        (Named("", _block_face(block, piece.count, tint)),)
        if folded
        else _items(block.branch, _Style(tint, show, split))
    )
    if not branch and block.shortcut is None:
        branch = (Named("", face(("identity",), ("identity", tint), shape_facts(block.in_shape, block.out_shape))),)
    if show == "layers":  # which leaves normalisation and activation out
        branch = _with_order(branch, block)
    arc = Arc(seen(tuple(leaves(block.shortcut or ()))), block.dashed, piece.count)
    return BlockFaces(
        branch=branch,
        arcs=() if block.shortcut is None else (arc,),
        merge=_merge_face(block),
        pre=() if folded else seen(pre),
        post=() if folded else seen(post),
        gate=seen(block.gate),
        taps_pre=block.taps_pre,
    )


@dataclass(frozen=True, slots=True)
class _Style:
    """How the nodes of a chain are drawn: their stage's class, how much is shown, whether labels are split.

    ``rename`` gives drawn names for those in the tree. What is ``inside`` a side arm or parallel arms shows
    attention units as one node.
    """

    tint: str
    show: Show
    split: bool
    rename: Callable[[str], str] = str
    inside: bool = False


def _items(chain: Chain, style: _Style) -> tuple[Item, ...]:
    """Return a chain as it is drawn."""
    found: list[Item] = []
    for node in chain:
        match node:
            case Gate():
                found.append(_attention(node, style))
            case Arms():
                found.append(_arms(node, style))
            case Layer():
                if style.show == "operations" or node.kind not in THIN:
                    found.append(Named(style.rename(node.name), layer_face(node, style.tint, split=style.split)))
    return tuple(found)


def _cost(node: Gate | Arms) -> tuple[str, ...]:
    layers = tuple(node.layers())
    return cost_facts(sum(layer.params for layer in layers), sum(layer.macs for layer in layers))


def _attention(gate: Gate, style: _Style) -> Item:
    label, sign = gate_label(gate.name), "+" if gate.adds else "×"
    formula = f"{label}: x {'+' if gate.adds else '*'} g(x)"
    facts = (formula, *shape_facts(gate.in_shape, gate.out_shape), *_cost(gate))
    name = style.rename(gate.name)
    if style.show != "operations" or style.inside:
        return Named(name, face((label,), ("attention", style.tint), facts, shape="pill"))
    kind = "add" if gate.adds else "times"
    times = Face("circle", (sign,), ("merge", kind), facts, 2 * RADIUS, 2 * RADIUS)
    return GateFaces(_items(gate.chain, replace(style, inside=True)), Named(name, times))


def _arms(arms: Arms, style: _Style) -> ArmsFaces:
    """Return parallel arms; of more than two the labels take two lines."""
    groups = arm_groups(arms)
    facts = (
        f"{len(arms.arms)} parallel arms, joined: {arms.join.formula}",
        *shape_facts(arms.in_shape, arms.out_shape),
        *_cost(arms),
    )
    label = arms.join.label
    if len(label) == 1:
        joined = Face("circle", (label,), ("merge", "add"), facts, 2 * RADIUS, 2 * RADIUS)
    else:
        joined = face((label,), ("merge", "join"), facts, shape="pill")
    inner = replace(style, inside=True, split=style.split or len(groups) > 2)
    made = []
    for group in groups:
        renamed = replace(inner, rename=_composed(style.rename, group.rename(arms)))
        made.append((group, _counted(_items(group.chain, renamed), group.count)))
    bare = not any(items for _, items in made)
    shown = tuple(
        ArmFaces(items, group.count, group.cascaded, "" if items else _line_label(arms, group.count, bare=bare))
        for group, items in made
    )
    return ArmsFaces(shown, Named(style.rename(arms.name), joined), _items(arms.weights, inner))


def _composed(last: Callable[[str], str], first: Callable[[str], str]) -> Callable[[str], str]:
    return lambda name: last(first(name))


def _line_label(arms: Arms, count: int, *, bare: bool) -> str:
    """Return the words beside an arm that only passes its input on; what it carries where all arms do."""
    words = [fmt.shape(arms.arm_shape)] if bare else []
    return " ".join([*words, *([count_text(count)] if count > 1 else [])])


def _counted(items: tuple[Item, ...], count: int) -> tuple[Item, ...]:
    """Return a folded arm with the number of those it stands for on its first node."""
    first = items[0] if items else None
    if count == 1 or not isinstance(first, Named):
        return items
    width = first.face.width + text_width(count_text(count), FONT, bold=True) + 2 * CELL
    facts = (f"{count} identical arms", *first.face.facts)
    return (Named(first.name, replace(first.face, count=count, width=width, facts=facts)), *items[1:])


def _merge_face(block: Block) -> Named | None:
    if block.merge is None:
        return None
    formula = merge_formula(block.merge)
    shape = fmt.shape(block.out_shape)
    if not formula:
        facts = ("addition, F(x) + shortcut", f"out {shape}")
        return Named("add", Face("circle", ("+",), ("merge", "add"), facts, 2 * RADIUS, 2 * RADIUS))
    facts = (f"weighted sum, {formula}", f"out {shape}")
    return Named("add", face((formula,), ("merge", "formula"), facts, shape="pill"))


def branch_lines(block: Block) -> tuple[str, ...]:
    """Return a block's branch as the lines of one node: its convolutions, its attention unit, an unusual order."""
    lines = list(block.labels)
    lines += dict.fromkeys(node.name.partition(".")[0].upper() for node in block.branch if isinstance(node, Gate))
    return (*(lines or ["identity"]), *_order_lines(block))


def _order_lines(block: Block) -> tuple[str, ...]:
    """Return where normalisation and activation stand in a block, where that is not as in He et al. 2015."""
    pre, post = ([layer.op.label for layer in leaves(chain)] for chain in (block.pre, block.post))
    if block.merge is None or not block.labels:
        return ()
    if pre:
        return (f"{', '.join(pre)} first",)
    if len(post) > 1:
        return (f"+, then {', '.join(post)}",)
    last = next((node for node in reversed(block.branch) if isinstance(node, Layer)), None)
    return (f"{last.op.label}, then +",) if last and last.kind is Kind.ACTIVATION and not post else ()


def _with_order(branch: tuple[Item, ...], block: Block) -> tuple[Item, ...]:
    """Return a branch whose first layer, or whose last, says an unusual order."""
    lines, layers = _order_lines(block), [index for index, item in enumerate(branch) if isinstance(item, Named)]
    if not lines or not layers:
        return branch
    at = layers[0 if block.pre else -1]
    item = branch[at]
    if not isinstance(item, Named):
        return branch
    old = item.face
    new = face((*old.lines, *lines), old.classes, old.facts, shape=old.shape, count=old.count)
    return (*branch[:at], Named(item.name, new), *branch[at + 1 :])


def _stride_lines(stage: Stage) -> tuple[str, ...]:
    """Return by how much a stage narrows its map, and in which of its blocks."""
    for run in stage.runs:
        before, after = run.block.in_shape[1], run.block.out_shape[1]
        if before != after:
            last = run.start + run.count == len(stage.blocks) > 1
            number = f"block {run.start + 1} of {len(stage.blocks)}"
            where = "the first block" if run.start == 0 else "the last block" if last else number
            return (f"/{round(before / after)} in {where}",)
    return ()


def _block_face(block: Block, count: int, tint: str) -> Face:
    repeated = (f"{fmt.plural(count, 'identical block')} {block.bracket}",) if count > 1 else (block.bracket,)
    facts = (
        *repeated,
        *shape_facts(block.in_shape, block.out_shape),
        *cost_facts(block.params * count, block.macs * count),
    )
    kind = "conv" if block.labels else "identity"
    return face(branch_lines(block), ("block", kind, tint), facts, count=count)


def stage_faces(stage: Stage, tint: str) -> BlockFaces:
    """Return a whole stage as one node: its blocks' convolutions and their number, as the papers' tables.

    All its solid shortcuts are one arc, all its dashed ones another.
    """
    blocks, (solid, dashed) = len(stage.blocks), stage.shortcuts
    if len({run.block.bracket for run in stage.runs}) == 1:
        lines, count = tuple(label.partition(", /")[0] for label in branch_lines(stage.blocks[-1])), blocks
    else:
        lines, count = tuple(f"{run.block.bracket} {count_text(run.count)}" for run in stage.runs), 1
    lines = (*lines, *_stride_lines(stage))
    facts = (
        f"{stage.label}: {fmt.plural(blocks, 'block')}",
        *shape_facts(stage.in_shape, stage.out_shape),
        *cost_facts(stage.params, stage.macs),
    )
    node = Named("", face(lines, ("block", "conv", tint), facts, count=count))
    arcs = [Arc((), False, solid, count_text(solid))] if solid else []
    arcs += [Arc((), True, dashed, count_text(dashed), left=bool(solid))] if dashed else []
    added = next((block for block in stage.blocks if block.merge is not None), None)
    return BlockFaces((node,), tuple(arcs), _merge_face(added) if added else None)
