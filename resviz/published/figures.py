"""A figure as somebody printed it, and whether a computed number agrees with it to the printed digits."""

import re
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum

ABOUT = Decimal("0.05")
"""How far, as a share of itself, a figure printed with an "about" sign may be off and still hold."""

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SCALES = {"": 0, "k": 3, "M": 6, "G": 9}
_WRITTEN = re.compile(r"(?P<about>~?)(?P<digits>\d+(?:\.\d+)?)(?:e(?P<power>\d+)|(?P<unit>[kMG]?))")


class Agreement(StrEnum):
    """How a printed figure and a computed one compare."""

    ROUNDED = "agrees"
    CUT = "agrees if cut, not rounded"
    CLOSE = "close"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class PrintedFigure:
    """A printed count: its digits, the power of ten behind them, and whether it was marked as approximate.

    ``written`` is plain: ``0.27M``, ``~4.1e9``, ``25557032``.
    """

    written: str

    @property
    def text(self) -> str:
        """The figure in the typography of the papers: ``3.8×10⁹``, ``~25M``, ``25,557,032``."""
        parts = _parts(self.written)
        if parts["power"]:
            return f"{parts['about']}{parts['digits']}×10{parts['power'].translate(_SUPERSCRIPTS)}"
        return f"{int(self.written):,}" if self.written.isdigit() else self.written

    @property
    def about(self) -> bool:
        """Whether it was printed as approximate."""
        return self.written.startswith("~")

    @property
    def step(self) -> Decimal:
        """One unit of the last printed digit."""
        parts = _parts(self.written)
        decimals = len(parts["digits"].partition(".")[2])
        return Decimal(1).scaleb(int(parts["power"] or _SCALES[parts["unit"] or ""]) - decimals)

    @property
    def value(self) -> int:
        """The count that the digits say."""
        parts = _parts(self.written)
        return int(Decimal(parts["digits"]).scaleb(int(parts["power"] or _SCALES[parts["unit"] or ""])))


def _parts(written: str) -> dict[str, str]:
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise ValueError(f"{written!r} is no printed figure")
    return {key: value or "" for key, value in found.groupdict().items()}


def agreement(figure: PrintedFigure, computed: int) -> Agreement:
    """Return how a computed count compares with a printed figure, at the digits that were printed.

    Rounding is tried first, then cutting off. What differs by both holds as close only where the figure
    was printed as approximate and is off by no more than `ABOUT` of itself.
    """
    steps = Decimal(computed) / figure.step
    digits = Decimal(figure.value) / figure.step
    if steps.quantize(Decimal(1), ROUND_HALF_UP) == digits:
        return Agreement.ROUNDED
    if steps.quantize(Decimal(1), ROUND_DOWN) == digits:
        return Agreement.CUT
    if figure.about and abs(computed - figure.value) <= ABOUT * figure.value:
        return Agreement.CLOSE
    return Agreement.DIFFERS


def agree(figure: PrintedFigure, computed: int) -> bool:
    """Return whether a computed count gives the printed digits, by rounding or by cutting off."""
    return agreement(figure, computed) in (Agreement.ROUNDED, Agreement.CUT)
