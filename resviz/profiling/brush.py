"""Ranges on the axes of parallel coordinates: which networks of a search keep within them, and how a link says so.

A range is text: ``macs:2e9..4e9``, ``block:basic..basic``; several stand one after the other, with semicolons. Numbers
are raw (MACs, seconds); a field's ends are values that it takes, in the order of its axis.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resviz.arch import ResvizError
from resviz.profiling.search import QUANTITIES, Found

SHOWN = ("params", "macs", "time", "depth")
"""The quantities among the axes: few enough for a small screen."""
MOST = 1e30
"""The most that an end of a range may be: beyond all that a network takes."""
DIGITS = 4
"""Significant digits of a range's ends in a link; they are rounded outwards."""
_RANGE = re.compile(r"([a-z_]{1,40}(?:\.[1-9][0-9]?)?):(.{1,60}?)\.\.(.{1,60})")


@dataclass(frozen=True, slots=True)
class LineAxis:
    """An axis: where each network of the sweep stands on it, between which ends.

    Places are a quantity's raw numbers, or the numbers of a field's values in their order; ``words`` are these as text,
    none for a quantity. Its ends are those of the networks within the limits, or a field's first and last value.
    """

    name: str
    label: str
    places: NDArray[np.float64]
    low: float
    high: float
    words: tuple[str, ...] = ()
    factor: float = 1.0
    digits: int = 0

    @property
    def log(self) -> bool:
        """Whether it is drawn logarithmically: it spans more than a factor of four, as for the scatter."""
        return not self.words and 0 < 4 * self.low < self.high


def line_axes(found: Found) -> tuple[LineAxis, ...]:
    """Return the axes of a search that found any: each field that varies, then the main quantities."""
    axes = []
    for number, each in enumerate(found.sweep.axes):
        if len(each.values) > 1:
            at = {value: n for n, value in enumerate(each.values)}
            places = np.array([at[values[number]] for values in found.sweep.values], dtype=np.float64)
            words = tuple(map(str, each.values))
            axes.append(LineAxis(each.name, each.name, places, 0.0, len(words) - 1.0, words=words))
    for name in SHOWN:
        known = QUANTITIES[name]
        column = np.asarray(found.column(name), dtype=np.float64)
        low, high = float(column[found.rows].min()), float(column[found.rows].max())
        axes.append(LineAxis(name, known.header, column, low, high, factor=known.factor, digits=known.digits))
    return tuple(axes)


@dataclass(frozen=True, slots=True)
class Brush:
    """Ranges by the name of their axis: the least and the greatest place."""

    ranges: tuple[tuple[str, float, float], ...] = ()

    @classmethod
    def read(cls, text: str, axes: tuple[LineAxis, ...]) -> "Brush":
        """Return the ranges that a text asks for; those of axes or values that there are not are left out.

        Raises ResvizError for a text that is none.
        """
        named = {each.name: each for each in axes}
        found: dict[str, list[float | None]] = {}
        for part in filter(None, text.split(";")):
            match = _RANGE.fullmatch(part)
            if match is None:
                raise ResvizError(f"The range {part[:60]!r} needs the form axis:low..high, such as macs:2e9..4e9.")
            name, *ends = match.groups()
            if name in named:
                found[name] = [_place(end, named[name], part) for end in ends]
        return cls.of(found, axes)

    @classmethod
    def of(cls, ranges: Mapping[str, Any], axes: tuple[LineAxis, ...]) -> "Brush":
        """Return ranges given as pairs of places; what is no pair of numbers, or holds its whole axis, is left out."""
        found = []
        for each in axes:
            match ranges.get(each.name):
                case [int() | float() as first, int() | float() as last] if abs(first) <= MOST >= abs(last):
                    low, high = sorted((float(first), float(last)))
                    if each.words:
                        low, high = (min(max(end, each.low), each.high) for end in _whole(low, high))
                    if low > each.low or high < each.high:
                        found.append((each.name, float(low), float(high)))
                case _:
                    pass
        return cls(tuple(found))

    def written(self, axes: tuple[LineAxis, ...]) -> str:
        """Return the ranges as text, which `read` reads; numbers are rounded outwards."""
        named = {each.name: each for each in axes}
        return ";".join(
            f"{name}:{_end(low, named[name])}..{_end(high, named[name], up=True)}" for name, low, high in self
        )

    def __iter__(self) -> Any:
        return iter(self.ranges)

    def keeps(self, axes: tuple[LineAxis, ...]) -> NDArray[np.bool_]:
        """Return which networks of the sweep keep within all ranges."""
        kept = np.ones(len(axes[0].places), dtype=bool)
        named = {each.name: each.places for each in axes}
        for name, low, high in self.ranges:
            kept &= (named[name] >= low) & (named[name] <= high)
        return kept


def _whole(low: float, high: float) -> tuple[float, float]:
    """Return the values from one place to another, the nearest one where there is none between."""
    first, last = np.ceil(low), np.floor(high)
    return (float(first), float(last)) if first <= last else (float(round((low + high) / 2)),) * 2


def _place(text: str, axis: LineAxis, part: str) -> float | None:
    """Return where an end of a range stands; None for a value that the axis has not."""
    if axis.words:
        return float(axis.words.index(text)) if text in axis.words else None
    try:
        found = float(text)
    except ValueError:
        found = np.nan
    if not isfinite(found):
        raise ResvizError(f"The range {part[:60]!r} needs numbers, such as macs:2e9..4e9.")
    return found


def _end(place: float, axis: LineAxis, *, up: bool = False) -> str:
    if axis.words:
        return axis.words[int(np.clip(place, 0, len(axis.words) - 1))]
    if not place:
        return "0"
    exact = Decimal(repr(place))
    step = Decimal(1).scaleb(exact.adjusted() - DIGITS + 1)
    return f"{float(exact.quantize(step, ROUND_CEILING if up else ROUND_FLOOR)):.{DIGITS}g}"
