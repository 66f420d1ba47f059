"""The physical model: what the items of a forward pass cost on a chip, given coefficients.

An item waits for arithmetic, for memory or for its launch; as they overlap, its time is the 4-norm of the
three, which is near the largest and grows with each of them.

- Arithmetic: MACs over the data sheet's rate times an efficiency. A product with few inputs or outputs
  wastes part of the units, ``1 + depth/inputs`` and ``1 + width/outputs``; the last wave of tiles leaves
  multiprocessors idle, which costs about one tile's time, whatever the batch.
- Memory: bytes over the data sheet's bandwidth times an efficiency. What the cache on the chip can hold is
  partly served from there. In NCHW, convolutions on tensor cores convert layouts, which is traffic as well.
- Launch: a time for each kernel. Small batches consist of it.

Every coefficient is positive and enters so that more work, more traffic or a larger batch never cost less.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from resviz.profiling.work import Item, Sort

Numbers = NDArray[np.float64]

SHARPNESS = 4.0
"""The exponent of the norm: how little the smaller costs of an item add to its largest."""


class Prior(NamedTuple):
    """What is thought of a coefficient before any timing: its value, and what it means."""

    value: float
    meaning: str


COEFFICIENTS: dict[str, Prior] = {
    "pointwise": Prior(0.9, "share of the arithmetic rate that a wide 1x1 convolution reaches"),
    "spatial": Prior(0.9, "share that a wide larger convolution reaches"),
    "grouped": Prior(0.6, "share that a grouped convolution reaches"),
    "depth": Prior(24.0, "inputs of a product at which half the arithmetic rate is lost"),
    "width": Prior(16.0, "outputs at which half the rate is lost"),
    "group_width": Prior(4.0, "outputs of a group at which half the rate of a grouped convolution is lost"),
    "tile": Prior(1024.0, "outputs of a tile, of which the last wave costs one a multiprocessor"),
    "streams": Prior(0.8, "share of the bandwidth that elementwise kernels reach"),
    "maps": Prior(0.7, "share of the bandwidth that convolutions reach"),
    "layout": Prior(1.0, "traffic of a convolution for the conversion of its layout, over its own"),
    "cache": Prior(1.0, "how much faster than memory the cache is, less one"),
    "launch": Prior(40e-6, "seconds of a launch"),
}
"""The coefficients with their priors."""


class Conditions(NamedTuple):
    """What the items of a run meet, a number or one for each item: batch, bytes of a number, the chip's figures.

    ``converts`` is 1 where a convolution's layout is converted, else 0.
    """

    batch: Any
    width: Any
    macs_per_second: Any
    bytes_per_second: Any
    multiprocessors: Any
    cache: Any
    converts: Any


class Costs(NamedTuple):
    """Seconds of each item, for all the times that it stands in the network."""

    arithmetic: Numbers
    memory: Numbers
    launch: Numbers
    total: Numbers


class ItemColumns(NamedTuple):
    """Items as columns."""

    sort: NDArray[np.int64]
    macs: Numbers
    moved: Numbers
    weights: Numbers
    depth: Numbers
    width: Numbers
    launches: Numbers
    times: Numbers

    @classmethod
    def of(cls, items: Sequence[Item]) -> "ItemColumns":
        """Return items as columns."""
        rows = [(i.macs, i.moved, i.weights, i.depth, i.width, i.launches, i.count) for i in items]
        return cls(np.array([SORTS[i.sort] for i in items]), *np.array(rows, dtype=np.float64).T)

    @classmethod
    def joined(cls, tables: Sequence["ItemColumns"]) -> "ItemColumns":
        """Return tables one below the other."""
        return cls(*(np.concatenate(columns) for columns in zip(*tables, strict=True)))


SORTS = {sort: number for number, sort in enumerate(Sort)}


def costs(table: ItemColumns, on: Conditions, at: Mapping[str, Any]) -> Costs:
    """Return what items cost under conditions; ``at`` holds each coefficient, a number or one for each item."""
    product = table.sort != SORTS[Sort.ELEMENTWISE]
    grouped = table.sort == SORTS[Sort.GROUPED]
    share = np.select(
        [table.sort == SORTS[Sort.POINTWISE], table.sort == SORTS[Sort.SPATIAL], grouped],
        [at["pointwise"], at["spatial"], at["grouped"]],
        default=at["spatial"],
    )
    narrow = np.where(grouped, at["group_width"], at["width"])
    waste = np.where(product, (1 + at["depth"] / table.depth) * (1 + narrow / table.width), 1.0)
    last = np.where(product, on.multiprocessors * at["tile"] * table.depth, 0.0)
    arithmetic = (on.batch * table.macs * waste + last) / (on.macs_per_second * share)

    extra = np.where(product, on.converts * at["layout"], 0.0)
    size = on.width * (on.batch * table.moved + table.weights) * (1 + extra)
    served = at["cache"] / (1 + at["cache"])
    slow = size - served * on.cache * -np.expm1(-size / on.cache)
    memory = slow / (on.bytes_per_second * np.where(product, at["maps"], at["streams"]))

    launch = table.launches * at["launch"]
    total = (arithmetic**SHARPNESS + memory**SHARPNESS + launch**SHARPNESS) ** (1 / SHARPNESS)
    return Costs(*(table.times * part for part in (arithmetic, memory, launch, total)))
