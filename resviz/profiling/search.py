"""The inverse question: which networks of a design space keep within limits, and which of them none beats.

A query is plain text throughout, so that a link, a command line and a page ask the same: ranges as
`resviz.report.axes` reads them, limits such as ``macs<=4G``, ``time<=10ms``, ``depth>=50``.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resviz.arch import ResNetConfig, ResvizError
from resviz.errors import unknown
from resviz.profiling.chips import chip
from resviz.profiling.data_sheet import mark
from resviz.profiling.design_times import SweepTimes, sweep_times
from resviz.progress import Report, silent
from resviz.report import formatting, sizes
from resviz.report.axes import Axis, usual
from resviz.report.axes import axes as read_axes
from resviz.report.design_space import MAX_POINTS, Sweep, sweep
from resviz.report.scaling import Rule, scaling_line
from resviz.report.tables import Column, Form, Table, write

_LIMIT = re.compile(r"\s*([a-z]{1,20})\s*(<=|>=)\s*(.{1,40}?)\s*")


Values = Callable[[Sweep, SweepTimes], NDArray[Any]]
"""Where a quantity of every network of a sweep comes from."""


def _counted(name: str) -> Values:
    """Return where a quantity comes from that the sweep counts."""
    return lambda swept, _: swept.columns[name]


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a network of a sweep has: label, where it comes from, how it is written and read, if more is a cost.

    ``header`` heads it in a table of numbers alone, each times ``factor`` and with so many ``digits`` after the point.
    """

    label: str
    of: Values
    text: Callable[[Any], str]
    header: str
    factor: float = 1.0
    read: Callable[[str, str], float] = sizes.count
    cost: bool = True
    unit: str = ""
    digits: int = 2


QUANTITIES = {
    "params": Quantity("Parameters", _counted("params"), formatting.short, "Parameters, M", 1e-6),
    "macs": Quantity("MACs", _counted("macs"), formatting.short, "MACs, G", 1e-9),
    "activations": Quantity("Activations", _counted("activations"), formatting.short, "Activations, M", 1e-6),
    "time": Quantity(
        "Estimated time",
        lambda _, times: times.seconds,
        formatting.duration,
        "Time, ms",
        1e3,
        read=sizes.seconds,
        unit="s",
    ),
    "inference": Quantity(
        "Memory at inference", _counted("inference"), formatting.size, "Inference, MB", 1e-6, unit="bytes"
    ),
    "training": Quantity(
        "Memory in training", _counted("training"), formatting.size, "Training, MB", 1e-6, unit="bytes"
    ),
    "field": Quantity(
        "Receptive field",
        _counted("field"),
        formatting.exact,
        "Receptive field, px",
        cost=False,
        unit="pixels",
        digits=0,
    ),
    "depth": Quantity("Weighted layers", _counted("depth"), formatting.exact, "Weighted layers", cost=False, digits=0),
}
"""The quantities by the word that limits and ranks use."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound of a quantity: at most, or at least, a value in its own unit (seconds, bytes, counts)."""

    quantity: str
    most: bool
    value: float

    @property
    def text(self) -> str:
        """The limit for people: ``MACs at most 4.00 G``."""
        known = QUANTITIES[self.quantity]
        return f"{known.label} {'at most' if self.most else 'at least'} {known.text(self.value)}"

    def keeps(self, values: NDArray[Any]) -> NDArray[np.bool_]:
        """Return which values it lets through."""
        return np.asarray(values <= self.value if self.most else values >= self.value)


def limit(text: str) -> Limit:
    """Return the limit that ``macs<=4G`` describes. Raises ResvizError."""
    found = _LIMIT.fullmatch(text)
    if found is None:
        raise ResvizError(f"The limit {text[:40]!r} needs the form quantity<=value, such as macs<=4G or depth>=50.")
    name, sign, value = found.groups()
    if name not in QUANTITIES:
        raise ResvizError(unknown("quantity", name, QUANTITIES))
    return Limit(name, sign == "<=", QUANTITIES[name].read(name, value))


@dataclass(frozen=True)
class Query:
    """A question: ranges around a base, limits, the chip and how it runs; ``batch`` is that of time and memory."""

    base: ResNetConfig
    axes: tuple[Axis, ...]
    limits: tuple[Limit, ...] = ()
    gpu: str = "RTX 4090"
    precision: str = "amp"
    memory_format: str = "nhwc"
    batch: int = 1
    compiled: bool = False

    @classmethod
    def of(cls, base: ResNetConfig, ranges: Sequence[str], limits: Sequence[str], **how: Any) -> "Query":
        """Return the query that texts describe; without ranges, those that are usual around the base."""
        return cls(base, read_axes(ranges or usual(base)), tuple(map(limit, limits)), **how)


@dataclass(frozen=True)
class Found:
    """A sweep with its times, and how the limits narrow it: ``left`` remain after each; ``rows`` keep all."""

    query: Query
    sweep: Sweep
    times: SweepTimes
    left: tuple[int, ...] = field(default=())
    rows: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def column(self, quantity: str) -> NDArray[Any]:
        """Return a quantity of every network of the sweep."""
        return QUANTITIES[quantity].of(self.sweep, self.times)

    def ranked(self, by: str) -> NDArray[np.int64]:
        """Return the rows that keep all limits, the lowest of a quantity first; ``-macs`` puts the highest first.

        Raises ResvizError for a quantity that is none.
        """
        name = by.removeprefix("-")
        if name not in QUANTITIES:
            raise ResvizError(unknown("sort", name, QUANTITIES))
        values = self.column(name)[self.rows]
        return np.asarray(self.rows[np.argsort(-values if by.startswith("-") else values, kind="stable")])

    def front(self, x: str, y: str, *, most_y: bool) -> NDArray[np.int64]:
        """Return the rows that keep all limits and that none beats in both: less x, and more (or less) y.

        They come with rising x; of equals the first is there.
        """
        return self.rows[pareto(self.column(x)[self.rows], self.column(y)[self.rows] * (-1 if most_y else 1))]


def pareto(x: NDArray[Any], y: NDArray[Any]) -> NDArray[np.int64]:
    """Return which points no other beats in both numbers, less being better; with rising x, of equals the first."""
    order = np.lexsort((y, x))
    best = np.minimum.accumulate(y[order])
    first = np.concatenate([[True], best[1:] < best[:-1]]) if len(order) else np.zeros(0, dtype=bool)
    return np.asarray(order[first], dtype=np.int64)


def search(query: Query, *, most: int = MAX_POINTS, report: Report = silent) -> Found:
    """Return what a query finds. Raises ResvizError, as `sweep` and `sweep_times`."""
    return narrowed(query, *counted(query, most=most, report=report))


def counted(query: Query, *, most: int = MAX_POINTS, report: Report = silent) -> tuple[Sweep, SweepTimes]:
    """Return a query's sweep and times, which its limits do not change."""
    found = sweep(query.base, query.axes, batch=query.batch, dtype=_dtype(query), most=most, report=report)
    return timed(query, found, report)


def timed(query: Query, found: Sweep, report: Report = silent) -> tuple[Sweep, SweepTimes]:
    """Return a sweep with its times in the way that a query runs."""
    how = {"precision": query.precision, "memory_format": query.memory_format}
    return found, sweep_times(found, query.gpu, batch=query.batch, compiled=query.compiled, report=report, **how)


def along(query: Query, rule: Rule, report: Report = silent) -> Found:
    """Return the networks of a scaling rule through a query's base, with their costs and times."""
    line = scaling_line(query.base, rule, batch=query.batch, dtype=_dtype(query), report=report)
    return Found(query, *timed(query, line, report))


def _dtype(query: Query) -> str:
    """Return the type of a number in memory; under autocast weights and most of what is kept stay in float32."""
    return {"fp16": "float16", "bf16": "bfloat16"}.get(query.precision, "float32")


def narrowed(query: Query, swept: Sweep, times: SweepTimes) -> Found:
    """Return what is left of a sweep after each limit."""
    found = Found(query, swept, times)
    keep, left = np.ones(len(swept.values), dtype=bool), []
    for each in query.limits:
        keep &= each.keeps(found.column(each.quantity))
        left.append(int(keep.sum()))
    return Found(query, swept, times, tuple(left), np.flatnonzero(keep))


def table(found: Found, rows: Sequence[int] | NDArray[np.int64], *, units: bool = False) -> Table:
    """Return rows as a table: what varies, then every quantity; ``units`` names those of the raw numbers."""
    named = [Column(each.name) for each in found.sweep.axes]
    columns = (*named, *(Column(_header(name, units), each.text) for name, each in QUANTITIES.items()))
    kept = [found.column(name) for name in QUANTITIES]
    lines = [(*found.sweep.values[row], *(column[row].item() for column in kept)) for row in rows]
    return Table(columns, tuple(lines))


def _header(name: str, units: bool) -> str:
    known = QUANTITIES[name]
    return f"{known.label}, {known.unit}" if known.unit and (units or known.unit == "pixels") else known.label


def record(found: Found, rows: Sequence[int] | NDArray[np.int64]) -> dict[str, Any]:
    """Return what was found as plain data: the question, how the limits narrow it, the rows; seconds and bytes."""
    query = found.query
    return {
        "base": query.base.name,
        "ranges": [each.text for each in query.axes],
        "configurations": len(found.sweep.values),
        "refused": found.sweep.refused,
        "limits": [
            {"quantity": each.quantity, "most" if each.most else "least": each.value, "left": left}
            for each, left in zip(query.limits, found.left, strict=True)
        ],
        "gpu": query.gpu,
        "precision": query.precision,
        "batch": query.batch,
        "compiled": query.compiled,
        "time": {"band": found.times.error, "extrapolated": found.times.extrapolated, "basis": found.times.sentence},
        "unchecked": list(chip(query.gpu).unchecked(query.precision)),
        "networks": [
            {each.name: value for each, value in zip(query.axes, found.sweep.values[row], strict=True)}
            | {name: found.column(name)[row].item() for name in QUANTITIES}
            | {"config": found.sweep.config(int(row)).to_dict()}
            for row in rows
        ],
    }


def text(found: Found, rows: Sequence[int] | NDArray[np.int64], by: str) -> str:
    """Return what a terminal shows: how the limits narrow the space, the first rows, what the times rest on."""
    how = f"{found.query.gpu}, {found.query.precision}, batch {formatting.exact(found.query.batch)}"
    return "\n".join(
        [
            *narrowing(found),
            "",
            write(table(found, rows), Form.TEXT),
            "",
            f"{ranking(by)}. Time on {how}: {basis(found)}",
        ]
    )


def basis(found: Found) -> str:
    """Return what the times rest on, and which figures of the chip's data sheet are unchecked."""
    return f"{found.times.sentence} {mark(chip(found.query.gpu), found.query.precision)}".rstrip()


def narrowing(found: Found) -> tuple[str, ...]:
    """Return in words how many configurations there are, and how many remain after each limit."""
    refused = sum(found.sweep.refused.values())
    lines = [f"{formatting.plural(len(found.sweep.values), 'configuration')} around {found.query.base.name}"]
    if refused:
        reason = next(iter(found.sweep.refused))
        lines.append(f"{formatting.plural(refused, 'combination')} cannot be, most often: {reason}")
    lines += [f"{formatting.exact(n)} with {each.text}" for each, n in zip(found.query.limits, found.left, strict=True)]
    return tuple(lines)


def ranking(by: str) -> str:
    """Return in words what a ranking puts first."""
    label = QUANTITIES[by.removeprefix("-")].label
    label = label if label == "MACs" else label.lower()
    return f"{'Highest' if by.startswith('-') else 'Lowest'} {label} first"
