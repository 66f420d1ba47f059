"""How far an estimate can be trusted: its band, from runs held out of the fit, and what it rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from resviz.arch.operation import Kind
from resviz.profiling.fit import Mode
from resviz.profiling.work import Item, Sort
from resviz.report.formatting import exact, percent, plural

LEAST_NETS = 2
"""Nets that a mode must have been timed with before one of them can be held out."""
NEAR = 4
"""How many times more or less than the timed batches still counts as timed: there the time is linear in it."""
UNTIMED_NORMS = ("LN", "GN", "IN")


@dataclass(frozen=True, slots=True)
class Reach:
    """The band as a relative error that nine of ten held-out runs kept; whether it is beyond what was timed; why."""

    error: float
    extrapolated: bool
    sentence: str


def reach(stored: Mapping[str, Any], mode: Mode, batch: int, items: Sequence[Item]) -> Reach:
    """Return the reach of an estimate in a mode, from the stored fit and the items that it consists of."""
    modes, errors = stored["modes"], stored["errors"]
    timed = modes.get(mode.name)
    said, beyond = [], False
    if timed is None:
        beyond = True
        gpus = sorted({each["gpu"] for each in modes.values()})
        if mode.gpu in gpus:
            said.append(
                f"No published timing of this mode on {mode.gpu} is in the fit: it is reached from other modes."
            )
        else:
            said.append(
                f"No published timing of {mode.gpu} is in the fit: its data sheet is used, with what "
                f"{', '.join(gpus[:-1])} and {gpus[-1]} have in common."
            )
    elif timed["nets"] < LEAST_NETS:
        said.append(f"Fitted to {exact(timed['rows'])} published runs of ResNet-50 alone ({mode.name}).")
    else:
        said.append(f"Fitted to {exact(timed['rows'])} published runs of {plural(timed['nets'], 'net')} ({mode.name}).")
    least, most = timed["batches"] if timed is not None else (batch, batch)
    if not least / NEAR <= batch <= most * NEAR:
        beyond = True
        span = exact(least) if least == most else f"{exact(least)} to {exact(most)}"
        said.append(f"Batch {exact(batch)} is far from those that were timed, {span}.")
    untimed = _untimed(items)
    if untimed:
        beyond = True
        said.append(f"It has {' and '.join(untimed)}, of which no timing is in the fit.")
    if timed is not None and timed["nets"] >= LEAST_NETS and not beyond:
        error = float(errors["modes"][mode.name]["p90"])
        said.append(f"Of runs whose net was held out, nine in ten were within {percent(error)}.")
    else:
        error = float(errors["chips"]["p90"])
        said.append(f"Of runs whose chip was held out, nine in ten were within {percent(error)}.")
    return Reach(error, beyond, " ".join(said))


def _untimed(items: Sequence[Item]) -> list[str]:
    """Return the sorts of layers that no timed net has."""
    found = []
    if any(item.sort is Sort.GROUPED and item.groups > 1 and item.width == 1 for item in items):
        found.append("depthwise convolutions")
    if any(item.kind is Kind.NORM and item.label in UNTIMED_NORMS for item in items):
        found.append("normalisations other than batch norm")
    return found
