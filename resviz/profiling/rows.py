"""A run as the history lists it: the columns that people filter, sort and judge by, and the table that holds them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from math import inf, nan
from typing import Any

from sqlalchemy import Column, Float, Index, Integer, MetaData, String, Table, Text

from resviz.profiling.result import Profile
from resviz.profiling.trust import doubts

METADATA = MetaData()
RUNS = Table(
    "resviz_runs",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("measured_at", String(32), nullable=False),
    Column("net", String(80), nullable=False),
    Column("device", String(200), nullable=False),
    Column("protocol", String(40), nullable=False),
    Column("precision", String(20), nullable=False),
    Column("batch", Integer, nullable=False),
    Column("median", Float, nullable=False),
    Column("images_per_second", Float, nullable=False),
    Column("document", Text, nullable=False),
    # Later than the first release: a table that lacks them is given them (`Store`).
    Column("spread", Float),
    Column("doubts", String(200)),
    Column("step", String(10), server_default="forward"),  # what a program of an earlier release measures
    Index("resviz_runs_by_time", "measured_at"),
)
LATER = ("spread", "doubts", "step")
"""The columns that a table of an earlier release lacks."""
UNREADABLE = "cannot be read"
"""What stands as the doubt of a row that another program has spoilt."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """What the history lists about a run; ``median`` in seconds, ``measured_at`` ISO 8601 in UTC.

    ``spread`` is a share of the median; ``doubts`` gives in a few words what makes the time unsure.
    """

    id: str
    measured_at: str
    net: str
    device: str
    protocol: str
    precision: str
    batch: int
    median: float
    images_per_second: float
    spread: float
    doubts: str
    step: str


COLUMNS = tuple(field.name for field in fields(RunRow))
_NUMBERS = ("batch", "median", "images_per_second", "spread")


def row_of(run: Profile) -> RunRow:
    """Return what the history lists about a run."""
    return RunRow(
        id=run.id,
        measured_at=_stamp(run.measured_at),
        net=run.config.name,
        device=run.device.name,
        protocol=run.protocol.name,
        precision=run.protocol.precision,
        batch=run.protocol.batch,
        median=run.summary.median,
        images_per_second=run.images_per_second,
        spread=run.summary.spread,
        doubts="; ".join(doubts(run)),
        step=run.protocol.step,
    )


def as_row(stored: Sequence[Any]) -> RunRow:
    """Return a row from what the table holds under COLUMNS.

    SQLite keeps whatever it is given: a number that is none becomes not a number, and the row is marked so.
    """
    found = dict(zip(COLUMNS, stored, strict=True))
    sound = all(isinstance(value, int | float) and -inf < value < inf for value in (found[n] for n in _NUMBERS))
    sound = sound and found["batch"] >= 1 and found["median"] > 0 and _is_moment(found["measured_at"])
    for name, value in found.items():
        if name in _NUMBERS:
            found[name] = value if isinstance(value, int | float) else nan
        else:
            found[name] = "" if value is None else str(value)
    if not sound:
        found["doubts"] = UNREADABLE
    return RunRow(**found)


def _is_moment(stamp: object) -> bool:
    try:
        return datetime.fromisoformat(str(stamp)).tzinfo is not None
    except ValueError:
        return False


def _stamp(moment: datetime) -> str:
    """Return a moment so that text sorts as time does: UTC, always with microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
