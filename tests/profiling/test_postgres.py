"""The history in PostgreSQL, on a server of its own; skipped where none is installed."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import make_url, text

from resviz.errors import StoreError
from resviz.profiling.result import Sweep
from resviz.profiling.store import Store, _connect, ensure_answers
from scripts.live import HOST
from scripts.postgres import MISSING, NAME, Cluster, cluster, find
from tests.profiling.conftest import Make

pytest.importorskip("psycopg")


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    if find() is None:
        pytest.skip(MISSING)
    with TemporaryDirectory() as name:  # pytest closes its own to all others, and root's cluster has another owner
        Path(name).chmod(0o755)
        with cluster(Path(name, "cluster")) as running:
            yield running


@pytest.fixture
def replica(server: Cluster) -> Iterator[Callable[[], Store]]:
    """`replica()`: the store of one process more; their connections end with the test."""
    made: list[Store] = []

    def make() -> Store:
        made.append(Store(server.url))
        return made[-1]

    yield make
    for store in made:
        store._engine.dispose()


@pytest.fixture
def store(replica: Callable[[], Store]) -> Store:
    store = replica()
    store.remove(*store.ids())
    return store


def test_runs_come_back_as_they_went_in_filtered_and_written_out(store: Store, made: Make) -> None:
    runs = [made(), made(device="A GPU")]
    assert [store.add(*runs), store.add(runs[0])] == [2, 0]
    assert store.get(runs[1].id, runs[0].id) == (runs[1], runs[0])
    assert [row.id for row in store.rows(devices=["A GPU"])] == [runs[1].id]
    assert store.choices("device") == ("A CPU", "A GPU")
    assert Sweep.from_json("".join(store.json([run.id for run in runs]))).runs == tuple(runs)


def test_the_same_run_added_by_many_replicas_at_once_is_kept_once(
    store: Store, replica: Callable[[], Store], made: Make
) -> None:
    run, together = made(), threading.Barrier(8)
    replicas = [replica() for _ in range(8)]

    def add(each: Store) -> int:
        together.wait(20)
        return each.add(run)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(add, replicas)) == 1
    assert store.count() == 1


def test_tables_made_by_many_replicas_at_once_are_one(store: Store, replica: Callable[[], Store]) -> None:
    with store._engine.begin() as connection:
        connection.execute(text("DROP TABLE resviz_runs"))
    together = threading.Barrier(8)

    def opened(_: int) -> int:
        together.wait(20)
        return replica().count()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(opened, range(8))) == [0] * 8


def test_a_table_of_an_earlier_release_is_given_its_columns(
    store: Store, replica: Callable[[], Store], made: Make
) -> None:
    run = made(samples=(0.01, 0.01, 0.03, 0.01) * 5)
    store.add(run)
    with store._engine.begin() as connection:
        for column in ("spread", "doubts"):
            connection.execute(text(f"ALTER TABLE resviz_runs DROP COLUMN {column}"))
    (row,) = replica().rows()
    assert (row.spread, row.doubts) == (run.summary.spread, "machine busy")


def test_what_was_acknowledged_is_there_after_the_server_crashed_and_the_same_store_goes_on(
    server: Cluster, store: Store, made: Make
) -> None:
    runs = [made() for _ in range(20)]
    for run in runs:
        assert store.add(run) == 1
    server.crash()
    store._pause = lambda seconds: None  # type: ignore[method-assign]
    with pytest.raises(StoreError, match="cannot be used"):
        store.count()
    with pytest.raises(StoreError, match="cannot be used"):
        ensure_answers(server.url)
    server.start()
    ensure_answers(server.url)
    assert store.get(*(run.id for run in runs)) == tuple(runs)


def test_a_name_that_postgresql_cannot_hold_is_a_sentence_and_nothing_is_written(store: Store, made: Make) -> None:
    run = made()
    store.add(run)
    with pytest.raises(StoreError):
        store.get("\x00")
    assert store.count() == 1


def test_a_server_that_does_not_answer_is_not_waited_for_beyond_seconds() -> None:
    url = _connect("postgresql+psycopg://user@localhost/name")[1].url
    assert url.query["connect_timeout"] == "3"
    said = _connect("postgresql+psycopg://user@localhost/name?connect_timeout=9")[1].url
    assert said.query["connect_timeout"] == "9"


def test_a_database_without_an_encoding_keeps_names_too(server: Cluster, made: Make) -> None:
    server.run(
        "createdb", "-h", HOST, "-p", server.port, "-U", NAME, "-E", "SQL_ASCII", "-T", "template0", "-l", "C", "c"
    )
    url = make_url(server.url).set(database="c").render_as_string()
    ensure_answers(url)
    store = Store(url)
    try:
        run = made(device="Prüfgerät")
        store.add(run)
        assert store.get(run.id) == (run,)
        assert store.choices("device") == ("Prüfgerät",)
    finally:
        store._engine.dispose()
