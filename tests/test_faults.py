"""What fails around the app: killed in a write, a full or read-only disk, a spoilt file, a home that is none, a visitor
who is gone. Each is a sentence, and nothing else is lost.

Elsewhere: a database that is away (`tests/profiling/test_store.py`, `test_postgres.py`), an older table (there), runs
that a history did not take (`test_keeping.py`), packages that are missing (`test_store.py`, `tests/nn/test_export.py`),
work that dies (`test_jobs.py`, `tests/test_apart.py`, `tests/nn/test_weight_files.py`), a websocket that is lost
(`tests/browser/test_address.py`), a full disk behind a command (`tests/test_cli.py`).
"""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import event

from resviz.errors import StoreError
from resviz.profiling.store import Store, ensure_answers
from scripts.live import ROOT, serve
from scripts.sessions import Session, visited
from tests.profiling.conftest import profile_of

WRITER = """
import sys
from resviz.profiling.store import Store
from tests.profiling.conftest import profile_of
store = Store(sys.argv[1])
while True:
    runs = [profile_of() for _ in range(5)]
    store.add(*runs)
    print(*(run.id for run in runs), flush=True)
"""

NO_ROOM = """
import resource, sys
from resviz.profiling.keeping import keep, waiting_folder
from resviz.profiling.store import open_store
from tests.profiling.conftest import profile_of
first, second = profile_of(), profile_of()
assert keep([first]) == ""
usual = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (64, usual[1]))
print(keep([second]))
resource.setrlimit(resource.RLIMIT_FSIZE, usual)
assert open_store().ids() == (first.id,)
assert list(waiting_folder().iterdir()) == []
assert keep([second]) == ""
assert set(open_store().ids()) == {first.id, second.id}
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no kill -9")
def test_a_process_killed_while_it_writes_leaves_every_run_that_it_acknowledged(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'runs.db'}"
    with subprocess.Popen([sys.executable, "-c", WRITER, url], cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        told = [writer.stdout.readline() for _ in range(8)]
        writer.send_signal(signal.SIGKILL)
        told += writer.stdout.readlines()
    acknowledged = {id for line in told if line.endswith("\n") for id in line.split()}
    there = set(Store(url).ids())
    assert len(acknowledged) >= 40
    assert acknowledged <= there
    assert len(there) % 5 == 0, "what was not acknowledged is there whole or not at all"
    assert Store(url).add(profile_of()) == 1


def test_a_full_disk_is_a_sentence_at_once_and_what_was_kept_stays(tmp_path: Path) -> None:
    pauses: list[float] = []
    store = Store(f"sqlite:///{tmp_path / 'runs.db'}", pause=pauses.append)
    kept = profile_of()
    store.add(kept)

    @event.listens_for(store._engine, "connect")
    def limited(connection: object, record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # type: ignore[attr-defined]  # SQLite takes what there is

    with pytest.raises(StoreError, match="database or disk is full"):
        store.add(*(profile_of() for _ in range(50)))
    assert pauses == [], "another try would not find room"
    event.remove(store._engine, "connect", limited)
    assert store.ids() == (kept.id,)
    assert store.add(profile_of()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no such limit")
def test_a_run_that_no_disk_takes_is_said_to_be_unkept_and_leaves_no_half_of_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("RESVIZ_DB_URL", f"sqlite:///{tmp_path / 'runs.db'}")
    run = subprocess.run([sys.executable, "-c", NO_ROOM], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "cannot be used" in run.stdout
    assert "download it before you leave" in run.stdout


def test_a_history_that_may_only_be_read_is_read_and_a_write_is_a_sentence(tmp_path: Path) -> None:
    file, run = tmp_path / "runs.db", profile_of()
    Store(f"sqlite:///{file}").add(run)
    store = Store(f"sqlite:///file:{file}?mode=ro&uri=true")
    assert store.get(run.id) == (run,)
    with pytest.raises(StoreError, match="attempt to write a readonly database"):
        store.add(profile_of())


def test_a_history_spoilt_in_its_middle_is_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "runs.db"
    Store(f"sqlite:///{file}").add(*(profile_of() for _ in range(100)))
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(StoreError, match="malformed"):
        Store(f"sqlite:///{file}").ids()
    file.write_bytes(whole[:50])
    with pytest.raises(StoreError, match="cannot be used"):
        ensure_answers(f"sqlite:///{file}")


@pytest.mark.skipif(not Path("/proc").exists(), reason="the system has no folder that nobody can write to")
def test_a_home_that_cannot_be_written_to_and_visitors_who_are_gone_take_no_page_from_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, "/proc/nowhere")
    monkeypatch.delenv("RESVIZ_DB_URL")

    async def gone(address: str, page: str) -> None:
        """Ask for a page and go before it is there."""
        async with Session(address, "net=resnet101&v=1", page) as session:
            running = asyncio.create_task(session.run())
            await session.begun.wait()
            running.cancel()

    async def visit(address: str) -> dict[str, Session]:
        sessions = {page: Session(address, "net=resnet34&v=1", page, keep=True) for page in ("", "history", "profile")}
        async with sessions[""]:
            await sessions[""].run()
            for page in ("", "compare", "learn"):
                await gone(address, page)
            await sessions[""].set("Blocks, conv2_x", "double_value", 5.0)
            assert sessions[""]._socket
            sessions[""]._socket.transport.abort()  # no farewell, as when a cable is pulled
        sessions["back"] = Session(address, sessions[""].query, keep=True)
        async with sessions["back"]:
            await sessions["back"].run()
        for page in ("history", "profile"):
            async with sessions[page]:
                await sessions[page].run()
        return sessions

    log = tmp_path / "log"
    with serve(log_file=log) as address:
        sessions = visited(visit(address))
    assert [session.exceptions for session in sessions.values()] == [[], [], [], []]
    assert sessions["back"].query == sessions[""].query
    assert b"layer1.0-4" in b"".join(sessions["back"].received)  # its five blocks in the picture
    assert b"resnet34~depths~5-4-6-3" in b"".join(sessions[""].received)
    assert b"The folder of the history cannot be made" in b"".join(sessions["history"].received)
    assert "Traceback" not in log.read_text(encoding="utf-8")
