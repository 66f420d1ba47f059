"""Lines of Python: how an operation is declared, how it is called, and calls put together."""

from collections.abc import Iterable, Mapping
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
    """Return a line, or, where it is too long, its choice or its outermost call on three."""
    if len(line) <= room:
        return [line]
    text = line.lstrip()
    margin = line[: len(line) - len(text)]
    value, choice, rest = text.partition(" if ")
    if choice and " = " not in value:
        condition, _, other = rest.partition(" else ")
        return [f"{margin}{value}", f"{margin}if {condition}", f"{margin}else {other}"]
    if choice:
        target, _, made = text.partition(" = ")
        return [f"{margin}{target} = (", f"{margin}    {made}", f"{margin})"]
    head, _, inside = text.partition("(")
    return [f"{margin}{head}(", f"{margin}    {inside[:-1]}", f"{margin})"] if text.endswith(")") else [line]


def sequential(target: str, modules: Mapping[str, str]) -> list[str]:
    """Return the assignment of an ``nn.Sequential``, on one line where it fits.

    ``modules`` are expressions by name, ``conv1.0``; numbers that are left out get an identity.
    """
    numbered = {int(name.rsplit(".", 1)[1]): text for name, text in modules.items()}
    texts = [numbered.get(number, "nn.Identity()") for number in range(max(numbered) + 1)]
    one = f"{target} = nn.Sequential({', '.join(texts)})"
    if len(one) <= WIDTH - 12:
        return [one]
    return [f"{target} = nn.Sequential(", *(f"    {text}," for text in texts), ")"]


def module(op: o.Op) -> str:
    """Return the expression that makes an operation's module."""
    return op.torch.replace("(inplace=True)", "()").replace("(0.01, inplace=True)", "()")
