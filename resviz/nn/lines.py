"""Lines of Python: how an operation is declared, how it is called, and calls put together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from resviz.arch import ops as o

FUNCTIONS = {
    o.Function.RELU: "F.relu({})",
    o.Function.LEAKY_RELU: "F.leaky_relu({})",
    o.Function.GELU: "F.gelu({})",
    o.Function.SILU: "F.silu({})",
    o.Function.MISH: "F.mish({})",
    o.Function.SIGMOID: "torch.sigmoid({})",
}
"""An activation as a call; leaky ReLU's slope of 0.01 is PyTorch's default."""
WIDTH = 100
"""Columns of a line."""


@dataclass(frozen=True, slots=True)
class Step:
    """One call in a forward pass, ``{}`` where its argument goes; ``ends`` closes the line."""

    call: str
    ends: bool = False

    @classmethod
    def of(cls, op: o.Op) -> "Step":
        """Return the call of an operation without a state."""
        match op:
            case o.Activation(function):
                return cls(FUNCTIONS[function], ends=True)
            case o.GlobalAvgPool2d():
                return cls("F.adaptive_avg_pool2d({}, 1)")
            case o.Flatten():
                return cls("{}.flatten(1)", ends=True)
            case _:
                raise TypeError(f"{op} needs a module of its own")


def compose(steps: Iterable[Step], start: str, name: str = "x") -> tuple[list[str], str]:
    """Return lines that assign to ``name`` and the expression that is left; ``start`` is the first argument."""
    lines: list[str] = []
    expression, waiting = start, False
    for step in steps:
        if waiting:
            lines.append(f"{name} = {expression}")
            expression = name
        expression, waiting = step.call.format(expression), step.ends
    return lines, expression


def indent(lines: Iterable[str], levels: int = 2) -> list[str]:
    """Return the lines moved to the right, those too long on several lines; empty ones stay empty."""
    margin = "    " * levels
    return [f"{margin}{part}" if part else "" for line in lines for part in _folded(line, WIDTH - len(margin))]


def _folded(line: str, room: int) -> list[str]:
    """Return a line, or its outermost call on three."""
    if len(line) <= room or not line.endswith(")"):
        return [line]
    margin = line[: len(line) - len(line.lstrip())]
    head, _, inside = line.partition("(")
    if " if " in line:
        target, _, value = line.partition(" = ")
        return [f"{target} = (", f"{margin}    {value}", f"{margin})"]
    return [f"{head}(", f"{margin}    {inside[:-1]}", f"{margin})"]


def sequential(target: str, modules: Sequence[str]) -> list[str]:
    """Return the assignment of an ``nn.Sequential``, on one line where it fits."""
    one = f"{target} = nn.Sequential({', '.join(modules)})"
    if len(one) <= WIDTH - 12:
        return [one]
    return [f"{target} = nn.Sequential(", *(f"    {each}," for each in modules), ")"]


def module(op: o.Op) -> str:
    """Return the expression that makes an operation's module."""
    return op.torch.replace("(inplace=True)", "()").replace("(0.01, inplace=True)", "()")
