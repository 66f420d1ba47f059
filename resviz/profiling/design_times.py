"""Estimated times of a whole sweep: each distinct part of its networks is estimated once, all of them together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resviz.arch.network import Stage
from resviz.profiling import costs as model
from resviz.profiling.estimate import mode_on, stored
from resviz.profiling.fit import coefficients, conditions
from resviz.profiling.reach import reach
from resviz.profiling.work import Item, layer_items, stage_items
from resviz.progress import Report, silent
from resviz.report.design_space import EMPTY, Sweep

SAMPLED = 200
"""Networks of a sweep whose layers are asked whether they were ever timed."""


@dataclass(frozen=True)
class SweepTimes:
    """Seconds of a batch for each row of a sweep, the band as a relative error, and what they rest on."""

    seconds: NDArray[np.float64]
    error: float
    extrapolated: bool
    sentence: str


def sweep_times(
    sweep: Sweep,
    gpu: str,
    *,
    precision: str = "amp",
    memory_format: str = "nhwc",
    batch: int = 1,
    compiled: bool = False,
    report: Report = silent,
) -> SweepTimes:
    """Return the estimated forward time of each network of a sweep, as `resviz.profiling.estimate.estimate` has it.

    The band is the widest of SAMPLED networks of the sweep. Raises EstimateError.
    """
    mode = mode_on(gpu, precision=precision, memory_format=memory_format, batch=batch, compiled=compiled)
    autocast = precision == "amp"
    lists: list[tuple[Item, ...]] = []
    for done, part in enumerate(sweep.parts):
        report("timing", done, len(sweep.parts))
        lists.append(
            stage_items(part, compiled=compiled, autocast=autocast)
            if isinstance(part, Stage)
            else layer_items(part, compiled=compiled, autocast=autocast)
        )
    items = [item for each in lists for item in each]
    numbers = np.repeat(np.arange(len(lists)), [len(each) for each in lists])
    spent = model.costs(
        model.ItemColumns.of(items), conditions(mode, batch), coefficients(stored()["effects"], mode)
    ).total
    seconds = sweep.summed(np.bincount(numbers, spent, len(lists)))
    # The band depends on the picture and on which sorts of layers there are, not on how many of each.
    found = []
    for row in np.unique(np.linspace(0, len(sweep.rows) - 1, SAMPLED).astype(int)):
        own = {item.what: item for number in sweep.rows[row] if number != EMPTY for item in lists[number]}
        each = reach(stored(), mode, batch, sweep.sides[row], tuple(own.values()))
        found.append(each)
    widest = max(found, key=lambda each: each.error)
    return SweepTimes(np.asarray(seconds, dtype=np.float64), widest.error, widest.extrapolated, widest.sentence)
