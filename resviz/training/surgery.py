"""A trained net with a block deleted, or two blocks of a stage in each other's place (Veit et al. 2016, Sec. 4).

A deleted residual block leaves its shortcut; a deleted plain block passes its input on, which one that changes the
shape cannot. Nothing is trained again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from resviz.arch import expand
from resviz.progress import Report, silent
from resviz.training.looks import Subject

if TYPE_CHECKING:
    from resviz.arch.tree import Block
    from resviz.nn.modules import ResidualBlock, ResNet
    from resviz.training.experiment import Experiment

MOST_SWAPPED = 10
"""Blocks of a stage that are swapped with one another; of more, so many from its first to its last."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """What is left without a block; None where the block cannot go."""

    path: str
    accuracy: float | None


@dataclass(frozen=True, slots=True)
class Deletion:
    """Test accuracy of a trained net, whole and without each of its blocks."""

    subject: Subject
    whole: float
    blocks: tuple[Deleted, ...]


@dataclass(frozen=True, slots=True)
class Swap:
    """Test accuracy with two blocks in each other's place."""

    first: str
    second: str
    accuracy: float


@dataclass(frozen=True, slots=True)
class Swaps:
    """Test accuracy of a trained net, whole and with each two blocks of a stage swapped."""

    subject: Subject
    whole: float
    pairs: tuple[Swap, ...]


def deletions(experiment: "Experiment", seed: int, *, report: Report = silent) -> tuple[Deletion, ...]:
    """Return what each net of an experiment, trained from a seed, is worth without each of its blocks."""
    return tuple(_deletion(experiment, number, seed, report) for number in range(len(experiment.nets)))


def _deletion(experiment: "Experiment", number: int, seed: int, report: Report) -> Deletion:
    from resviz.training.loop import one_thread
    from resviz.training.trained import trained

    net = experiment.nets[number]
    module = trained(net, experiment, seed, report=report)
    blocks = tuple(expand(net).blocks())
    found = []
    with one_thread():
        whole = accuracy(module)
        for done, (path, block) in enumerate(blocks):
            report(f"{net.name} without block", done, len(blocks))
            if not removable(block):
                found.append(Deleted(path, None))
                continue
            with deleted(module, path):
                found.append(Deleted(path, accuracy(module)))
    return Deletion(Subject(net.name, seed), whole, tuple(found))


def swaps(experiment: "Experiment", seed: int, *, report: Report = silent) -> tuple[Swaps, ...]:
    """Return what each net of an experiment, trained from a seed, is worth with two blocks of a stage swapped."""
    return tuple(_swaps(experiment, number, seed, report) for number in range(len(experiment.nets)))


def _swaps(experiment: "Experiment", number: int, seed: int, report: Report) -> Swaps:
    from resviz.training.loop import one_thread
    from resviz.training.trained import trained

    net = experiment.nets[number]
    module = trained(net, experiment, seed, report=report)
    network = expand(net)
    pairs = []
    for stage in network.stages:
        alike = [
            f"{stage.name}.{index}" for index, block in enumerate(stage.blocks) if block.in_shape == block.out_shape
        ]
        pairs += list(combinations(_spread(alike), 2))
    found = []
    with one_thread():
        whole = accuracy(module)
        for done, (first, second) in enumerate(pairs):
            report(f"{net.name}, two blocks swapped", done, len(pairs))
            with swapped(module, first, second):
                found.append(Swap(first, second, accuracy(module)))
    return Swaps(Subject(net.name, seed), whole, tuple(found))


def _spread(paths: list[str]) -> list[str]:
    """Return at most MOST_SWAPPED of some paths, evenly from the first to the last."""
    if len(paths) <= MOST_SWAPPED:
        return paths
    return [paths[round(index * (len(paths) - 1) / (MOST_SWAPPED - 1))] for index in range(MOST_SWAPPED)]


def accuracy(module: "ResNet") -> float:
    """Return the share of the test pictures that a module recognises."""
    from resviz.training.digits import digits
    from resviz.training.loop import evaluate

    return evaluate(module, digits().test_images, digits().test_labels)[1]


def removable(block: "Block") -> bool:
    """Return whether a net can do without a block: what is left in its place has the shape that follows."""
    return block.shortcut is not None or block.in_shape == block.out_shape


@contextmanager
def deleted(module: "ResNet", path: str) -> Iterator[None]:
    """Have a module do without a block within, which must be `removable`."""

    def without(block: "ResidualBlock", inputs: tuple[Any, ...], output: Any) -> Any:
        (x,) = inputs
        branch, skip = block.arms(x)
        return x if skip is None else block.run(block.post, block.meet(branch * 0, skip, x))

    handle = module.get_submodule(path).register_forward_hook(without)
    try:
        yield
    finally:
        handle.remove()


@contextmanager
def swapped(module: "ResNet", first: str, second: str) -> Iterator[None]:
    """Have two blocks of one stage stand in each other's place within."""
    stage, a = first.split(".")
    b = second.split(".")[1]
    blocks: Any = module.get_submodule(stage)
    _exchange(blocks, a, b)
    try:
        yield
    finally:
        _exchange(blocks, a, b)


def _exchange(blocks: Any, a: str, b: str) -> None:
    one, other = blocks.get_submodule(a), blocks.get_submodule(b)
    blocks.set_submodule(a, other)
    blocks.set_submodule(b, one)
