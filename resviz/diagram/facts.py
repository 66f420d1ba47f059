"""What a person reads about a thing in the picture: its formula with the values put in, and what makes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import prod

from resviz.arch.layers import Arms, Gate, Layer
from resviz.arch.merges import Add, GatedAdd, ScaledAdd
from resviz.arch.network import Network, Stage
from resviz.arch.ops import DropPath, times
from resviz.arch.tree import Block, ShortcutKind
from resviz.diagram.arm_groups import drawn_nodes
from resviz.diagram.node_styles import gate_label, merge_formula
from resviz.diagram.shortcuts import KINDS, Way, cost, shortcut_name, ways, why
from resviz.report import formatting as fmt
from resviz.report.receptive import Field, fields


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: what it is called, and its value for people; in LaTeX as well, where that is a formula.

    ``more`` is what is said after a formula.
    """

    label: str
    value: str
    latex: str = ""
    more: str = ""

    @property
    def text(self) -> str:
        """The value and what is said after it, in one line."""
        return "; ".join(filter(None, (self.value, self.more)))


@dataclass(frozen=True, slots=True)
class Facts:
    """All about one path: a title, lines, and the line of PyTorch that makes it (empty for no layer)."""

    path: str
    title: str
    rows: tuple[Fact, ...]
    torch: str = ""


Seen = Mapping[str, Field]
"""The receptive fields of a network's layers by path."""


def facts(network: Network, path: str) -> Facts | None:
    """Return what is known of the thing that a node's path names; None where the network has no such thing."""
    return _facts(network, path, _seen(network))


def facts_of(network: Network, paths: Iterable[str]) -> dict[str, Facts]:
    """Return what is known of many paths, by path; those of nothing in the network are left out."""
    seen = _seen(network)
    return {path: found for path in dict.fromkeys(paths) if (found := _facts(network, path, seen)) is not None}


def _seen(network: Network) -> Seen:
    return {field.name: field for field in reversed(fields(network))}


def _facts(network: Network, path: str, seen: Seen) -> Facts | None:
    if path.startswith("plain."):  # the plain column of twins has the same layers
        return _facts(network, path.removeprefix("plain."), seen)
    if path == "input":
        return Facts(path, "input", (Fact("Shape", fmt.shape(network.input)),))
    for layer in (*network.stem, *network.head):
        if layer.name == path:
            return _layer(network, path, layer, seen)
    name, _, rest = path.partition(".")
    stage = next((stage for stage in network.stages if stage.name == name), None)
    if stage is None:
        return None
    if rest in ("", "add"):
        return _stage(network, stage) if not rest else _additions(stage, path)
    if rest == "shortcut":
        return _stage_shortcuts(path, stage)
    span, _, inner = rest.partition(".")
    found = _block(stage, span)
    if found is None:
        return None
    block, count = found
    if not inner:
        return _unit(network, path, block, count)
    if inner == "add":
        return _merge(path, block)
    if inner == "shortcut":
        return _shortcut(path, block, count)
    alike = next((alike for name, alike in drawn_nodes(block.branch) if name == inner), ())
    for node in alike[:1]:
        match node:
            case Gate():
                return _attention(network, path, node)
            case Arms():
                return _arms(network, path, node)
            case Layer():
                return _layer(network, path, node, seen, count * len(alike))
    return next((_layer(network, path, layer, seen, count) for layer in block.layers() if layer.name == inner), None)


def _block(stage: Stage, span: str) -> tuple[Block, int] | None:
    """Return the block that ``3`` or ``1-5`` names, and how many it names."""
    first, _, last = span.partition("-")
    if not first.isdecimal() or not (last or first).isdecimal():
        return None
    start, end = int(first), int(last or first)
    return (stage.blocks[start], end - start + 1) if start <= end < len(stage.blocks) else None


def _shapes(before: tuple[int, ...], after: tuple[int, ...]) -> tuple[Fact, ...]:
    return Fact("In", fmt.shape(before)), Fact("Out", fmt.shape(after))


def _product(factors: str, value: int) -> str:
    return f"{fmt.product(factors)} = {fmt.exact(value)}" if factors and factors != str(value) else fmt.exact(value)


def _share(value: int, whole: int) -> str:
    return f" ({fmt.percent(value / whole)} of the network)" if whole and value else ""


def _layer(network: Network, path: str, layer: Layer, seen: Seen, count: int = 1) -> Facts:
    rows = [*_shapes(layer.in_shape, layer.out_shape)]
    if layer.params:
        rows.append(Fact("Parameters", _product(layer.op.params_formula, layer.params)))
    if layer.macs:
        rows.append(Fact("MACs for one image", _product(layer.derivation, layer.macs)))
    if layer.params or layer.macs:
        share = f"{_percent(layer.params, network.params)} of the parameters, "
        rows.append(Fact("Share of the network", f"{share}{_percent(layer.macs, network.macs)} of the MACs"))
    rows.append(Fact("Output elements", _product(times(layer.out_shape), prod(layer.out_shape))))
    if isinstance(layer.op, DropPath) and path.count(".") > 1 and count == 1:
        rates = dict(zip((name for name, _ in network.blocks()), network.drop_path_rates, strict=True))
        rows.append(Fact("Probability of a drop", f"{rates[path.rpartition('.')[0]]:.3g}"))
    if field := seen.get(path):
        rows.append(Fact("Receptive field", f"{field.size}x{field.size} pixels, one position every {field.jump}"))
    if count > 1:
        rows.append(Fact("Stands", f"{fmt.exact(count)} times in this run"))
    return Facts(path, layer.op.label, tuple(rows), str(layer.op.torch))


def _percent(part: int, whole: int) -> str:
    return fmt.percent(part / whole) if whole else fmt.percent(0)


def _unit(network: Network, path: str, block: Block, count: int) -> Facts:
    rows = [
        Fact("Weights", block.bracket + (f" x {count}" if count > 1 else "")),
        Fact("Shortcut", KINDS[block.shortcut_kind] + (", dashed: the shape changes" if block.dashed else "")),
        *_shapes(block.in_shape, block.out_shape),
        Fact("Parameters", _times(block.params, count) + _share(block.params * count, network.params)),
        Fact("MACs for one image", _times(block.macs, count) + _share(block.macs * count, network.macs)),
    ]
    title = fmt.plural(count, "identical block") if count > 1 else "block"
    return Facts(path, title, tuple(rows))


def _times(value: int, count: int) -> str:
    return f"{count} x {fmt.exact(value)} = {fmt.exact(value * count)}" if count > 1 else fmt.exact(value)


def _stage(network: Network, stage: Stage) -> Facts:
    solid, dashed = stage.shortcuts
    rows = (
        Fact("Blocks", ", ".join(f"{run.block.bracket} x {run.count}" for run in stage.runs)),
        Fact("Shortcuts", f"{solid} solid, {dashed} dashed"),
        *_shapes(stage.in_shape, stage.out_shape),
        Fact("Parameters", fmt.exact(stage.params) + _share(stage.params, network.params)),
        Fact("MACs for one image", fmt.exact(stage.macs) + _share(stage.macs, network.macs)),
    )
    return Facts(stage.name, stage.label, rows)


def _additions(stage: Stage, path: str) -> Facts:
    solid, dashed = stage.shortcuts
    return Facts(path, fmt.plural(solid + dashed, "addition"), _shapes(stage.out_shape, stage.out_shape)[1:])


def _merge(path: str, block: Block) -> Facts | None:
    match block.merge:
        case None:
            return None
        case Add():
            formula, title = "F(x) + " + ("x" if block.shortcut_kind is ShortcutKind.IDENTITY else "s(x)"), "addition"
        case ScaledAdd() | GatedAdd():
            formula, title = merge_formula(block.merge), "weighted sum"
    merge = block.merge
    rows = [
        Fact("Formula", f"y = {formula}", f"y = {formula.replace('−', '-')}"),
        Fact("Shortcut", KINDS[block.shortcut_kind]),
        *_shapes(block.out_shape, block.out_shape)[1:],
    ]
    if isinstance(merge, GatedAdd):
        starts = f"b starts at {merge.bias_init:g}"
        rows.insert(1, Fact("Gate", f"g = sigmoid(W x + b), {starts}", rf"g = \sigma(W x + b),\ \text{{{starts}}}"))
    return Facts(path, title, tuple(rows))


def _shortcut(path: str, block: Block, count: int) -> Facts | None:
    if block.shortcut is None:
        return None
    joins = (
        f"the block's input{' after its pre-activation, h,' if block.taps_pre else ''} with the output of its branch"
    )
    rows = (
        Fact("Joins", joins),
        Fact("Kind", KINDS[block.shortcut_kind]),
        Fact("Line", why(block)),
        *_shapes(block.in_shape, block.out_shape),
        *map(_way, ways(block)),
    )
    return Facts(path, "shortcut" if count == 1 else fmt.plural(count, "identical shortcut"), rows)


def _stage_shortcuts(path: str, stage: Stage) -> Facts | None:
    """Return what a stage's shortcuts are, those of a line together, and what each way costs where it changes."""
    runs = [run for run in stage.runs if run.block.shortcut is not None]
    if not runs:
        return None
    lines = [Fact(shortcut_name(run.block, run.count).partition(":")[0].capitalize(), why(run.block)) for run in runs]
    first = next((run.block for run in runs if run.block.dashed), runs[0].block)
    rows = (*lines, *_shapes(stage.in_shape, stage.out_shape), *map(_way, ways(first)))
    return Facts(path, f"shortcuts of {stage.label}", rows)


def _way(way: Way) -> Fact:
    return Fact(way.label, way.formula.text, way.formula.latex, cost(way))


def _attention(network: Network, path: str, gate: Gate) -> Facts:
    layers = tuple(gate.layers())
    params, macs = sum(layer.params for layer in layers), sum(layer.macs for layer in layers)
    rows = (
        Fact("Formula", "y = x + g(x)", "y = x + g(x)")
        if gate.adds
        else Fact("Formula", "y = x * g(x)", r"y = x \odot g(x)"),
        Fact("g", ", ".join(layer.op.label for layer in layers)),
        *_shapes(gate.in_shape, gate.out_shape),
        Fact("Parameters", fmt.exact(params) + _share(params, network.params)),
        Fact("MACs for one image", fmt.exact(macs) + _share(macs, network.macs)),
    )
    return Facts(path, f"{gate_label(gate.name)} attention", rows)


def _arms(network: Network, path: str, arms: Arms) -> Facts:
    layers = tuple(arms.layers())
    params, macs = sum(layer.params for layer in layers), sum(layer.macs for layer in layers)
    rows = (
        Fact(
            "Arms", f"{len(arms.arms)}, " + ("each on its share of the channels" if arms.split else "each on all of x")
        ),
        Fact("Joined", arms.join.formula, arms.join.latex),
        *_shapes(arms.in_shape, arms.out_shape),
        Fact("Parameters", fmt.exact(params) + _share(params, network.params)),
        Fact("MACs for one image", fmt.exact(macs) + _share(macs, network.macs)),
    )
    return Facts(path, "parallel arms", rows)
