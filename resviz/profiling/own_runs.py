"""Runs of one's own join an estimate: it is scaled so that it agrees with what was measured on that chip.

Each run is estimated as it was measured (net, step, format, layout, batch), and the geometric mean of measured over
estimated time scales every layer. One factor is all that a few runs can tell: shares and bounds stay those of the
published fit, and so does the band, unless the runs lie further apart than it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, fsum, log
from pathlib import Path

from resviz.errors import EstimateError
from resviz.profiling.chips import Chip, chip
from resviz.profiling.estimate import Estimate, LayerEstimate, estimated_as
from resviz.profiling.protocol import PRECISIONS, STEPS
from resviz.profiling.reach import Reach
from resviz.profiling.result import Profile
from resviz.report.formatting import exact, percent, plural

MOST = 0.9
"""The widest band: its upper end is ten times the estimate."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """What runs on a chip say of its estimates: measured over estimated, for each run, and what was run in words.

    ``alike`` says that they are of the step and the number format that are estimated.
    """

    chip: Chip
    ratios: tuple[float, ...]
    runs: tuple[str, ...]
    alike: bool

    @property
    def factor(self) -> float:
        """The geometric mean of measured over estimated time."""
        return exp(fsum(map(log, self.ratios)) / len(self.ratios))

    @property
    def spread(self) -> float:
        """How far the run furthest from the mean lies from it, as a relative error."""
        return max(max(ratio / self.factor, self.factor / ratio) for ratio in self.ratios) - 1


def anchor(runs: Sequence[Profile], found: Estimate) -> Anchor:
    """Return what runs on an estimate's chip say of it: those of its step and number format, else all that can be held
    against an estimate. Raises EstimateError where there is none.
    """
    held = [(run, plain) for run in runs if (plain := _estimate_of(run, found.chip)) is not None]
    if not held:
        raise EstimateError(
            f"None of {plural(len(runs), 'run')} was measured on {found.chip.name} in a way that is estimated; choose "
            "the GPU that they are of."
        )
    alike = [
        (run, plain) for run, plain in held if (plain.step, plain.mode.precision) == (found.step, found.mode.precision)
    ]
    own = alike or held
    ratios = tuple(run.summary.median / plain.seconds for run, plain in own)
    words = (f"{run.config.name} at batch {exact(run.protocol.batch)}, {_how(run)}" for run, _ in own)
    return Anchor(found.chip, ratios, tuple(dict.fromkeys(words)), bool(alike))


def anchored(estimate: Estimate, own: Anchor) -> Estimate:
    """Return an estimate that agrees with runs on its chip; its sentence says what it was fitted to."""
    factor, reach = own.factor, estimate.reach
    shown = "; ".join(own.runs[:3]) + (f"; and {len(own.runs) - 3} more" if len(own.runs) > 3 else "")
    said = f"Scaled by {factor:.3g} to agree with {plural(len(own.ratios), 'run')} on {own.chip.name} ({shown})."
    if not own.alike:
        said += " None of them is of this step and number format."
    error = reach.error
    if own.spread > error:
        error = min(own.spread, MOST)
        said += f" They lie up to {percent(own.spread)} from their mean, and the band is {percent(error)}."
    else:
        said += " The band is still that of the published runs."
    layers = tuple(_scaled(layer, factor) for layer in estimate.layers)
    return replace(
        estimate, layers=layers, reach=Reach(error, reach.extrapolated, f"{said} Unscaled: {reach.sentence}")
    )


def runs_of(word: str) -> tuple[Profile, ...]:
    """Return the runs of a file, or of the history by an id. Raises ProfilingError where there are none."""
    from resviz.profiling.store import open_store
    from resviz.profiling.table import read

    path = Path(word)
    try:
        if path.is_file():
            return read(path.name, path.read_bytes())
    except OSError as error:
        raise EstimateError(f"The file {word[:80]} cannot be read: {(error.strerror or 'unknown').lower()}.") from None
    if not re.fullmatch(r"[0-9a-f]{32}", word):
        raise EstimateError(f"with-run {word[:80]!r} is no file and no id of a run; take a file of `resviz profile`.")
    return open_store().get(word)


def _scaled(layer: LayerEstimate, factor: float) -> LayerEstimate:
    return replace(
        layer,
        seconds=factor * layer.seconds,
        arithmetic=factor * layer.arithmetic,
        memory=factor * layer.memory,
        launch=factor * layer.launch,
    )


def _how(run: Profile) -> str:
    return f"{STEPS[run.protocol.step]}, {PRECISIONS[run.protocol.precision].label}"


def _estimate_of(run: Profile, wanted: Chip) -> Estimate | None:
    """Return the estimate of what was run; None of another chip, or where nothing like it is estimated."""
    if run.protocol.fold_bn or run.protocol.cuda_graph:
        return None
    try:
        return estimated_as(run.network, wanted.name, run.protocol) if chip(run.device.name) is wanted else None
    except EstimateError:
        return None
