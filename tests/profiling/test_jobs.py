import threading
from collections.abc import Callable

import pytest

from resviz.profiling.errors import DeviceError
from resviz.profiling.jobs import KEPT, Jobs, Progress
from resviz.profiling.timing import Report

SOON = 20  # seconds until a hung test fails


class Held:
    """Work that runs until it is let go."""

    def __init__(self) -> None:
        self.started, self.go = threading.Event(), threading.Event()

    def __call__(self, report: Report) -> str:
        report("timing", 1, 4)
        self.started.set()
        assert self.go.wait(SOON)
        report("timing", 2, 4)
        return "finished"


def over(jobs: Jobs, id: str) -> Progress:
    progress = jobs.wait(id, SOON)
    assert progress
    assert progress.over
    return progress


def now(jobs: Jobs, id: str) -> Progress:
    progress = jobs.progress(id)
    assert progress
    return progress


def test_one_job_runs_at_a_time_and_others_see_their_place() -> None:
    jobs, first, second = Jobs(), Held(), Held()
    a = jobs.submit("cpu", "a", first)
    assert first.started.wait(SOON)
    b, c = jobs.submit("cpu", "b", second), jobs.submit("cpu", "c", lambda report: "third")
    assert [(p.title, p.state, p.place) for p in jobs.all("cpu")] == [
        ("a", "running", 0),
        ("b", "waiting", 1),
        ("c", "waiting", 2),
    ]
    assert not second.started.is_set()
    first.go.set()
    assert over(jobs, a).result == "finished"
    assert second.started.wait(SOON)
    assert now(jobs, c).place == 1
    second.go.set()
    assert over(jobs, c).result == "third"
    assert over(jobs, b).state == "done"
    assert jobs.all() == ()


def test_devices_do_not_wait_for_one_another() -> None:
    jobs, held = Jobs(), Held()
    jobs.submit("cpu", "a", held)
    assert held.started.wait(SOON)
    assert over(jobs, jobs.submit("cuda:0", "b", lambda report: 1)).state == "done"
    held.go.set()


def test_progress_is_what_the_work_reported_last() -> None:
    jobs, held = Jobs(), Held()
    id = jobs.submit("cpu", "a", held)
    assert held.started.wait(SOON)
    seen = now(jobs, id)
    assert (seen.phase, seen.done, seen.total, seen.share) == ("timing", 1, 4, 0.25)
    held.go.set()


def test_a_running_job_stops_at_its_next_report_and_the_next_one_starts() -> None:
    jobs, held = Jobs(), Held()
    id = jobs.submit("cpu", "a", held)
    assert held.started.wait(SOON)
    after = jobs.submit("cpu", "b", lambda report: "went on")
    jobs.stop(id)
    held.go.set()
    assert over(jobs, id).state == "stopped"
    assert over(jobs, after).result == "went on"


def test_a_waiting_job_stops_without_having_run() -> None:
    jobs, held, never = Jobs(), Held(), Held()
    jobs.submit("cpu", "a", held)
    assert held.started.wait(SOON)
    id = jobs.submit("cpu", "b", never)
    jobs.stop(id)
    assert now(jobs, id).state == "stopped"
    held.go.set()
    assert not never.started.is_set()


def fails(error: Exception) -> Callable[[Report], None]:
    def work(report: Report) -> None:
        raise error

    return work


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (DeviceError("device 'x' is not here."), "device 'x' is not here."),
        (ZeroDivisionError("oops"), "The measurement failed: ZeroDivisionError: oops"),
    ],
)
def test_what_goes_wrong_is_told_and_the_queue_goes_on(error: Exception, sentence: str) -> None:
    jobs = Jobs()
    failed = over(jobs, jobs.submit("cpu", "a", fails(error)))
    assert (failed.state, failed.error) == ("failed", sentence)
    assert over(jobs, jobs.submit("cpu", "b", lambda report: 7)).result == 7


def test_old_jobs_are_forgotten() -> None:
    jobs = Jobs()
    first = jobs.submit("cpu", "first", lambda report: None)
    over(jobs, first)
    for _ in range(KEPT + 1):
        over(jobs, jobs.submit("cpu", "more", lambda report: None))
    assert jobs.progress(first) is None
    assert jobs.progress("never there") is None
