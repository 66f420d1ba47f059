"""One measurement at a time on each device: a queue with places, progress and a stop.

Two measurements at once would time each other. One `Jobs` serves a whole process; every browser session
puts its work in and looks at it by id, so that a page reload loses nothing.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from uuid import uuid4

from resviz.arch.errors import ResvizError
from resviz.profiling.errors import Stopped
from resviz.profiling.timing import Report

Work = Callable[[Report], Any]
State = Literal["waiting", "running", "done", "failed", "stopped"]
KEPT = 64
"""Finished jobs that are remembered; older ones are forgotten, the store has their results."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How a job stands: a picture of one moment."""

    id: str
    device: str
    title: str
    state: State
    place: int = 0
    """Jobs before it on its device; 0 while it runs and after."""
    phase: str = ""
    done: int = 0
    total: int = 0
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


@dataclass(slots=True)
class _Job:
    work: Work
    progress: Progress
    stop: threading.Event = field(default_factory=threading.Event)


class Jobs:
    """A queue for each device, each worked off by a thread of its own that ends with its queue."""

    def __init__(self) -> None:
        self._change = threading.Condition()
        self._jobs: dict[str, _Job] = {}
        self._waiting: dict[str, deque[_Job]] = {}
        self._running: dict[str, _Job] = {}

    def submit(self, device: str, title: str, work: Work) -> str:
        """Put work in the queue of a device and return its id. The work is given a report to call often."""
        job = _Job(work, Progress(uuid4().hex, device, title, "waiting"))
        with self._change:
            self._jobs[job.progress.id] = job
            self._forget()
            idle = device not in self._waiting
            self._waiting.setdefault(device, deque()).append(job)
        if idle:
            threading.Thread(target=self._run, args=(device,), name=f"measure {device}", daemon=True).start()
        return job.progress.id

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

    def stop(self, id: str) -> None:
        """Take a waiting job out of its queue, or end a running one at its next report."""
        with self._change:
            job = self._jobs.get(id)
            if not job or job.progress.over:
                return
            job.stop.set()
            queue = self._waiting.get(job.progress.device, deque())
            if job in queue:
                queue.remove(job)
                self._set(job, state="stopped")

    def wait(self, id: str, timeout: float | None = None) -> Progress | None:
        """Return how a job stands once it is over, or after ``timeout`` seconds."""
        with self._change:
            self._change.wait_for(lambda: id not in self._jobs or self._jobs[id].progress.over, timeout)
        return self.progress(id)

    def _seen(self, job: _Job) -> Progress:
        progress = job.progress
        if progress.state != "waiting":
            return progress
        before = self._waiting[progress.device].index(job)
        return replace(progress, place=before + (progress.device in self._running))

    def _set(self, job: _Job, **changes: Any) -> None:
        with self._change:
            job.progress = replace(job.progress, **changes)
            self._change.notify_all()

    def _run(self, device: str) -> None:
        while True:
            with self._change:
                self._running.pop(device, None)
                if not self._waiting[device]:
                    del self._waiting[device]
                    return
                job = self._running[device] = self._waiting[device].popleft()
                self._set(job, state="running")
            self._set(job, **self._outcome(job))

    def _outcome(self, job: _Job) -> dict[str, Any]:
        def report(phase: str, done: int, total: int) -> None:
            if job.stop.is_set():
                raise Stopped("The measurement was stopped.")
            # No lock: one writer, and a reader sees the whole old or the whole new picture.
            job.progress = replace(job.progress, phase=phase, done=done, total=total)

        try:
            return {"state": "done", "result": job.work(report)}
        except Stopped:
            return {"state": "stopped"}
        except ResvizError as error:
            return {"state": "failed", "error": str(error)}
        except Exception as error:  # the thread must outlive any work; what happened is shown, not lost
            return {"state": "failed", "error": f"The measurement failed: {type(error).__name__}: {error}"}

    def _forget(self) -> None:
        over = [id for id, job in self._jobs.items() if job.progress.over]
        for id in over[:-KEPT]:
            del self._jobs[id]
