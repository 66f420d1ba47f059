"""The time of a forward pass or a training step on a GPU that one does not have, with its band and bounds.

A physical model over the tree's layers (`resviz.profiling.costs`) with the coefficients that `fit` found,
stored beside their cross-validation in coefficients.json. No net is looked up: the tree of the one asked for
is all that is read of it. A training step is the forward pass times a factor for each sort of layer
(`resviz.profiling.training_factors`).
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from resviz.arch import Network, ResNetConfig, expand
from resviz.errors import EstimateError
from resviz.profiling import costs as model
from resviz.profiling.chips import PEAK_OF, Chip, chip
from resviz.profiling.fit import Mode, coefficients, conditions
from resviz.profiling.protocol import MAX_BATCH, STEPS, Protocol
from resviz.profiling.reach import Reach, reach
from resviz.profiling.training_factors import Factors, training_reach
from resviz.profiling.work import Item, items

AUTOCAST = {"fp16_autocast": "amp", "bf16_autocast": "amp"}
"""What estimates call the number formats of protocols, where they call them otherwise."""
FORMATS = ("nchw", "nhwc")
TORCH = "2.9.1"
"""The newest release of torch that the timings are of; its effect counts on chips timed with it."""
BOUNDS = ("arithmetic", "memory", "launch")
"""What an item may wait for."""
MAX_ITEMS = 100_000
"""Layers of a network; one with more takes too long to list."""


@dataclass(frozen=True, slots=True)
class LayerEstimate:
    """What one layer, or an addition or product without a layer, is estimated to take; seconds for the batch.

    ``arithmetic``, ``memory`` and ``launch`` are what it would take if it waited for that alone.
    """

    path: str
    label: str
    seconds: float
    arithmetic: float
    memory: float
    launch: float

    @property
    def bound(self) -> str:
        """What it waits for most: arithmetic, memory or launch."""
        return max(BOUNDS, key=lambda name: float(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimated step: seconds for the batch, its layers, its reach; ``mode`` is how it runs.

    ``step`` is ``forward``, or ``train`` for forward, loss, backward and SGD, each with its layer.
    """

    network: Network
    chip: Chip
    mode: Mode
    batch: int
    layers: tuple[LayerEstimate, ...]
    reach: Reach
    step: str = "forward"

    @property
    def seconds(self) -> float:
        """Seconds of one batch: the sum over its layers."""
        return sum(layer.seconds for layer in self.layers)

    @property
    def images_per_second(self) -> float:
        """Images per second."""
        return self.batch / self.seconds

    @property
    def low(self) -> float:
        """The lower end of the band, in seconds."""
        return self.seconds / (1 + self.reach.error)

    @property
    def high(self) -> float:
        """The upper end of the band, in seconds."""
        return self.seconds / (1 - self.reach.error)

    @property
    def extrapolated(self) -> bool:
        """Whether it reaches beyond what was timed: another chip, mode, batch or sort of layer."""
        return self.reach.extrapolated

    def share(self, bound: str) -> float:
        """Return the share of the time that is spent in layers with a bound."""
        return sum(layer.seconds for layer in self.layers if layer.bound == bound) / self.seconds

    def record(self) -> dict[str, Any]:
        """Return the estimate as plain data; times in seconds."""
        return {
            "name": self.network.name,
            "gpu": self.chip.name,
            "precision": self.mode.precision,
            "memory_format": self.mode.memory_format,
            "compiled": self.mode.compiled,
            "step": self.step,
            "batch": self.batch,
            "input": list(self.network.input),
            "seconds": self.seconds,
            "low": self.low,
            "high": self.high,
            "band": self.reach.error,
            "images_per_second": self.images_per_second,
            "extrapolated": self.extrapolated,
            "basis": self.reach.sentence,
            "unchecked": list(self.chip.unchecked(self.mode.precision)),
            "bounds": {bound: self.share(bound) for bound in BOUNDS},
            "layers": [
                {"path": layer.path, "label": layer.label, "seconds": layer.seconds, "bound": layer.bound}
                for layer in self.layers
            ],
        }


@cache
def stored() -> dict[str, Any]:
    """Return the stored fit: effects, errors of its cross-validation, and the command that made it."""
    text = files("resviz.profiling").joinpath("coefficients.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def estimate(
    config: ResNetConfig,
    gpu: str = "RTX 4090",
    *,
    precision: str = "amp",
    memory_format: str = "nhwc",
    batch: int = 256,
    compiled: bool = False,
    step: str = "forward",
) -> Estimate:
    """Return the estimated time of a step of a configuration, eager or compiled.

    ``step`` is `forward`, a forward pass at inference, or `train`, a training step.
    ``precision`` is amp (FP16 by autocast), fp16, bf16, tf32 or fp32; ``memory_format`` nchw or nhwc. Raises
    EstimateError for a chip, a precision, a layout or a batch that cannot be, ConfigError for a configuration.
    """
    return estimated(
        expand(config),
        gpu,
        precision=precision,
        memory_format=memory_format,
        batch=batch,
        compiled=compiled,
        step=step,
    )


def estimated(
    network: Network,
    gpu: str,
    *,
    precision: str,
    memory_format: str,
    batch: int,
    compiled: bool,
    step: str = "forward",
) -> Estimate:
    """Return the estimate for an expanded network; as `estimate`."""
    _one_of("step", step, tuple(STEPS))
    mode = mode_on(gpu, precision=precision, memory_format=memory_format, batch=batch, compiled=compiled)
    listed = sum(count for _, count in network.tally())
    if listed > MAX_ITEMS:
        raise EstimateError(f"depths give {listed:,} layers; an estimate lists at most {MAX_ITEMS:,}.")
    on = conditions(mode, batch)
    parts = items(network, compiled=mode.compiled, autocast=precision == "amp", each=True)
    spent = model.costs(model.ItemColumns.of(parts), on, coefficients(stored()["effects"], mode))
    sure = reach(stored(), mode, batch, network.input[1], parts)
    times = (1.0,) * len(parts)
    if step == "train":
        times = Factors.of(stored()).each(parts)
        sure = training_reach(stored(), mode.name, batch, sure)
    return Estimate(
        network=network,
        chip=chip(mode.gpu),
        mode=mode,
        batch=batch,
        layers=tuple(_layer(item, spent, number, times[number]) for number, item in enumerate(parts)),
        reach=sure,
        step=step,
    )


def mode_on(gpu: str, *, precision: str, memory_format: str, batch: int, compiled: bool) -> Mode:
    """Return how a network would run on a chip. Raises EstimateError for what cannot be, as `estimate`."""
    found = chip(gpu)
    _one_of("precision", precision, tuple(PEAK_OF))
    _one_of("memory_format", memory_format, FORMATS)
    if not 1 <= batch <= MAX_BATCH:
        raise EstimateError(f"batch {batch!r} is not possible: a whole number from 1 to {MAX_BATCH:,}.")
    release = TORCH if any(f"torch {TORCH}" in mode["effects"] for mode in _timed(found.name)) else ""
    return Mode(found.name, precision, memory_format, bool(compiled), release)


def _timed(gpu: str) -> list[dict[str, Any]]:
    return [mode for mode in stored()["modes"].values() if mode["gpu"] == gpu]


def estimated_as(network: Network, gpu: str, protocol: Protocol) -> Estimate:
    """Return the estimate for a network on a chip as a protocol measures it. Raises EstimateError as `estimate`."""
    return estimated(
        network,
        gpu,
        precision=AUTOCAST.get(protocol.precision, protocol.precision),
        memory_format="nhwc" if protocol.channels_last else "nchw",
        batch=protocol.batch,
        compiled=protocol.compiled,
        step=protocol.step,
    )


def _layer(item: Item, spent: model.Costs, number: int, times: float) -> LayerEstimate:
    return LayerEstimate(
        path=item.path,
        label=item.label,
        seconds=times * float(spent.total[number]),
        arithmetic=times * float(spent.arithmetic[number]),
        memory=times * float(spent.memory[number]),
        launch=times * float(spent.launch[number]),
    )


def _one_of(field: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise EstimateError(f"{field} {str(value)[:60]!r} is not possible; it is one of {', '.join(allowed)}.")
