"""What every estimate obeys, in every mode of every chip: more work never takes less time, and layers sum to the total.

All modes are gone through, timed and extrapolated; `test_estimate.py` draws networks at random.
"""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from math import isclose
from typing import Any

import numpy as np
import pytest

import resviz
from resviz.arch import expand, preset
from resviz.profiling.chips import PEAK_OF, chip, chips
from resviz.profiling.costs import ItemColumns, costs
from resviz.profiling.estimate import FORMATS, mode_on, stored
from resviz.profiling.fit import Mode, coefficients, conditions
from resviz.profiling.protocol import MAX_BATCH, STEPS
from resviz.profiling.training_factors import Factors
from resviz.profiling.work import items

BATCHES = (1, 2, 7, 32, 256, 4096, MAX_BATCH)
GROWTH: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "deeper": ({"depths": (2, 2, 2, 2)}, {"depths": (2, 2, 3, 2)}),
    "wider": ({}, {"widths": (80, 160, 320, 640)}),
    "larger pictures": ({"input": (3, 160, 160)}, {"input": (3, 192, 192)}),
    "with attention": ({}, {"attention": "se"}),
}
"""Less and more work, as changes of a net."""


def modes(gpu: str) -> Iterator[Mode]:
    """Every way to run a network on a chip."""
    for precision, peak in PEAK_OF.items():
        for memory_format in FORMATS:
            for compiled in (False, True):
                if chip(gpu).peak.macs[peak]:
                    how = {"precision": precision, "memory_format": memory_format, "compiled": compiled}
                    yield mode_on(gpu, batch=1, **how)  # type: ignore[arg-type]


@cache
def work(changes: tuple[tuple[str, Any], ...], compiled: bool, autocast: bool) -> tuple[ItemColumns, np.ndarray]:
    """The items of ResNet-18, changed, as columns, and how many forward passes of each a training step takes."""
    network = expand(preset("resnet18").with_(**dict(changes)))
    parts = items(network, compiled=compiled, autocast=autocast, each=True)
    return ItemColumns.of(parts), np.array(Factors.of(stored()).each(parts))


def layers(mode: Mode, batch: int, step: str, **changes: Any) -> np.ndarray:
    """Seconds of each layer of the net."""
    table, factors = work(tuple(changes.items()), mode.compiled, mode.precision == "amp")
    spent = costs(table, conditions(mode, batch), coefficients(stored()["effects"], mode)).total
    return np.asarray(spent * (factors if step == "train" else 1))


@pytest.mark.parametrize("gpu", chips())
def test_more_work_and_larger_batches_take_longer_in_every_mode(gpu: str) -> None:
    for mode in modes(gpu):
        for step in STEPS:
            each = [layers(mode, batch, step) for batch in BATCHES]
            assert all((less <= more).all() and less.sum() < more.sum() for less, more in pairwise(each)), (mode, step)
            for what, (less, more) in GROWTH.items():
                for batch in (1, 256):
                    assert layers(mode, batch, step, **less).sum() < layers(mode, batch, step, **more).sum(), (
                        mode,
                        what,
                    )
        for batch in BATCHES:
            forward, train = (layers(mode, batch, step) for step in ("forward", "train"))
            assert (forward <= train).all(), mode
            assert forward.sum() < train.sum(), mode


@pytest.mark.parametrize("gpu", chips())
def test_layers_sum_to_the_total_of_every_chip_and_are_what_the_laws_were_held_to(gpu: str) -> None:
    for number, mode in enumerate(modes(gpu)):
        step = list(STEPS)[number % 2]
        how = {"precision": mode.precision, "memory_format": mode.memory_format, "compiled": mode.compiled}
        found = resviz.estimate(preset("resnet18"), gpu, batch=7, step=step, **how).record()  # type: ignore[arg-type]
        assert isclose(sum(layer["seconds"] for layer in found["layers"]), found["seconds"])
        assert isclose(found["seconds"], layers(mode, 7, step).sum())
        assert found["low"] < found["seconds"] < found["high"]
