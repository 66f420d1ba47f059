"""The weighted layers that the depth in a net's name counts: which they are, their sum, and what is left out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from resviz.arch.layers import Arms, Chain, Gate, Layer, chain_depth, leaves
from resviz.arch.network import Network
from resviz.arch.ops import Kind
from resviz.report.formatting import plural

NumberRange = tuple[int, int]
"""The first and the last number of the weighted layers that something holds, counted from 1."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The convolutions and linear layers that the depth does not count, by why."""

    shortcuts: int
    weighing: int
    parallel: int

    @property
    def sentence(self) -> str:
        """What is left out and why, for people."""
        found = [
            (self.shortcuts, "convolution", "on the shortcuts, which a signal takes instead of the main path"),
            (self.weighing, "layer", f"that only weigh{'s' if self.weighing == 1 else ''} the path (attention, gates)"),
            (self.parallel, "layer", "in arms beside the longest one"),
        ]
        parts = [f"{plural(count, what)} {why}" for count, what, why in found if count]
        others = "normalisation, activation and pooling, which hold no weight matrix"
        return f"Not counted: {'; '.join([*parts, others])}."


def depth_sum(network: Network) -> str:
    """Return the depth as a sum by parts: ``1 + 3·3 + 4·3 + 6·3 + 3·3 + 1``, blocks times layers of each."""
    terms = [str(count)] if (count := _weighted(network.stem)) else []
    for stage in network.stages:
        for depth, runs in groupby(stage.runs, key=lambda run: run.block.depth):
            if depth:
                terms.append(f"{sum(run.count for run in runs)}·{depth}")
    terms += [str(count)] if (count := _weighted(network.head)) else []
    return " + ".join(terms)


def left_out(network: Network) -> LeftOut:
    """Return how many convolutions and linear layers the depth does not count."""
    shortcuts = weighing = parallel = 0
    for stage in network.stages:
        for run in stage.runs:
            block, gates = run.block, _weighing(run.block.branch)
            shortcuts += run.count * _weighted(leaves(block.shortcut or ()))
            weighing += run.count * (gates + _weighted(leaves(block.gate)))
            parallel += run.count * (_weighted(leaves(block.branch)) - gates - block.depth)
    return LeftOut(shortcuts, weighing, parallel)


def layer_numbers(network: Network) -> dict[str, NumberRange]:
    """Return the numbers of the weighted layers by path: of each layer, block, folded run and stage.

    Layers of parallel arms that stand beside each other share a number.
    """
    numbers: dict[str, NumberRange] = {}
    last = _chain(network.stem, "", 0, numbers)
    for stage in network.stages:
        before = last
        for run in stage.runs:
            start = last
            for index in range(run.start, run.start + run.count):
                first = last
                last = _chain(run.block.branch, f"{stage.name}.{index}.", last, numbers)
                _note(numbers, f"{stage.name}.{index}", first, last)
            if run.count > 1:
                _note(numbers, f"{stage.name}.{run.start}-{run.start + run.count - 1}", start, last)
        _note(numbers, stage.name, before, last)
    _chain(network.head, "", last, numbers)
    return numbers


def _chain(chain: Chain, prefix: str, last: int, numbers: dict[str, NumberRange]) -> int:
    """Number a chain's layers after ``last``; return the last number."""
    for node in chain:
        match node:
            case Layer():
                if node.kind in (Kind.CONV, Kind.LINEAR):
                    last += 1
                    numbers[prefix + node.name] = (last, last)
            case Arms():
                for arm in node.arms:
                    _chain(arm, prefix, last, numbers)
                last += chain_depth((node,))
            case Gate():
                pass
    return last


def _note(numbers: dict[str, NumberRange], path: str, before: int, last: int) -> None:
    if last > before:
        numbers[path] = (before + 1, last)


def _weighted(layers: Iterable[Layer]) -> int:
    return sum(layer.kind in (Kind.CONV, Kind.LINEAR) for layer in layers)


def _weighing(chain: Chain) -> int:
    """Return the weighted layers of a chain that stand in gates, or weigh parallel arms."""
    return sum(_weighted(leaves(gate)) for gate in _gates(chain))


def _gates(chain: Chain) -> Iterator[Chain]:
    for node in chain:
        match node:
            case Gate():
                yield node.chain
            case Arms():
                for arm in node.arms:
                    yield from _gates(arm)
                yield node.weights
            case Layer():
                pass
