"""How many times its forward pass a training step takes, by sort of layer: what is fitted to published timings.

A layer's backward pass does the work of its forward pass once for the gradient of its input and once for that of
its weights, so a factor is near 3; the first convolution of a net, whose input is the picture, needs no gradient of
that, and takes two thirds. Elementwise layers differ in what a training step moves, which is counted and not fitted:

- batch norm, 2 maps at inference: 3 forward (statistics, then read and write), 5 backward (two sums over input and
  gradient, then both again and the result): 4 times as much;
- ReLU, 2 maps: 2 forward in place, 3 backward (output, gradient, result): 2.5 times;
- an addition, 3 maps: 3 forward, and backward 3 where both gradients of the unit's input are added: twice;
- others as layers with weights: 3 times.

No factor is below 1: a training step holds a forward pass.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from resviz.arch.operation import Kind
from resviz.profiling.reach import NEAR, Reach
from resviz.profiling.work import Item, Sort
from resviz.report.formatting import exact, percent

PASSES = 3.0
"""Forward, and backward for the input and for the weights."""
MOVED = {Kind.NORM: 4.0, Kind.ACTIVATION: 2.5}
"""What an elementwise layer of a kind moves in a training step over what it moves at inference; others PASSES."""
ADDED = 2.0
"""The same for additions."""
NAMES = ("convolutions and linear layers", "grouped convolutions", "elementwise")


@dataclass(frozen=True, slots=True)
class Factors:
    """A training step's time over the forward pass's, for products, for grouped ones, for elementwise layers."""

    product: float
    grouped: float
    elementwise: float

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """Return the factors of a stored fit."""
        return cls(*map(float, stored["training"]["factors"]))

    def each(self, items: tuple[Item, ...]) -> tuple[float, ...]:
        """Return the factor of each item of a network, in order."""
        all_passes = (self.product, self.grouped, self.elementwise)
        found = zip(items, parts(items), strict=True)
        return tuple(max(all_passes[column(item)] * part, 1.0) for item, part in found)


def column(item: Item) -> int:
    """Return which of NAMES an item belongs to."""
    match item.sort:
        case Sort.GROUPED:
            return 1
        case Sort.ELEMENTWISE:
            return 2
        case Sort.POINTWISE | Sort.SPATIAL:
            return 0


def parts(items: Sequence[Item]) -> tuple[float, ...]:
    """Return what part of its sort's factor each item of a network takes, in order."""
    first = next((number for number, item in enumerate(items) if column(item) < 2), None)
    return tuple((PASSES - 1) / PASSES if number == first else _part(item) for number, item in enumerate(items))


def _part(item: Item) -> float:
    if item.sort is not Sort.ELEMENTWISE:
        return 1.0
    if item.kind is None:
        return ADDED / PASSES if item.label == "+" else 1.0
    return MOVED.get(item.kind, PASSES) / PASSES


def training_reach(stored: Mapping[str, Any], mode: str, batch: int, forward: Reach) -> Reach:
    """Return the reach of an estimated training step; ``forward`` is that of its forward pass."""
    known = stored["training"]
    error = float(known["errors"]["nets"]["p90"])
    least, most = known["batches"]
    if mode == known["mode"] and not forward.extrapolated and least / NEAR <= batch <= most * NEAR:
        return Reach(
            error,
            extrapolated=False,
            sentence=f"Fitted to {exact(known['rows'])} published training steps ({mode}, {known['torch']}). Of nets "
            f"held out, nine in ten were within {percent(error)}.",
        )
    both = (1 + forward.error) * (1 + error) - 1
    return Reach(
        both,
        extrapolated=True,
        sentence=f"{forward.sentence} Training steps were timed on {known['mode']} at batch {exact(least)} to "
        f"{exact(most)} alone, so how much longer than the forward pass one takes is carried over from there.",
    )
