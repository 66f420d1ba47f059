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
from resviz.profiling.estimate import Estimate, LayerEstimate, estimated
from resviz.profiling.reach import Reach
from resviz.profiling.result import Profile
from resviz.report.formatting import exact, percent, plural

PRECISIONS = {"fp16_autocast": "amp", "bf16_autocast": "amp"}
"""What estimates call the number formats of runs, where they call them otherwise."""
MOST = 0.9
"""The widest band: its upper end is ten times the estimate."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """What runs on a chip say of its estimates: measured over estimated, for each run, and the nets in words."""

    chip: Chip
    ratios: tuple[float, ...]
    nets: tuple[str, ...]

    @property
    def factor(self) -> float:
        """The geometric mean of measured over estimated time."""
        return exp(fsum(map(log, self.ratios)) / len(self.ratios))

    @property
    def spread(self) -> float:
        """How far the run furthest from the mean lies from it, as a relative error."""
        return max(max(ratio / self.factor, self.factor / ratio) for ratio in self.ratios) - 1


def of_chip(runs: Sequence[Profile], wanted: Chip) -> tuple[Profile, ...]:
    """Return the runs that were made on a chip and that an estimate can be held against."""
    return tuple(
        run for run in runs if _chip_of(run) is wanted and not (run.protocol.fold_bn or run.protocol.cuda_graph)
    )


def anchor(runs: Sequence[Profile], wanted: Chip) -> Anchor:
    """Return what runs say of a chip's estimates. Raises EstimateError where none of them is of it."""
    own = of_chip(runs, wanted)
    if not own:
        raise EstimateError(
            f"None of {plural(len(runs), 'run')} was measured on {wanted.name}, without a CUDA graph and with batch "
            "norm in place; choose the GPU that they are of."
        )
    ratios = tuple(run.summary.median / _estimate_of(run, wanted).seconds for run in own)
    nets = tuple(dict.fromkeys(f"{run.config.name} at batch {exact(run.protocol.batch)}" for run in own))
    return Anchor(wanted, ratios, nets)


def anchored(estimate: Estimate, own: Anchor) -> Estimate:
    """Return an estimate that agrees with one's own runs on its chip; its sentence says what it was fitted to."""
    factor, reach = own.factor, estimate.reach
    shown = ", ".join(own.nets[:3]) + (f" and {len(own.nets) - 3} more" if len(own.nets) > 3 else "")
    said = (
        f"Scaled by {factor:.3g} to agree with {plural(len(own.ratios), 'run')} of yours on {own.chip.name} ({shown})."
    )
    error = reach.error
    if own.spread > error:
        error = min(own.spread, MOST)
        said += f" They lie up to {percent(own.spread)} from one another's mean, which is the band."
    else:
        said += " The band is still that of the published runs."
    layers = tuple(_scaled(layer, factor) for layer in estimate.layers)
    return replace(estimate, layers=layers, reach=Reach(error, reach.extrapolated, f"{said} {reach.sentence}"))


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


def _chip_of(run: Profile) -> Chip | None:
    try:
        return chip(run.device.name)
    except EstimateError:
        return None


def _estimate_of(run: Profile, wanted: Chip) -> Estimate:
    protocol = run.protocol
    return estimated(
        run.network,
        wanted.name,
        precision=PRECISIONS.get(protocol.precision, protocol.precision),
        memory_format="nhwc" if protocol.channels_last else "nchw",
        batch=protocol.batch,
        compiled=protocol.compiled,
        step=protocol.step,
    )
