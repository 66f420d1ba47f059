"""Heat: how much of something each node stands for, as a step on a scale from 0 to the picture's largest."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import ceil

from resviz.arch.layers import Layer, leaves
from resviz.arch.network import Network
from resviz.diagram.arm_groups import drawn_nodes
from resviz.diagram.drawing import Node
from resviz.diagram.levels import run_path
from resviz.errors import DrawError, unknown
from resviz.report import formatting as fmt
from resviz.report.receptive import fields

STEPS = 8
"""Steps of the scale above zero; equally wide."""


@dataclass(frozen=True, slots=True)
class Heat:
    """What the colours stand for: a label, a value for each path, and how a value is written.

    A folded node's value is the sum of its layers' values, or what `measured` was given otherwise.
    """

    label: str
    values: Mapping[str, float]
    text: Callable[[float], str]

    def top(self, nodes: Iterable[Node]) -> float:
        """Return the largest value among some nodes."""
        return max((self.values.get(node.path, 0.0) for node in nodes), default=0.0)

    def on(self, nodes: Iterable[Node], top: float) -> tuple[Node, ...]:
        """Return the nodes with their steps; those without a value stay without a step."""
        return tuple(
            node._replace(heat=ceil(value / top * STEPS) if top else 0)
            if (value := self.values.get(node.path)) is not None
            else node
            for node in nodes
        )

    def legend(self, top: float) -> str:
        """Return the words beside the scale."""
        return f"{self.label}: 0 to {self.text(top)}"


def measured(
    network: Network,
    label: str,
    values: Mapping[str, float],
    text: Callable[[float], str] = fmt.duration,
    join: Callable[[Iterable[float]], float] = sum,
) -> Heat:
    """Return the heat of values measured for layers, by full path; ``join`` makes a block's of its layers'."""
    return Heat(label, _joined(network, lambda path, layer: values.get(path, 0.0), join), text)


def per_block(network: Network, heat: Heat) -> Heat:
    """Return a heat of sums with what stands for several blocks, and each layer in it, by one block on average."""
    counts = block_counts(network)
    values = {path: value / counts.get(_folded(path), 1) for path, value in heat.values.items()}
    return Heat(f"{heat.label}, of folded blocks one on average", values, heat.text)


def block_counts(network: Network) -> dict[str, int]:
    """Return for how many blocks each stage and each run stands, by path."""
    runs = {run_path(stage, run): run.count for stage in network.stages for run in stage.runs}
    return runs | {stage.name: len(stage.blocks) for stage in network.stages}


def share_in_words(network: Network, heat: Heat, path: str) -> str:
    """Return a node of a heat of sums in words: its value, that of one of its blocks, and its share of the whole."""
    value = heat.values.get(path)
    if value is None:
        return ""
    count = block_counts(network).get(_folded(path), 1)
    tops = [layer.name for layer in (*network.stem, *network.head)] + [stage.name for stage in network.stages]
    whole = sum(heat.values.get(top, 0.0) for top in tops)
    each = f" in {count} blocks, {heat.text(value / count)} each on average" if count > 1 else ""
    share = f"; {fmt.percent(value / whole)} of the sum over all layers" if whole else ""
    return f"{heat.text(value)}{each}{share}"


def _folded(path: str) -> str:
    """Return the run or block that a path lies in, or the stage or layer that it is."""
    return ".".join(path.split(".")[:2])


def _joined(
    network: Network, value: Callable[[str, Layer], float], join: Callable[[Iterable[float]], float] = sum
) -> dict[str, float]:
    """Return the values of every layer, attention unit, block, run and stage by path."""
    found = {layer.name: value(layer.name, layer) for layer in (*network.stem, *network.head)}
    for stage in network.stages:
        runs = []
        for run in stage.runs:
            blocks = []
            drawn = [each for each in drawn_nodes(run.block.branch) if not isinstance(each[1][0], Layer) or each[1][1:]]
            for index in range(run.start, run.start + run.count):
                path = f"{stage.name}.{index}"
                own = {f"{path}.{layer.name}": value(f"{path}.{layer.name}", layer) for layer in run.block.layers()}
                found |= own
                for name, alike in drawn:
                    found[f"{path}.{name}"] = join(own[f"{path}.{layer.name}"] for layer in leaves(alike))
                blocks.append(join(own.values() or (0.0,)))
                found[path] = blocks[-1]
            runs.append(join(blocks))
            found[run_path(stage, run)] = runs[-1]
            if run.count > 1:
                for layer in run.block.layers():
                    each = (found[f"{stage.name}.{run.start + index}.{layer.name}"] for index in range(run.count))
                    found[f"{run_path(stage, run)}.{layer.name}"] = join(each)
        found[stage.name] = join(runs)
    return found


def _receptive(network: Network) -> Heat:
    """Return the heat of what is seen of the picture; side arms, which see no more, stay without."""
    sizes = {field.name: field.size for field in fields(network)}
    joined = _joined(network, lambda path, layer: sizes.get(path, 0), max)
    seen = {path: size for path, size in joined.items() if size}
    return Heat("receptive field, side in pixels", seen, lambda size: fmt.exact(round(size)))


def heat_of(network: Network, name: str) -> Heat:
    """Return the heat of a name. Raises DrawError for a name that does not exist."""
    if name not in HEATS:
        raise DrawError(unknown("heat", name, HEATS))
    return HEATS[name](network)


HEATS: dict[str, Callable[[Network], Heat]] = {
    "params": lambda net: Heat("parameters", _joined(net, lambda path, layer: layer.params), fmt.short),
    "macs": lambda net: Heat("MACs for one image", _joined(net, lambda path, layer: layer.macs), fmt.short),
    "activations": lambda net: Heat(
        "activations (outputs of convolutions)", _joined(net, lambda path, layer: layer.activations), fmt.short
    ),
    "receptive": _receptive,
}
"""What a picture can be coloured by without measuring."""
LABELS = {
    "params": "Parameters",
    "macs": "MACs",
    "activations": "Activations",
    "receptive": "Receptive field",
}
"""What people call them."""
