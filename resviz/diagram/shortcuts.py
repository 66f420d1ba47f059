"""What a shortcut is in words: its name, why its line is dashed, and what each way of drawing it would cost here."""

from dataclasses import dataclass, replace

from resviz.arch.blocks import build_block
from resviz.arch.layers import leaves
from resviz.arch.shortcuts import SHORTCUTS
from resviz.arch.tree import Block, ShortcutKind
from resviz.errors import ConfigError, ShapeError
from resviz.report import formatting as fmt

KINDS = {
    ShortcutKind.NONE: "none: a plain block",
    ShortcutKind.IDENTITY: "identity: x itself",
    ShortcutKind.PROJECTION: "projection: a 1x1 convolution",
    ShortcutKind.PADDING: "option A: subsampled, padded with zeros",
    ShortcutKind.POOLING: "pooling",
}
"""A shortcut in words."""
PAPERS = ("A", "B", "C")
"""The three ways of He et al. 2015, Sec. 3.3."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way for a shortcut to bridge its unit, what it costs there, and whether the unit has it.

    ``params`` and ``macs`` are the shortcut's own, for one image; both are None where ``problem`` explains why
    this way is not possible.
    """

    label: str
    params: int | None
    macs: int | None
    here: bool
    problem: str = ""


def shortcut_name(block: Block, count: int = 1) -> str:
    """Return a shortcut's name: ``dashed shortcut: 64 to 256 channels, 56x56 kept, projection``."""
    line = "dashed" if block.dashed else "solid"
    noun = "shortcut" if count == 1 else "shortcuts"
    number = f"{count} " if count > 1 else ""
    return f"{number}{line} {noun}: {_channels(block)}, {_map(block)}, {block.shortcut_kind}"


def why(block: Block) -> str:
    """Return why a shortcut's line is dashed or solid: what changes, the channels, the map or both, and what stays."""
    if not block.dashed:
        stays = "solid: the shape stays"
        return f"{stays}, although it projects" if block.shortcut_kind is ShortcutKind.PROJECTION else stays
    before, after = _size(block.in_shape), _size(block.out_shape)
    channels = f"from {block.in_shape[0]} to {block.out_shape[0]} channels"
    if before == after:
        changes = f"{channels}; the map stays {before}"
    elif block.in_shape[0] == block.out_shape[0]:
        changes = f"from a map of {before} to {after}; the channels stay {block.in_shape[0]}"
    else:
        changes = f"{channels} and from a map of {before} to {after}"
    return f"dashed: the shape changes, {changes}"


def ways(block: Block) -> tuple[Way, ...]:
    """Return the papers' three ways and the unit's own, each built at its place; () for a unit without origin."""
    if block.origin is None:
        return ()
    own = block.origin.choices.shortcut
    found = []
    for name in dict.fromkeys((*PAPERS, own)):
        label, here = SHORTCUTS[name].label, name == own
        try:
            built = build_block(replace(block.origin.choices, shortcut=name), block.origin.place)
        except (ConfigError, ShapeError) as error:
            found.append(Way(label, None, None, here, str(error)))
            continue
        layers = tuple(leaves(built.shortcut or ()))
        params, macs = sum(layer.params for layer in layers), sum(layer.macs for layer in layers)
        found.append(Way(label, params, macs, here))
    return tuple(found)


def cost(way: Way) -> str:
    """Return what a way costs, for people, and whether the network has it."""
    used = ", used here" if way.here else ""
    if way.params is None or way.macs is None:
        return f"not possible: {way.problem}"
    if not way.params and not way.macs:
        return f"no parameters, no MACs{used}"
    return f"{fmt.plural(way.params, 'parameter')}, {fmt.macs(way.macs)}{used}"


def _channels(block: Block) -> str:
    before, after = block.in_shape[0], block.out_shape[0]
    return f"{before} channels kept" if before == after else f"{before} to {after} channels"


def _map(block: Block) -> str:
    before, after = _size(block.in_shape), _size(block.out_shape)
    return f"{before} kept" if before == after else f"{before} to {after}"


def _size(shape: tuple[int, ...]) -> str:
    return "x".join(map(str, shape[1:]))
