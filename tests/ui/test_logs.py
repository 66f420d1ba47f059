"""The log of JSON lines, and whether a replica is ready, on a server as `deploy/` runs it."""

import asyncio
import gc
import json
import logging
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any, ClassVar
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from resviz.ui.logs import WARNINGS, WITHHELD, _Record, line
from resviz.ui.readiness import problems
from scripts.live import ROOT, serve
from scripts.sessions import Session, visited

SECRET = "Grace-Hoppers-net"


def written(name: str, message: str, *args: Any, fault: BaseException | None = None, **extra: Any) -> dict[str, Any]:
    """What a logger of a name writes."""
    told = (type(fault), fault, fault.__traceback__) if fault else None
    record = _Record(name, logging.INFO, "file.py", 1, message, args, told)
    vars(record).update(extra)
    text = logging.Formatter("%(json)s").format(record)
    assert text == line(record)
    assert "\n" not in text
    found: dict[str, Any] = json.loads(text)
    return found


def test_what_is_filled_into_a_librarys_message_is_not_written() -> None:
    found = written("streamlit.web", "No such page: %s", SECRET)
    assert (found["level"], found["logger"], found["event"]) == ("info", "streamlit.web", "No such page: %s")
    assert SECRET not in str(found)


def test_a_librarys_message_that_came_whole_is_not_written() -> None:
    found = written("streamlit.runtime", f"No such page: {SECRET}")
    assert (found["level"], found["logger"], found["event"]) == ("info", "streamlit.runtime", WITHHELD)
    assert SECRET not in str(found)


def test_what_asyncio_says_of_a_task_that_failed_is_the_faults_type_alone() -> None:
    class Kept(logging.Handler):
        lines: ClassVar[list[str]] = []

        def emit(self, record: logging.LogRecord) -> None:
            self.lines.append(logging.Formatter("%(json)s").format(record))

    async def fails() -> None:
        raise ValueError(SECRET)

    async def forgets() -> None:
        task = asyncio.create_task(fails())
        await asyncio.wait([task])
        del task
        gc.collect()

    handler, usual = Kept(), logging.getLogRecordFactory()
    logging.setLogRecordFactory(_Record)
    logging.getLogger("asyncio").addHandler(handler)
    try:
        visited(forgets())
    finally:
        logging.getLogger("asyncio").removeHandler(handler)
        logging.setLogRecordFactory(usual)
    (text,) = handler.lines
    found = json.loads(text)
    assert (found["logger"], found["event"], found["fault"]) == ("asyncio", WITHHELD, "ValueError")
    assert SECRET not in text
    assert str(Path(__file__).parent) not in text


def test_a_warning_is_its_file_line_and_category_without_folder_and_words() -> None:
    text = warnings.formatwarning(SECRET, UserWarning, "grace/nets/mine.py", 7, "")
    assert written(WARNINGS, "%s", text)["event"] == "mine.py:7: UserWarning"


FIRST = """
import logging, runpy, sys
from importlib.abc import MetaPathFinder

class Watch(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == "torch":
            logging.getLogger("torch").warning("as %s", "loaded")
            raise SystemExit

sys.meta_path.insert(0, Watch())
runpy.run_path("deploy/server.py")
"""


def test_a_server_writes_json_before_torch_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESVIZ_LOG", "json")
    found = subprocess.run([sys.executable, "-c", FIRST], capture_output=True, text=True, cwd=ROOT, check=True)
    assert [json.loads(each)["event"] for each in found.stderr.splitlines()] == ["as %s"]


def test_a_fault_is_its_type_and_the_lines_of_code_without_its_words() -> None:
    try:
        raise ValueError(SECRET)
    except ValueError as error:
        found = written("streamlit", "Uncaught", fault=error)
    assert found["fault"] == "ValueError"
    assert found["at"][0].startswith("test_logs.py:")
    assert found["at"][0].endswith(sys._getframe().f_code.co_name)
    assert SECRET not in str(found)


def test_our_own_lines_hold_their_numbers_and_no_other_field() -> None:
    found = written("resviz.profiling.jobs", "job", device="cpu", state="done", waited_s=0.1, ran_s=2.5, title=SECRET)
    assert {field: found[field] for field in ("event", "device", "state", "waited_s", "ran_s")} == {
        "event": "job",
        "device": "cpu",
        "state": "done",
        "waited_s": 0.1,
        "ran_s": 2.5,
    }
    assert SECRET not in str(found)
    assert "ran_s" not in written("another", "job", ran_s=2.5)


def asked(address: str) -> tuple[int, dict[str, Any]]:
    """The status and the body of a server's `/ready`."""
    try:
        with urlopen(f"{address}/ready") as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_a_server_logs_pages_in_json_names_no_visitor_and_is_ready_until_it_is_full_or_its_history_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def visit(address: str) -> tuple[int, dict[str, Any]]:
        async with Session(address, f"net=resnet18~name~{SECRET}&v=1") as session:
            await session.run()
            assert not session.exceptions
            return asked(address)

    log, history = tmp_path / "log", tmp_path / "runs.db"
    monkeypatch.setenv("RESVIZ_LOG", "json")
    monkeypatch.setenv("RESVIZ_MAX_SESSIONS", "1")
    monkeypatch.setenv("RESVIZ_DB_URL", f"sqlite:///{history}")
    monkeypatch.setenv("STREAMLIT_LOGGER_HIDE_WELCOME_MESSAGE", "true")
    with serve(ROOT / "deploy" / "server.py", log_file=log, base="some/course", folder=ROOT) as address:
        assert asked(address) == (200, {"ready": True, "sessions": 0, "problems": []})
        full = "1 session open, and RESVIZ_MAX_SESSIONS is 1."
        assert visited(visit(address)) == (503, {"ready": False, "sessions": 1, "problems": [full]})
        history.write_text("no database, but long enough to be looked at by one " * 40, encoding="utf-8")
        assert asked(address.removesuffix("/some/course"))[1]["problems"][-1].startswith("The history does not answer")
    text = log.read_text(encoding="utf-8")
    lines = [json.loads(each) for each in text.splitlines()]
    assert [each["page"] for each in lines if each["event"] == "page"] == ["explore"]
    assert "Hopper" not in text
    assert "net=" not in text


def test_a_limit_that_is_no_number_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESVIZ_MAX_SESSIONS", "many")
    assert problems(0) == ["RESVIZ_MAX_SESSIONS is 'many'; it is a whole number of sessions, as in 60."]
