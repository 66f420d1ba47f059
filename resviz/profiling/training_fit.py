"""The fit of training factors to published training steps, and its cross-validation by nets.

training_times.csv: timm's `results/benchmark-train-amp-nhwc-pt112-cu113-rtx3090.csv` (Wightman,
huggingface/pytorch-image-models, Apache-2.0): forward, loss, backward and the optimiser's step, images per second.
All are of one chip, layout and precision; timm's file of the same runs in NCHW is not taken in.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from resviz.arch import expand, find
from resviz.profiling.costs import Numbers
from resviz.profiling.estimate import estimated
from resviz.profiling.training_factors import PASSES, Factors, column, parts
from resviz.profiling.work import items

GPU, PRECISION, LAYOUT, TORCH = "RTX 3090", "amp", "nhwc", "torch 1.12"
SOURCE = "timm results/benchmark-train-amp-nhwc-pt112-cu113-rtx3090.csv"
HUBER = 0.05
"""Relative error from which on a run pulls no harder: one net in 39 is far off, and would bend all."""
RIDGE = 0.002
"""How little each factor is held to PASSES."""
ROUNDS = 20


@dataclass(frozen=True, slots=True)
class TrainingTiming:
    """A published training step: a net by its preset's name, the side of its pictures, batch, images per second."""

    net: str
    size: int
    batch: int
    images_per_second: float

    @property
    def seconds(self) -> float:
        """Seconds of one batch."""
        return self.batch / self.images_per_second


@cache
def training_timings() -> tuple[TrainingTiming, ...]:
    """Return every published training step; each net is a preset."""
    text = files("resviz.profiling").joinpath("training_times.csv").read_text(encoding="utf-8")
    return tuple(
        TrainingTiming(row["net"], int(row["size"]), int(row["batch"]), float(row["images_per_second"]))
        for row in csv.DictReader(text.splitlines())
    )


def shares(timings: Sequence[TrainingTiming]) -> Numbers:
    """Return what the forward pass of each run takes by sort of layer, over the run's published time: (runs, 3)."""
    found = np.zeros((len(timings), 3))
    for number, timing in enumerate(timings):
        network = expand(find(timing.net).config.with_(input=(3, timing.size, timing.size)))
        listed = items(network, compiled=False, autocast=True, each=True)
        forward = estimated(network, GPU, precision=PRECISION, memory_format=LAYOUT, batch=timing.batch, compiled=False)
        for item, part, layer in zip(listed, parts(listed), forward.layers, strict=True):
            found[number, column(item)] += layer.seconds * part
        found[number] /= timing.seconds
    return found


def fit(table: Numbers) -> Factors:
    """Return the factors that bring runs, given by `shares`, nearest to 1: least squares with Huber's weights."""
    count = table.shape[1]
    weights = np.ones(len(table))
    factors = np.full(count, PASSES)
    for _ in range(ROUNDS):
        rows = np.concatenate([table * weights[:, None], np.sqrt(RIDGE) * np.eye(count)])
        wanted = np.concatenate([weights, np.full(count, np.sqrt(RIDGE) * PASSES)])
        factors = np.linalg.lstsq(rows, wanted, rcond=None)[0]
        off = np.abs(table @ factors - 1)
        weights = np.sqrt(np.minimum(1, HUBER / np.maximum(off, 1e-12)))
    return Factors(*(max(float(each), 1.0) for each in factors))


def predicted(factors: Factors, table: Numbers) -> Numbers:
    """Return estimated over published time of runs given by `shares`."""
    return np.asarray(table @ np.array([factors.product, factors.grouped, factors.elementwise]), dtype=np.float64)


def left_out(table: Numbers, nets: Sequence[str]) -> Numbers:
    """Return the relative error of each run by a fit that saw no run of its net."""
    names = np.array(nets)
    return np.array([float(predicted(fit(table[names != net]), table[[n]])[0]) - 1 for n, net in enumerate(nets)])
