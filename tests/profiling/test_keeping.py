from pathlib import Path

import pytest

from resviz.profiling.keeping import collect, keep, waiting_folder
from resviz.profiling.store import Store, open_store
from tests.profiling.conftest import Make


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr("platformdirs.user_data_dir", lambda *_, **__: str(tmp_path / "resviz"))
    monkeypatch.setenv("RESVIZ_DB_URL", f"sqlite:///{tmp_path / 'runs.db'}")
    return tmp_path


def test_a_run_goes_to_the_history(made: Make) -> None:
    run = made()
    assert keep([run]) == ""
    assert open_store().get(run.id) == (run,)
    assert not waiting_folder().exists()


def test_a_run_that_the_history_did_not_take_waits_and_goes_with_the_next(
    made: Make, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = made(), made()
    with monkeypatch.context() as patch:
        patch.setenv("RESVIZ_DB_URL", "no url")
        said = keep([first])
    assert "RESVIZ_DB_URL" in said
    assert "put aside" in said
    assert str(folder) not in said
    assert keep([second]) == ""
    assert set(open_store().ids()) == {first.id, second.id}
    assert list(waiting_folder().iterdir()) == []


def test_what_is_not_ours_is_left_in_the_folder(made: Make) -> None:
    waiting_folder().mkdir(parents=True)
    (waiting_folder() / "a.json").write_text("{", encoding="utf-8")
    run = made()
    (waiting_folder() / "b.json").write_text(run.to_json(), encoding="utf-8")
    store = Store("sqlite://")
    assert collect(store) == 1
    assert [file.name for file in waiting_folder().iterdir()] == ["a.json"]


def test_a_run_that_cannot_even_wait_is_said_to_be_lost_unless_downloaded(
    made: Make, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    (folder / "resviz").write_text("a file where the folder would be", encoding="utf-8")
    monkeypatch.setenv("RESVIZ_DB_URL", "no url")
    assert "download it before you leave" in keep([made()])
