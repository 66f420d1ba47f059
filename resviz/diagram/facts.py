"""What a person is told about a thing in the picture: its formula with the values put in, and what makes it."""

from dataclasses import dataclass
from math import prod

from resviz.arch.network import Network, Stage
from resviz.arch.ops import (
    BatchNorm2d,
    ChannelConv1d,
    Conv2d,
    DropPath,
    GroupNorm,
    Linear,
    Op,
    times,
)
from resviz.arch.tree import Add, Block, Gate, GatedAdd, Layer, ScaledAdd, Skip
from resviz.diagram.node_styles import gate_label, merge_formula
from resviz.report import formatting as fmt
from resviz.report.receptive import fields

SKIPS = {
    Skip.NONE: "none: a plain unit",
    Skip.IDENTITY: "identity: x itself",
    Skip.PROJECTION: "projection: a 1x1 convolution",
    Skip.PADDING: "option A: subsampled, padded with zeros",
    Skip.POOLING: "pooling",
}
"""A shortcut in words."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: what it is called, and its value for people."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All about one path: a title, lines, and the line of PyTorch that makes it (empty for no layer)."""

    path: str
    title: str
    rows: tuple[Fact, ...]
    torch: str = ""


def facts(network: Network, path: str) -> Facts | None:
    """Return what is known of the thing that a node's path names; None where the network has no such thing."""
    if path.startswith("plain."):  # the plain column of twins has the same layers
        return facts(network, path.removeprefix("plain."))
    if path == "input":
        return Facts(path, "input", (Fact("Shape", fmt.shape(network.input)),))
    for layer in (*network.stem, *network.head):
        if layer.name == path:
            return _layer(network, path, layer)
    name, _, rest = path.partition(".")
    stage = next((stage for stage in network.stages if stage.name == name), None)
    if stage is None:
        return None
    if rest in ("", "add"):
        return _stage(network, stage) if not rest else _additions(stage, path)
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
        return _shortcut(path, block)
    for gate in block.branch:
        if isinstance(gate, Gate) and gate.name == inner:
            return _attention(network, path, gate)
    return next((_layer(network, path, layer, count) for layer in block.layers() if layer.name == inner), None)


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
    return f"{factors} = {fmt.exact(value)}" if factors and factors != str(value) else fmt.exact(value)


def _share(value: int, whole: int) -> str:
    return f" ({fmt.percent(value / whole)} of the network)" if whole and value else ""


def _layer(network: Network, path: str, layer: Layer, count: int = 1) -> Facts:
    rows = [*_shapes(layer.in_shape, layer.out_shape)]
    if layer.params:
        rows.append(Fact("Parameters", _product(param_formula(layer.op), layer.params)))
    if layer.macs:
        rows.append(Fact("MACs for one image", _product(layer.derivation, layer.macs)))
    if layer.params or layer.macs:
        share = f"{_percent(layer.params, network.params)} of the parameters, "
        rows.append(Fact("Share of the network", f"{share}{_percent(layer.macs, network.macs)} of the MACs"))
    rows.append(Fact("Output elements", _product(times(layer.out_shape), prod(layer.out_shape))))
    if isinstance(layer.op, DropPath) and path.count(".") > 1 and count == 1:
        rates = dict(zip((name for name, _ in network.blocks()), network.drop_path_rates, strict=True))
        rows.append(Fact("Probability of a drop", f"{rates[path.rpartition('.')[0]]:.3g}"))
    if field := next((field for field in fields(network) if field.name == path), None):
        rows.append(Fact("Receptive field", f"{field.size}x{field.size} pixels, one position every {field.jump}"))
    if count > 1:
        rows.append(Fact("Stands", f"{fmt.exact(count)} times in this run"))
    return Facts(path, layer.op.label, tuple(rows), layer.op.torch)


def _percent(part: int, whole: int) -> str:
    return fmt.percent(part / whole) if whole else fmt.percent(0)


def param_formula(op: Op) -> str:
    """Return the product behind an operation's parameters, as ``3*3*64*64 + 64``; empty for none."""
    match op:
        case Conv2d(in_channels, out_channels, kernel, groups=groups, bias=bias):
            weight = times((kernel, kernel, in_channels // groups, out_channels))
            return f"{weight} + {out_channels}" if bias else weight
        case Linear(in_features, out_features, bias):
            weight = times((in_features, out_features))
            return f"{weight} + {out_features}" if bias else weight
        case BatchNorm2d(features):
            return times((2, features))
        case GroupNorm(_, channels):
            return times((2, channels))
        case ChannelConv1d(kernel):
            return str(kernel)
        case _:
            return ""


def _unit(network: Network, path: str, block: Block, count: int) -> Facts:
    rows = [
        Fact("Weights", block.bracket + (f" x {count}" if count > 1 else "")),
        Fact("Shortcut", SKIPS[block.skip] + (", dashed: the shape changes" if block.dashed else "")),
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
            formula, title = "y = F(x) + " + ("x" if block.skip is Skip.IDENTITY else "s(x)"), "addition"
        case ScaledAdd() | GatedAdd():
            formula, title = f"y = {merge_formula(block.merge)}", "weighted sum"
    merge = block.merge
    rows = [
        Fact("Formula", formula),
        Fact("Shortcut", SKIPS[block.skip]),
        *_shapes(block.out_shape, block.out_shape)[1:],
    ]
    if isinstance(merge, GatedAdd):
        rows.insert(1, Fact("Gate", f"g = sigmoid(W x + b), b starts at {merge.bias_init:g}"))
    return Facts(path, title, tuple(rows))


def _shortcut(path: str, block: Block) -> Facts | None:
    if block.shortcut is None:
        return None
    line = "dashed: the shape changes" if block.dashed else "solid: the shape stays"
    rows = (Fact("Kind", SKIPS[block.skip]), Fact("Line", line), *_shapes(block.in_shape, block.out_shape))
    return Facts(path, "shortcut", rows)


def _attention(network: Network, path: str, gate: Gate) -> Facts:
    params, macs = sum(layer.params for layer in gate.layers), sum(layer.macs for layer in gate.layers)
    rows = (
        Fact("Formula", "y = x * g(x)"),
        Fact("g", ", ".join(layer.op.label for layer in gate.layers)),
        *_shapes(gate.in_shape, gate.out_shape),
        Fact("Parameters", fmt.exact(params) + _share(params, network.params)),
        Fact("MACs for one image", fmt.exact(macs) + _share(macs, network.macs)),
    )
    return Facts(path, f"{gate_label(gate.name)} attention", rows)
