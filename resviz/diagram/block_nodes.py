"""A block or a stage as the nodes that a picture has of it, before they have a place."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from resviz.arch.layers import Arms, Chain, Gate, Layer, leaves
from resviz.arch.network import Stage
from resviz.arch.ops import Kind
from resviz.arch.tree import Block
from resviz.diagram.arm_groups import arm_groups
from resviz.diagram.drawing import Face
from resviz.diagram.levels import Piece, Show
from resviz.diagram.node_styles import (
    CELL,
    FONT,
    RADIUS,
    THIN,
    Arc,
    ArmFaces,
    ArmsFaces,
    BlockFaces,
    GateFaces,
    Item,
    Named,
    cost_facts,
    count_text,
    face,
    gate_label,
    layer_face,
    merge_formula,
    shape_facts,
)
from resviz.diagram.text import text_width
from resviz.report import formatting as fmt


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
