"""How many times its forward pass a training step takes, by sort of layer: what is fitted to published timings.

A layer's backward pass does the work of its forward pass once for the gradient of its input and once for that of
its weights, so a factor is near 3; the first convolution of a net, whose input is the picture, needs no gradient of
that, and takes two thirds. No factor is below 1: a training step holds a forward pass.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from resviz.profiling.reach import NEAR, Reach
from resviz.profiling.work import Item, Sort
from resviz.report.formatting import exact, percent

PASSES = 3.0
"""Forward, and backward for the input and for the weights."""
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
        first = next((number for number, item in enumerate(items) if column(item) < 2), None)
        all_passes = (self.product, self.grouped, self.elementwise)
        found = [all_passes[column(item)] for item in items]
        if first is not None:
            found[first] *= (PASSES - 1) / PASSES
        return tuple(max(factor, 1.0) for factor in found)


def column(item: Item) -> int:
    """Return which of NAMES an item belongs to."""
    match item.sort:
        case Sort.GROUPED:
            return 1
        case Sort.ELEMENTWISE:
            return 2
        case Sort.POINTWISE | Sort.SPATIAL:
            return 0


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
