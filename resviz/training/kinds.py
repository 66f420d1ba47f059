"""The looks into trained nets as the page and the lessons offer them: one entry holds all about one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from resviz.progress import Report
from resviz.report.formatting import percent
from resviz.report.tables import Table
from resviz.training import charts, tables
from resviz.training.experiment import Experiment
from resviz.training.feature_charts import features_chart
from resviz.training.features import CLASSES, MOST_CHANNELS, DigitMaps
from resviz.training.looks import GRADIENT_PICTURES, LANDSCAPE_PICTURES, POINTS

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure with the words over it."""

    title: str
    figure: "Figure"


@dataclass(frozen=True, slots=True)
class PartChoice:
    """What a person chooses to see of all that a look found; ``of`` returns that part of it."""

    label: str
    options: tuple[str, ...]
    of: Callable[[Any, str], Any]


@dataclass(frozen=True, slots=True)
class Look:
    """A way of looking into trained nets."""

    label: str
    button: str
    summary: str
    """What is computed and who did it first, in Markdown."""
    compute: Callable[[Experiment, int, Report], Any]
    pictures: Callable[[Any], tuple[tuple[Picture, ...], ...]]
    """Of what was computed: rows of pictures side by side."""
    table: Callable[[Any], Table]
    brief: Callable[[Any], Table] | None = None
    """A short table to stand below the pictures."""
    part: PartChoice | None = None
    """What pictures and tables are of; None where they are of all that was found."""


def _gradients(experiment: Experiment, seed: int, report: Report) -> Any:
    from resviz.training.gradients import gradients

    return gradients(experiment, seed, report=report)


def _deletions(experiment: Experiment, seed: int, report: Report) -> Any:
    from resviz.training.surgery import deletions

    return deletions(experiment, seed, report=report)


def _swaps(experiment: Experiment, seed: int, report: Report) -> Any:
    from resviz.training.surgery import swaps

    return swaps(experiment, seed, report=report)


def _landscapes(experiment: Experiment, seed: int, report: Report) -> Any:
    from resviz.training.landscape import landscapes

    return landscapes(experiment, seed, report=report)


def _feature_maps(experiment: Experiment, seed: int, report: Report) -> Any:
    from resviz.training.features import feature_maps

    return feature_maps(experiment, seed, report=report)


def _gradient_pictures(found: Any) -> tuple[tuple[Picture, ...], ...]:
    return (
        tuple(
            Picture(when.capitalize(), charts.gradient_chart([each for each in found if each.when == when]))
            for when in dict.fromkeys(each.when for each in found)
        ),
    )


def _landscape_pictures(found: Any) -> tuple[tuple[Picture, ...], ...]:
    return tuple(
        (
            Picture(f"{each.subject.net}, seed {each.subject.seed}", charts.surface_chart(each)),
            Picture("From above", charts.contour_chart(each)),
        )
        for each in found
    )


def _feature_pictures(found: Any) -> tuple[tuple[Picture, ...], ...]:
    return tuple((Picture(_verdict(each), features_chart(each)),) for each in found)


def _verdict(found: DigitMaps) -> str:
    taken, share = found.verdict
    return f"{found.subject.net}, seed {found.subject.seed}, takes this {found.digit} for a {taken} ({percent(share)})"


LOOKS: dict[str, Look] = {
    "gradients": Look(
        label="Gradients",
        button="Measure the gradients",
        summary=(
            "How large the gradient of the loss is at the weight of each convolution, from the first to the last, "
            f"over {GRADIENT_PICTURES} training pictures. At initialisation batch norm makes the gradients of a deep "
            "plain net grow towards its input; without it they vanish at every layer alike. Shortcuts keep them nearly "
            "level along the net, though not small without batch norm."
        ),
        compute=_gradients,
        pictures=_gradient_pictures,
        table=tables.gradient_table,
        brief=tables.span_table,
    ),
    "deletion": Look(
        label="Delete a block",
        button="Delete each block in turn",
        summary=(
            "Test accuracy after one block is taken out of the trained net, with no further training (Veit et al. "
            "2016, Sec. 4.1). A residual block leaves its shortcut behind; a plain one passes its input on, which "
            "it cannot where it changes the shape."
        ),
        compute=_deletions,
        pictures=lambda found: ((Picture("", charts.deletion_chart(found)),),),
        table=tables.deletion_table,
    ),
    "swap": Look(
        label="Swap two blocks",
        button="Swap each two blocks",
        summary=(
            "Test accuracy with two blocks of a stage in each other's place, with no further training (Veit et al. "
            "2016, Sec. 4.3). Each point is a pair of one shape, the grey line the whole net; a "
            "stage of one block has no pairs."
        ),
        compute=_swaps,
        pictures=lambda found: ((Picture("", charts.swap_chart(found)),),),
        table=tables.swap_table,
    ),
    "landscape": Look(
        label="Loss landscape",
        button="Compute the landscape",
        summary=(
            f"The loss of {LANDSCAPE_PICTURES} training pictures on a plane through the trained weights: {POINTS} by "
            f"{POINTS} points along two "
            "random directions, each filter of which is as long as the net's own (Li et al. 2018, Sec. 4). The net "
            f"stands in the middle; losses above {charts.CEILING:g} nats are cut off."
        ),
        compute=_landscapes,
        pictures=_landscape_pictures,
        table=tables.landscape_table,
    ),
    "features": Look(
        label="Feature maps",
        button="Send digits through",
        summary=(
            "What a test picture becomes at the first and the last block of each stage, in up to "
            f"{MOST_CHANNELS} of a block's channels: what the branch gives, what the shortcut carries, and their sum "
            "before any ReLU. Orange is positive, blue negative, white zero; each block has a scale of its own."
        ),
        compute=_feature_maps,
        pictures=_feature_pictures,
        table=tables.features_table,
        brief=tables.norms_table,
        part=PartChoice(
            "Digit",
            tuple(map(str, range(CLASSES))),
            lambda found, digit: tuple(each for each in found if each.digit == int(digit)),
        ),
    ),
}
