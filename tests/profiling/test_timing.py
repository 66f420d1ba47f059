"""The order of a measurement, told by a clock that only writes down what it is asked."""

import gc

import pytest

from resviz.errors import ProfilingError, Stopped
from resviz.profiling.timing import CounterClock, time_steps
from resviz.progress import limited


class RecordingClock:
    """A device whose every step takes as long as its number, and which has no time before it is synchronised."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.settled = False
        self.marks = 0

    def step(self) -> None:
        self.log.append("step")
        self.settled = False

    def mark(self) -> int:
        self.log.append("mark")
        self.marks += 1
        return self.marks

    def synchronize(self) -> None:
        self.log.append("synchronise")
        self.settled = True

    def seconds(self, start: int, end: int) -> float:
        assert self.settled, "read before the device had finished"
        self.log.append("read")
        return float(end * 10 + start)


def test_warm_up_then_synchronise_then_marks_then_one_synchronisation_then_reads() -> None:
    clock = RecordingClock()
    time_steps(clock.step, clock, warmup=2, steps=3)
    timed = ["mark", "step", "mark"] * 3
    assert clock.log == ["step", "step", "synchronise", *timed, "synchronise", "read", "read", "read"]


def test_every_sample_is_kept_in_order() -> None:
    clock = RecordingClock()
    assert time_steps(clock.step, clock, warmup=0, steps=3) == (21.0, 43.0, 65.0)


def test_reports_come_before_each_step_and_outside_the_timed_stretch() -> None:
    clock = RecordingClock()
    time_steps(clock.step, clock, warmup=1, steps=2, report=lambda *told: clock.log.append(" ".join(map(str, told))))
    assert clock.log[:4] == ["warm-up 0 1", "step", "synchronise", "timing 0 2"]
    assert clock.log[4:8] == ["mark", "step", "mark", "timing 1 2"]


def test_a_report_can_stop_between_steps() -> None:
    clock = RecordingClock()

    def report(phase: str, done: int, total: int) -> None:
        if (phase, done) == ("timing", 2):
            raise Stopped("enough")

    with pytest.raises(Stopped):
        time_steps(clock.step, clock, warmup=0, steps=5, report=report)
    assert clock.log.count("step") == 2


def test_the_collector_rests_while_timing_and_is_left_as_it_was() -> None:
    seen = []
    time_steps(lambda: seen.append(gc.isenabled()), CounterClock(), warmup=1, steps=1)
    assert seen == [True, False]
    assert gc.isenabled()


def test_the_counter_reads_seconds_forward() -> None:
    clock = CounterClock()
    start = clock.mark()
    assert clock.seconds(start, clock.mark()) >= 0


def test_a_limited_report_raises_once_the_time_is_over_and_reports_before() -> None:
    times, seen = iter([0.0, 5.0, 11.0]), []
    report = limited(lambda *words: seen.append(words), 10, ProfilingError("Over."), clock=lambda: next(times))
    report("a", 0, 1)
    with pytest.raises(ProfilingError, match="Over"):
        report("a", 1, 1)
    assert seen == [("a", 0, 1)]
