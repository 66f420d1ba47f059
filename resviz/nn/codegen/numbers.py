"""What the numbers of like layers are called: plain where all are equal, else by the expression they come from.

Blocks that share a class are built again from symbols, so that each number shows how it follows from the
class's arguments. Layers alike in everything but numbers are handled together, one for each block.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from inspect import Parameter, getmro, signature
from typing import Any, NamedTuple

from resviz.arch.blocks import build_block
from resviz.arch.layers import Arms, Chain, Gate, Layer, Node
from resviz.arch.operation import Operation
from resviz.arch.ops import DropPath
from resviz.arch.symbols import Symbol
from resviz.arch.tree import Block, Origin, Place
from resviz.nn.build import module_class

Alike = tuple[Chain, ...]
"""Chains with the same structure, one for each block."""
Values = tuple[Any, ...]
"""One number of like layers, one for each block."""

ORDER = ("in_channels", "channels", "width", "out_channels", "groups")
"""The arguments that come first, in their order."""
DEFAULTS = {"stride": "1", "first_dilation": "1", "dilation": "1", "drop_path": "0.0"}
"""The arguments with a default, in their order behind all others."""
REST = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
"""What a constructor hands on."""
IDENTIFIER = r"\b[a-z]\w*\b(?!\()"
"""What in an expression is an argument's name."""
WIDTHS = ("out_channels", "out_features", "num_features", "num_channels", "channels")


class Slot(NamedTuple):
    """A number in a call: the name of its parameter, whether it is given by position, the default, its values."""

    keyword: str
    positional: bool
    default: Any
    values: Values


def origin(block: Block) -> Origin:
    """Return what a block was built from. Raises TypeError for one that has no origin."""
    if block.origin is None:
        raise TypeError("a block without an origin has no class of its own")
    return block.origin


def arguments_of(block: Block, *, channels: bool) -> dict[str, Any]:
    """Return the numbers that a block was built from by name; ``channels`` means that in and out are one."""
    place = origin(block).place
    numbers = {field.name: getattr(place, field.name) for field in fields(Place) if field.name != "in_shape"}
    ends = {"channels": place.in_channels} if channels else {"in_channels": place.in_channels}
    return {**ends, **{name: value for name, value in numbers.items() if not channels or name != "out_channels"}}


def keeps_channels(blocks: Sequence[Block]) -> bool:
    """Return whether every block gives as many channels as it takes."""
    places = [origin(block).place for block in blocks]
    return all(place.in_channels == place.out_channels for place in places)


def symbolic(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks built again, with symbols for the numbers that vary among them."""
    channels = keeps_channels(blocks)
    every = [arguments_of(block, channels=channels) for block in blocks]
    varying = {name for name, value in every[0].items() if any(other[name] != value for other in every)}
    return tuple(_rebuilt(block, numbers, varying) for block, numbers in zip(blocks, every, strict=True))


def _rebuilt(block: Block, numbers: Mapping[str, Any], varying: set[str]) -> Block:
    choices, place = origin(block).choices, origin(block).place
    symbols = {name: Symbol(value, name) for name, value in numbers.items() if name in varying and type(value) is int}
    entering = symbols.pop("channels", None)
    changed: dict[str, Any] = symbols if entering is None else {**symbols, "out_channels": entering}
    entering = symbols.pop("in_channels", entering)
    shape = place.in_shape if entering is None else (entering, *place.in_shape[1:])
    return build_block(choices, replace(place, in_shape=shape, **changed))


def structure(chain: Chain) -> tuple[Any, ...]:
    """Return what chains that one piece of code can stand for have in common: all but their numbers."""
    return tuple(_node(node) for node in chain)


def _node(node: Node) -> tuple[Any, ...]:
    match node:
        case Layer(name, op):
            call = op.torch
            kinds = tuple((key, value) for key, value in call.options if not _number(value) or key == "kernel_size")
            return name, call.name, len(call.arguments), kinds, op.functional, op.zero_initialised
        case Gate(name, chain, _, adds):
            return name, adds, structure(chain)
        case Arms():
            inner = tuple(structure(arm) for arm in (*node.arms, node.weights))
            return node.name, type(node.join), node.split, node.cascaded, inner


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def slots(ops: Sequence[Operation]) -> tuple[Slot, ...]:
    """Return everything given in the calls that make like operations' modules, in order."""
    calls = [op.torch for op in ops]
    parameters = _parameters(calls[0].name)
    given = [
        Slot(parameters[index].name, True, Parameter.empty, tuple(call.arguments[index] for call in calls))
        for index in range(len(calls[0].arguments))
    ]
    known = {parameter.name: parameter.default for parameter in parameters}
    names = dict.fromkeys(name for call in calls for name, _ in call.options)
    for name in sorted(names, key=list(known).index):
        default = known[name]
        given.append(Slot(name, False, default, tuple(dict(call.options).get(name, default) for call in calls)))
    return tuple(given)


@lru_cache(maxsize=256)
def _parameters(name: str) -> tuple[Parameter, ...]:
    """Return the parameters of a module's class: its constructor's, and those of the one that it hands them to."""
    own: tuple[Parameter, ...] = ()
    for kind in getmro(module_class(name)):
        if "__init__" in vars(kind):
            found = list(signature(kind).parameters.values())
            own = (*(each for each in found if each.kind not in REST), *own)
            if not any(each.kind is Parameter.VAR_POSITIONAL for each in found):
                return own
    return own


def numbers(alike: Alike) -> Iterator[tuple[Layer | Arms, str, Values]]:
    """Yield every number in like chains: the node it stands in, its parameter's name, its values."""
    for nodes in zip(*alike, strict=True):
        first: Node = nodes[0]
        match first:
            case Layer(op=DropPath()):
                pass  # its rate is the block's own: an argument
            case Layer():
                for slot in slots([node.op for node in nodes]):
                    if _number(slot.values[0]):
                        yield first, slot.keyword, slot.values
            case Gate():
                yield from numbers(tuple(node.chain for node in nodes))
            case Arms(join=join):
                for index in range(len(first.arms)):
                    yield from numbers(tuple(node.arms[index] for node in nodes))
                yield from numbers(tuple(node.weights for node in nodes))
                for field in fields(join):
                    yield first, field.name, tuple(getattr(node.join, field.name) for node in nodes)


def head(name: str) -> str:
    """Return the first part of a dotted name."""
    return name.split(".", maxsplit=1)[0]


def plain(value: Any) -> Any:
    """Return a number without its expression."""
    return int(value) if isinstance(value, Symbol) else value


@dataclass(frozen=True, slots=True)
class Names:
    """What numbers are called in one class or function.

    ``own`` names those that follow from no argument and so are one themselves; ``renamed`` are arguments that
    have another name here than outside.
    """

    own: Mapping[tuple[str, Values], str]
    renamed: Mapping[str, str]

    @classmethod
    def of(cls, alike: Alike) -> "Names":
        """Return the names for like chains: equal numbers in one unit of a block share an argument."""
        own: dict[tuple[str, Values], str] = {}
        for node, keyword, values in numbers(alike):
            key = (head(node.name), values)
            if _expression(values) is None and key not in own:
                name = f"{head(node.name)}_{'width' if keyword in WIDTHS else keyword}"
                longer = f"{node.name.replace('.', '_')}_{keyword}"
                own[key] = longer if name in own.values() else name
        return cls(own, {})

    def number(self, name: str, values: Values) -> str:
        """Return the expression for a number of the layer with this name."""
        outer = self.outer(name, values)
        return re.sub(IDENTIFIER, lambda found: self.renamed.get(found[0], found[0]), outer)

    def outer(self, name: str, values: Values) -> str:
        """Return the same by the names that hold outside."""
        found = _expression(values)
        return self.own[head(name), values] if found is None else found

    def arguments(self, alike: Alike) -> tuple[str, ...]:
        """Return the arguments that like chains need, by the names that hold outside, in their order."""
        used = {
            found: None
            for node, _, values in numbers(alike)
            for found in re.findall(IDENTIFIER, self.outer(node.name, values))
        }
        if any(isinstance(node.op, DropPath) for chain in alike[:1] for node in chain if isinstance(node, Layer)):
            used["drop_path"] = None
        return ordered(used)

    def values(self, index: int) -> dict[str, Any]:
        """Return the values that the arguments which follow from no other have for a block."""
        return {name: values[index] for (_, values), name in self.own.items()}


def _expression(values: Values) -> str | None:
    """Return the expression that gives all values, or None where there is none."""
    first = values[0]
    if all(value == first for value in values):
        return repr(plain(first))
    expressions = {str(value) if isinstance(value, Symbol) else None for value in values}
    return expressions.pop() if len(expressions) == 1 else None


def ordered(names: Mapping[str, None]) -> tuple[str, ...]:
    """Return arguments in the order of a signature."""
    first = [name for name in ORDER if name in names]
    last = [name for name in DEFAULTS if name in names]
    return (*first, *(name for name in names if name not in first and name not in last), *last)
