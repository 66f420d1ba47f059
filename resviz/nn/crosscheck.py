"""Cross-check: the tree's numbers against the module itself and three tools that know nothing of the tree.

Each tool reads the built module in its own way. What it must find for a layer follows from the tree and the
tool's convention in ``resviz.report.counting``; equal means equal to the unit. Only fvcore, which traces,
needs weights; the others read the module on torch's meta device, where nothing is allocated.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field

import torch
from torch import nn

from resviz.arch import Network, ResNetConfig, expand
from resviz.arch.layers import Layer
from resviz.arch.ops import Shape
from resviz.errors import MemoryLimitError
from resviz.nn.build import build
from resviz.nn.memory import claim, forward_bytes
from resviz.nn.quick_norms import QuickNorms
from resviz.progress import Report
from resviz.report.counting import CONVENTIONS, total
from resviz.report.formatting import MINUS, exact


@dataclass(frozen=True, slots=True)
class Reading:
    """What a tool reports of a module, by layer path; "" is the whole network. Empty where it reports nothing."""

    params: Mapping[str, int] = field(default_factory=dict)
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    operations: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tool:
    """A way to read a module; ``convention`` is how it counts operations, None where it counts none."""

    label: str
    summary: str
    convention: str | None
    read: Callable[[nn.Module, torch.Tensor], Reading]
    needs_weights: bool = False


@dataclass(frozen=True, slots=True)
class ToolCheck:
    """One number of one layer (or of the network, path "") as expected from the tree and as found."""

    path: str
    tool: str
    quantity: str
    expected: int | Shape
    found: int | Shape | None

    @property
    def equal(self) -> bool:
        """Whether the tool found what the tree and the tool's convention say, to the unit."""
        return self.expected == self.found


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """Every check of a network, and a sentence for each tool that could not be asked."""

    network: Network
    checks: tuple[ToolCheck, ...]
    refused: Mapping[str, str]

    @property
    def equal(self) -> bool:
        """Whether all that was checked is equal."""
        return all(check.equal for check in self.checks)

    @property
    def unequal(self) -> tuple[ToolCheck, ...]:
        """The checks that failed."""
        return tuple(check for check in self.checks if not check.equal)

    @property
    def totals(self) -> tuple[ToolCheck, ...]:
        """The checks of the network as a whole."""
        return tuple(check for check in self.checks if not check.path)


def crosscheck(net: ResNetConfig | Network, report: Report | None = None) -> CrossCheck:
    """Return the check of a network by every tool of `TOOLS`; ``report`` hears of each step.

    A tool that would need more memory than the operator allows is left out, with the reason. Raises
    ConfigError for an impossible configuration.
    """
    network = expand(net) if isinstance(net, ResNetConfig) else net
    checks: list[ToolCheck] = []
    refused: dict[str, str] = {}
    for number, (name, tool) in enumerate(TOOLS.items()):
        if report:
            report(tool.label, number, len(TOOLS))
        try:
            device = "cpu" if tool.needs_weights else "meta"
            need = forward_bytes(network) if tool.needs_weights else 0
            quick = nullcontext() if tool.needs_weights else QuickNorms()  # type: ignore[no-untyped-call]
            with claim(need, f"{tool.label}'s pass through {network.name}"), torch.no_grad(), quick:
                module = build(network, device=device, seed=0).eval()
                reading = tool.read(module, torch.zeros(1, *network.input, device=device))
                del module
        except MemoryLimitError as error:
            refused[name] = f"{tool.label} was not asked. {error}"
            continue
        checks.extend(_compare(network, name, reading))
    return CrossCheck(network, tuple(checks), refused)


def account(network: Network, convention: str) -> str:
    """Return a convention's total as the headline MACs and what it counts besides, each by its name:
    ``4,111,512,576 = 4,089,184,256 + 22,227,968 for BatchNorm + 100,352 for global average pool``.
    """
    rule = CONVENTIONS[convention]
    parts = [(total(network, part.count, part.join), part.label) for part in rule.parts]
    terms = [f"{MINUS if value < 0 else '+'} {exact(abs(value))} for {label}" for value, label in parts if value]
    return " ".join([f"{exact(total(network, rule.count, rule.join))} = {exact(network.macs)}", *terms])


def _compare(network: Network, name: str, reading: Reading) -> Iterator[ToolCheck]:
    convention = TOOLS[name].convention
    rule = CONVENTIONS[convention] if convention else None
    for path, layer in network.walk():
        yield from _layer_checks(path, layer, name, reading, rule.count if rule else None)
    if reading.params:
        yield ToolCheck("", name, "parameters", network.params, reading.params.get(""))
    if rule:
        yield ToolCheck("", name, "operations", total(network, rule.count, rule.join), reading.operations.get(""))


def _layer_checks(
    path: str, layer: Layer, name: str, reading: Reading, count: Callable[[Layer], int] | None
) -> Iterator[ToolCheck]:
    if reading.params:
        yield ToolCheck(path, name, "parameters", layer.params, reading.params.get(path, 0))
    if reading.shapes:
        yield ToolCheck(path, name, "output shape", layer.out_shape, reading.shapes.get(path))
    if count:
        yield ToolCheck(path, name, "operations", count(layer), reading.operations.get(path, 0))


def _read_module(module: nn.Module, x: torch.Tensor) -> Reading:
    shapes: dict[str, Shape] = {}
    with _hooks(module, lambda path, out: shapes.__setitem__(path, tuple(out.shape[1:]))):
        module(x)
    params = {path: sum(p.numel() for p in child.parameters()) for path, child in module.named_modules()}
    return Reading(params=params, shapes=shapes)


@contextmanager
def _hooks(module: nn.Module, see: Callable[[str, torch.Tensor], None]) -> Iterator[None]:
    handles = [
        child.register_forward_hook(lambda _, args, out, path=path: see(path, out))
        for path, child in module.named_modules()
    ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _read_torchinfo(module: nn.Module, x: torch.Tensor) -> Reading:
    from torchinfo import summary

    result = summary(module, input_data=x, mode="eval", device=x.device, verbose=0)
    paths = {id(child): path for path, child in module.named_modules()}
    leaves = {paths[id(info.module)]: info for info in result.summary_list if info.is_leaf_layer}
    return Reading(
        params={"": result.total_params} | {path: info.num_params for path, info in leaves.items()},
        shapes={path: tuple(info.output_size[1:]) for path, info in leaves.items()},
        operations={"": result.total_mult_adds} | {path: info.macs for path, info in leaves.items()},
    )


def _read_fvcore(module: nn.Module, x: torch.Tensor) -> Reading:
    from fvcore.nn import FlopCountAnalysis, parameter_count

    analysis = FlopCountAnalysis(module, x).unsupported_ops_warnings(False).uncalled_modules_warnings(False)
    counts = analysis.tracer_warnings("none").by_module()
    return Reading(params=parameter_count(module), operations={path: int(count) for path, count in counts.items()})


def _read_flop_counter(module: nn.Module, x: torch.Tensor) -> Reading:
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as counter:
        module(x)
    root = f"{type(module).__name__}."
    by_path = {path.removeprefix(root): sum(ops.values()) for path, ops in counter.get_flop_counts().items()}
    return Reading(operations=by_path | {"": counter.get_total_flops()})


TOOLS = {
    "module": Tool(
        label="The module",
        summary="Its own tensors, and the shapes that forward hooks see.",
        convention=None,
        read=_read_module,
    ),
    "torchinfo": Tool(
        label="torchinfo",
        summary="Reads parameters and shapes layer by layer and derives its count from them.",
        convention="torchinfo",
        read=_read_torchinfo,
    ),
    "flop_counter": Tool(
        label="FlopCounterMode",
        summary="PyTorch's own: counts convolutions and matrix products as they are dispatched.",
        convention="flop_counter",
        read=_read_flop_counter,
    ),
    "fvcore": Tool(
        label="fvcore",
        summary="Traces the module and counts operator by operator.",
        convention="fvcore",
        read=_read_fvcore,
        needs_weights=True,
    ),
}
"""The tools by name, in the order they are asked."""
