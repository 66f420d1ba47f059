import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, event, text

from resviz.errors import StoreError
from resviz.profiling.result import Sweep
from resviz.profiling.store import WAITS, Store, _connect, default_url, open_store
from tests.profiling.conftest import TINY, Make


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(f"sqlite:///{tmp_path / 'deep' / 'runs.db'}")


def test_a_run_comes_back_as_it_went_in(store: Store, made: Make) -> None:
    run = made()
    assert store.add(run) == 1
    assert store.get(run.id) == (run,)


def test_the_same_run_is_kept_once(store: Store, made: Make) -> None:
    run, other = made(), made()
    assert [store.add(run), store.add(run, other, other), len(store.rows())] == [1, 1, 2]


def test_newest_runs_come_first(store: Store, made: Make) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    runs = [made(measured_at=start + timedelta(seconds=offset)) for offset in (5, 0.5, 86_400)]
    store.add(*runs)
    assert [row.id for row in store.rows()] == [runs[2].id, runs[0].id, runs[1].id]


def test_rows_are_filtered_by_net_device_and_protocol(store: Store, made: Make, brief: object) -> None:
    runs = [made(), made(device="A GPU"), made(config=TINY.with_(name="other"))]
    store.add(*runs)
    assert [row.id for row in store.rows(devices=["A GPU"])] == [runs[1].id]
    assert [row.id for row in store.rows(nets=["other"])] == [runs[2].id]
    assert len(store.rows(nets=["tiny", "other"], protocols=["brief"])) == 3
    assert store.rows(nets=["other"], devices=["A GPU"]) == ()


def test_runs_are_written_all_or_none(store: Store, made: Make, tmp_path: Path) -> None:
    with create_engine(f"sqlite:///{tmp_path / 'deep' / 'runs.db'}").begin() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER refuse BEFORE INSERT ON resviz_runs WHEN NEW.batch = 3 "
                "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
            )
        )
    with pytest.raises(StoreError, match="disk full"):
        store.add(made(batch=2), made(batch=3))
    assert store.rows() == ()


def test_a_thousand_runs_are_asked_for_at_once(store: Store, made: Make) -> None:
    runs = [made() for _ in range(1000)]
    assert store.add(*runs) == 1000
    assert [run.id for run in store.get(*(run.id for run in runs))] == [run.id for run in runs]


def test_exported_json_imports_into_another_history(store: Store, made: Make) -> None:
    store.add(made(), made())
    exported = "".join(store.json(store.ids()))
    other = Store("sqlite://")
    assert other.add(*Sweep.from_json(exported).runs) == 2
    assert {row.id for row in other.rows()} == {row.id for row in store.rows()}


def test_the_default_is_a_file_in_the_users_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RESVIZ_DB_URL", raising=False)
    assert default_url().startswith("sqlite:///")
    assert default_url().endswith("runs.db")


def test_the_environment_names_another_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RESVIZ_DB_URL", f"sqlite:///{tmp_path / 'mine.db'}")
    open_store()
    assert (tmp_path / "mine.db").exists()


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("not a url", "is not a database URL"),
        ("sqlite:///a\0b", "is not a database URL"),
        ("sqlite:///a\0b/runs.db", "is not a database URL"),
        ("sqlite:///runs.db?timeout=soon", "is not a database URL"),
        ("nosuchdb://host/name", "is not a database URL"),
        ("mysql+pymysql://user:secret@nowhere.invalid/name", "needs the Python package pymysql"),
    ],
)
def test_a_bad_url_is_a_sentence_without_its_password(url: str, sentence: str) -> None:
    with pytest.raises(StoreError) as error:
        Store(url)
    assert sentence in str(error.value)
    assert "secret" not in str(error.value)


def test_a_file_that_is_no_database_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but long enough to be looked at by one")
    with pytest.raises(StoreError, match="file is not a database"):
        Store(f"sqlite:///{path}")


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="folder"):
        Store(f"sqlite:///{tmp_path / 'file' / 'runs.db'}")


def test_a_run_that_is_not_there_is_a_sentence(store: Store) -> None:
    with pytest.raises(StoreError, match="not in the history"):
        store.get("f" * 32)


def altered(store: Store, **columns: object) -> None:
    """Change columns of every run behind the store's back."""
    with store._engine.begin() as connection:
        for name, value in columns.items():
            connection.execute(text(f"UPDATE resviz_runs SET {name} = :value"), {"value": value})


def test_the_same_run_added_by_many_at_once_is_kept_once(store: Store, made: Make) -> None:
    run, together = made(), threading.Barrier(20)

    def add(_: int) -> int:
        together.wait(20)
        return store.add(run)

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(add, range(20))) == 1
    assert len(store.rows()) == 1


def test_runs_are_removed_and_others_stay(store: Store, made: Make) -> None:
    runs = [made() for _ in range(3)]
    store.add(*runs)
    assert store.remove(runs[0].id, runs[2].id, "f" * 32) == 2
    assert store.ids() == (runs[1].id,)


def test_a_page_is_a_stretch_of_the_list_and_counts_and_choices_follow_the_filters(store: Store, made: Make) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    runs = [made(measured_at=start + timedelta(hours=hour), device=f"GPU {hour % 2}") for hour in range(10)]
    store.add(*runs)
    newest = [run.id for run in reversed(runs)]
    assert [row.id for row in store.rows(limit=3, offset=4)] == newest[4:7]
    assert (store.count(), store.count({"device": ["GPU 1"]})) == (10, 5)
    assert store.choices("device") == ("GPU 0", "GPU 1")
    assert store.ids({"device": ["GPU 1"]}) == tuple(newest[0::2])


def test_a_file_that_was_deleted_under_the_store_is_made_anew(store: Store, made: Make, tmp_path: Path) -> None:
    store.add(made())
    (tmp_path / "deep" / "runs.db").unlink()
    assert store.rows() == ()
    run = made()
    store.add(run)
    assert Store(f"sqlite:///{tmp_path / 'deep' / 'runs.db'}").get(run.id) == (run,)


def test_a_table_of_an_earlier_release_is_given_its_columns_and_its_runs_are_judged(made: Make, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    run = made(samples=(0.01, 0.01, 0.03, 0.01) * 5)
    old = Store(url)
    old.add(run)
    with old._engine.begin() as connection:
        for column in ("spread", "doubts", "step"):
            connection.execute(text(f"ALTER TABLE resviz_runs DROP COLUMN {column}"))
    (row,) = Store(url).rows()
    assert (row.spread, row.doubts, row.step) == (run.summary.spread, "machine busy", "forward")
    assert Store(url).get(run.id) == (run,)


@pytest.mark.parametrize(
    "columns", [{"median": "abc"}, {"batch": b"\x00"}, {"spread": float("inf")}, {"measured_at": "x"}, {"net": b"\xff"}]
)
def test_a_spoilt_row_is_listed_and_removed(store: Store, made: Make, columns: dict[str, object]) -> None:
    run = made()
    store.add(run)
    altered(store, **columns)
    (row,) = store.rows()
    assert row.doubts == ("only 3 timed steps" if "net" in columns else "cannot be read")
    assert store.remove(row.id) == 1


@pytest.mark.parametrize("document", ["", "{}", "[" * 5000, '{"runs": [1]}'])
def test_a_spoilt_document_is_a_sentence_and_is_left_out_of_files(store: Store, made: Make, document: str) -> None:
    bad, good = made(), made()
    store.add(bad)
    altered(store, document=document)
    store.add(good)
    with pytest.raises(StoreError, match="A run in the history cannot be read"):
        store.get(bad.id)
    assert Sweep.from_json("".join(store.json(store.ids()))).runs == (good,)


class Away:
    """A database that does not answer so many times."""

    def __init__(self, store: Store, times: int) -> None:
        self.times = times
        event.listen(store._engine, "do_connect", self.connect)

    def connect(self, *_: Any) -> None:
        if self.times:
            self.times -= 1
            raise sqlite3.OperationalError("the database system is starting up")


def test_a_database_that_was_away_for_a_moment_is_asked_again(made: Make, tmp_path: Path) -> None:
    pauses: list[float] = []
    store = Store(f"sqlite:///{tmp_path / 'runs.db'}", pause=pauses.append)
    Away(store, 2)
    assert store.add(made()) == 1
    assert pauses == list(WAITS[:2])


def test_a_database_that_stays_away_is_a_sentence(made: Make, tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'runs.db'}", pause=lambda seconds: None)
    Away(store, 100)
    with pytest.raises(StoreError, match="is starting up"):
        store.add(made())


def test_a_server_is_asked_before_a_pooled_connection_is_used() -> None:
    pytest.importorskip("psycopg")
    _, engine, file = _connect("postgresql+psycopg://user@localhost/name")
    assert engine.pool._pre_ping
    assert file is None


def test_a_dialect_without_a_clause_for_conflicts_keeps_a_run_once(store: Store, made: Make) -> None:
    from resviz.profiling.store import _insert_each, _values

    runs = [_values(made()) for _ in range(2)]
    with store._engine.begin() as connection:
        assert _insert_each(connection, runs[:1]) == 1
        assert _insert_each(connection, runs) == 1
    assert len(store.rows()) == 2
