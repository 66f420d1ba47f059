"""The one place where numbers turn into text for people.

Everywhere else numbers stay ``int``, or ``float`` seconds, bytes and shares. Powers of 1,000 are meant
throughout (``M`` is 10**6, ``MB`` is 10**6 bytes), as the papers and the networks' file sizes have it.
"""

from collections.abc import Iterable
from math import floor, log10

MINUS = "−"
"""The typographer's minus, as wide as a plus."""

_STEPS = ("", "k", "M", "G", "T", "P")
_SECONDS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))


def exact(count: int) -> str:
    """Return a count with thousands separators: ``25,557,032``."""
    return _sign(count) + f"{abs(count):,}"


def short(count: float, digits: int = 3) -> str:
    """Return a count to a number of significant digits, with its power of 1,000: ``25.6 M``, ``4.09 G``.

    Counts below 1,000 that are whole are given whole.
    """
    return _sign(count) + _scaled(abs(count), digits)


def macs(count: float) -> str:
    """Return multiply-accumulates in short, with their unit: ``4.09 G MACs``."""
    return f"{short(count)} MACs"


def size(count: float) -> str:
    """Return a number of bytes in short: ``102 MB``."""
    text = short(count)
    if text == "1":
        return "1 byte"
    return f"{text}B" if " " in text else f"{text} bytes"


def percent(share: float, decimals: int = 1) -> str:
    """Return a share of 1 as per cent: ``12.5%``."""
    return f"{_sign(share if round(share * 100, decimals) else 0)}{abs(share):.{decimals}%}"


def signed(count: int) -> str:
    """Return a difference of counts with its sign, whichever it is: ``+231,211,008``; zero is ``0``."""
    return exact(count) if count <= 0 else f"+{exact(count)}"


def signed_short(count: float) -> str:
    """Return a difference in short with its sign: ``+231 M``; zero is ``0``."""
    return short(count) if count <= 0 else f"+{short(count)}"


def change(before: float, after: float, decimals: int = 1) -> str:
    """Return how much a quantity changed, as signed per cent of what it was: ``+6.0%``.

    From zero to something there is no per cent: ``new``.
    """
    if before == after:
        return percent(0, decimals)
    if before == 0:
        return "new"
    share = (after - before) / before
    return percent(share, decimals) if share < 0 else f"+{percent(share, decimals)}"


def shape(sides: Iterable[int]) -> str:
    """Return a shape as ``64x56x56``."""
    return "x".join(str(side) for side in sides)


def product(written: str) -> str:
    """Return a product that is written out for computers, ``3*3*64*64``, for people: ``3·3·64·64``."""
    return written.replace("*", "·")


def duration(seconds: float, digits: int = 3) -> str:
    """Return a time to a number of significant digits in the unit that suits it: ``1.23 ms``, ``2.00 s``."""
    if seconds == 0:
        return "0 s"
    rounded = _rounded(abs(seconds), digits)
    unit, name = next(((unit, name) for unit, name in _SECONDS if rounded >= unit), _SECONDS[-1])
    return f"{_sign(seconds)}{_significant(rounded / unit, digits)} {name}"


def plural(count: int, noun: str) -> str:
    """Return a count with its noun, which takes an s unless there is one: ``1 block``, ``3 blocks``."""
    return f"{exact(count)} {noun}{'' if count == 1 else 's'}"


def _sign(value: float) -> str:
    return MINUS if value < 0 else ""


def _rounded(value: float, digits: int) -> float:
    return float(f"{value:.{digits - 1}e}")


def _significant(value: float, digits: int) -> str:
    """Return a positive value that has been rounded to its significant digits, written with all of them."""
    return f"{value:.{max(digits - 1 - floor(log10(value)), 0)}f}"


def _scaled(value: float, digits: int) -> str:
    if value < 1000 and value == int(value):
        return f"{value:.0f}"
    # Rounding comes first: 999,999 to three digits is 1.00 M, not 1000 k.
    rounded = _rounded(value, digits)
    step = min(max(floor(log10(rounded) / 3), 0), len(_STEPS) - 1)
    return f"{_significant(rounded / 1000**step, digits)} {_STEPS[step]}".rstrip()
