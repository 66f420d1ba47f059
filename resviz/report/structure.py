"""The structure of a network's torch module, as `print(module)` shows it, read off the tree: no torch, no weights.

Alike blocks in a row are printed once, as torch prints a ModuleList's. The tensors of each layer stand behind it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from resviz.arch.layers import Arms, Gate, Layer, Node, nodes
from resviz.arch.network import Network
from resviz.arch.operation import Operation
from resviz.arch.tree import Block
from resviz.report import formatting as fmt

CONTAINERS: dict[type[Node], str] = {Gate: "GateUnit", Arms: "ParallelArms"}
"""The classes of `resviz.nn.modules` that hold the modules of a node."""


@dataclass
class _Module:
    """A module as it is put together: what it is called, what it holds."""

    call: str = "Sequential"
    op: Operation | None = None
    inner: "dict[str, _Module]" = field(default_factory=dict)


def structure(network: Network) -> str:
    """Return the module in lines: ``(conv1): Conv2d(3, 64, kernel_size=7, ...)  # weight 64x3x7x7``."""
    lines = ["ResNet("]
    lines += _inside(_chain(network.stem), 1)
    for stage in network.stages:
        lines.append(f"  ({stage.name}): Sequential(  # {fmt.plural(len(stage.blocks), 'block')}")
        for run in stage.runs:
            last = run.start + run.count - 1
            name = f"{run.start}-{last}" if run.count > 1 else f"{run.start}"
            many = f"{run.count} x " if run.count > 1 else ""
            each = " each" if run.count > 1 else ""
            lines.append(f"    ({name}): {many}ResidualBlock(  # {fmt.plural(run.block.params, 'parameter')}{each}")
            lines += [*_inside(_block(run.block), 3), "    )"]
        lines.append("  )")
    lines += [*_inside(_chain(network.head), 1), f")  # {fmt.plural(network.params, 'parameter')}"]
    return "\n".join(lines)


def _block(block: Block) -> _Module:
    return _chain(node for chain in block.chains for node in chain)


def _chain(chain: Iterable[Node]) -> _Module:
    """Return a module that holds those of a chain, each under its name; dotted names nest."""
    root = _Module()
    for node in nodes(chain):
        at = root
        for name in node.name.split("."):
            at = at.inner.setdefault(name, _Module())
        if isinstance(node, Layer):
            at.call, at.op = str(node.op.torch).removeprefix("nn."), node.op
        else:
            at.call = CONTAINERS[type(node)]
        if isinstance(node, Arms):
            for index in range(len(node.arms)):  # one that passes its input on is a module too
                at.inner[str(index)] = _Module()
    return root


def _inside(module: _Module, depth: int) -> Iterator[str]:
    """Yield the lines of what a module holds."""
    indent = "  " * depth
    for name, each in module.inner.items():
        if each.inner:
            yield f"{indent}({name}): {each.call}("
            yield from _inside(each, depth + 1)
            yield f"{indent})"
        else:
            call = each.call if each.call.endswith(")") else f"{each.call}()"
            yield f"{indent}({name}): {call}{_tensors(each.op)}"


def _tensors(op: Operation | None) -> str:
    """Return an operation's tensors, those of one shape together: ``  # weight, bias 64``."""
    shapes: dict[str, list[str]] = {}
    for name, size in op.tensors if op else ():
        shapes.setdefault(fmt.shape(size) or "scalar", []).append(name)
    said = "; ".join(f"{', '.join(names)} {size}" for size, names in shapes.items())
    return f"  # {said}" if said else ""
