"""Work in a process of its own: its result, its errors, and that it ends when it is told to."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import psutil
import pytest

from resviz.apart import apart
from resviz.errors import ApartError, DrawError, QueueError, ResvizError
from resviz.profiling.jobs import PAGES, Jobs
from resviz.progress import limited, silent
from scripts.live import ROOT
from tests import far_work

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the tests' own work uses signals")
SOON = 60  # seconds until a hung test fails


def test_the_result_and_the_progress_come_back_whatever_is_printed() -> None:
    told = []
    assert apart(far_work.told, "an answer", report=lambda *stands: told.append(stands)) == "AN ANSWER"
    assert told[0] == ("starting", 0, 1)
    assert set(told) <= {("starting", 0, 1), ("thinking", 1, 3)}


@pytest.mark.parametrize(
    ("work", "kind", "sentence"),
    [
        (far_work.refused, DrawError, "There is no such picture."),
        (far_work.broken, ApartError, "The work failed: KeyError: 'layer1'"),
        (far_work.killed, ApartError, r"died \(exit status -9\): it may have run out of memory"),
    ],
)
def test_work_that_fails_or_dies_is_a_sentence(
    work: Callable[..., Any], kind: type[ResvizError], sentence: str
) -> None:
    with pytest.raises(kind, match=sentence):
        apart(work, report=silent)


def test_a_stop_ends_a_step_that_tells_nothing_and_frees_the_worker() -> None:
    jobs = Jobs()
    id = jobs.submit(PAGES, "endless", lambda report: apart(far_work.endless, report=report))
    process = started(jobs, id)
    after = jobs.submit(PAGES, "after", lambda report: "went on")
    assert jobs.stop(id)
    ended = jobs.wait(id, SOON)
    assert ended
    assert ended.state == "stopped"
    assert not process.is_running()
    went = jobs.wait(after, SOON)
    assert went
    assert went.result == "went on"


def test_the_time_limit_ends_a_step_that_tells_nothing() -> None:
    begun, clock = [], 0.0

    def report(phase: str, done: int, total: int) -> None:
        nonlocal clock
        if phase == "pid":
            begun.append(psutil.Process(done)) if not begun else None
            clock = 10.0  # its time is over

    with pytest.raises(QueueError, match="took too long"):
        apart(far_work.endless, report=limited(report, 5, QueueError("It took too long."), lambda: clock))
    assert not begun[0].is_running()


ASKER = """
from resviz.apart import apart
from tests import far_work
apart(far_work.endless, report=lambda phase, done, total: print(done, flush=True) if phase == "pid" else None)
"""


def test_it_ends_with_the_process_that_asked_however_that_ends() -> None:
    with subprocess.Popen([sys.executable, "-c", ASKER], cwd=ROOT, stdout=subprocess.PIPE, text=True) as asker:
        assert asker.stdout
        process = psutil.Process(int(asker.stdout.readline()))
        asker.kill()
    assert psutil.wait_procs([process], SOON)[0] == [process]


def started(jobs: Jobs, id: str) -> psutil.Process:
    """The process that a job's work is in, once it has begun."""
    for _ in range(SOON * 20):
        seen = jobs.progress(id)
        assert seen
        assert not seen.over, seen.error
        if seen.phase == "pid":
            return psutil.Process(seen.done)
        jobs.wait(id, 0.05)
    raise AssertionError("it never began")
