"""What a page puts in the queue: an experiment, whose curves can be seen while it runs, or a look into its nets."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from resviz.errors import TrainingError
from resviz.progress import Report, limited
from resviz.training.experiment import Experiment
from resviz.training.kinds import LOOKS
from resviz.training.looks import LONGEST_LOOK
from resviz.training.result import Result

if TYPE_CHECKING:
    from resviz.profiling.jobs import Work


class Live:
    """An experiment as work, and the last that was seen of it; a reader gets a whole result, old or new."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.seen: Result | None = None

    def __call__(self, report: Report) -> Result:
        """Train; return the result."""
        from resviz.training.loop import train

        return train(self.experiment, report=report, watch=self._watch)

    def so_far(self) -> Result | None:
        """Return what there is."""
        return self.seen

    def _watch(self, result: Result) -> None:
        self.seen = result


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look found, with what it takes to show it."""

    kind: str
    experiment: Experiment
    seed: int
    found: Any


def looking(kind: str, experiment: Experiment, seed: int, nets: tuple[str, ...] | None = None) -> "Work":
    """Return work that looks into an experiment's nets, those named or all, trained from a seed."""
    chosen = experiment
    if nets is not None:
        chosen = replace(experiment, nets=tuple(net for net in experiment.nets if net.name in nets))

    ended = TrainingError(f"The time limit of {LONGEST_LOOK:g} s ended it: choose fewer or smaller nets.")

    def work(report: Report) -> Looked:
        return Looked(kind, chosen, seed, LOOKS[kind].compute(chosen, seed, limited(report, LONGEST_LOOK, ended)))

    return work
