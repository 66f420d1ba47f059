"""What can go wrong while measuring, as sentences for people.

ResvizError
└── ProfilingError      a measurement that cannot be made, read or kept
    ├── ProtocolError     a protocol that cannot be, or that this device cannot follow
    ├── DeviceError       a device that is not here
    ├── OutOfMemory       the device's memory did not hold the batch
    ├── DocumentError     a file that is not a profile of ours
    ├── QueueError        a queue that takes no more measurements
    ├── StoreError        a database that cannot be reached or read
    ├── EstimateError     a time that cannot be estimated: an unknown chip, a precision it lacks
    └── Stopped           a person stopped the measurement
"""

from typing import TYPE_CHECKING, Any

from resviz.arch.errors import ResvizError

if TYPE_CHECKING:
    from pydantic import ValidationError


class ProfilingError(ResvizError):
    """A measurement that cannot be made, read or kept."""


class ProtocolError(ProfilingError):
    """A protocol that cannot be, or that this device cannot follow."""


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


MOST_PROBLEMS = 4
"""Complaints listed about one document; a wrong file has one for each of its fields."""


def sentences(error: "ValidationError") -> str:
    """Return what pydantic found wrong: field, value and remedy for each, the first few of them."""
    details = error.errors(include_url=False)
    said = [_sentence(detail) for detail in details[:MOST_PROBLEMS]]
    more = len(details) - len(said)
    return " ".join([*said, *([f"And {more} more."] if more else [])])


def _sentence(detail: Any) -> str:
    where = ".".join(map(str, detail["loc"])) or "document"
    if detail["type"] == "missing":
        return f"{where} is missing."
    if detail["type"] == "extra_forbidden":
        return f"{where[:60]} is not a field that is known here."
    why = detail["msg"].removeprefix("Value error, ")
    return f"{where} {shown(detail.get('input'))} is not possible: {why[0].lower()}{why[1:]}."


def shown(value: object) -> str:
    """Return a value from a document as it is written, cut where it is long."""
    try:
        text = repr(value[:60] if isinstance(value, str) else value)
    except (ValueError, RecursionError):  # an int of more than 4,300 digits, alone or in a list
        text = f"of type {type(value).__name__}, too long to be shown,"
    return text if len(text) <= 60 else f"{text[:57]}..."
