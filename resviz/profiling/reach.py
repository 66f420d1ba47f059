"""How far an estimate can be trusted: its band, from runs held out of the fit, and what it rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from resviz.profiling.fit import Mode
from resviz.profiling.work import DEPTHWISE, Item
from resviz.report.formatting import exact, percent, plural

LEAST_NETS = 2
"""Nets that a mode must have been timed with before one of them can be held out."""
NEAR = 4
"""How many times more or less than the timed batches still counts as timed: there the time is linear in it."""
NEAR_SIDE = 2
"""The same for the side of the picture."""
WORDS = {
    DEPTHWISE: "depthwise convolutions",
    "StandardisedConv2d": "standardised weights",
    "ScaledStandardisedConv2d": "standardised weights",
    "ChannelConv1d": "convolutions along channels",
    "GroupNorm": "group normalisation",
    "ChannelNorm": "layer normalisation",
    "ChannelScale": "learnt scales",
    "BranchGain": "learnt gains",
    "ConstantScale": "constant scales",
    "BlurPool2d": "blur pools",
    "SubsamplePad": "padded shortcuts",
    "Sum": "parallel arms",
    "Concat": "parallel arms",
    "Select": "arms weighed by a softmax",
    "Attend": "positions weighed by a softmax",
}
"""What people call the classes of operations and joins that a net may have and no timed one has."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The band as a relative error that nine of ten held-out runs kept; whether it is beyond what was timed; why."""

    error: float
    extrapolated: bool
    sentence: str


def reach(stored: Mapping[str, Any], mode: Mode, batch: int, side: int, items: Sequence[Item]) -> Reach:
    """Return the reach of an estimate in a mode: the stored fit, batch, side of the picture, the items it has."""
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
    least, most = stored["sizes"]
    if not least / NEAR_SIDE <= side <= most * NEAR_SIDE:
        beyond = True
        said.append(f"Pictures of {side} pixels are far from those that were timed, {least} to {most}.")
    untimed = sorted({WORDS.get(item.what, item.label) for item in items if item.what not in stored["layers"]})
    if untimed:
        beyond = True
        said.append(f"It has {_listed(untimed)}, of which no timing is in the fit.")
    if timed is not None and timed["nets"] >= LEAST_NETS and not beyond:
        error = float(errors["modes"][mode.name]["p90"])
        said.append(f"Of runs whose net was held out, nine in ten were within {percent(error)}.")
    else:
        error = float(errors["chips"]["p90"])
        said.append(f"Of runs whose chip was held out, nine in ten were within {percent(error)}.")
    return Reach(error, beyond, " ".join(said))


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
