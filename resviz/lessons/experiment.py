"""What an entry of the dictionary of experiments is: what it shows, what may be changed, what it runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from resviz.lessons.controls import Control, Settings
from resviz.lessons.shown import Shown
from resviz.progress import Report

LIMIT = 120.0
"""Seconds that an experiment may run."""


def nothing(settings: Settings) -> Shown:
    """Return what is shown of an experiment that has not run yet: nothing."""
    return Shown(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """A picture or a measurement beside a step.

    ``show`` returns what is there at once. ``run``, where there is one, takes seconds: it belongs in a queue, calls its
    report often, and returns what shows its result. ``views`` are the settings that only change how that is shown.
    ``controls`` are by the name of the setting that they change.
    """

    show: Callable[[Settings], Shown] = nothing
    run: Callable[[Settings, Report], Callable[[Settings], Shown]] | None = None
    views: tuple[str, ...] = ()
    controls: Mapping[str, Control] = field(default_factory=dict)
