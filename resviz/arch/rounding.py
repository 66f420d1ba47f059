"""How widths are rounded to multiples of a divisor."""

from fractions import Fraction


def divisible(value: float | Fraction, divisor: int, *, least: int | None = None) -> int:
    """Return the nearest multiple of a divisor, never less than a tenth below the value (timm's rule)."""
    rounded = max(least or divisor, int(value + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * value else rounded
