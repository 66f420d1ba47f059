"""What the Design space page counts: at once where that is little, else in the queue; kept for every session."""

from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import TypeVar

from resviz.profiling.design_times import SweepTimes
from resviz.profiling.search import Found, Query, along, counted, narrowed
from resviz.progress import Report, silent
from resviz.report.axes import size
from resviz.report.design_space import Sweep
from resviz.report.scaling import RULES, STEPS
from resviz.ui import state
from resviz.ui.work import Kind, Results, needed

MOST = 5_000
"""Configurations that the page counts; the command line counts more."""
AT_ONCE = 20_000
"""Configurations times unlike blocks that a run of the page counts, in under two seconds; more goes in the queue."""
T = TypeVar("T")
_SWEEPS: Kind[tuple[Sweep, SweepTimes]] = Kind("design", Results(32))
_LINES: dict[str, Kind[Found]] = {name: Kind(f"design.{name}", Results(16)) for name in RULES}


def swept(query: Query, now: state.Current) -> tuple[Sweep, SweepTimes] | None:
    """Return the sweep and the times of a query without its parts, which are large; None while they are not there.

    Raises ResvizError.
    """

    def work(report: Report) -> tuple[Sweep, SweepTimes]:
        sweep, times = counted(query, most=MOST, report=report)
        return replace(sweep, parts=()), times

    key = now.config.to_json(), tuple(each.text for each in query.axes), _how(query)
    networks = size(query.axes)
    if networks > MOST:
        work(silent)  # which says so
    return _ready(_SWEEPS, key, f"Design space of {now.config.name}", networks * _unlike(now), work)


def _ready(kind: Kind[T], key: Hashable, title: str, size: int, work: Callable[[Report], T]) -> T | None:
    """Return a result at once where the work is small, else from the queue; None after drawing how far it is."""
    if size > AT_ONCE:
        return needed(kind, key, title, work)
    found = kind.results.get(key)
    if found is None:
        found = work(silent)
        kind.results.put(key, found)
    return found


def _unlike(now: state.Current) -> int:
    """Return how many blocks of the network differ from the one before, which is what a count of it costs."""
    return sum(len(stage.runs) for stage in now.network.stages)


def alone(now: state.Current, query: Query) -> Found:
    """Return the sidebar's network as a sweep of itself."""
    asked = replace(query, axes=(), limits=())
    found = swept(asked, now)
    assert found is not None, "one network is counted at once"
    return narrowed(asked, *found)


def _how(query: Query) -> str:
    """Return how a query's networks run, as part of a cache's key."""
    return f"{query.gpu} {query.precision} {query.batch}"


def line(query: Query, name: str, now: state.Current) -> Found | None:
    """Return a scaling rule's line without its parts; None while it is not there."""

    def work(report: Report) -> Found:
        found = along(query, RULES[name], report)
        return replace(found, sweep=replace(found.sweep, parts=()))

    title = f"{RULES[name].label} from {now.config.name}"
    return _ready(_LINES[name], (now.config.to_json(), _how(query)), title, len(STEPS) * _unlike(now), work)
