import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable

import pytest

from resviz.errors import DeviceError, QueueError
from resviz.profiling.jobs import (
    KEPT,
    MOST_FOR_PAGES,
    MOST_OF_AN_OWNER,
    MOST_ON_A_DEVICE,
    PAGES,
    Jobs,
    Progress,
)
from resviz.progress import Report

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


def fails(error: BaseException) -> Callable[[Report], None]:
    def work(report: Report) -> None:
        raise error

    return work


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (DeviceError("device 'x' is not here."), "device 'x' is not here."),
        (ZeroDivisionError("oops"), "The job failed: ZeroDivisionError: oops"),
        (KeyboardInterrupt(), "The job failed: KeyboardInterrupt: "),
        (SystemExit(3), "The job failed: SystemExit: 3"),
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


def test_a_thread_that_cannot_start_is_a_sentence_and_the_device_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    jobs = Jobs()
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        with pytest.raises(QueueError, match="no further thread"):
            jobs.submit("cpu", "a", lambda report: 1)
    assert jobs.all() == ()
    assert over(jobs, jobs.submit("cpu", "b", lambda report: 2)).result == 2


def test_only_its_owner_stops_a_job() -> None:
    jobs, held = Jobs(), Held()
    id = jobs.submit("cpu", "a", held, owner="me")
    assert held.started.wait(SOON)
    assert not jobs.stop(id, owner="you")
    assert not jobs.stop(id)
    held.go.set()
    assert over(jobs, id).state == "done"
    again = Held()
    id = jobs.submit("cpu", "a", again, owner="me")
    assert again.started.wait(SOON)
    assert jobs.stop(id, owner="me")
    again.go.set()
    assert over(jobs, id).state == "stopped"


def test_an_owner_and_a_device_take_so_many_jobs_and_no_more() -> None:
    jobs, held = Jobs(), Held()
    jobs.submit("cpu", "a", held, owner="me")
    for _ in range(MOST_OF_AN_OWNER - 1):
        last = jobs.submit("cpu", "b", lambda report: 1, owner="me")
    with pytest.raises(QueueError, match="of yours wait or run"):
        jobs.submit("cuda:0", "c", lambda report: 1, owner="me")
    for number in range(MOST_ON_A_DEVICE - MOST_OF_AN_OWNER):
        jobs.submit("cpu", "d", lambda report: 1, owner=f"{number}")
    with pytest.raises(QueueError, match="wait or run on cpu"):
        jobs.submit("cpu", "e", lambda report: 1, owner="another")
    jobs.stop(last, owner="me")
    jobs.submit("cpu", "f", lambda report: 1, owner="another")
    held.go.set()
    assert over(jobs, jobs.submit("cuda:0", "g", lambda report: 5, owner="one more")).result == 5


def test_closing_stops_what_runs_and_what_waits() -> None:
    jobs, held = Jobs(), Held()
    running, waiting = jobs.submit("cpu", "a", held), jobs.submit("cpu", "b", lambda report: 1)
    assert held.started.wait(SOON)
    closing = threading.Thread(target=jobs.close, args=(SOON,))
    closing.start()
    held.go.set()
    closing.join(SOON)
    assert [over(jobs, id).state for id in (running, waiting)] == ["stopped", "stopped"]


MEASURES = """
import signal, sys
from resviz.arch import preset
from resviz.profiling.jobs import Jobs
from resviz.profiling.measure import profile
from resviz.profiling.protocol import Protocol

signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
many = Protocol(name="many", warmup=1, steps=100_000, batch=1)
net = preset("resnet20_cifar10")
started = []

def work(report):
    def tell(phase, done, total):
        if phase == "timing" and not started:
            started.append(True)
            print("timing", flush=True)
        report(phase, done, total)
    return profile(net, device="cpu", protocol=many, report=tell)

jobs = Jobs()
jobs.wait(jobs.submit("cpu", "a", work))
"""


def test_a_measurement_that_is_terminated_ends_the_process_quietly() -> None:
    command = [sys.executable, "-c", MEASURES]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "timing\n"
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")


def test_a_running_job_shows_what_it_has_so_far() -> None:
    jobs, held, seen = Jobs(), Held(), ["nothing yet"]
    id = jobs.submit("cpu", "a", held, so_far=lambda: seen[-1])
    assert held.started.wait(SOON)
    assert now(jobs, id).so_far == "nothing yet"
    seen.append("half")
    assert now(jobs, id).so_far == "half"
    held.go.set()
    assert (over(jobs, id).result, over(jobs, id).so_far) == ("finished", None)


class Upload:
    """What a visitor gave and a job's work holds."""


def test_a_job_that_is_over_lets_go_of_what_its_work_held() -> None:
    def holding(held: Held) -> tuple[Callable[[Report], str], Callable[[], object], weakref.ref[Upload]]:
        upload = Upload()

        def work(report: Report) -> str:
            assert upload
            return held(report)

        return work, lambda: upload, weakref.ref(upload)

    jobs, held, never = Jobs(), Held(), Held()
    work, so_far, done = holding(held)
    first = jobs.submit("cpu", "a", work, so_far=so_far)
    work, so_far, stopped = holding(never)
    second = jobs.submit("cpu", "b", work, so_far=so_far)
    del work, so_far
    assert held.started.wait(SOON)
    jobs.stop(second)
    assert stopped() is None
    assert done() is not None
    held.go.set()
    assert over(jobs, first).result == "finished"
    assert done() is None
    assert now(jobs, second).state == "stopped"


def test_what_pages_need_waits_for_no_measurement_and_is_counted_apart() -> None:
    jobs, measured, needed = Jobs(), Held(), Held()
    for _ in range(MOST_OF_AN_OWNER):
        jobs.submit("cpu", "measured", measured, owner="one")
    assert measured.started.wait(SOON)
    jobs.submit(PAGES, "needed", needed, owner="one")
    assert needed.started.wait(SOON)
    for number in range(1, MOST_FOR_PAGES):
        jobs.submit(PAGES, "needed", needed, owner=f"{number}")
    with pytest.raises(QueueError, match=f"^{MOST_FOR_PAGES} jobs"):
        jobs.submit(PAGES, "needed", needed, owner="last")
    measured.go.set()
    needed.go.set()
    jobs.close(SOON)


def test_what_is_computed_already_is_not_computed_twice_unless_it_was_stopped() -> None:
    jobs, first, second = Jobs(), Held(), Held()
    a = jobs.submit(PAGES, "a", first, same="sum")
    assert first.started.wait(SOON)
    assert jobs.submit(PAGES, "b", second, same="sum") == a
    assert jobs.submit(PAGES, "c", second, same="another") != a
    assert jobs.submit(PAGES, "d", second) not in (a, "")
    jobs.stop(a)
    assert jobs.submit(PAGES, "e", second, same="sum") != a
    first.go.set()
    second.go.set()
    jobs.close(SOON)


def test_a_job_ends_when_the_last_who_asked_for_it_leaves_and_belongs_to_who_stays() -> None:
    jobs, held = Jobs(), Held()
    id = jobs.submit(PAGES, "a", held, owner="me", same="sum")
    assert held.started.wait(SOON)
    assert jobs.submit(PAGES, "a", held, owner="you", same="sum") == id
    jobs.leave(id, owner="a stranger")
    jobs.leave(id, owner="me")
    jobs.leave(id, owner="me")
    assert now(jobs, id).owner == "you"
    assert jobs.submit(PAGES, "a", held, owner="me", same="sum") == id
    for owner in ("you", "me"):
        jobs.leave(id, owner=owner)
    held.go.set()
    assert over(jobs, id).state == "stopped"


def test_what_was_stopped_and_comes_to_its_end_does_not_count_for_its_owner() -> None:
    jobs, held = Jobs(), Held()
    first = jobs.submit("cpu", "a", held, owner="me")
    assert held.started.wait(SOON)
    for _ in range(MOST_OF_AN_OWNER - 1):
        jobs.submit("cpu", "b", held, owner="me")
    jobs.stop(first, owner="me")
    jobs.submit("cpu", "c", held, owner="me")
    with pytest.raises(QueueError, match="of yours wait or run"):
        jobs.submit("cpu", "d", held, owner="me")
    held.go.set()
    jobs.close(SOON)


def test_a_job_that_is_over_and_one_that_fails_by_a_fault_are_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    def fault(report: Report) -> None:
        raise ZeroDivisionError("secret")

    jobs = Jobs()
    with caplog.at_level("INFO", "resviz.profiling.jobs"):
        over(jobs, jobs.submit("cpu", "a title", lambda report: 1))
        over(jobs, jobs.submit("cpu", "a title", fault))
        jobs.close(SOON)
    told = [(record.levelname, record.getMessage(), getattr(record, "state", "")) for record in caplog.records]
    assert told == [("INFO", "job", "done"), ("ERROR", "A job failed.", ""), ("INFO", "job", "failed")]
    assert all(record.ran_s >= 0 for record in caplog.records if record.getMessage() == "job")
    assert "a title" not in caplog.text
