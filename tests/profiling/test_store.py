from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from resviz.profiling.errors import StoreError
from resviz.profiling.result import Sweep
from resviz.profiling.store import Store, default_url, open_store, to_json
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
    exported = to_json(store.get(*(row.id for row in store.rows())))
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
        ("nosuchdb://host/name", "is not a database URL"),
        ("postgresql+psycopg://user:secret@nowhere.invalid/name", "needs the Python package psycopg"),
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
