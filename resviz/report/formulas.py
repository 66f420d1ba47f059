"""Formulas of a residual unit as it stands, in LaTeX: what it computes, and how many weights its branch has.

Letters are the papers': ``x`` the unit's input, ``F`` its branch, ``W_i`` the branch's convolutions,
``W_s`` the shortcut's projection, ``C`` the channels in, ``C'`` those out where they are others, ``w`` the
inner width, ``s``, ``u`` and so on any others, ``g`` the groups. Biases are left out, and so are the gains of
scaled standardised convolutions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from resviz.arch.layers import Arms, Chain, Gate, Layer, Node, main_path
from resviz.arch.merges import Add, GatedAdd, ScaledAdd
from resviz.arch.network import Network
from resviz.arch.ops import Conv2d, Kind
from resviz.arch.tree import Block
from resviz.report.formatting import exact


@dataclass(frozen=True, slots=True)
class Term:
    """``coefficient * channels in * channels out / groups``: a convolution's weights, or those of several alike.

    A depthwise convolution has one factor only, for its groups cancel it.
    """

    coefficient: int
    factors: tuple[str, ...]
    groups: int

    def symbols(self) -> str:
        """Return the term in letters."""
        power = _power(self.factors, r"\,")
        product = power if self.coefficient == 1 else rf"{self.coefficient}\,{power}"
        return product if self.groups == 1 else rf"\frac{{{product}}}{{g}}"

    def numbers(self, values: dict[str, int]) -> str:
        """Return the term with its values put in."""
        power = _power([str(values[factor]) for factor in self.factors], r" \cdot ")
        product = power if self.coefficient == 1 else rf"{self.coefficient} \cdot {power}"
        return product if self.groups == 1 else rf"\frac{{{product}}}{{{self.groups}}}"


def _power(factors: Sequence[str], sign: str) -> str:
    first, *second = factors
    return f"{first}^2" if [first] == second else sign.join(factors)


@dataclass(frozen=True, slots=True)
class WeightFormula:
    """How many weights the convolutions of a branch have: in letters, in numbers, and the letters' values."""

    symbols: str
    numbers: str
    value: int
    values: dict[str, int]

    @property
    def letters(self) -> str:
        """The letters with their values: ``C = 256, w = 64``."""
        return r",\ ".join(f"{letter} = {value}" for letter, value in self.values.items())

    @property
    def result(self) -> str:
        """The numbers with what they amount to."""
        return rf"{self.numbers} = {exact(self.value).replace(',', '{,}')}"


def typical(network: Network) -> tuple[str, Block]:
    """Return the path and the block that stands for a network's units: the last with weights of its first stage."""
    stage = network.stages[0]
    index, block = max((index, block) for index, block in enumerate(stage.blocks) if block.branch)
    return f"{stage.name}.{index}", block


def weight_formula(block: Block) -> WeightFormula:
    """Return the formula of the weights of a block's branch, terms alike taken together.

    The block has a branch; attention units and the shortcut are not in the formula.
    """
    convs = [layer.op for layer in main_path(block.branch) if isinstance(layer.op, Conv2d)]
    letters = {block.in_shape[0]: "C"}
    letters.setdefault(block.out_shape[0], "C'")
    spare = iter("wsuvabcdefhijklmnpqrt")
    terms: dict[tuple[tuple[str, ...], int], int] = {}
    for op in convs:
        for channels in (op.in_channels, op.out_channels):
            if channels not in letters:
                letters[channels] = next(spare)
        depthwise = op.groups == op.in_channels == op.out_channels > 1
        both = sorted((letters[op.in_channels], letters[op.out_channels]))
        key = ((both[0],), 1) if depthwise else (tuple(both), op.groups)
        terms[key] = terms.get(key, 0) + op.kernel_size**2
    several = [Term(coefficient, factors, groups) for (factors, groups), coefficient in terms.items()]
    groups = max(term.groups for term in several)
    values = {letter: channels for channels, letter in letters.items()}
    return WeightFormula(
        symbols=" + ".join(term.symbols() for term in several),
        numbers=" + ".join(term.numbers(values) for term in several),
        value=sum(prod(op.weight_factors) for op in convs),
        values=values | ({"g": groups} if groups > 1 else {}),
    )


def in_words(network: Network, field: str) -> tuple[str, ...]:
    """Return the lines of LaTeX that say, for a network's typical unit, what a field chose; () for other fields.

    ``block`` has the weights of the branch, ``order`` what the unit computes.
    """
    _, block = typical(network)
    if field == "order":
        return unit_formula(block)
    if field != "block":
        return ()
    weights = weight_formula(block)
    return (rf"{weights.symbols}\ \text{{weights}}", weights.letters, weights.result)


_POOLS = {Kind.MAXPOOL: "maxpool", Kind.AVGPOOL: "avgpool", Kind.BLURPOOL: "blur", Kind.PAD: "pad"}
_DROPS = {Kind.DROPOUT: "dropout", Kind.DROPPATH: r"drop\,path"}


def unit_formula(block: Block) -> tuple[str, ...]:
    """Return what a block computes, in lines: the sum, its branch, and the pre-activation where both arms take it."""
    if not block.branch:
        return ("y = x",)
    inside = _applied(block.pre, "x", "W")
    shared = bool(block.pre) and block.taps_pre
    start = "h" if shared else inside
    lines = [f"y = {_applied(block.post, _sum(block, start), 'W')}", f"F(x) = {_applied(block.branch, start, 'W')}"]
    if isinstance(block.merge, GatedAdd):
        lines.append(r"g(x) = \sigma(W_g x + b)")
    return (*lines, f"h = {inside}") if shared else tuple(lines)


def _sum(block: Block, start: str) -> str:
    if block.shortcut is None:
        return "F(x)"
    skip = _applied(block.shortcut, start if block.taps_pre else "x", "W_s")
    match block.merge:
        case ScaledAdd(skip=a, branch=b):
            return f"{_factor(a)}{skip} + {_factor(b)}F(x)"
        case GatedAdd(exclusive=exclusive):
            return rf"(1 - g(x))\,{skip} + {'g(x)' if exclusive else ''}\,F(x)".replace(r"+ \,", "+ ")
        case Add() | None:
            return f"{skip} + F(x)"


def _factor(value: float) -> str:
    return "" if value == 1 else rf"{value:g}\,"


def _applied(chain: Chain, inner: str, weight: str) -> str:
    """Return a chain applied to an expression; lines may break before a weight."""
    number = 0
    for node in chain:
        if isinstance(node, Layer) and isinstance(node.op, Conv2d):
            number += 1
            letter = weight if weight == "W_s" else f"W_{number}"
            inner = rf"\allowbreak {letter}\,{inner}"
        else:
            inner = rf"\mathrm{{{_function(node)}}}({inner})"
    return inner


def _function(node: Node) -> str:
    match node:
        case Gate():
            unit, _, part = node.name.partition(".")
            return f"{unit.upper()}_{part[0]}" if part else unit.upper()
        case Arms():
            return "arms"
        case Layer():
            return {**_POOLS, **_DROPS}.get(node.kind) or node.op.label
