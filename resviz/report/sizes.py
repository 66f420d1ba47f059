"""Numbers as people write them: ``4G``, ``25.6 M``, ``10ms``; the way back from `resviz.report.formatting`."""

import re

from resviz.errors import ResvizError

STEPS = {"": 1.0, "k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12, "p": 1e15}
"""The powers of 1,000 that a letter stands for; case does not matter."""
SECONDS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}
_COUNT = re.compile(r"([0-9]{1,20}|[0-9]{1,3}(?:,[0-9]{3}){1,6})(\.[0-9]{1,20})?\s*([kmgtp]?)b?", re.IGNORECASE)
_TIME = re.compile(r"([0-9]{1,20}(?:\.[0-9]{1,20})?)\s*(s|ms|us|µs|ns)?")


def count(what: str, text: str) -> float:
    """Return a count, or bytes, as people write it; ``what`` it is of. Raises ResvizError."""
    found = _COUNT.fullmatch(text.strip())
    if found is None:
        raise ResvizError(f"{what} {text[:40]!r} is no number; write it as 4G, 25.6M or 4000000000.")
    return float(found[1].replace(",", "") + (found[2] or "")) * STEPS[found[3].lower()]


def seconds(what: str, text: str) -> float:
    """Return seconds from a time as people write it, milliseconds where no unit is given. Raises ResvizError."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise ResvizError(f"{what} {text[:40]!r} is no time; write it as 10ms, 1.5s or 10, which are milliseconds.")
    return float(found[1]) * SECONDS[found[2] or "ms"]
