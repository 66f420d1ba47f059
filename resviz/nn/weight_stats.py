"""What can be seen of a module's weights: sizes layer by layer, histograms, filters, and gammas block by block."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from resviz.arch import Network
from resviz.arch.layers import Arms, Layer
from resviz.arch.ops import Kind, Shape
from resviz.nn.modules import ResNet
from resviz.nn.pictures import colour_grid
from resviz.progress import Report, silent
from resviz.report import formatting
from resviz.report.tables import Column, Table, words

BINS = 61
NEAR_ZERO = 0.05
"""Below this a gamma is called near zero: it passes a twentieth of the signal on."""
FILTERS = 256
"""Filters of the first layer that are shown."""


@dataclass(frozen=True, slots=True)
class Weight:
    """One layer's weight in numbers."""

    path: str
    kind: Kind
    shape: Shape
    norm: float
    mean: float
    std: float
    largest: float
    zeros: float
    """Share of exact zeros."""


@dataclass(frozen=True, slots=True)
class Gamma:
    """The scale at the end of one block's branch: where it is small the block is near the identity."""

    block: str
    path: str
    mean: float
    """Of the absolute values."""
    smallest: float
    largest: float
    near_zero: float
    """Share of channels below NEAR_ZERO."""


Bars = tuple[tuple[float, ...], tuple[int, ...]]
"""A histogram: the middles and the counts of its bins."""


@dataclass(frozen=True, slots=True)
class Inside:
    """All that is seen of a module's weights: some hundred kilobytes, whatever the module takes."""

    filters: Any
    """The first convolution's filters as one picture, a numpy array of bytes."""
    gammas: tuple[Gamma, ...]
    weights: tuple[Weight, ...]
    histograms: Mapping[str, Bars]
    """By layer."""


def inside(module: ResNet, network: Network, report: Report = silent) -> Inside:
    """Return all that is seen of a module's weights; ``report`` is told of each layer and may raise to end it."""
    numbers = weights(module, network)
    bars = {}
    for done, weight in enumerate(numbers):
        report("histograms", done, len(numbers))
        bars[weight.path] = histogram(module, weight.path)
    return Inside(first_filters(module, network), gammas(module, network), numbers, bars)


def weights(module: ResNet, network: Network) -> tuple[Weight, ...]:
    """Return every layer's weight in numbers, in order."""
    found = []
    for path, layer in network.walk():
        if not layer.params:
            continue
        values = module.get_parameter(f"{path}.weight").detach().float()
        found.append(
            Weight(
                path=path,
                kind=layer.kind,
                shape=tuple(values.shape),
                norm=values.norm().item(),
                mean=values.mean().item(),
                std=values.std(correction=0).item(),
                largest=values.abs().max().item(),
                zeros=values.eq(0).float().mean().item(),
            )
        )
    return tuple(found)


def weights_table(found: tuple[Weight, ...]) -> Table:
    """Return the numbers as a table for people."""
    columns = (
        words("Layer"),
        words("Kind"),
        Column("Shape", formatting.shape),
        *(Column(name, "{:.4g}".format) for name in ("Norm", "Mean", "Standard deviation", "Largest, absolute")),
        Column("Zeros", formatting.percent),
    )
    rows = ((w.path, str(w.kind), w.shape, w.norm, w.mean, w.std, w.largest, w.zeros) for w in found)
    return Table(columns, tuple(rows))


def histogram(module: ResNet, path: str) -> Bars:
    """Return the middles and the counts of BINS equal bins over a layer's weight."""
    values = module.get_parameter(f"{path}.weight").detach().float().flatten()
    values = values[values.isfinite()]
    if not len(values):
        return (), ()
    low, high = values.min().item(), values.max().item()
    if low == high:
        return (low,), (len(values),)
    counts = torch.histc(values, BINS, low, high).to(torch.int64)
    step = (high - low) / BINS
    return tuple(low + (index + 0.5) * step for index in range(BINS)), tuple(counts.tolist())


def first_filters(module: ResNet, network: Network) -> Any:
    """Return the first convolution's filters as one picture, a numpy array of bytes."""
    path = next(path for path, layer in network.walk() if layer.kind is Kind.CONV)
    values: Tensor = module.get_parameter(f"{path}.weight").detach().float()
    return colour_grid(values[:FILTERS])


def gammas(module: ResNet, network: Network) -> tuple[Gamma, ...]:
    """Return the last learnt scale of every block's branch, a normalisation's or one of its own.

    There is none where branches end without one, or in arms.
    """
    found = []
    for path, block in network.blocks():
        learnt = [node for node in block.branch if isinstance(node, Arms) or (isinstance(node, Layer) and node.params)]
        last = learnt[-1] if learnt else None
        if not isinstance(last, Layer) or last.kind not in (Kind.NORM, Kind.SCALE):
            continue
        scale = module.get_parameter(f"{path}.{last.name}.weight").detach().float().abs()
        found.append(
            Gamma(
                block=path,
                path=f"{path}.{last.name}",
                mean=scale.mean().item(),
                smallest=scale.min().item(),
                largest=scale.max().item(),
                near_zero=scale.lt(NEAR_ZERO).float().mean().item(),
            )
        )
    return tuple(found)
