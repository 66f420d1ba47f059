"""A sweep of a design space: what each of thousands of configurations costs.

Networks of a sweep share most of their stages, which are the same objects (`resviz.arch.expand`): each distinct
stem, stage and head is counted once, and a network's costs are put together from those of its parts. Only costs
are computed; how well a network learns nobody knows before it has been trained.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resviz.arch import ConfigError, Network, ResNetConfig, ResvizError, expand
from resviz.arch.layers import Layer
from resviz.arch.network import Stage
from resviz.arch.operation import Batch, Kind
from resviz.progress import Report, silent
from resviz.report.axes import Axis, changed, points, size
from resviz.report.formatting import exact
from resviz.report.memory import COUNTER, ITEM, STATES, joined, sized, stage_usage
from resviz.report.receptive import Span, layers_span, stage_span
from resviz.report.storage import Usage, run_layers

MAX_POINTS = 200_000
"""Configurations of one sweep; more take minutes."""
EMPTY = -1
"""The part of a network without a stem, or with fewer stages than another."""

NetworkPart = tuple[Layer, ...] | Stage
Numbers = NDArray[Any]


@dataclass(frozen=True, slots=True)
class PartCosts:
    """What one part costs: for one image, but for ``use``, which is for the batch."""

    params: int
    macs: int
    activations: int
    depth: int
    numbers: int
    counters: int
    span: Span
    use: Usage


class Parts:
    """The distinct parts of the networks of a sweep, numbered as they come."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.parts: list[NetworkPart] = []
        self.costs: list[PartCosts] = []
        self._numbers: dict[tuple[int, str], int] = {}

    def number(self, part: NetworkPart, role: str) -> int:
        """Return the number of a part in a role: stem, first (reads the picture), stage or head."""
        key = (id(part), role)
        if key not in self._numbers:
            self._numbers[key] = len(self.parts)
            self.parts.append(part)  # kept, so that no other is given its id
            self.costs.append(self._cost(part, role))
        return self._numbers[key]

    def numbers(self, network: Network) -> tuple[int, ...]:
        """Return the numbers of a network's parts: the stem's, the stages', the head's."""
        stem = self.number(network.stem, "stem") if network.stem else EMPTY
        stages = [
            self.number(stage, "stage" if network.stem or index else "first")
            for index, stage in enumerate(network.stages)
        ]
        return (stem, *stages, self.number(network.head, "head"))

    def _cost(self, part: NetworkPart, role: str) -> PartCosts:
        if isinstance(part, Stage):
            tally = [(layer, run.count) for run in part.runs for layer in run.block.layers()]
            depth = sum(run.block.depth * run.count for run in part.runs)
            span, use = stage_span(part), stage_usage(part, self.batch, picture=role == "first")
        else:
            tally = [(layer, 1) for layer in part]
            depth = sum(layer.kind in (Kind.CONV, Kind.LINEAR) for layer in part)
            span, use = layers_span(part), run_layers(part, self.batch, hold=role == "stem")
        return PartCosts(
            params=sum(layer.params * count for layer, count in tally),
            macs=sum(layer.macs * count for layer, count in tally),
            activations=sum(layer.activations * count for layer, count in tally),
            depth=depth,
            numbers=sum(layer.op.buffers[0] * count for layer, count in tally),
            counters=sum(layer.op.buffers[1] * count for layer, count in tally),
            span=span,
            use=use,
        )


Make = Callable[[ResNetConfig, tuple[Any, ...]], ResNetConfig]
"""From a base and the values of a row to its configuration."""


@dataclass(frozen=True)
class Sweep:
    """Configurations with their costs: a row each, in columns by quantity.

    ``values`` are each row's in the order of ``axes``; ``rows`` are the numbers of its parts,
    ``sides`` those of its picture's height. ``refused`` says how
    many combinations are no network, by reason. ``make`` turns the base and a row's values into its configuration,
    where the axes are no fields of one.
    """

    base: ResNetConfig
    axes: tuple[Axis, ...]
    values: tuple[tuple[Any, ...], ...]
    columns: dict[str, Numbers]
    parts: tuple[NetworkPart, ...]
    rows: Numbers
    sides: tuple[int, ...]
    refused: dict[str, int]
    make: Make | None = None

    def config(self, row: int) -> ResNetConfig:
        """Return the configuration of a row, under the base's name."""
        if self.make is not None:
            return self.make(self.base, self.values[row])
        return ResNetConfig(**changed(self.base.model_dump(), self.axes, self.values[row]))

    def summed(self, values: Sequence[float] | Numbers) -> Numbers:
        """Return each row's sum of a quantity that each part has."""
        padded = np.append(np.asarray(values), 0)  # EMPTY takes the last
        return np.asarray(padded[self.rows].sum(axis=1))


def sweep(
    base: ResNetConfig,
    axes: Sequence[Axis],
    *,
    batch: int = 1,
    dtype: str = "float32",
    optimiser: str = "SGD with momentum",
    most: int = MAX_POINTS,
    report: Report = silent,
) -> Sweep:
    """Return every network of a design space around a base, with its costs.

    ``batch``, ``dtype`` and ``optimiser`` are those of the memory, as `resviz.report.memory.memory` takes them;
    ``report`` is told how many of how many are counted. Raises ResvizError for more than ``most`` configurations, or
    where none is possible.
    """
    asked = size(axes)
    if asked > most:
        sentence = f"at most {exact(most)} are counted: take fewer values or longer steps"
        raise ResvizError(f"The ranges make {exact(asked)} configurations; {sentence}.")
    return swept(base, axes, _networks(base, axes), batch=batch, dtype=dtype, optimiser=optimiser, report=report)


def swept(
    base: ResNetConfig,
    axes: Sequence[Axis],
    networks: Iterable[tuple[tuple[Any, ...], Network | str]],
    *,
    batch: int,
    dtype: str = "float32",
    optimiser: str = "SGD with momentum",
    report: Report = silent,
    make: Make | None = None,
) -> Sweep:
    """Return networks, each with its values of the axes, with their costs; one that cannot be is a reason instead.

    Raises ResvizError where none can be.
    """
    parts, kept, rows = Parts(sized(batch, dtype)), [], []
    uses: list[Usage] = []
    fields: list[int] = []
    sides: list[int] = []
    refused: Counter[str] = Counter()
    for done, (values, network) in enumerate(networks):
        report("counting", done, size(axes))
        if isinstance(network, str):
            refused[network] += 1
            continue
        row = parts.numbers(network)
        each = [parts.costs[number] for number in row if number != EMPTY]
        span = Span()
        for part in each:
            span = span.then(part.span)
        stem, stages = (each[0].use, each[1:-1]) if network.stem else (None, each[:-1])
        uses.append(joined(stem, [part.use for part in stages], each[-1].use, parts.batch.bytes(network.input)))
        fields.append(span.size)
        sides.append(network.input[1])
        kept.append(values)
        rows.append(row)
    if not kept:
        raise ResvizError(f"No combination of the ranges is a network. {next(iter(refused), '')}".rstrip())
    found = Sweep(
        base=base,
        axes=tuple(axes),
        values=tuple(kept),
        columns={},
        parts=tuple(parts.parts),
        rows=np.array(rows),
        sides=tuple(sides),
        refused=dict(refused.most_common()),
        make=make,
    )
    found.columns.update(_columns(found, parts.costs, uses, fields, ITEM[dtype], STATES[optimiser]))
    return found


def _networks(base: ResNetConfig, axes: Sequence[Axis]) -> Iterator[tuple[tuple[Any, ...], Network | str]]:
    """Yield each point of a space with its network, or with the reason why there is none."""
    fields = base.model_dump()
    for values in points(axes):
        try:
            yield values, expand(ResNetConfig(**changed(fields, axes, values)), advise=False)
        except ConfigError as error:
            yield values, error.problems[0].sentence


def _columns(
    found: Sweep, costs: Sequence[PartCosts], uses: Sequence[Usage], fields: Sequence[int], item: int, states: int
) -> dict[str, Numbers]:
    params = found.summed([part.params for part in costs])
    numbers = found.summed([part.numbers for part in costs])
    weights = item * (params + numbers) + COUNTER * found.summed([part.counters for part in costs])
    return {
        "params": params,
        "macs": found.summed([part.macs for part in costs]),
        "activations": found.summed([part.activations for part in costs]),
        "depth": found.summed([part.depth for part in costs]),
        "field": np.array(fields),
        "inference": weights + np.array([use.peak for use in uses]),
        "training": weights + item * params * (1 + states) + np.array([use.kept for use in uses]),
    }
