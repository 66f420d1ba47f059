"""Numbers in a lesson's text: each placeholder ``[[macs: resnet50]]`` is computed, or quoted from its printed table.

A placeholder is a name and its arguments, ``[[name: first | second]]``; a network is written as in a link.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from math import prod

from resviz.arch import Network, UnknownNameError, expand
from resviz.arch.links import decode
from resviz.arch.ops import Kind
from resviz.arch.tree import ShortcutKind
from resviz.errors import unknown
from resviz.published import table1, tables
from resviz.published.paper import MISPRINT
from resviz.report import formatting as fmt
from resviz.report.classic import unit
from resviz.report.receptive import last_field

PLACEHOLDER = re.compile(r"\[\[([^\[\]]+)\]\]")

MATH = re.compile(r"\$\$.*?\$\$|\$[^$]*\$", re.DOTALL)
"""A formula of a text; there the comma of a number takes braces, or LaTeX sets a gap behind it."""


@cache
def network(word: str) -> Network:
    """Return the network of a link's word."""
    return expand(decode(word)[0])


def number(expression: str) -> int:
    """Return the whole number that a placeholder's inside stands for, ``macs: resnet50``."""
    return int(_value(expression).replace(",", "").replace(fmt.MINUS, "-"))


def filled(text: str, facts: Mapping[str, str] | None = None) -> str:
    """Return a text with every placeholder filled, from an experiment's facts or computed.

    Raises UnknownNameError for a placeholder that nothing fills.
    """
    known = facts or {}

    def value(found: re.Match[str]) -> str:
        inside = found[1].strip()
        return known[inside] if inside in known else _value(inside)

    def formula(found: re.Match[str]) -> str:
        return PLACEHOLDER.sub(lambda inner: value(inner).replace(",", "{,}").replace("%", r"\%"), found[0])

    return PLACEHOLDER.sub(value, MATH.sub(formula, text))


def _value(expression: str) -> str:
    name, _, rest = expression.partition(":")
    name = name.strip()
    if name not in FIGURES:
        raise UnknownNameError(unknown("figure", name, FIGURES))
    return FIGURES[name](*(word.strip() for word in rest.split("|")))


def _quantity(quantity: str, word: str) -> int:
    value: int = getattr(network(word), quantity)
    return value


def _printed(key: str, model: str, quantity: str) -> str:
    """Return a printed figure as printed: ``top1``, ``top5``, ``params`` or ``macs`` of a table's row."""
    table = next(table for table in tables() if table.key == key)
    row = next((row for row in table.rows if row.model == model), None)
    if row is None:
        raise UnknownNameError(unknown(f"row of {key}", model, (row.model for row in table.rows)))
    figure = getattr(row, quantity)
    return figure if isinstance(figure, str) else figure.text


def _stage(word: str, name: str, quantity: str) -> str:
    stage = next(stage for stage in network(word).stages if stage.name == name)
    match quantity:
        case "blocks":
            return str(len(stage.blocks))
        case "shape":
            return fmt.shape(stage.out_shape)
        case "depth":
            return str(sum(run.block.depth * run.count for run in stage.runs))
        case _:
            return fmt.exact(getattr(stage, quantity))


def _layer(word: str, path: str, quantity: str) -> str:
    layer = next(layer for layer in network(word).layers() if layer.name == path)
    match quantity:
        case "shape":
            return fmt.shape(layer.out_shape)
        case "formula":
            return layer.derivation.replace("*", r" \cdot ")
        case _:
            return fmt.exact(getattr(layer, quantity))


def _paper(depth: str, label: str, quantity: str) -> str:
    """Return what He et al. 2015, Table 1, print for a stage of a depth: ``bracket``, ``blocks`` or ``side``."""
    line = next(line for line in table1(int(depth)) if line.label == label)
    return str(getattr(line, quantity))


FIGURES: dict[str, Callable[..., str]] = {
    "macs": lambda word: fmt.exact(_quantity("macs", word)),
    "gmacs": lambda word: fmt.short(_quantity("macs", word)),
    "flops": lambda word: fmt.exact(_quantity("flops", word)),
    "params": lambda word: fmt.exact(_quantity("params", word)),
    "mparams": lambda word: fmt.short(_quantity("params", word)),
    "depth": lambda word: fmt.exact(_quantity("depth", word)),
    "solid": lambda word: str(network(word).shortcuts.solid),
    "dashed": lambda word: str(network(word).shortcuts.dashed),
    "more": lambda quantity, a, b: fmt.exact(_quantity(quantity, b) - _quantity(quantity, a)),
    "change": lambda quantity, a, b: fmt.change(_quantity(quantity, a), _quantity(quantity, b)),
    "rise": lambda quantity, a, b: fmt.percent(_quantity(quantity, b) / _quantity(quantity, a) - 1),
    "times": lambda quantity, a, b: f"{_quantity(quantity, a) / _quantity(quantity, b):.1f}",
    "printed": _printed,
    "error": lambda key, model: f"{_printed(key, model, 'top1')}%",
    "stage": _stage,
    "layer": _layer,
    "paper": _paper,
    "weights": lambda block, width: fmt.exact(unit(block, int(width)).weights),
    "ratio": lambda width: f"{unit('basic', int(width)).weights / unit('bottleneck', int(width)).weights:.1f}",
    "field": lambda word: fmt.exact(last_field(network(word)).size),
    "projections": lambda word: str(
        sum(block.shortcut_kind is ShortcutKind.PROJECTION for _, block in network(word).blocks())
    ),
    "weighted": lambda word: fmt.exact(network(word).count(Kind.CONV) + network(word).count(Kind.LINEAR)),
    "product": lambda *factors: fmt.exact(prod(map(int, factors))),
    "misprint": lambda part: fmt.exact(MISPRINT.figure.value if part == "printed" else MISPRINT.means),
    "power": lambda base, exponent: fmt.exact(int(base) ** int(exponent)),
}
"""What a placeholder may name; arguments are words."""
