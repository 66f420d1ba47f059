"""What the verb `train` does: read its options, train with progress, print, write."""

from pathlib import Path
from typing import TYPE_CHECKING

from resviz.errors import TrainingError
from resviz.training.experiment import CLASSIC, Experiment, seeds_of
from resviz.training.small import net

if TYPE_CHECKING:
    from resviz.training.result import Result


def experiment(names: list[str] | None, seeds: str, **settings: float) -> Experiment:
    """Return the experiment that a verb's arguments describe, the classic one without nets. Raises ResvizError."""
    nets = tuple(net(name) for name in names or CLASSIC)
    return Experiment(nets, seeds=seeds_of(seeds), **settings)  # type: ignore[arg-type]  # by name


def run(settings: Experiment) -> "Result":
    """Train, with a line of progress on a terminal."""
    from resviz.profiling.commands import progress
    from resviz.training.loop import train

    report, finish = progress()
    try:
        return train(settings, report=report)
    finally:
        finish()


def text(result: "Result") -> str:
    """Return what the terminal shows: one row a net, and how it ended."""
    from resviz.report.tables import Form, write
    from resviz.training.tables import outcome_table

    return f"{write(outcome_table(result), Form.TEXT)}\n{result.summary()}"


def write_file(text: str, path: Path) -> None:
    """Write a file. Raises TrainingError where that is not possible."""
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise TrainingError(
            f"The file {path} cannot be written: {(error.strerror or 'unknown reason').lower()}."
        ) from None
