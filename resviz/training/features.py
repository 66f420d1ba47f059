"""Feature maps of trained nets: what a handwritten digit becomes on its way, at both ends of each stage."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from resviz.arch import expand
from resviz.progress import Report, silent
from resviz.training.looks import Subject

if TYPE_CHECKING:
    from torch import Tensor

    from resviz.nn.features import BlockMaps
    from resviz.training.experiment import Experiment

CLASSES = 10
MOST_CHANNELS = 8
"""Channels of a block that are shown, evenly spread over those that are kept."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class DigitMaps:
    """What is shown of one test picture's way through a trained net.

    ``picture`` is ``(8, 8)``, scaled as the net gets it; ``blocks`` are the first and the last of each stage. The
    account of the process holds their maps until they are gone.
    """

    subject: Subject
    digit: int
    picture: "Tensor"
    blocks: tuple["BlockMaps", ...]
    top: tuple[tuple[int, float], ...]
    """Class and its softmax probability, best first."""

    @property
    def verdict(self) -> tuple[int, float]:
        """The class that the net takes the picture for, and the probability that it gives it."""
        return self.top[0]


def _ends(blocks: tuple["BlockMaps", ...]) -> tuple["BlockMaps", ...]:
    """Return the first and the last block of each stage."""
    ends: dict[str, list[BlockMaps]] = {}
    for block in blocks:
        stage = block.path.partition(".")[0]
        ends[stage] = [*ends.get(stage, [])[:1], block]
    return tuple(block for pair in ends.values() for block in pair)


def _thinned(block: "BlockMaps") -> "BlockMaps":
    """Return a block with the maps of the channels that are shown alone."""
    count = len(block.channels)
    some = min(count, MOST_CHANNELS)
    places = [round(place * (count - 1) / max(some - 1, 1)) for place in range(some)]
    return replace(
        block,
        channels=tuple(block.channels[place] for place in places),
        branch=block.branch[places],
        skip=None if block.skip is None else block.skip[places],
        total=block.total[places],
    )


def _bytes(block: "BlockMaps") -> int:
    return sum(maps.nbytes for maps in (block.branch, block.skip, block.total) if maps is not None)


def arms(block: "BlockMaps") -> dict[str, "Tensor"]:
    """Return the maps that meet in a block, ``(n, H, W)`` each, by name; a plain block has its branch alone."""
    if block.skip is None:
        return {"branch": block.branch}
    return {"branch": block.branch, "skip": block.skip, "sum": block.total}


def feature_maps(experiment: "Experiment", seed: int, *, report: Report = silent) -> tuple[DigitMaps, ...]:
    """Return the way of each class's first test picture through each net of an experiment, trained from a seed.

    Raises MemoryLimitError where a pass would need more memory than the operator allows.
    """
    from resviz.nn.features import run_picture
    from resviz.nn.memory import claim
    from resviz.training.digits import digits
    from resviz.training.loop import one_thread
    from resviz.training.trained import trained

    data = digits()
    found = []
    for net in experiment.nets:
        module, network = trained(net, experiment, seed, report=report), expand(net)
        with one_thread():
            for digit in range(CLASSES):
                report(f"digits through {net.name}", digit, CLASSES)
                first = int((data.test_labels == digit).nonzero()[0])
                picture = data.test_images[first : first + 1]
                way = run_picture(module, network, picture)
                blocks = tuple(map(_thinned, _ends(way.blocks)))
                need = sum(_bytes(block) for block in blocks)
                with claim(need, f"Feature maps of {net.name}") as held:
                    found.append(DigitMaps(Subject(net.name, seed), digit, picture[0, 0], blocks, way.top))
                    held.keep(found[-1], need)
    return tuple(found)
