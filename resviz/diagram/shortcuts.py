"""What a shortcut is in words: its name, why its line is dashed, and what each way of drawing it would cost here."""

from dataclasses import dataclass, replace

from resviz.arch.blocks import build_block
from resviz.arch.carried import Carried, X
from resviz.arch.layers import leaves
from resviz.arch.merges import GatedAdd, ScaledAdd
from resviz.arch.shortcuts import SHORTCUTS
from resviz.arch.skips import SKIPS
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
UNSAID = Carried("", "")
H = Carried("h", "h")
"""What `resviz.report.formulas` calls the input of branch and projection behind a unit's pre-activation."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way for a shortcut to bridge its unit, what it costs there, and whether the unit has it.

    ``formula`` is what the unit then computes, before what follows the sum. ``params`` and ``macs`` are the shortcut's
    own, for one image; both are None where ``problem`` explains why this way is not possible.
    """

    label: str
    params: int | None
    macs: int | None
    here: bool
    formula: Carried = UNSAID
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
            found.append(Way(label, None, None, here, problem=str(error)))
            continue
        layers = tuple(leaves(built.shortcut or ()))
        params, macs = sum(layer.params for layer in layers), sum(layer.macs for layer in layers)
        found.append(Way(label, params, macs, here, formula_of(built)))
    return tuple(found)


def formula_of(block: Block) -> Carried:
    """Return the sum that a block of an origin computes: He et al. 2015, Eqs. 1 and 2, and what later papers weigh."""
    if block.origin is None or block.shortcut is None:
        return Carried("y = F(x)", "y = F(x)")
    choices, change = block.origin.choices, block.origin.place.change
    text, latex = SHORTCUTS[choices.shortcut].carries(change, H if block.taps_pre else X)
    if SKIPS[choices.skip].drops:
        text, latex = f"dropout({text})", rf"\mathrm{{dropout}}({latex})"
    match block.merge:
        case ScaledAdd(skip=skip, branch=branch):
            weighed = f"y = {_factor(branch)}F(x) + {_factor(skip)}"
            return Carried(f"{weighed}{text}", f"{weighed}{latex}")
        case GatedAdd(exclusive=exclusive):
            gate = "g(x) " if exclusive else ""
            return Carried(f"y = {gate}F(x) + (1 - g(x)) {text}", rf"y = {gate}F(x) + (1 - g(x))\,{latex}")
        case _:
            return Carried(f"y = F(x) + {text}", f"y = F(x) + {latex}")


def _factor(value: float) -> str:
    return "" if value == 1 else f"{value:g} "


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
