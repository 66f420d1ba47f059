"""Every error that resviz raises on purpose.

ResvizError
├── ConfigError        an impossible configuration, with one Problem for each field at fault
├── ShapeError         a layer that does not fit the shape it is given
│   └── ChannelError     channels that groups or parallel arms do not divide
├── UnknownNameError   a preset, family or file that does not exist
├── CompareError       a comparison of too few or too many networks
├── DrawError          a picture that is not possible as asked
├── MemoryLimitError   a run that would need more memory than the operator allows
├── BlockLimitError    a network of more blocks than a page builds or checks
├── WeightsError       a file that holds no weights, or not this network's
├── PictureError       a file that is no picture that can be read
├── ApartError         work in a process of its own that died, or failed by a fault of ours
├── ExportError        a file format that cannot be written, or a library for it that is not installed
├── TrainingError      an experiment that is not possible, or a file that holds none
└── ProfilingError     a measurement that fails, or that cannot be read or kept
    ├── ProtocolError    an impossible protocol, or one that this device cannot follow
    ├── DeviceError      a device that is not here
    ├── OutOfMemory      the device's memory did not hold the batch
    ├── DocumentError    a file that is not a profile of ours
    ├── QueueError       a queue that takes no more measurements
    ├── StoreError       a database that cannot be reached or read
    ├── EstimateError    an estimate of something that has no figures
    └── Stopped          a person stopped the measurement

Each message is one sentence for people: it names the field, the value and what would be right.
"""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class ResvizError(Exception):
    """Base of every error that resviz raises on purpose; its text is fit to show to a person."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a configuration: the field at fault and a whole sentence about it."""

    field: str
    sentence: str


class ConfigError(ResvizError):
    """An impossible configuration; ``problems`` explains why, field by field."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__(" ".join(problem.sentence for problem in problems))

    def __reduce__(self) -> "tuple[type[ConfigError], tuple[Problem, ...]]":
        """Have it pickled by what makes it, the problems, instead of by its text."""
        return type(self), self.problems

    @classmethod
    def of(cls, field: str, sentence: str) -> "ConfigError":
        """Return the error for a single field at fault."""
        return cls(Problem(field, sentence))


class ShapeError(ResvizError):
    """A layer that does not fit the shape it is given."""


class ChannelError(ShapeError):
    """Channels that groups or parallel arms do not divide; no other picture would help."""


class UnknownNameError(ResvizError):
    """A name that nothing is registered under."""


class CompareError(ResvizError):
    """A comparison of too few or too many networks."""


class DrawError(ResvizError):
    """A picture that is impossible as asked; its text names what is possible."""


class MemoryLimitError(ResvizError):
    """A run that would need more memory than the operator allows."""


class BlockLimitError(ResvizError):
    """A network of more blocks than a page builds or checks while somebody waits."""


class WeightsError(ResvizError):
    """A file that holds no weights, or weights that are not this network's."""


class PictureError(ResvizError):
    """A file that is no picture, or one too large to read."""


class ApartError(ResvizError):
    """Work in a process of its own that died, or that failed by a fault of ours: any exception but those here."""


class ExportError(ResvizError):
    """A format that this network cannot be written in, or whose library is not installed."""


class TrainingError(ResvizError):
    """An experiment that is not possible, or a file that holds none."""


class ProfilingError(ResvizError):
    """A measurement that cannot be made, read or kept."""


class ProtocolError(ProfilingError):
    """An impossible protocol, or one that this device cannot follow."""


class DeviceError(ProfilingError):
    """A device that is not here."""


class OutOfMemory(ProfilingError):
    """The device's memory did not hold the batch."""


class DocumentError(ProfilingError):
    """A file that is not a profile of ours."""


class QueueError(ProfilingError):
    """A queue that takes no more measurements."""


class StoreError(ProfilingError):
    """A database that cannot be reached or read."""


class EstimateError(ProfilingError):
    """A time that cannot be estimated: an unknown chip, a precision that it lacks."""


class Stopped(ProfilingError):
    """A person stopped the measurement."""


def unknown(what: str, name: object, known: "Iterable[str]", *, like: str = "") -> str:
    """Return the sentence for a name that does not exist: the nearest that do, else all or an example."""
    names = list(known)
    text = str(name) if len(str(name)) <= 60 else f"{str(name)[:57]}..."
    near = get_close_matches(str(name)[:60], names, n=3)
    if near:
        return f"{what} {text!r} does not exist; did you mean {', '.join(near)}?"
    allowed = f"a name is like {like}" if like else f"it is one of {', '.join(names)}"
    return f"{what} {text!r} does not exist; {allowed}."
