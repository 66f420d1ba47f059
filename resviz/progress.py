"""How long work tells how far it is: a report, which may also end it."""

from collections.abc import Callable
from time import monotonic

Report = Callable[[str, int, int], None]
"""Told the phase, the steps done and the steps in all; may raise to end the work."""


def silent(phase: str, done: int, total: int) -> None:
    """Report to nobody."""


def limited(report: Report, seconds: float, ended: Exception, clock: Callable[[], float] = monotonic) -> Report:
    """Return a report that raises ``ended`` once so many seconds have passed."""
    until = clock() + seconds

    def checked(phase: str, done: int, total: int) -> None:
        if clock() > until:
            raise ended
        report(phase, done, total)

    return checked
