"""A measurement's result: every sample, and all that is needed to say what was measured.

A `Profile` is one network at one batch size; a `Sweep` is several of them at growing batch sizes and how
it ended, and is what a JSON file holds. Figures are derived from the samples, never stored beside them.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from resviz.arch import ConfigError, Network, ResNetConfig, expand
from resviz.arch.validation_messages import sentences
from resviz.errors import DocumentError, ProtocolError
from resviz.profiling.devices import Bytes, Device
from resviz.profiling.peaks import Peak, peak
from resviz.profiling.protocol import MAX_BATCH, STEPS, Protocol
from resviz.profiling.statistics import Summary, summarise
from resviz.profiling.training_step import training_macs

FORMAT: Literal["resviz profile"] = "resviz profile"
VERSION: Literal[1] = 1
MAX_DOCUMENT = 48_000_000
"""Bytes of a file that is read; ten thousand runs of fifty samples stay below."""
MAX_RUNS = 10_000
"""Runs in one file."""
MAX_TIMES = 400_000
"""Layers in a breakdown; the deepest net that can be configured has fewer."""
LEAST, LONGEST = 1e-9, 1e6
"""Seconds that a step may take: no clock here tells less than the one, no one waits for the other."""
FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""When a measurement can have been made."""


def _within_reach(moment: datetime) -> datetime:
    if not FIRST.year <= moment.year < LAST.year:  # the year first: 0001-01-01 with an offset has no UTC
        raise ValueError(f"it must lie between the years {FIRST.year} and {LAST.year}")
    return moment


def _no_trace(seconds: float) -> float:
    if 0 < seconds < LEAST:
        raise ValueError(f"it must be 0 or at least {LEAST:g} seconds")
    return seconds


Seconds = Annotated[float, Field(ge=LEAST, le=LONGEST, allow_inf_nan=False)]
Spent = Annotated[float, Field(ge=0, le=LONGEST, allow_inf_nan=False), AfterValidator(_no_trace)]
"""Seconds of a layer, which may be too quick for the clock."""
Rate = Annotated[float, Field(ge=1, le=1e21, allow_inf_nan=False)]
"""MACs or bytes per second."""
Timestamp = Annotated[AwareDatetime, AfterValidator(_within_reach)]


@lru_cache(maxsize=32)
def expanded(config: ResNetConfig) -> Network:
    """Return a configuration's tree; a history has many runs of few nets. Raises ConfigError."""
    return expand(config)


@lru_cache(maxsize=32)
def _macs(config: ResNetConfig, step: str) -> int:
    network = expanded(config)
    return training_macs(network) if step == "train" else network.macs


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class LayerTime(_Record):
    """The median time of one layer or block in the instrumented run."""

    path: Annotated[str, Field(min_length=1, max_length=200)]
    """Its full path, `layer1.0.conv1`."""
    seconds: Spent
    """Median over the instrumented steps."""


class Breakdown(_Record):
    """A separate, instrumented, eager run: where the time goes, at the price of running slower."""

    steps: Annotated[int, Field(ge=1, le=100_000)]
    """Instrumented steps."""
    total: Seconds
    """Median of whole instrumented steps."""
    plain: Seconds
    """Median of the same steps without instruments: what the sum is held against."""
    blocks: Annotated[tuple[LayerTime, ...], Field(max_length=MAX_TIMES)]
    """The stem's layers, every block as a whole, the head's layers: what makes up a step."""
    layers: Annotated[tuple[LayerTime, ...], Field(max_length=MAX_TIMES)]
    """Every leaf layer."""

    @property
    def covered(self) -> float:
        """The sum over blocks as a share of the uninstrumented step."""
        return sum(block.seconds for block in self.blocks) / self.plain


class Ceiling(_Record):
    """What the device reached on a matrix product and on a copy, right after the measurement."""

    macs_per_second: Rate
    """Multiply-accumulates per second of a large matrix product in the protocol's precision."""
    bytes_per_second: Rate
    """Bytes read and written per second by a large copy."""

    def highest(self, other: "Ceiling") -> "Ceiling":
        """Return the higher of two measurements of either bound."""
        return Ceiling(
            macs_per_second=max(self.macs_per_second, other.macs_per_second),
            bytes_per_second=max(self.bytes_per_second, other.bytes_per_second),
        )


class Phases(_Record):
    """Medians of the parts of a training step, from a run of its own with marks between them."""

    forward: Spent
    """The forward pass and the loss."""
    backward: Spent
    """The backward pass."""
    update: Spent
    """The optimiser's step."""


class Profile(_Record):
    """Time of a step of one network on one device at one batch size, with the protocol that gave it."""

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    """Random; the same measurement imported twice is known by it."""
    measured_at: Timestamp
    """When it ended."""
    config: ResNetConfig
    """The network."""
    device: Device
    """What it ran on."""
    protocol: Protocol
    """How it was measured; its batch is the one measured."""
    samples: Annotated[tuple[Seconds, ...], Field(min_length=1, max_length=100_000)]
    """Seconds of every timed step, in order."""
    peak_memory: Bytes | None = None
    """Most bytes allocated on the device during one step, weights and input included."""
    predicted_memory: Bytes | None = None
    """The same as counted from the network's tree."""
    breakdown: Breakdown | None = None
    """Time per block and per layer, where it was asked for."""
    ceiling: Ceiling | None = None
    """What bounds a layer, measured with the breakdown."""
    phases: Phases | None = None
    """Time of the parts of a training step."""

    @cached_property
    def network(self) -> Network:
        """The network's tree."""
        return expanded(self.config)

    @cached_property
    def summary(self) -> Summary:
        """Median, mean, standard deviation, percentiles of the seconds of a step."""
        return summarise(self.samples)

    @property
    def images_per_second(self) -> float:
        """Images per second at the median."""
        return self.protocol.batch / self.summary.median

    @property
    def macs_per_second(self) -> float:
        """Multiply-accumulates of convolutions and linear layers per second at the median, of all passes of a step."""
        return _macs(self.config, self.protocol.step) * self.images_per_second

    @property
    def peak(self) -> Peak | None:
        """What the device can do at most, where its maker prints it."""
        return peak(self.device.name)

    @property
    def share_of_peak(self) -> float | None:
        """Achieved MACs/s as a share of the device's peak in this precision; None where that is unknown."""
        most = self.peak.macs[self.protocol.precision] if self.peak else None
        return self.macs_per_second / most if most else None

    @property
    def title(self) -> str:
        """Network, step, batch and device in one line."""
        return f"{self.config.name}, {STEPS[self.protocol.step]}, batch {self.protocol.batch}, {self.device.name}"

    def to_json(self) -> str:
        """Return the profile as a JSON document of a single run."""
        return Sweep(runs=(self,)).to_json()

    @classmethod
    def from_json(cls, text: str) -> "Profile":
        """Return the profile of a document of a single run. Raises DocumentError."""
        runs = Sweep.from_json(text).runs
        if len(runs) != 1:
            raise DocumentError(f"This file holds {len(runs)} runs where one was expected; read it as a Sweep.")
        return runs[0]


Ending = Literal["all measured", "saturated", "out of memory", "stopped"]


class Sweep(_Record):
    """Runs of one network at growing batch sizes, or any runs that belong in one file."""

    format: Literal["resviz profile"] = FORMAT
    version: Literal[1] = VERSION
    runs: Annotated[tuple[Profile, ...], Field(max_length=MAX_RUNS)]
    """The measurements, smallest batch first."""
    ended: Ending = "all measured"
    """Why there are no more."""
    failed_batch: Annotated[int, Field(ge=1, le=MAX_BATCH)] | None = None
    """The batch that did not fit, where memory ended the sweep."""

    def summary(self) -> str:
        """Return a sentence on how the sweep ended."""
        largest = self.runs[-1].protocol.batch if self.runs else None
        match self.ended:
            case "all measured":
                return "Every batch size was measured."
            case "saturated":
                return f"Images per second stopped growing at batch {largest}."
            case "out of memory":
                fits = f"the largest that fitted is {largest}" if largest else "no batch fitted"
                return f"Batch {self.failed_batch} did not fit in the device's memory; {fits}."
            case "stopped":
                return f"Stopped after batch {largest}." if largest else "Stopped before the first result."

    def to_json(self) -> str:
        """Return the document as JSON, a line for each run."""
        runs = (run.model_dump_json() for run in self.runs)
        return "".join(document(runs, ended=self.ended, failed=self.failed_batch))

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Return the document that JSON from anywhere describes. Raises DocumentError with sentences."""
        if len(text) > MAX_DOCUMENT:
            raise too_long(len(text))
        try:
            read = cls.model_validate_json(text)
            for run in read.runs:
                expanded(run.config)
        except ValidationError as error:
            raise DocumentError(f"This is not a {FORMAT} of version {VERSION}. {_plainly(error)}") from None
        except (ConfigError, ProtocolError) as error:
            raise DocumentError(f"This {FORMAT} holds an impossible run. {error}") from None
        return read


def document(runs: Iterable[str], *, ended: Ending = "all measured", failed: int | None = None) -> Iterator[str]:
    """Yield the pieces of a document whose runs are JSON already, a line for each."""
    yield f'{{"format": "{FORMAT}", "version": {VERSION}, "ended": "{ended}", "failed_batch": {json.dumps(failed)}, '
    yield '"runs": ['
    for number, run in enumerate(runs):
        yield f"{',' if number else ''}\n{run}"
    yield "\n]}\n"


def too_long(length: int) -> DocumentError:
    """Return the error for a file of too many bytes."""
    return DocumentError(f"The file has {length:,} bytes; at most {MAX_DOCUMENT:,} are read.")


def _plainly(error: ValidationError) -> str:
    first: Any = error.errors(include_url=False)[0]
    if first["type"] == "json_invalid":
        return f"It is not JSON: {first['ctx']['error']}."
    if not first["loc"]:
        return "A document is a JSON object with format, version and runs."
    return sentences(error)


def iso(moment: datetime) -> str:
    """Return a moment in UTC for people, to the minute."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
