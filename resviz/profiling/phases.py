"""What a training step spends on each of its parts, in a run of its own: marks cost time, if little."""

from statistics import median
from typing import TYPE_CHECKING, Any

from resviz.profiling.result import Phases
from resviz.profiling.timing import uncollected
from resviz.progress import Report, silent

if TYPE_CHECKING:
    from resviz.profiling.prepare import Bench

ROUNDS = 20
"""Most rounds; the median of so many is steady."""


def phases(bench: "Bench", *, steps: int, report: Report = silent) -> Phases | None:
    """Return the median time of each part over at most ROUNDS steps; None where a step is a forward pass."""
    step, clock = bench.training, bench.clock
    if step is None:
        return None
    rounds: list[list[Any]] = []
    with uncollected():
        for done in range(min(steps, ROUNDS)):
            report("parts of a step", done, min(steps, ROUNDS))
            marks = [clock.mark()]
            step(lambda marks=marks: marks.append(clock.mark()))  # type: ignore[misc]
            rounds.append(marks)
        clock.synchronize()
    parts = [median(clock.seconds(marks[n], marks[n + 1]) for marks in rounds) for n in range(3)]
    return Phases(forward=parts[0], backward=parts[1], update=parts[2])
