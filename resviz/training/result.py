"""What training gave: the points of every run's curves, and what it takes to say what was trained with what.

A `Result` is also what a run under way has so far, and what a JSON file holds. Figures are derived from the points.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import fmean, stdev
from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, ConfigDict, Field, TypeAdapter, ValidationError

from resviz.arch import ConfigError, ResNetConfig
from resviz.arch.validation_messages import sentences
from resviz.errors import TrainingError
from resviz.training.experiment import MOST_EPOCHS, PARTS, Experiment

FORMAT: Literal["resviz training"] = "resviz training"
VERSION: Literal[1] = 1
MAX_DOCUMENT = 2_000_000
"""Characters of a file that is read."""

MOST_LOSS = 1e30
"""Nats from which on a loss is no number of use: the run has diverged."""
Loss = Annotated[float, Field(ge=0, le=MOST_LOSS, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Version = Annotated[str, Field(max_length=80)]
RunEnding = Literal["trained", "diverged", "cut short"]
Ending = Literal["running", "all trained", "stopped", "out of time"]


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A moment of training."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    epoch: Annotated[float, Field(ge=0, le=MOST_EPOCHS, allow_inf_nan=False)]
    """Passes over the training pictures so far."""
    training_loss: Loss | None
    """Mean cross-entropy, nats, of the steps since the last point; None before the first step."""
    test_loss: Loss
    """Mean cross-entropy, nats, over the test pictures."""
    accuracy: Share
    """Share of the test pictures that are recognised."""


@dataclass(frozen=True, slots=True)
class Run:
    """One net, trained from one seed."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    net: Annotated[str, Field(min_length=1, max_length=80)]
    """The net's name in the experiment."""
    seed: Annotated[int, Field(ge=0)]
    points: Annotated[tuple[CurvePoint, ...], Field(max_length=MOST_EPOCHS * PARTS + 1)]
    seconds: Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]
    """Time it took."""
    ended: RunEnding = "trained"


@dataclass(frozen=True, slots=True)
class Versions:
    """What trained it; the last digits of a result depend on them."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    resviz: Version
    torch: Version
    sklearn: Version
    python: Version
    machine: Version


@dataclass(frozen=True, slots=True)
class Row:
    """A net's outcome over its seeds, those runs that went to the end or diverged."""

    net: ResNetConfig
    runs: int
    accuracies: tuple[float, ...]
    training_losses: tuple[float, ...]
    seconds: float | None
    """Mean time of a run."""

    @property
    def mean(self) -> float | None:
        """Mean test accuracy."""
        return fmean(self.accuracies) if self.accuracies else None

    @property
    def spread(self) -> float | None:
        """Sample standard deviation of the test accuracy, from two seeds on."""
        return stdev(self.accuracies) if len(self.accuracies) > 1 else None

    @property
    def training_loss(self) -> float | None:
        """Mean of the last training losses."""
        return fmean(self.training_losses) if self.training_losses else None


@dataclass(frozen=True, slots=True)
class Result:
    """An experiment's runs, in the order they were made."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    experiment: Experiment
    versions: Versions
    made: AwareDatetime
    """When training began."""
    runs: Annotated[tuple[Run, ...], Field(max_length=20)] = ()
    ended: Ending = "all trained"
    format: Literal["resviz training"] = FORMAT
    version: Literal[1] = VERSION

    def __post_init__(self) -> None:
        names = {net.name for net in self.experiment.nets}
        pairs = [(run.net, run.seed) for run in self.runs]
        wrong = next((run for run in self.runs if run.net not in names or run.seed not in self.experiment.seeds), None)
        if wrong or len(set(pairs)) < len(pairs):
            raise TrainingError("The runs are not those of the experiment: each net once from each seed.")

    @property
    def rows(self) -> tuple[Row, ...]:
        """The outcome of each net, in the experiment's order."""
        return tuple(self._row(net) for net in self.experiment.nets)

    def _row(self, net: ResNetConfig) -> Row:
        over = [run for run in self.runs if run.net == net.name and run.ended != "cut short" and run.points]
        last = [run.points[-1] for run in over]
        return Row(
            net,
            len(over),
            tuple(point.accuracy for point in last),
            tuple(point.training_loss for point in last if point.training_loss is not None),
            fmean(run.seconds for run in over) if over else None,
        )

    def summary(self) -> str:
        """Return a sentence on how it ended."""
        done, all_ = sum(run.ended != "cut short" for run in self.runs), self.experiment.runs
        match self.ended:
            case "all trained":
                return f"All {all_} runs were trained."
            case "running":
                return f"{done} of {all_} runs are trained."
            case "stopped":
                return f"Stopped after {done} of {all_} runs."
            case "out of time":
                return f"The time limit of {self.experiment.limit:g} s ended it after {done} of {all_} runs."

    def to_json(self) -> str:
        """Return the document as JSON."""
        return _ADAPTER.dump_json(self, indent=1).decode() + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> "Result":
        """Return the result that JSON from anywhere describes. Raises TrainingError."""
        if len(text) > MAX_DOCUMENT:
            raise TrainingError(f"The file has {len(text):,} characters; at most {MAX_DOCUMENT:,} are read.")
        try:
            return _ADAPTER.validate_json(text)
        except ValidationError as error:
            raise TrainingError(f"This is not a {FORMAT} of version {VERSION}. {sentences(error)}") from None
        except ConfigError as error:
            raise TrainingError(f"This {FORMAT} holds an impossible net. {error}") from None


_ADAPTER = TypeAdapter(Result)


def moment() -> datetime:
    """Return now, in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)
