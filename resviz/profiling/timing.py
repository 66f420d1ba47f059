"""The stop-watch: warm up, let the device finish, mark each step, let it finish again, then read.

An accelerator works through a queue: Python is long past a step when it runs. Events are put into the
queue itself and are read after a single synchronisation at the end, so that waiting for the device is
no part of any sample. On the CPU a step is over when its call returns and `perf_counter` will do.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol

from resviz.progress import Report, silent

if TYPE_CHECKING:
    import torch


class Clock(Protocol):
    """What time is read from. A mark is a moment on the device; marks are read after `synchronize`."""

    def mark(self) -> Any:
        """Return a mark of this moment in the device's queue."""

    def synchronize(self) -> None:
        """Wait until the device has done all that was asked of it."""

    def seconds(self, start: Any, end: Any) -> float:
        """Return the seconds between two marks."""


class CounterClock:
    """The host's own monotonic counter: for the CPU, where calls return when their work is done."""

    def mark(self) -> float:
        """Return the counter, in seconds."""
        return perf_counter()

    def synchronize(self) -> None:
        """Return at once: nothing is queued."""

    def seconds(self, start: float, end: float) -> float:
        """Return the seconds between two readings."""
        return end - start


class EventClock:
    """Device events with timing: CUDA, ROCm, XPU and MPS."""

    def __init__(self, device: "torch.device") -> None:
        import torch

        self._module = torch.get_device_module(device)

    def mark(self) -> Any:
        """Return an event, recorded in the current stream."""
        event = self._module.Event(enable_timing=True)
        event.record()
        return event

    def synchronize(self) -> None:
        """Wait for every stream of the device."""
        self._module.synchronize()

    def seconds(self, start: Any, end: Any) -> float:
        """Return the seconds between two events that have happened."""
        return float(start.elapsed_time(end)) / 1000


def clock_for(device: "torch.device") -> Clock:
    """Return the clock that a device is timed with."""
    return CounterClock() if device.type == "cpu" else EventClock(device)


def time_steps(
    step: Callable[[], object], clock: Clock, *, warmup: int, steps: int, report: Report = silent
) -> tuple[float, ...]:
    """Return the seconds of each of ``steps`` calls, after ``warmup`` untimed ones.

    The report is called before each step and outside the timed stretch, so that one may stop in between.
    """
    for done in range(warmup):
        report("warm-up", done, warmup)
        step()
    clock.synchronize()
    marks = []
    with uncollected():
        for done in range(steps):
            report("timing", done, steps)
            start = clock.mark()
            step()
            marks.append((start, clock.mark()))
        clock.synchronize()
    return tuple(clock.seconds(start, end) for start, end in marks)


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep Python's collector from running within, as `timeit` does; it is left as it was."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
