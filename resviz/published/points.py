"""Printed errors beside computed costs, as points of a chart, and which of them no other point beats."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from resviz.arch import ResNetConfig
from resviz.published.check import network
from resviz.published.rows import PrintedRow, tables
from resviz.published.sources import SOURCES

Cost = Literal["params", "macs"]
DATA = ("ImageNet", "CIFAR-10", "CIFAR-100")
CROPS = {
    "ImageNet": {"1": "One crop", "10": "Ten crops", "multi": "Multi-scale"},
    "CIFAR-10": {"test": "Test set"},
    "CIFAR-100": {"test": "Test set"},
}
"""The ways of testing that have points, by data set: errors of different ways are not to be compared."""


def data_of(config: ResNetConfig) -> str:
    """Return the data set that a configuration is nearest to, by its input and its classes."""
    if max(config.input[1:]) > 100:
        return DATA[0]
    return DATA[2] if config.num_classes == 100 else DATA[1]


@dataclass(frozen=True, slots=True)
class ErrorPoint:
    """One net with its computed cost and its printed top-1 (CIFAR: test) error in per cent."""

    row: PrintedRow
    config: ResNetConfig
    error: float
    params: int
    macs: int

    @property
    def family(self) -> str:
        """The family the point is coloured by."""
        return SOURCES[self.row.table].family

    def cost(self, quantity: Cost) -> int:
        """Return one of the costs."""
        return self.params if quantity == "params" else self.macs


@cache
def points(data: str, crops: str) -> tuple[ErrorPoint, ...]:
    """Return the points of a data set tested in one way. A net that several tables print alike is one point."""
    found: dict[tuple[ResNetConfig, float], ErrorPoint] = {}
    for row in (row for table in tables() for row in table.rows):
        config, error = row.config, row.error
        if config is None or error is None or (row.data, row.crops) != (data, crops):
            continue
        net = network(config)
        key = (config.model_copy(update={"name": "-"}), error)
        found.setdefault(key, ErrorPoint(row, config, error, net.params, net.macs))
    return tuple(found.values())


def front(some: Iterable[ErrorPoint], quantity: Cost) -> tuple[ErrorPoint, ...]:
    """Return the Pareto front, cheapest first: the points that none beats in both cost and error."""
    best: list[ErrorPoint] = []
    for point in sorted(some, key=lambda point: (point.cost(quantity), point.error)):
        if not best or point.error < best[-1].error:
            best.append(point)
    return tuple(best)
