"""Timings that others published: times.csv, one line a run, each with the file it stands in.

Sources: timm's `results` folder (Wightman, huggingface/pytorch-image-models, Apache-2.0), whose runs tell batch,
precision and layout; NVIDIA's tables for ResNet-50 v1.5 (DeepLearningExamples), which do not tell the layout:
NHWC is assumed with AMP, NCHW without, as the scripts beside them have it.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from resviz.arch import Network, UnknownNameError, expand, find


@dataclass(frozen=True, slots=True)
class Timing:
    """A published run: a net by its preset's name, the side of its pictures, how it ran, images per second."""

    net: str
    size: int
    gpu: str
    precision: str
    memory_format: str
    compiled: bool
    torch: str
    batch: int
    images_per_second: float
    source: str

    @property
    def seconds(self) -> float:
        """Seconds of one batch."""
        return self.batch / self.images_per_second

    @property
    def run(self) -> str:
        """What the rows of one file have in common: chip, precision, layout, eager or compiled, torch's release."""
        how = "compiled" if self.compiled else "eager"
        return ", ".join(filter(None, (self.gpu, self.precision, self.memory_format, how, self.torch)))


@cache
def timings() -> tuple[Timing, ...]:
    """Return every published run, whether its net is known here or not."""
    text = files("resviz.profiling").joinpath("times.csv").read_text(encoding="utf-8")
    return tuple(_timing(row) for row in csv.DictReader(text.splitlines()))


def _timing(row: dict[str, str]) -> Timing:
    return Timing(
        net=row["net"],
        size=int(row["size"]),
        gpu=row["gpu"],
        precision=row["precision"],
        memory_format=row["memory_format"] or ("nchw" if row["precision"] == "fp32" else "nhwc"),
        compiled=row["compiled"] == "1",
        torch=row["torch"],
        batch=int(row["batch"]),
        images_per_second=float(row["images_per_second"]),
        source=row["source"],
    )


def network(timing: Timing) -> Network | None:
    """Return the network of a published run at its size; None where no preset has its name."""
    try:
        config = find(timing.net).config
    except UnknownNameError:
        return None
    return expand(config.with_(input=(3, timing.size, timing.size)))


@cache
def covered() -> tuple[Timing, ...]:
    """Return the published runs whose net is a preset: what the model is fitted to."""
    known = {name for name in {timing.net for timing in timings()} if _known(name)}
    return tuple(timing for timing in timings() if timing.net in known)


def _known(name: str) -> bool:
    try:
        find(name)
    except UnknownNameError:
        return False
    return True
