"""The fit of the model's coefficients to published timings, and its cross-validation.

A coefficient of a run is a product of effects: one shared by all runs, one each for NCHW, single precision and
compilation, for the chip, for torch's release, and for the chip in just this mode. All effects are found
at once by damped least squares on the logarithms (Levenberg 1944; Marquardt 1963), each held to 1 by a prior,
so that a chip without timings is estimated by what the others share.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from resviz.profiling.chips import chip
from resviz.profiling.costs import COEFFICIENTS, Conditions, Costs, ItemColumns, Numbers, costs
from resviz.profiling.published_times import Timing, network
from resviz.profiling.work import items

NOISE = 0.02
"""Relative error that a published timing is thought to have, the model's own included."""
BASE = "all"
SPREAD = {BASE: 0.3, "nchw": 0.3, "fp32": 0.5, "compiled": 0.4, "early": 0.3, "chip": 0.1, "torch": 0.1, "mode": 0.1}
"""How far an effect of a kind may be from 1: a standard deviation of its logarithm."""
LAUNCH_SPREAD = {"nchw": 0.05, "torch": 0.02, "mode": 0.05}
"""The same for the launch where it is less: large batches, which most runs are, say little about it."""
COMPILED_LAUNCH = 0.25
"""What compilation is thought to leave of a launch: one call a kernel, without PyTorch's dispatch."""
EARLY = ("P100", "V100", "T4")
"""Chips before NVIDIA's Ampere; those that were timed ran the libraries of 2020."""
STEP = 1e-4
PATIENCE = 40
"""Most steps of a fit."""
WIDTHS = {"fp32": 4, "tf32": 4}
"""Bytes of a number, 2 where nothing else is said."""

Effects = dict[str, tuple[float, ...]]
"""Logarithms by effect, one for each coefficient in the order of COEFFICIENTS."""


class Mode(NamedTuple):
    """How a network runs: chip, precision (amp, fp16, bf16, tf32, fp32), layout, compiled, torch's release."""

    gpu: str
    precision: str
    memory_format: str
    compiled: bool
    torch: str

    @property
    def name(self) -> str:
        """Chip, precision, layout, eager or compiled."""
        how = "compiled" if self.compiled else "eager"
        return f"{self.gpu}, {self.precision}, {self.memory_format}, {how}"

    @property
    def effects(self) -> tuple[str, ...]:
        """The effects that its coefficients are products of."""
        half = self.precision not in WIDTHS
        found = [BASE]
        found += ["nchw"] if half and self.memory_format == "nchw" and not self.compiled else []
        found += [] if half else ["fp32"]
        found += ["compiled"] if self.compiled else []
        found += ["early"] if self.gpu in EARLY else []
        found += [f"chip {self.gpu}", f"mode {self.name}"]
        return (*found, f"torch {self.torch}") if self.torch else tuple(found)


def mode_of(timing: Timing) -> Mode:
    """Return the mode of a published run."""
    return Mode(timing.gpu, timing.precision, timing.memory_format, timing.compiled, timing.torch)


def conditions(mode: Mode, batch: int) -> Conditions:
    """Return what items meet in a mode. Raises EstimateError where the chip cannot run it."""
    found = chip(mode.gpu)
    tensor = mode.precision != "fp32"
    return Conditions(
        batch=float(batch),
        width=WIDTHS.get(mode.precision, 2),
        macs_per_second=found.rate(mode.precision),
        bytes_per_second=found.peak.bytes_per_second,
        multiprocessors=found.multiprocessors,
        cache=float(found.cache),
        converts=float(tensor and mode.memory_format == "nchw" and not mode.compiled),
    )


def coefficients(effects: Mapping[str, Sequence[float]], mode: Mode) -> dict[str, float]:
    """Return the coefficients of a mode; an effect that was never seen is 1."""
    logs = np.zeros(len(COEFFICIENTS))
    for name in mode.effects:
        logs += np.array(effects.get(name, logs * 0))
    return dict(zip(COEFFICIENTS, map(float, np.exp(logs)), strict=True))


@cache
def _table(net: str, size: int, compiled: bool, autocast: bool, timing: Timing) -> ItemColumns:
    found = network(timing)
    assert found is not None
    return ItemColumns.of(items(found, compiled=compiled, autocast=autocast))


@dataclass(frozen=True)
class Data:
    """Published runs made ready: their items one below the other, and which run each belongs to."""

    timings: tuple[Timing, ...]
    table: ItemColumns
    on: Conditions
    row: np.ndarray

    @classmethod
    def of(cls, timings: Iterable[Timing]) -> "Data":
        """Return timings made ready; the net of each must be a preset."""
        kept = tuple(timings)
        first: dict[tuple[str, int], Timing] = {}
        for each in kept:
            first.setdefault((each.net, each.size), each)
        tables = [_table(t.net, t.size, t.compiled, t.precision == "amp", first[t.net, t.size]) for t in kept]
        row = np.repeat(np.arange(len(kept)), [len(table.macs) for table in tables])
        each_run = [conditions(mode_of(t), t.batch) for t in kept]
        on = Conditions(*(np.array(column, dtype=np.float64)[row] for column in zip(*each_run, strict=True)))
        return cls(kept, ItemColumns.joined(tables), on, row)

    def seconds(self, logs: Numbers) -> Numbers:
        """Return the time of each run for the logarithms of its coefficients, (runs, coefficients)."""
        at = {name: np.exp(logs[:, n])[self.row] for n, name in enumerate(COEFFICIENTS)}
        found: Costs = costs(self.table, self.on, at)
        return np.bincount(self.row, found.total, len(self.timings)).astype(np.float64)


def fit(timings: Sequence[Timing], start: Effects | None = None) -> Effects:
    """Return the effects that explain published timings best; ``start`` are effects near by."""
    data = Data.of(timings)
    names = sorted({effect for timing in timings for effect in mode_of(timing).effects})
    marks = np.array([[name in mode_of(t).effects for name in names] for t in timings], dtype=np.float64)
    count = len(COEFFICIENTS)
    prior = np.zeros((len(names), count))
    prior[names.index(BASE)] = np.log([each.value for each in COEFFICIENTS.values()])
    spread = np.repeat([[SPREAD[name.partition(" ")[0]]] for name in names], count, axis=1)
    launch = list(COEFFICIENTS).index("launch")
    spread[:, launch] = [LAUNCH_SPREAD.get(name.partition(" ")[0], SPREAD[name.partition(" ")[0]]) for name in names]
    if "compiled" in names:
        prior[names.index("compiled"), launch] = np.log(COMPILED_LAUNCH)
    wanted = np.log([timing.seconds for timing in timings])
    x = np.array([(start or {}).get(name, tuple(prior[n])) for n, name in enumerate(names)])

    def residuals(x: Numbers) -> Numbers:
        off = (np.log(data.seconds(marks @ x)) - wanted) / NOISE
        return np.concatenate([off, ((x - prior) / spread).ravel()])

    def slopes(x: Numbers) -> Numbers:
        logs = marks @ x
        here = np.log(data.seconds(logs))
        parts = []
        for number in range(count):
            moved = logs.copy()
            moved[:, number] += STEP
            parts.append((np.log(data.seconds(moved)) - here) / STEP / NOISE)
        each = np.stack(parts, axis=1)  # (runs, coefficients)
        whole = (marks[:, :, None] * each[:, None, :]).reshape(len(here), -1)
        return np.concatenate([whole, np.diag(1 / spread.ravel())])

    damping, now = 1e-3, residuals(x)
    for _ in range(PATIENCE):
        slope = slopes(x)
        square, pull = slope.T @ slope, slope.T @ now
        before = float(now @ now)
        while damping < 1e6:
            step = np.linalg.solve(square + damping * np.diag(np.diag(square)), -pull).reshape(x.shape)
            then = residuals(x + step)
            if float(then @ then) < before:
                break
            damping *= 4
        else:
            break
        x, now, damping = x + step, then, damping / 5
        if before - float(now @ now) < 1e-4 * before:
            break
    return {name: tuple(map(float, x[n])) for n, name in enumerate(names)}


def predicted(effects: Effects, timings: Sequence[Timing]) -> Numbers:
    """Return the estimated seconds of published runs."""
    logs = np.log([list(coefficients(effects, mode_of(timing)).values()) for timing in timings])
    return Data.of(timings).seconds(logs)


def left_out(
    timings: Sequence[Timing], groups: Sequence[str], start: Effects, always: Sequence[Timing] = ()
) -> Numbers:
    """Return the relative error of each run, by a fit that saw no run of its group but ``always`` some others."""
    errors = np.zeros(len(timings))
    for group in sorted(set(groups)):
        kept = [*always, *(t for t, g in zip(timings, groups, strict=True) if g != group)]
        out = [n for n, g in enumerate(groups) if g == group]
        held = [timings[n] for n in out]
        errors[out] = predicted(fit(kept, start), held) / np.array([t.seconds for t in held]) - 1
    return errors
