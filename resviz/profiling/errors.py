"""What can go wrong while measuring, as sentences for people.

ResvizError
└── ProfilingError      a measurement that cannot be made, read or kept
    ├── ProtocolError     a protocol that cannot be, or that this device cannot follow
    ├── DeviceError       a device that is not here
    ├── OutOfMemory       the device's memory did not hold the batch
    ├── DocumentError     a file that is not a profile of ours
    ├── StoreError        a database that cannot be reached or read
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


class StoreError(ProfilingError):
    """A database that cannot be reached or read."""


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
        return f"{where} is not a field that is known here."
    value = repr(detail.get("input"))
    shown = value if len(value) <= 60 else f"{value[:57]}..."
    return f"{where} {shown} is not possible: {detail['msg'][0].lower()}{detail['msg'][1:]}."
