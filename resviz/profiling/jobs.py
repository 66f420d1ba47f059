"""One measurement at a time on each device: a queue with places, progress and a stop.

Two measurements at once would time each other. What pages need beside that has a worker of its own, `PAGES`. One
`Jobs` serves a whole process; every browser session puts its work in and looks at it by id, so that a page reload
loses nothing. Anybody may look; only the owner may stop.
"""

import atexit
import logging
import threading
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any, Literal
from uuid import uuid4

from resviz.errors import QueueError, ResvizError, Stopped
from resviz.progress import Report

_log = logging.getLogger(__name__)
Work = Callable[[Report], Any]
State = Literal["waiting", "running", "done", "failed", "stopped"]
KEPT = 64
"""Finished jobs that are remembered; older ones are forgotten, the store has their results."""
MOST_OF_AN_OWNER = 3
"""Jobs of one owner that may wait or run, on all devices together, and as many for pages."""
MOST_ON_A_DEVICE = 16
"""Jobs that may wait or run on one device."""
PAGES = "this server"
"""Named as a device, the worker of what pages need computed at once: short pieces that time nothing."""
MOST_FOR_PAGES = 128
"""Jobs that may wait or run there: a class opens the same page together."""
FAREWELL = 20.0
"""Seconds that the end of the process waits for a running job to reach its next report."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How a job stands: a picture of one moment."""

    id: str
    device: str
    title: str
    state: State
    owner: str = ""
    """Who put it in, and so who may stop it."""
    place: int = 0
    """Jobs before it on its device; 0 while it runs and after."""
    phase: str = ""
    done: int = 0
    total: int = 0
    began: float = 0.0
    """When its phase began, in seconds of the monotonic clock."""
    told: float = 0.0
    """When it last told how far it is, on the same clock."""
    so_far: Any = None
    """What a running job has so far, where its work can tell."""
    result: Any = None
    error: str = ""

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ("done", "failed", "stopped")

    @property
    def share(self) -> float:
        """How much of its phase is done, 0 to 1."""
        return self.done / self.total if self.total else 0.0

    @property
    def left(self) -> float | None:
        """The seconds that its phase has still to go at the pace so far, or None before its first step is done."""
        return (self.told - self.began) / self.done * (self.total - self.done) if self.done else None


def _nothing(*_: Any) -> None:
    """Stand for the work of a job that is over."""


@dataclass(slots=True)
class _Job:
    work: Work
    progress: Progress
    so_far: Callable[[], Any]
    stop: threading.Event = field(default_factory=threading.Event)
    came: float = field(default_factory=monotonic)
    same: Hashable = None
    """What it computes, where others may ask for the same."""
    asked: list[str] = field(default_factory=list)
    """Who wait for it: an owner once for each time that he asked."""


class Jobs:
    """A queue for each device, each worked off by a thread of its own that ends with its queue."""

    def __init__(self) -> None:
        self._change = threading.Condition()
        self._jobs: dict[str, _Job] = {}
        self._waiting: dict[str, deque[_Job]] = {}
        self._running: dict[str, _Job] = {}
        self._threads: dict[str, threading.Thread] = {}
        atexit.register(self.close)

    def submit(
        self,
        device: str,
        title: str,
        work: Work,
        *,
        owner: str = "",
        so_far: Callable[[], Any] = lambda: None,
        same: Hashable = None,
    ) -> str:
        """Put work in the queue of a device and return its id. The work is given a report to call often.

        ``so_far`` gives what the work has so far; any thread may call it while the work runs. ``same`` names what the
        work computes: where a job that computes the same waits or runs already, its id is returned, and the owner
        waits for it with the others.
        Raises QueueError where the owner or the device has enough already, or the system gives no thread.
        """
        job = _Job(work, Progress(uuid4().hex, device, title, "waiting", owner), so_far, same=same, asked=[owner])
        with self._change:
            if known := self._alike(same):
                known.asked.append(owner)
                return known.progress.id
            self._admit(device, owner)
            free = device not in self._waiting
            if free:
                self._start(device)
            self._jobs[job.progress.id] = job
            self._forget()
            self._waiting.setdefault(device, deque()).append(job)
        return job.progress.id

    def _alike(self, same: Hashable) -> _Job | None:
        """Return a job under way that computes the same."""
        jobs = (job for job in self._jobs.values() if not (job.progress.over or job.stop.is_set()))
        return next((job for job in jobs if same is not None and job.same == same), None)

    def _admit(self, device: str, owner: str) -> None:
        jobs = [job for job in self._jobs.values() if not job.progress.over]
        jobs = [job for job in jobs if (job.progress.device == PAGES) == (device == PAGES)]
        live = [job.progress for job in jobs]
        mine = [job for job in jobs if job.progress.owner == owner and not job.stop.is_set()]
        most = MOST_FOR_PAGES if device == PAGES else MOST_ON_A_DEVICE
        if owner and len(mine) >= MOST_OF_AN_OWNER:
            raise QueueError(
                f"{MOST_OF_AN_OWNER} jobs of yours wait or run, which is the most; stop one or wait for one."
            )
        if sum(job.device == device for job in live) >= most:
            raise QueueError(f"{most} jobs wait or run on {device}, which is the most; try again later.")

    def _start(self, device: str) -> None:
        """Start the thread of a device; it waits for the lock that its caller holds."""
        thread = threading.Thread(target=self._run, args=(device,), name=f"measure {device}", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            raise QueueError("The system gives this process no further thread; try again later.") from None
        self._threads[device] = thread

    def progress(self, id: str) -> Progress | None:
        """Return how a job stands, or None for one that is unknown or long over."""
        with self._change:
            job = self._jobs.get(id)
            return self._seen(job) if job else None

    def all(self, device: str | None = None) -> tuple[Progress, ...]:
        """Return every job that waits or runs, those of one device if named, in the order they came."""
        with self._change:
            seen = (self._seen(job) for job in self._jobs.values())
            return tuple(p for p in seen if not p.over and device in (None, p.device))

    def stop(self, id: str, *, owner: str = "") -> bool:
        """Take a waiting job out of its queue, or end a running one at its next report.

        Return whether that was done: a job that is over, and one of another owner, are left alone.
        """
        with self._change:
            job = self._jobs.get(id)
            if not job or job.progress.over or job.progress.owner != owner:
                return False
            self._end(job)
            return True

    def leave(self, id: str, *, owner: str = "") -> None:
        """Say that an owner waits no longer for a job that he asked for.

        It is stopped where nobody else waits for it, and else belongs to those who do.
        """
        with self._change:
            job = self._jobs.get(id)
            if not job or job.progress.over or owner not in job.asked:
                return
            job.asked.remove(owner)
            if not job.asked:
                self._end(job)
            elif job.progress.owner not in job.asked:
                self._set(job, owner=job.asked[0])

    def _end(self, job: _Job) -> None:
        job.stop.set()
        queue = self._waiting.get(job.progress.device, deque())
        if job in queue:
            queue.remove(job)
            self._set(job, state="stopped")

    def close(self, timeout: float = FAREWELL) -> None:
        """Stop every job and wait until the running ones have ended, for the end of the process.

        A thread that is within torch when the interpreter goes away would abort the process.
        """
        with self._change:
            for job in self._jobs.values():
                if not job.progress.over:
                    self._end(job)
            threads = list(self._threads.values())
        until = monotonic() + timeout
        for thread in threads:
            thread.join(max(until - monotonic(), 0))

    def wait(self, id: str, timeout: float | None = None) -> Progress | None:
        """Return how a job stands once it is over, or after ``timeout`` seconds."""
        with self._change:
            self._change.wait_for(lambda: id not in self._jobs or self._jobs[id].progress.over, timeout)
        return self.progress(id)

    def _seen(self, job: _Job) -> Progress:
        progress = job.progress
        if progress.state == "running":
            return replace(progress, so_far=job.so_far())
        if progress.state != "waiting":
            return progress
        before = self._waiting[progress.device].index(job)
        return replace(progress, place=before + (progress.device in self._running))

    def _set(self, job: _Job, **changes: Any) -> None:
        with self._change:
            job.progress = replace(job.progress, **changes)
            if job.progress.over:  # a job is remembered for long, what its work holds (an upload, say) is not
                job.work = job.so_far = _nothing
            self._change.notify_all()

    def _run(self, device: str) -> None:
        while True:
            with self._change:
                self._running.pop(device, None)
                if not self._waiting[device]:
                    del self._waiting[device], self._threads[device]
                    return
                job = self._running[device] = self._waiting[device].popleft()
                self._set(job, state="running")
            began = monotonic()
            self._set(job, **self._outcome(job))
            told = {"waited_s": round(began - job.came, 1), "ran_s": round(monotonic() - began, 1)}
            _log.info("job", extra={"device": device, "state": job.progress.state, **told})

    def _outcome(self, job: _Job) -> dict[str, Any]:
        def report(phase: str, done: int, total: int) -> None:
            if job.stop.is_set():
                raise Stopped("The job was stopped.")
            # No lock: one writer, and a reader sees the whole old or the whole new picture.
            now = monotonic()
            began = job.progress.began if job.progress.phase == phase else now
            job.progress = replace(job.progress, phase=phase, done=done, total=total, began=began, told=now)

        try:
            return {"state": "done", "result": job.work(report)}
        except Stopped:
            return {"state": "stopped"}
        except ResvizError as error:
            return {"state": "failed", "error": str(error)}
        except BaseException as error:  # the thread must outlive any work; what happened is shown, not lost
            _log.exception("A job failed.")
            return {"state": "failed", "error": f"The job failed: {type(error).__name__}: {error}"}

    def _forget(self) -> None:
        over = [id for id, job in self._jobs.items() if job.progress.over]
        for id in over[:-KEPT]:
            del self._jobs[id]
