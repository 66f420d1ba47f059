"""Where measurements are kept: SQLite in the user's data folder, or any database by RESVIZ_DB_URL.

One table (`rows`): a run's JSON document, and beside it the columns that people filter and sort by. A run is
written in one transaction, so it is there whole or not at all.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple
from functools import lru_cache
from pathlib import Path
from time import sleep
from typing import Any, Literal, TypeVar

import platformdirs
from sqlalchemy import Select, create_engine, delete, func, insert, inspect, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateColumn

from resviz.errors import DocumentError, StoreError
from resviz.profiling.result import Profile, document
from resviz.profiling.rows import COLUMNS, LATER, METADATA, RUNS, RunRow, as_row, row_of

VARIABLE = "RESVIZ_DB_URL"
AT_ONCE = 400
"""Ids asked for in one statement; every database takes as many."""
WAITS = (0.1, 0.5, 2.0)
"""Seconds before another try when the database does not answer: it may be starting again."""
LASTING = ("file is not", "no such", "attempt to write", "unable to open", "database or disk is full")
"""How SQLite begins to say what another try does not mend."""
BUSY = 30
"""Seconds that a SQLite file may be locked by another writer."""
PATIENCE = 3
"""Seconds that PostgreSQL may take to accept a connection; without a limit a page would wait for minutes."""
LOCK = 0x7265737669
"""PostgreSQL's number for the lock under which a table is made: any that no other program takes."""

Field = Literal["net", "device", "protocol", "step"]
Filters = Mapping[Field, Sequence[str]]
"""The values that pass by column; a column without values lets all pass."""
T = TypeVar("T")


def default_url() -> str:
    """Return RESVIZ_DB_URL, else the URL of a SQLite file in the user's data folder."""
    url = os.environ.get(VARIABLE, "").strip()
    return url or f"sqlite:///{Path(platformdirs.user_data_dir('resviz', appauthor=False)) / 'runs.db'}"


def open_store(url: str | None = None) -> "Store":
    """Return the store at an SQLAlchemy URL, its table made where it is missing. Raises StoreError."""
    return _opened(default_url() if url is None else url)


def ensure_answers(url: str | None = None) -> None:
    """Raise StoreError unless the database at an SQLAlchemy URL answers at once, without a second try."""
    name, engine, _ = _connect(default_url() if url is None else url)
    try:
        inspect(engine).has_table(RUNS.name)
    except (SQLAlchemyError, OSError, ValueError) as error:
        raise StoreError(_unusable(name, error)) from None
    finally:
        engine.dispose()


@lru_cache(maxsize=8)
def _opened(url: str) -> "Store":
    return Store(url)


class Store:
    """Runs in a database; every method raises StoreError where that cannot be reached."""

    def __init__(self, url: str, *, pause: Callable[[float], object] = sleep) -> None:
        self.name, self._engine, self._file = _connect(url)
        self._pause = pause
        self._do(_prepare)

    def add(self, *runs: Profile) -> int:
        """Write runs, all or none; return how many were new. A run that is there already is left alone."""
        new = [_values(run) for run in {run.id: run for run in runs}.values()]
        return self._do(lambda connection: sum(_add(connection, some) for some in _batches(new)))

    def count(self, filters: Filters | None = None) -> int:
        """Return how many runs pass the filters."""
        query = _passing(select(func.count()).select_from(RUNS), filters)
        return self._do(lambda connection: int(connection.scalar(query) or 0))

    def choices(self, field: Field) -> tuple[str, ...]:
        """Return every value of a column that can be filtered by, in order."""
        query = select(RUNS.c[field]).distinct().order_by(RUNS.c[field])
        return self._do(lambda connection: tuple(str(value) for value in connection.scalars(query)))

    def rows(
        self,
        *,
        nets: Sequence[str] = (),
        devices: Sequence[str] = (),
        protocols: Sequence[str] = (),
        steps: Sequence[str] = (),
        limit: int = 10_000,
        offset: int = 0,
    ) -> tuple[RunRow, ...]:
        """Return the runs of some nets, devices, protocols and steps (none named: all), newest first."""
        query = _passing(select(*(RUNS.c[name] for name in COLUMNS)), _filters(nets, devices, protocols, steps))
        query = query.order_by(RUNS.c.measured_at.desc(), RUNS.c.id).limit(limit).offset(offset)
        return self._do(lambda connection: tuple(as_row(row) for row in connection.execute(query)))

    def ids(self, filters: Filters | None = None) -> tuple[str, ...]:
        """Return the ids of the runs that pass the filters, newest first."""
        query = _passing(select(RUNS.c.id), filters).order_by(RUNS.c.measured_at.desc(), RUNS.c.id)
        return self._do(lambda connection: tuple(connection.scalars(query)))

    def get(self, *ids: str) -> tuple[Profile, ...]:
        """Return runs by their ids, in that order; raises StoreError for one that is not there."""
        return tuple(self.each(ids))

    def each(self, ids: Sequence[str], *, readable: bool = False) -> Iterator[Profile]:
        """Yield runs by their ids, a few hundred held at a time; raises StoreError as `get` does.

        ``readable`` leaves out those whose document is none of ours.
        """
        for stored in self._documents(ids):
            try:
                run = Profile.from_json(stored)
            except DocumentError as error:
                if readable:
                    continue
                raise StoreError(f"A run in the history cannot be read. {error}") from None
            yield run

    def json(self, ids: Sequence[str]) -> Iterator[str]:
        """Yield the pieces of one document of the runs that can be read; raises StoreError as `get` does."""
        return document(run.model_dump_json() for run in self.each(ids, readable=True))

    def _documents(self, ids: Sequence[str]) -> Iterator[str]:
        for some in _batches(ids):
            query = select(RUNS.c.id, RUNS.c.document).where(RUNS.c.id.in_(some))
            found = self._do(lambda connection, query=query: dict(connection.execute(query).all()))  # type: ignore[misc]
            for id in some:
                if id not in found:
                    raise StoreError(f"run {id} is not in the history.")
                yield str(found[id])

    def remove(self, *ids: str) -> int:
        """Delete runs, all or none; return how many were there."""

        def work(connection: Connection) -> int:
            return sum(connection.execute(delete(RUNS).where(RUNS.c.id.in_(some))).rowcount for some in _batches(ids))

        return self._do(work)

    def _do(self, work: Callable[[Connection], T]) -> T:
        """Return what work in one transaction gives; it is tried again where the database had gone away."""
        for wait in (*WAITS, None):
            try:
                if self._file is not None and not self._file.exists():  # deleted under us, or never made
                    self._file.parent.mkdir(parents=True, exist_ok=True)
                    METADATA.create_all(self._engine)
                with self._engine.begin() as connection:
                    return work(connection)
            except (SQLAlchemyError, OSError, ValueError) as error:  # ValueError: a driver that dislikes the URL
                if wait is None or not _passes(error):
                    raise StoreError(_unusable(self.name, error)) from None
                self._pause(wait)
        raise AssertionError("the last try returns or raises")


def _prepare(connection: Connection) -> None:
    """Make the table, or give one of an earlier release the columns it lacks; one replica at a time."""
    if connection.dialect.name == "postgresql":  # where two at once would both find no table, and one fail
        connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
    METADATA.create_all(connection)
    there = {column["name"] for column in inspect(connection).get_columns(RUNS.name)}
    missing = [name for name in LATER if name not in there]
    for name in missing:
        column = CreateColumn(RUNS.c[name]).compile(dialect=connection.dialect)
        connection.execute(text(f"ALTER TABLE {RUNS.name} ADD COLUMN {column}"))
    if missing:
        _fill(connection)


def _fill(connection: Connection) -> None:
    """Fill in what was not listed when a run was kept; one without a word of its step is a forward pass."""
    for some in _batches(list(connection.scalars(select(RUNS.c.id)))):
        stored = connection.execute(select(RUNS.c.id, RUNS.c.document).where(RUNS.c.id.in_(some))).all()
        for id, written in stored:
            try:
                row = row_of(Profile.from_json(written))
            except DocumentError:
                continue  # its row is marked as unreadable
            later = {name: getattr(row, name) for name in LATER}
            connection.execute(update(RUNS).where(RUNS.c.id == id).values(later))


def _add(connection: Connection, new: Sequence[dict[str, Any]]) -> int:
    """Insert what is not there and return how much was, whoever else inserts the same at the same moment."""
    makers: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
    if make := makers.get(connection.dialect.name):
        statement = make(RUNS).on_conflict_do_nothing().returning(RUNS.c.id)
        return len(connection.execute(statement, list(new)).all())
    return _insert_each(connection, new)


def _insert_each(connection: Connection, new: Sequence[dict[str, Any]]) -> int:
    """Insert runs one by one, each in a savepoint: for databases without ON CONFLICT."""
    added = 0
    for run in new:
        try:
            with connection.begin_nested():
                connection.execute(insert(RUNS), run)
        except IntegrityError:
            continue
        added += 1
    return added


def _filters(nets: Sequence[str], devices: Sequence[str], protocols: Sequence[str], steps: Sequence[str]) -> Filters:
    return {"net": nets, "device": devices, "protocol": protocols, "step": steps}


def _passing(query: Select[Any], filters: Filters | None) -> Select[Any]:
    for column, wanted in (filters or {}).items():
        if wanted:
            query = query.where(RUNS.c[column].in_(wanted))
    return query


def _values(run: Profile) -> dict[str, Any]:
    return {**dict(zip(COLUMNS, astuple(row_of(run)), strict=True)), "document": run.to_json()}


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]


def _connect(address: str) -> tuple[str, Engine, Path | None]:
    """Return a URL fit to show, without its password, its engine, and SQLite's file. Raises StoreError."""
    try:
        url = make_url(address)
        name = url.render_as_string(hide_password=True)
        if not name.isprintable() or not (url.database or "").isprintable():
            raise ValueError
        if url.get_backend_name() != "sqlite":
            return name, create_engine(_postgres_url(url), pool_pre_ping=True), None
        if not url.database or url.database == ":memory:" or url.query.get("uri"):
            return name, create_engine(url), None
        file = Path(url.database)
        file.parent.mkdir(parents=True, exist_ok=True)
        # No pool: a connection that is kept would go on writing to a file that somebody has deleted.
        return name, create_engine(url, poolclass=NullPool, connect_args={"timeout": BUSY}), file
    except (ArgumentError, NoSuchModuleError, ValueError, TypeError):
        raise StoreError(
            f"{VARIABLE} is not a database URL that SQLAlchemy knows; it looks like sqlite:///runs.db or "
            "postgresql+psycopg://user@host/name."
        ) from None
    except ModuleNotFoundError as error:
        extra = ": the extra `postgres` brings it" if error.name == "psycopg" else ""
        raise StoreError(f"{VARIABLE} needs the Python package {error.name}, which is not installed{extra}.") from None
    except OSError as error:
        raise StoreError(f"The folder of the history cannot be made: {error.strerror} ({name}).") from None


def _postgres_url(url: URL) -> URL:
    """Return a URL of PostgreSQL with its time to accept a connection, and text as text, unless it says them itself.

    A database of the C locale has no encoding: what it sends would be bytes.
    """
    if not url.get_driver_name().startswith("psycopg"):
        return url
    return url.set(query={"connect_timeout": str(PATIENCE), "client_encoding": "utf8", **url.query})


def _passes(error: Exception) -> bool:
    """Return whether another try may do: the connection was lost or refused, or a file was locked."""
    lost = isinstance(error, DBAPIError) and type(error).__name__ in ("OperationalError", "InterfaceError")
    return lost and not _reason(error).startswith(LASTING)


def _unusable(name: str, error: Exception) -> str:
    return f"The history at {name} cannot be used: {_reason(error)}."


def _reason(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().split("\n", 1)[0].rstrip(".")
