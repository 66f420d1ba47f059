"""The lines that draw the first weights, as `resviz.nn.build` does."""

from collections.abc import Sequence

from resviz.arch import Network
from resviz.arch.operation import Kind
from resviz.arch.weights import ChannelConv1d
from resviz.nn.build import CLASSIFIER_STD
from resviz.nn.codegen.block_class import BlockClass


def initial(network: Network, classes: Sequence[BlockClass]) -> list[str]:
    """Return the lines; what differs from the rule comes after it, so that no loop overwrites it."""
    layers = [layer for layer, _ in network.tally() if layer.kind in (Kind.CONV, Kind.LINEAR) and layer.name != "fc"]
    kinds = ["nn.Conv1d"] if any(isinstance(layer.op, ChannelConv1d) for layer in layers) else []
    kinds += ["nn.Conv2d"]
    kinds += ["nn.Linear"] if any(layer.kind is Kind.LINEAR for layer in layers) else []
    which = kinds[0] if len(kinds) == 1 else f"({', '.join(kinds)})"
    lines = [
        "for module in self.modules():",
        f"    if isinstance(module, {which}):",
        '        nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")',
    ]
    if all(layer.op.biased for layer in layers):
        lines.append("        nn.init.zeros_(module.bias)")
    elif any(layer.op.biased for layer in layers):
        lines += ["        if module.bias is not None:", "            nn.init.zeros_(module.bias)"]
    special = [line for each in classes for line in _special(each)]
    lines += ["for module in self.modules():", *special] if special else []
    return [*lines, f"nn.init.normal_(self.fc.weight, std={CLASSIFIER_STD})", "nn.init.zeros_(self.fc.bias)"]


def _special(made: BlockClass) -> list[str]:
    lines = [f"        nn.init.zeros_(module{_access(name)})" for name in made.zeros]
    if made.gate_bias is not None:
        lines.append(f"        nn.init.constant_(module.gate.conv.bias, {made.gate_bias!r})")
    return [f"    if isinstance(module, {made.name}):", *lines] if lines else []


def _access(name: str) -> str:
    """Return how Python reaches a parameter within a block: ``downsample.0`` is an item."""
    return "".join(f"[{part}]" if part.isdecimal() else f".{part}" for part in name.split("."))
