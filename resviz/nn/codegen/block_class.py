"""The class of blocks that share one, and the call that makes each of them.

A child that all blocks have is made in the class; one that only some have (a projection, an anti-aliasing
pool) is an argument, made by the caller, and an identity where there is none.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from resviz.arch.block_types import BLOCKS
from resviz.arch.layers import Chain, leaves
from resviz.arch.merges import Add, GatedAdd, ScaledAdd
from resviz.arch.operation import Kind
from resviz.arch.tree import Block, ShortcutKind
from resviz.nn.build import zeroed
from resviz.nn.codegen.chains import Made, Member, Unit, grouped, initialiser, members
from resviz.nn.codegen.clusters import PARTS, Cluster
from resviz.nn.codegen.numbers import Alike, Names, arguments_of, keeps_channels, origin, structure, symbolic
from resviz.nn.codegen.passed import called, passed, signature
from resviz.nn.codegen.text import CodeStep, compose, definition, indented

WORDS = {"res2net": "Res2Net", "resnest": "ResNeSt", "repvgg": "RepVGG", "convnext": "ConvNeXt", "se": "SE", "sk": "SK"}
"""Names of families as the papers write them."""


@dataclass(frozen=True, slots=True)
class Child:
    """One child of the class: what each block has of it, None for a block that has none."""

    name: str
    chains: tuple[Chain | None, ...]

    @property
    def shared(self) -> bool:
        """Whether every block has it, and has the same."""
        return len({None if chain is None else structure(chain) for chain in self.chains}) == 1

    @property
    def lacking(self) -> bool:
        """Whether a block has none."""
        return None in self.chains


Children = Mapping[str, Sequence[Child]]
"""A class's children by the part of a block that they run."""


@dataclass(frozen=True, slots=True)
class BlockClass:
    """The class of a cluster: its name, the units it calls, its text, and the call that makes each block.

    ``zeros`` are the parameters, named within a block, that start at zero.
    """

    name: str
    units: tuple[Unit, ...]
    text: str
    calls: tuple[str, ...]
    zeros: tuple[str, ...]
    gate_bias: float | None

    def renamed(self, old: str, new: str) -> "BlockClass":
        """Return the same with a unit, or the class itself, under another name."""

        def other(text: str) -> str:
            return re.sub(rf"\b{old}\b", new, text)

        units = tuple(Unit(other(unit.name), other(unit.text), unit.arguments) for unit in self.units)
        calls = tuple(other(call) for call in self.calls)
        return replace(self, name=other(self.name), units=units, text=other(self.text), calls=calls)


def block_class(cluster: Cluster) -> BlockClass:
    """Return the class of blocks that share one."""
    blocks, first = symbolic(cluster.blocks), cluster.first
    found = _children(blocks)
    every = [child for part in found.values() for child in part]
    shared = _together(every, len(blocks))
    names = Names.of(shared)
    arguments = names.arguments(shared)
    channels = keeps_channels(blocks)
    numbers = [{**arguments_of(block, channels=channels), **names.values(index)} for index, block in enumerate(blocks)]
    given = {child.name: passed(child.chains, numbers) for child in every if not child.shared}
    parts = {part: [_member(child, names, found) for child in each] for part, each in found.items()}
    own = [member.made for each in parts.values() for member in each if member.made]
    handed = [made for each in given.values() for made in each if made]
    name = class_name(first)
    text = _text(name, first, parts, signature(arguments, list(given)), found)
    known = tuple(argument for argument in arguments if argument != "drop_path")
    calls = [
        called(name, known, each, {child: made.text for child, row in given.items() if (made := row[index])})
        for index, each in enumerate(numbers)
    ]
    return BlockClass(
        name,
        tuple(dict.fromkeys(unit for made in (*own, *handed) for unit in made.units)),
        text,
        tuple(calls),
        tuple(f"{layer.name}.{zeroed(layer.op)}" for layer in first.layers() if layer.op.zero_initialised),
        first.merge.bias_init if isinstance(first.merge, GatedAdd) else None,
    )


def class_name(block: Block) -> str:
    """Return what the class of a block is called: its type's name, as the papers write it."""
    choices = origin(block).choices
    words = [WORDS.get(word, word.capitalize()) for word in choices.block.split("_")]
    name = "".join(words) if words[-1] == "Bottleneck" else f"{''.join(words)}Block"
    return f"Plain{name}" if block.merge is None and BLOCKS[choices.block].residual else name


def _children(blocks: Sequence[Block]) -> dict[str, list[Child]]:
    """Return the children of a class by part, in the order of a block's layers."""
    tapped = any(block.taps_pre for block in blocks)
    found: dict[str, list[Child]] = {}
    for part in PARTS:
        every = [_named(block, part, tapped) for block in blocks]
        names = dict.fromkeys(name for each in sorted(every, key=len, reverse=True) for name in each)
        found[part] = [Child(name, tuple(each.get(name) for each in every)) for name in names]
    return found


def _named(block: Block, part: str, tapped: bool) -> dict[str, Chain]:
    """Return the children of one part; a shortcut that starts before ``pre`` where others do not is ``pool``."""
    chains = {name: alike[0] for name, alike in grouped((getattr(block, part) or (),)).items()}
    if part != "shortcut" or not tapped or block.shortcut_kind is ShortcutKind.PROJECTION:
        return chains
    return {"pool" if name == "downsample" else name: chain for name, chain in chains.items()}


def _together(children: Sequence[Child], number: int) -> Alike:
    """Return what all blocks have, a chain for each."""
    shared = [child for child in children if child.shared]
    return tuple(tuple(node for child in shared for node in child.chains[index] or ()) for index in range(number))


def _member(child: Child, names: Names, found: Children) -> Member:
    if child.shared:
        return members(tuple(chain or () for chain in child.chains), names)[0]
    identity = child.lacking and not _leaves_out(child, found)
    text = f"nn.Identity() if {child.name} is None else {child.name}" if identity else child.name
    return Member(child.name, Made(text), CodeStep(f"self.{child.name}({{}})"))


def _leaves_out(child: Child, found: Children) -> bool:
    """Return whether the skip of a block without this projection starts elsewhere: before ``pre``."""
    return child.name == "downsample" and child.lacking and bool(found["pre"]) and _tapped(child)


def _tapped(child: Child) -> bool:
    """Return whether it is a projection, which starts where ``pre`` ends."""
    return any(leaf.kind is Kind.CONV for chain in child.chains for leaf in leaves(chain or ()))


def _text(name: str, first: Block, parts: Mapping[str, Sequence[Member]], given: str, found: Children) -> str:
    order = [member for part in PARTS for member in parts[part]]
    made = [f"self.{member.name} = {member.made.text}" for member in order if member.made]
    forward = ["def forward(self, x):", *indented(_forward(first, parts, found))]
    body = ["", *initialiser([given] if given else [], made), *forward]
    return definition(f"class {name}(nn.Module)", _words(first), body)


def _words(block: Block) -> str:
    choices = origin(block).choices
    kind = BLOCKS[choices.block]
    sizes = [(choices.kernel_size or size) if size > 1 else 1 for size in kind.kernels]
    kernels = ", ".join(f"{size}x{size}" for size in sizes)
    what = f"Convolution {kernels}" if len(sizes) == 1 else f"Convolutions {kernels}"
    return f"{what}{', without a shortcut' if block.merge is None and kind.residual else ''}."


def _forward(first: Block, parts: Mapping[str, Sequence[Member]], found: Children) -> list[str]:
    steps = {part: [member.step for member in each] for part, each in parts.items()}
    lines, start = compose(steps["pre"], "x", "out")
    if steps["pre"]:
        lines, start = [*lines, f"out = {start}"], "out"
    if first.merge is None:
        ending, result = compose([*steps["branch"], *steps["post"]], start, "out")
        return [*lines, *ending, f"return {result}"]
    before, skip = _skip(start, steps["shortcut"], found)
    more, out = compose(steps["branch"], start, "out")
    lines += [*before, *more, f"out = {out}"]
    match first.merge:
        case ScaledAdd(skip=a, branch=b):
            met = f"{_times(a, skip)} + {_times(b, 'out')}"
        case GatedAdd(exclusive=exclusive):
            lines.append("gate = self.gate(x)")
            met = f"(1 - gate) * {skip} + {'gate * out' if exclusive else 'out'}"
        case Add():
            met = f"out + {skip}"
    ending, result = compose(steps["post"], met, "out")
    return [*lines, *ending, f"return {result}"]


def _skip(start: str, steps: Sequence[CodeStep], found: Children) -> tuple[list[str], str]:
    """Return lines that keep the skip before the branch runs, and the skip; ``start`` is what ``pre`` gives."""
    children = {child.name: child for child in found["shortcut"]}
    projection = children.get("downsample")
    rest = [step for step, name in zip(steps, children, strict=True) if name not in ("downsample", "pool")]
    lines, skip = [], "x"
    if projection and found["pre"] and _tapped(projection):
        other = "self.pool(x)" if "pool" in children else "x"
        projected = f"self.downsample({start})"
        if projection.lacking:
            projected = f"{other} if self.downsample is None else {projected}"
        lines, skip = [f"skip = {projected}"], "skip"
    elif projection:
        skip = "self.downsample(x)"
    for step in rest:
        skip = step.call.format(skip)
    return lines, skip


def _times(factor: float, value: str) -> str:
    return value if factor == 1 else f"{factor!r} * {value}"
