"""How a job of the queue is said to stand."""

from resviz.profiling.jobs import Progress
from resviz.ui.queue import CPU, _stands


def test_what_is_left_is_said_of_the_part_that_runs_and_not_of_the_whole_job() -> None:
    job = Progress("id", CPU, "ResNet-50", "running", phase="warming up", done=2, total=10, began=1.0, told=2.0)
    assert _stands(job) == "ResNet-50: warming up 2/10, about 4.0 s left of this part"
