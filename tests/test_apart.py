"""Work in a process of its own: its result, its errors, and that it ends when it is told to."""

import json
import logging
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from inspect import getmembers, isclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from resviz import errors
from resviz.apart import apart
from resviz.errors import ApartError, ConfigError, Problem, QueueError, ResvizError
from resviz.profiling.jobs import PAGES, Jobs
from resviz.progress import limited, silent
from resviz.ui.logs import _Record, line
from scripts.live import ROOT
from tests import far_work

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the tests' own work uses signals")
SOON = 60  # seconds until a hung test fails


def test_the_result_and_the_progress_come_back_whatever_is_printed() -> None:
    told = []
    assert apart(far_work.told, "an answer", report=lambda *stands: told.append(stands)) == "AN ANSWER"
    assert list(dict.fromkeys(told)) == [("starting", 0, 1), ("thinking", 1, 3)]


@pytest.mark.parametrize(
    ("work", "sentence"),
    [
        (far_work.broken, "The work failed: KeyError: 'layer1'"),
        (far_work.unsayable, "The work failed: .*pickle"),
        (
            far_work.killed,
            r"died \(exit status -9\): it may have run out of memory\. Try a smaller network, or later\.$",
        ),
        (far_work.left, r"died \(exit status 3\)\. Try again later\.$"),
        (far_work.unreadable, "gave an answer that cannot be read"),
    ],
)
def test_work_that_fails_by_a_fault_or_dies_is_a_sentence(work: Callable[..., Any], sentence: str) -> None:
    with pytest.raises(ApartError, match=sentence):
        apart(work, report=silent)


def test_what_the_work_raises_on_purpose_is_raised_here_as_it_was_there() -> None:
    with pytest.raises(ConfigError, match=r"^There are no 7 groups\.$") as raised:
        apart(far_work.refused, report=silent)
    assert raised.value.problems == (Problem("groups", "There are no 7 groups."),)


KINDS = [kind for _, kind in getmembers(errors, isclass) if issubclass(kind, ResvizError)]


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_of_every_kind_comes_through_a_pipe_whole(kind: type[ResvizError]) -> None:
    error = ConfigError.of("groups", "No.") if issubclass(kind, ConfigError) else kind("No.")
    found = pickle.loads(pickle.dumps(error))
    assert (type(found), str(found)) == (kind, "No.")
    assert getattr(found, "problems", None) == getattr(error, "problems", None)


def test_an_argument_that_cannot_be_sent_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", None)
    with pytest.raises((pickle.PicklingError, AttributeError), match="lambda"):
        apart(far_work.told, lambda: "no function of a module", report=silent)


def logged(work: Callable[..., Any], caplog: pytest.LogCaptureFixture) -> tuple[str, dict[str, Any]]:
    """What work that fails has logged: the one record, and its line of JSON."""
    usual = logging.getLogRecordFactory()
    logging.setLogRecordFactory(_Record)
    try:
        with pytest.raises(ApartError):
            apart(work, report=silent)
    finally:
        logging.setLogRecordFactory(usual)
    (record,) = caplog.records
    assert isinstance(record, _Record)
    return record.getMessage(), json.loads(line(record))


def test_a_fault_is_logged_with_its_traceback_and_as_json_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    text, found = logged(far_work.broken, caplog)
    assert text.startswith("Work in a process of its own failed: Traceback (most recent call last):")
    assert "KeyError: 'layer1'" in text
    assert (found["level"], found["logger"], found["fault"]) == ("error", "resviz.apart", "KeyError")
    assert found["at"][-1].startswith("far_work.py:")
    assert found["at"][-1].endswith(" broken")
    assert "layer1" not in str(found)


@pytest.mark.parametrize(("work", "status"), [(far_work.left, 3), (far_work.unreadable, 0)])
def test_how_a_process_ended_is_logged(work: Callable[..., Any], status: int, caplog: pytest.LogCaptureFixture) -> None:
    text, found = logged(work, caplog)
    assert f"exit status {status}" in text
    assert (found["exit"], found.get("fault")) == (status, "ValueError" if work is far_work.unreadable else None)
    assert "no number" not in str(found)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which this process, and the tests' own, make temporary ones."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def assert_gone(processes: Sequence[psutil.Process], temporary: Path) -> None:
    """Fail where a process lives on or something is left of its files; one that init has yet to bury is dead."""
    looks, left = SOON * 100, list(processes)
    while left and (looks := looks - 1):
        left = [process for process in psutil.wait_procs(left, 0.01)[1] if alive(process)]
    assert not left
    assert not list(temporary.iterdir())


def alive(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def test_a_stop_ends_a_step_that_tells_nothing_with_all_that_is_its_and_frees_the_worker(temporary: Path) -> None:
    jobs = Jobs()
    id = jobs.submit(PAGES, "endless", lambda report: apart(far_work.endless, report=report))
    processes = started(jobs, id)
    assert list(temporary.rglob("upload"))
    after = jobs.submit(PAGES, "after", lambda report: "went on")
    assert jobs.stop(id)
    ended = jobs.wait(id, SOON)
    assert ended
    assert ended.state == "stopped"
    assert not processes[0].is_running()
    assert_gone(processes, temporary)
    went = jobs.wait(after, SOON)
    assert went
    assert went.result == "went on"


def test_the_time_limit_ends_a_step_that_tells_nothing_with_all_that_is_its(temporary: Path) -> None:
    begun: list[psutil.Process] = []
    clock = 0.0

    def report(phase: str, done: int, total: int) -> None:
        nonlocal clock
        if phase == "pids":
            begun.extend([psutil.Process(done), psutil.Process(total)])
            clock = 10.0  # its time is over

    with pytest.raises(QueueError, match="took too long"):
        apart(far_work.endless, report=limited(report, 5, QueueError("It took too long."), lambda: clock))
    assert not begun[0].is_running()
    assert_gone(begun, temporary)


ASKER = """
from resviz.apart import apart
from tests import far_work
apart(far_work.endless, report=lambda *stands: print(*stands, flush=True))
"""


def test_it_ends_with_the_process_that_asked_however_that_ends_with_all_that_is_its(temporary: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ASKER], cwd=ROOT, stdout=subprocess.PIPE, text=True) as asker:
        assert asker.stdout
        pids = next(said.split()[1:] for said in asker.stdout if said.startswith("pids"))
        processes = [psutil.Process(int(pid)) for pid in pids]
        assert list(temporary.rglob("upload"))
        asker.kill()
    assert_gone(processes, temporary)


def started(jobs: Jobs, id: str) -> list[psutil.Process]:
    """The process that a job's work is in and the one that it has started, once it has."""
    for _ in range(SOON * 20):
        seen = jobs.progress(id)
        assert seen
        assert not seen.over, seen.error
        if seen.phase == "pids":
            return [psutil.Process(seen.done), psutil.Process(seen.total)]
        jobs.wait(id, 0.05)
    raise AssertionError("it never began")
