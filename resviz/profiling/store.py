"""Where measurements are kept: SQLite in the user's data folder, or any database by RESVIZ_DB_URL.

One table: a run's JSON document, and beside it the columns that people filter and sort by. A run is
written in one transaction, so it is there whole or not at all.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import platformdirs
from sqlalchemy import (
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    insert,
    select,
)
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from resviz.profiling.errors import DocumentError, StoreError
from resviz.profiling.result import Profile, Sweep

VARIABLE = "RESVIZ_DB_URL"
AT_ONCE = 400
"""Ids asked for in one statement; every database takes as many."""

_metadata = MetaData()
_runs = Table(
    "resviz_runs",
    _metadata,
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
    Index("resviz_runs_by_time", "measured_at"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """What the history lists about a run; ``median`` in seconds, ``measured_at`` ISO 8601 in UTC."""

    id: str
    measured_at: str
    net: str
    device: str
    protocol: str
    precision: str
    batch: int
    median: float
    images_per_second: float


COLUMNS = tuple(field.name for field in fields(Row))


def default_url() -> str:
    """Return RESVIZ_DB_URL, else the URL of a SQLite file in the user's data folder."""
    url = os.environ.get(VARIABLE, "").strip()
    return url or f"sqlite:///{Path(platformdirs.user_data_dir('resviz', appauthor=False)) / 'runs.db'}"


def open_store(url: str | None = None) -> "Store":
    """Return the store at an SQLAlchemy URL, its table made where it is missing. Raises StoreError."""
    return _opened(default_url() if url is None else url)


@lru_cache(maxsize=8)
def _opened(url: str) -> "Store":
    return Store(url)


class Store:
    """Runs in a database; every method raises StoreError where that cannot be reached."""

    def __init__(self, url: str) -> None:
        self.name, self._engine = _connect(url)
        with self._work():
            _metadata.create_all(self._engine)

    def add(self, *runs: Profile) -> int:
        """Write runs, all or none; return how many were new. A run that is there already is left alone."""
        with self._work() as connection:
            there: set[str] = set()
            for some in _batches([run.id for run in runs]):
                there.update(connection.scalars(select(_runs.c.id).where(_runs.c.id.in_(some))))
            new = list({run.id: run for run in runs if run.id not in there}.values())
            if new:
                connection.execute(insert(_runs), [_values(run) for run in new])
        return len(new)

    def rows(
        self,
        *,
        nets: Sequence[str] = (),
        devices: Sequence[str] = (),
        protocols: Sequence[str] = (),
        limit: int = 10_000,
    ) -> tuple[Row, ...]:
        """Return the runs of some nets, devices and protocols (none named: all), newest first."""
        query = select(*(_runs.c[name] for name in COLUMNS))
        for column, wanted in (("net", nets), ("device", devices), ("protocol", protocols)):
            if wanted:
                query = query.where(_runs.c[column].in_(wanted))
        query = query.order_by(_runs.c.measured_at.desc(), _runs.c.id).limit(limit)
        with self._work() as connection:
            return tuple(Row(*row) for row in connection.execute(query))

    def get(self, *ids: str) -> tuple[Profile, ...]:
        """Return runs by their ids, in that order; raises StoreError for one that is not there."""
        documents: dict[str, str] = {}
        with self._work() as connection:
            for some in _batches(ids):
                query = select(_runs.c.id, _runs.c.document).where(_runs.c.id.in_(some))
                documents.update((id, document) for id, document in connection.execute(query))
        missing = [id for id in ids if id not in documents]
        if missing:
            raise StoreError(f"run {missing[0]} is not in the history.")
        try:
            return tuple(Profile.from_json(documents[id]) for id in ids)
        except DocumentError as error:
            raise StoreError(f"A run in the history cannot be read. {error}") from None

    @contextmanager
    def _work(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise StoreError(f"The history at {self.name} cannot be used: {_reason(error)}.") from None


def to_json(runs: Iterable[Profile]) -> str:
    """Return runs as a document that can be imported again."""
    return Sweep(runs=tuple(runs)).to_json()


def row_of(run: Profile) -> Row:
    """Return what the history lists about a run."""
    return Row(
        id=run.id,
        measured_at=_stamp(run.measured_at),
        net=run.config.name,
        device=run.device.name,
        protocol=run.protocol.name,
        precision=run.protocol.precision,
        batch=run.protocol.batch,
        median=run.summary.median,
        images_per_second=run.images_per_second,
    )


def _values(run: Profile) -> dict[str, object]:
    return {**dict(zip(COLUMNS, astuple(row_of(run)), strict=True)), "document": run.to_json()}


def _stamp(moment: datetime) -> str:
    """Return a moment so that text sorts as time does: UTC, always with microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def _connect(text: str) -> tuple[str, Engine]:
    """Return a URL fit to show, without its password, and its engine. Raises StoreError."""
    try:
        url = make_url(text)
        name = url.render_as_string(hide_password=True)
        if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        return name, create_engine(url)
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise StoreError(
            f"{VARIABLE} is not a database URL that SQLAlchemy knows; it looks like sqlite:///runs.db or "
            "postgresql+psycopg://user@host/name."
        ) from None
    except ModuleNotFoundError as error:
        raise StoreError(f"{VARIABLE} needs the Python package {error.name}, which is not installed.") from None
    except OSError as error:
        raise StoreError(f"The folder of the history cannot be made: {error.strerror} ({name}).") from None


def _reason(error: SQLAlchemyError) -> str:
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().split("\n", 1)[0].rstrip(".")
