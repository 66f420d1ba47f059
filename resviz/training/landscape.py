"""The loss on a plane through a trained net's weights, in two filter-normalised directions (Li et al. 2018, Sec. 4).

A direction is drawn from a normal distribution; each of its filters is then given the length of the net's own, so
that nets of other scales can be compared. Biases and the norms' weights stay where they are. The loss is the mean
cross-entropy over training pictures, with the norms' running statistics.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from resviz.arch import ResNetConfig
from resviz.progress import Report, silent
from resviz.training.looks import LANDSCAPE_PICTURES, POINTS, Subject
from resviz.training.result import MOST_LOSS

if TYPE_CHECKING:
    from torch import Generator, Tensor, nn

    from resviz.training.experiment import Experiment

DIRECTIONS = 1_000_000
"""Added to the seed for drawing directions: by the seed itself they would be the net's own first weights."""
REACH = 1.0
"""How far the plane goes to each side, in lengths of the net's own filters."""


@dataclass(frozen=True, slots=True)
class Landscape:
    """Losses (nats) at the points of a square grid; the net itself stands in the middle. None is a loss of no size."""

    subject: Subject
    at: tuple[float, ...]
    """Where the rows and columns stand, -1 to 1."""
    losses: tuple[tuple[float | None, ...], ...]
    """By row (second direction), then by column (first direction)."""

    @property
    def centre(self) -> float | None:
        """The loss of the net itself."""
        middle = len(self.at) // 2
        return self.losses[middle][middle]


def landscapes(
    experiment: "Experiment", seed: int, *, points: int = POINTS, report: Report = silent
) -> tuple[Landscape, ...]:
    """Return the plane through each net of an experiment, trained from a seed, which also draws the directions."""
    return tuple(_landscape(net, experiment, seed, points, report) for net in experiment.nets)


def _landscape(net: ResNetConfig, experiment: "Experiment", seed: int, points: int, report: Report) -> Landscape:
    import torch

    from resviz.training.digits import digits
    from resviz.training.loop import evaluate, one_thread
    from resviz.training.trained import trained

    module = trained(net, experiment, seed, report=report)
    data = digits()
    images, labels = data.train_images[:LANDSCAPE_PICTURES], data.train_labels[:LANDSCAPE_PICTURES]
    generator = torch.Generator().manual_seed(DIRECTIONS + seed)
    one, other = direction(module, generator), direction(module, generator)
    middle = [(weight, weight.detach().clone()) for weight in _weights(module)]
    half = points // 2
    at = tuple(REACH * (index - half) / half for index in range(2 * half + 1))
    rows = []
    with one_thread(), torch.no_grad():
        for number, y in enumerate(at):
            row: list[float | None] = []
            for x in at:
                report(f"{net.name}, point", number * len(at) + len(row), len(at) ** 2)
                for (weight, own), first, second in zip(middle, one, other, strict=True):
                    weight.copy_(own + x * first + y * second)
                loss, _ = evaluate(module, images, labels)
                row.append(loss if loss < MOST_LOSS else None)
            rows.append(tuple(row))
    return Landscape(Subject(net.name, seed), at, tuple(rows))


def _weights(module: "nn.Module") -> "list[Tensor]":
    """Return the weights that a direction moves: those of convolutions and of the classifier."""
    return [parameter for parameter in module.parameters() if parameter.dim() > 1]


def direction(module: "nn.Module", generator: "Generator") -> "list[Tensor]":
    """Return a random direction, one tensor a weight, each filter as long as the module's own."""
    import torch

    made = []
    for weight in _weights(module):
        drawn = torch.randn(weight.shape, generator=generator)
        own = weight.detach().flatten(1).norm(dim=1)
        length = drawn.flatten(1).norm(dim=1)
        made.append(drawn * (own / length).view(-1, *[1] * (weight.dim() - 1)))
    return made
