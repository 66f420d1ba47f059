"""What every look into a trained net shares: how it stands in a file, and how long it may take."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from resviz.errors import TrainingError
from resviz.profiling.timing import Report

LONGEST_LOOK = 180.0
"""Seconds that one look may take, training what is not kept included."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose weights were looked at."""

    net: str
    seed: int


def limited(report: Report, seconds: float = LONGEST_LOOK, clock: Callable[[], float] = monotonic) -> Report:
    """Return a report that also raises TrainingError once ``seconds`` have passed."""
    until = clock() + seconds

    def checked(phase: str, done: int, total: int) -> None:
        if clock() > until:
            raise TrainingError(f"The time limit of {seconds:g} s ended it: choose fewer or smaller nets.")
        report(phase, done, total)

    return checked
