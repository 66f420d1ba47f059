"""From the numbers of a network's blocks to the expressions of one class that makes them all.

The blocks of a network differ in a few numbers. `Fit` looks at every block at once and finds, for each
number of each layer, the simplest expression in the arguments of a constructor that is right in all of
them; where none is, the number becomes an argument of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import gcd

from resviz.arch import ops as o
from resviz.arch.tree import Block, Layer

Conditions = Mapping[str, Callable[["Variables"], bool]]


@dataclass(frozen=True, slots=True)
class Variables:
    """The numbers a block is described by: what the constructor's arguments are called."""

    in_channels: int
    width: int
    out_channels: int
    stride: int
    dilation: int


CONDITIONS: Conditions = {
    "stride > 1": lambda v: v.stride > 1,
    "in_channels != out_channels": lambda v: v.in_channels != v.out_channels,
    "stride > 1 or in_channels != out_channels": lambda v: v.stride > 1 or v.in_channels != v.out_channels,
}
"""What decides whether a layer is there, tried in this order."""

DEFAULTS = {"stride": 1, "dilation": 1}
"""Arguments with a default, left out of a call where they have it."""


def variables(block: Block) -> Variables:
    """Return the variables of one block."""
    convs = block.weighted
    strides = [layer.op.window.stride for layer in block.layers() if layer.op.window]
    return Variables(
        in_channels=block.in_shape[0],
        width=convs[0].out_channels,
        out_channels=block.out_shape[0],
        stride=max(strides, default=1),
        dilation=max(conv.dilation for conv in convs),
    )


class Fit:
    """Finds expressions for numbers across blocks, and remembers which arguments those need.

    ``blocks`` are the distinct blocks with weights. After the class has been written, ``arguments`` are the
    constructor's arguments in order and `call` writes one block's.
    """

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = tuple(blocks)
        self.layers = [{layer.name: layer for layer in block.layers()} for block in self.blocks]
        self.variables = [variables(block) for block in self.blocks]
        ratios = {v.out_channels / v.width for v in self.variables}
        ratio = ratios.pop() if len(ratios) == 1 else 0.0
        self.ratio = int(ratio) if ratio == int(ratio) else 0
        """Output channels over width where it is one whole number for all blocks, else 0."""
        self.extra: dict[str, list[int]] = {}
        self.used: set[str] = set()

    @property
    def width(self) -> str:
        """The inner width's name: the output's where they are always equal."""
        return "out_channels" if self.ratio == 1 else "width"

    @property
    def arguments(self) -> tuple[str, ...]:
        """The constructor's arguments, those with a default last."""
        first = ["in_channels"]
        first += ["width"] if self.ratio != 1 else []
        first += ["out_channels"] if self.ratio in (0, 1) else []
        return (*first, *(name for name in DEFAULTS if name in self.used), *self.extra)

    def signature(self) -> str:
        """Return the constructor's parameters with their defaults."""
        return ", ".join(
            f"{name}={DEFAULTS.get(name, min(self.extra.get(name, [0])))}" if self._optional(name) else name
            for name in self.arguments
        )

    def call(self, block: Block) -> str:
        """Return the arguments of one block; those at their default are left out."""
        index = self.blocks.index(block)
        values = {name: getattr(self.variables[index], name) for name in self.arguments if name not in self.extra}
        values |= {name: given[index] for name, given in self.extra.items()}
        shown = [str(values[name]) for name in self.arguments if not self._optional(name)]
        for name in self.arguments:
            default = DEFAULTS.get(name, min(self.extra.get(name, [0])))
            if self._optional(name) and values[name] != default:
                shown.append(f"{name}={values[name]}")
        return ", ".join(shown)

    def _optional(self, name: str) -> bool:
        return name in DEFAULTS or name in self.extra

    def where(self, there: Mapping[int, bool], argument: str) -> str:
        """Return the condition that tells blocks, by index, for which something holds; empty where it always does."""
        if all(there.values()):
            return ""
        for text, holds in CONDITIONS.items():
            if all(holds(self.variables[index]) == each for index, each in there.items()):
                self.used |= {"stride"} if "stride" in text else set()
                return text
        return self._own(argument, [there.get(index, False) for index in range(len(self.blocks))])

    def present(self, name: str, among: Sequence[Block] | None = None) -> str:
        """Return the condition under which blocks, or those among some, have a layer; empty where all do."""
        there = {
            index: name in layers
            for index, layers in enumerate(self.layers)
            if among is None or self.blocks[index] in among
        }
        return self.where(there, f"has_{name.replace('.', '_')}")

    def channels(self, name: str, *, last: bool) -> str:
        """Return the expression for a layer's output channels; ``last`` prefers the block's."""
        prefer = ("out_channels", self.width) if last else (self.width, "out_channels")
        return self._first(name, "out_channels", prefer)

    def number(self, name: str, field: str) -> str:
        """Return the expression for a stride, kernel, padding, dilation or group count of a layer."""
        given = {getattr(layer.op, field) for layer in self._having(name)}
        if len(given) == 1 and (field != "stride" or given == {1}):
            return str(given.pop())
        prefer = ("stride",) if field == "stride" else ("dilation",) if field in ("dilation", "padding") else ()
        return self._first(name, field, prefer)

    def groups(self, name: str, channels: str) -> str:
        """Return the expression for the groups of a group normalisation of ``channels``."""
        ops = [layer.op for layer in self._having(name) if isinstance(layer.op, o.GroupNorm)]
        given = [op.num_groups for op in ops]
        if len(set(given)) == 1:
            return str(given[0])
        if all(op.num_groups == op.num_channels for op in ops):
            return channels
        if all(op.num_groups == gcd(max(given), op.num_channels) for op in ops):
            return f"gcd({max(given)}, {channels})"
        return self._first(name, "num_groups", ())

    def squeezed(self, name: str, channels: str) -> str:
        """Return the expression for the inner width of an attention unit over ``channels``."""
        ops = [layer.op for layer in self._having(name) if isinstance(layer.op, o.Conv2d)]
        share = max(op.in_channels // op.out_channels for op in ops)
        least = min(op.out_channels for op in ops)
        if all(op.in_channels // share == op.out_channels for op in ops):
            return f"{channels} // {share}"
        for share in sorted({op.in_channels // op.out_channels for op in ops}, reverse=True):
            if all(max(least, op.in_channels // share) == op.out_channels for op in ops):
                return f"max({least}, {channels} // {share})"
        return self._own(f"{name.split('.', maxsplit=1)[0]}_width", self._values(name, "out_channels"))

    def _having(self, name: str) -> list[Layer]:
        return [layers[name] for layers in self.layers if name in layers]

    def _values(self, name: str, field: str) -> list[int]:
        found = [getattr(layers[name].op, field) if name in layers else None for layers in self.layers]
        spare = min(value for value in found if value is not None)
        return [spare if value is None else value for value in found]

    def _first(self, name: str, field: str, prefer: Sequence[str]) -> str:
        for variable in prefer:
            agrees = (
                getattr(layers[name].op, field) == getattr(v, variable)
                for layers, v in zip(self.layers, self.variables, strict=True)
                if name in layers
            )
            if all(agrees):
                self.used |= {variable} & DEFAULTS.keys()
                return variable
        given = {getattr(layer.op, field) for layer in self._having(name)}
        if len(given) == 1:
            return str(given.pop())
        return self._own(f"{name.replace('.', '_')}_{field}", self._values(name, field))

    def _own(self, argument: str, values: list[int]) -> str:
        self.extra[argument] = values
        return argument
