"""Chains as code: the modules that a class makes, the calls of its forward pass, and the classes both need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from resviz.arch.attention import ATTENTIONS
from resviz.arch.joins import Attend, Concat, Join, Select, Sum
from resviz.arch.layers import Arms, Gate, Layer, leaves
from resviz.arch.operation import Kind, Operation
from resviz.arch.ops import DropPath
from resviz.nn.codegen.numbers import Alike, Names, head, slots
from resviz.nn.codegen.text import CodeStep, compose, definition, indented

MANY = 3
"""So many arms in a row with the same layers are made in a loop."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A class or a function of the file: its name, its text, what it is called with, by the caller's names.

    The name is one of its own within a block (`own_name`) until the file gives it a shorter one.
    """

    name: str
    text: str
    arguments: tuple[str, ...]


def own_name(name: str, node: str) -> str:
    """Return a name that no other unit of a block has: what it should be called, and the node it is for."""
    return f"{name}__{node.replace('.', '_')}"


@dataclass(frozen=True, slots=True)
class Made:
    """An expression that makes a module, and the units that it calls, those they call before them."""

    text: str
    units: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """One child of a class: how it is made (None where a function does without a module), how it is called."""

    name: str
    made: Made | None
    step: CodeStep


def grouped(alike: Alike, prefix: str = "") -> dict[str, Alike]:
    """Return like chains by the children that run them, in order: the first part of a name behind the prefix."""
    positions: dict[str, list[int]] = {}
    for position, node in enumerate(alike[0]):
        positions.setdefault(head(node.name[len(prefix) :]), []).append(position)
    return {name: tuple(tuple(chain[i] for i in found) for chain in alike) for name, found in positions.items()}


def members(alike: Alike, names: Names, prefix: str = "") -> tuple[Member, ...]:
    """Return the children that run like chains, in order."""
    return tuple(_member(name, part, names, prefix) for name, part in grouped(alike, prefix).items())


def _member(name: str, alike: Alike, names: Names, prefix: str) -> Member:
    first = alike[0][0]
    if isinstance(first, Layer) and first.name == prefix + name and first.op.functional:
        return Member(name, None, CodeStep(first.op.functional, first.kind in (Kind.ACTIVATION, Kind.FLATTEN)))
    return Member(name, module(name, alike, names, prefix), CodeStep(f"self.{name}({{}})"))


def module(name: str, alike: Alike, names: Names, prefix: str = "") -> Made:
    """Return what makes the child of this name."""
    found = [chain[0] for chain in alike if chain]
    first = found[0]
    if first.name != f"{prefix}{name}":
        inner = f"{prefix}{name}."
        return sequential({each: module(each, part, names, inner) for each, part in grouped(alike, inner).items()})
    match first:
        case Layer():
            return Made(call([node.op for node in found if isinstance(node, Layer)], first.name, names))
        case Gate():
            unit, inside = _gate([node for node in found if isinstance(node, Gate)], names)
        case Arms():
            unit, inside = _arms([node for node in found if isinstance(node, Arms)], names)
    given = ", ".join(names.renamed.get(argument, argument) for argument in unit.arguments)
    return Made(f"{unit.name}({given})", (*inside, unit))


def call(ops: Sequence[Operation], name: str, names: Names) -> str:
    """Return the call that makes a layer."""
    if isinstance(ops[0], DropPath):
        return "DropPath(drop_path)"
    shown = []
    for slot in slots(ops):
        text = names.number(name, slot.values)
        if slot.positional:
            shown.append(text)
        elif text != repr(slot.default):
            shown.append(f"{slot.keyword}={text}")
    return f"{ops[0].torch.name}({', '.join(shown)})"


def sequential(parts: Mapping[str, Made]) -> Made:
    """Return an ``nn.Sequential`` of parts by name; where all are numbers, those left out are identities."""
    units = tuple(unit for part in parts.values() for unit in part.units)
    if all(name.isdecimal() for name in parts):
        numbered = {int(name): part.text for name, part in parts.items()}
        texts = [numbered.get(number, "nn.Identity()") for number in range(max(numbered) + 1)]
        return Made(f"nn.Sequential({', '.join(texts)})", units)
    texts = [f"{name}={part.text}" for name, part in parts.items()]
    return Made(f"nn.Sequential(OrderedDict({', '.join(texts)}))", units)


def initialiser(arguments: Sequence[str], body: Sequence[str]) -> list[str]:
    """Return the constructor of a module's class."""
    given = "".join(f", {argument}" for argument in arguments)
    return [f"def __init__(self{given}):", *indented(["super().__init__()", *body]), ""]


def assigned(parts: Sequence[Member]) -> list[str]:
    """Return the lines that make the children which are modules."""
    return [f"self.{part.name} = {part.made.text}" for part in parts if part.made]


def units_of(parts: Sequence[Member]) -> tuple[Unit, ...]:
    """Return the units that children call."""
    return tuple(unit for part in parts if part.made for unit in part.made.units)


def _inner(names: Names, alike: Alike, node: Gate | Arms, channels: str) -> tuple[Names, tuple[str, ...]]:
    """Return the names inside a unit, and its arguments by the names outside."""
    outside = names.arguments(alike)
    short = f"{head(node.name)}_"
    renamed = {name: name.removeprefix(short) for name in outside}
    if channels in renamed and "channels" not in renamed:
        renamed[channels] = "channels"
    clash = len(set(renamed.values())) < len(renamed)
    return replace(names, renamed={} if clash else renamed), outside


def _channels(nodes: Sequence[Gate | Arms], names: Names) -> str:
    """Return the outer name of the channels that a unit takes."""
    values = tuple(node.in_shape[0] for node in nodes)
    return str(values[0]) if len({str(value) for value in values}) == 1 else ""


def _gate(gates: Sequence[Gate], names: Names) -> tuple[Unit, tuple[Unit, ...]]:
    gate, alike = gates[0], tuple(gate.chain for gate in gates)
    inner, outside = _inner(names, alike, gate, _channels(gates, names))
    parts = members(alike, inner, f"{gate.name}.")
    lines, made = compose([part.step for part in parts], "x", "out")
    lines.append(f"return x {'+' if gate.adds else '*'} {made}")
    body = [*initialiser([inner.renamed.get(name, name) for name in outside], assigned(parts))]
    body += ["def forward(self, x):", *indented(lines)]
    name = own_name(f"{_title(gate.name)}Gate", gate.name)
    text = definition(f"class {name}(nn.Module)", _gate_words(gate), ["", *body])
    return Unit(name, text, outside), units_of(parts)


def _gate_words(gate: Gate) -> str:
    entry = ATTENTIONS.get(head(gate.name))
    if entry is None or gate.name != head(gate.name):
        return f"Its input {'plus' if gate.adds else 'times'} what its layers make of it."
    return f"{entry.label}: {entry.formula}."


def _title(name: str) -> str:
    """Return a node's name as a class has it: ``cbam.channel`` is CBAMChannel."""
    words = name.replace("_", ".").split(".")
    return "".join(word.upper() if word in ATTENTIONS else word.capitalize() for word in words)


def _arms(arms: Sequence[Arms], names: Names) -> tuple[Unit, tuple[Unit, ...]]:
    node, number = arms[0], len(arms[0].arms)
    chains = [tuple(each.arms[index] for each in arms) for index in range(number)]
    whole = tuple((each,) for each in arms)
    inner, outside = _inner(names, whole, node, _channels(arms, names))
    made = [_arm(str(index), chain, inner, f"{node.name}.") for index, chain in enumerate(chains)]
    empty = not any(next(leaves(arm), None) for arm in node.arms)
    body = [] if empty else _appended([each.text for each in made])
    select = module("select", tuple(each.weights for each in arms), inner, f"{node.name}.") if node.weights else None
    body += [f"self.select = {select.text}"] if select else []
    groups = _groups(arms, inner)
    body += [] if groups.isdecimal() else [f"self.groups = {groups}"]
    joined = _joined(node.join, groups if groups.isdecimal() else "self.groups")
    forward = [*_outputs(node, empty=empty), f"return {joined}"]
    name = own_name(f"{'Cascade' if node.cascaded else type(node.join).__name__}Arms", node.name)
    parts = [*initialiser([inner.renamed.get(each, each) for each in outside], body)]
    parts += ["def forward(self, x):", *indented(forward)]
    base = "nn.Module" if empty else "nn.ModuleList"
    text = definition(f"class {name}({base})", _arms_words(node), ["", *parts])
    units = tuple(unit for each in (*made, *filter(None, [select])) for unit in each.units)
    return Unit(name, text, outside), units


def _arm(name: str, alike: Alike, names: Names, prefix: str) -> Made:
    return module(name, alike, names, prefix) if alike[0] else Made("nn.Identity()")


def _appended(texts: Sequence[str]) -> list[str]:
    """Return the lines that append the arms, many like ones in a loop."""
    lines: list[str] = []
    index = 0
    while index < len(texts):
        count = next((i for i, text in enumerate(texts[index:]) if text != texts[index]), len(texts) - index)
        if count >= MANY:
            lines += [f"for _ in range({count}):", f"    self.append({texts[index]})"]
        else:
            lines += [f"self.append({texts[index]})"] * count
        index += count
    return lines


def _outputs(node: Arms, *, empty: bool) -> list[str]:
    """Return the lines that make the list of what the arms give."""
    number = len(node.arms)
    if node.cascaded:
        return [
            "arms = []",
            f"for index, share in enumerate(x.chunk({number}, 1)):",
            f"    taken = share + arms[-1] if 0 < index < {node.cascaded} else share",
            "    arms.append(self[index](taken))",
        ]
    if empty:
        return [f"arms = x.chunk({number}, 1)" if node.split else f"arms = [x] * {number}"]
    if node.split:
        return [f"arms = [self[i](share) for i, share in enumerate(x.chunk({number}, 1))]"]
    return [f"arms = [self[i](x) for i in range({number})]" if node.weights else "arms = [arm(x) for arm in self]"]


def _groups(arms: Sequence[Arms], names: Names) -> str:
    """Return the groups of channels that a join weighs together, 1 where it knows none."""
    values = tuple(getattr(each.join, "groups", 1) for each in arms)
    return names.number(arms[0].name, values)


def _joined(join: Join, groups: str) -> str:
    """Return the expression that makes one map of the list ``arms``."""
    match join:
        case Sum():
            return "sum(arms)"
        case Concat():
            return "torch.cat(arms, 1)"
        case Select():
            return f"selected(arms, self.select, {groups})"
        case Attend():
            return "attended(*arms)"
        case _:
            raise TypeError(f"{join} joins no arms")


def _arms_words(node: Arms) -> str:
    number = len(node.arms)
    shared = f"The channels in {number} shares" if node.split else f"{number} parallel arms"
    cascade = ", each convolved with what the one before gave added" if node.cascaded else ""
    return f"{shared}{cascade}, joined: {node.join.formula}."
