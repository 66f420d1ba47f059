"""The stage table: a network as Table 1 of He et al. 2015 prints it, with the cost of every row.

As in that table the row of the stem ends before its pool, which stands in the first stage's row. A pool
has no cost in the headline count, so no cost moves with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple, Self

from resviz.arch.layers import Layer
from resviz.arch.network import Network, ShortcutCount, Stage
from resviz.arch.ops import Kind, Shape

STEM, HEAD = "conv1", "head"
"""The rows that are no stages; the first by the papers' word."""

_NO_SHORTCUTS = ShortcutCount(0, 0)
_POOLS = (Kind.MAXPOOL, Kind.AVGPOOL, Kind.BLURPOOL)


class Costs(NamedTuple):
    """What a part of a network costs: learnt parameters, multiply-accumulates, output elements."""

    params: int
    macs: int
    activations: int

    @classmethod
    def of(cls, parts: Iterable[Layer | Stage | Network]) -> Self:
        """Return the sum over the parts."""
        each = [(part.params, part.macs, part.activations) for part in parts]
        return cls(*map(sum, zip(*each, strict=True))) if each else cls(0, 0, 0)

    def minus(self, other: "Costs") -> "Costs":
        """Return how far these costs are from others."""
        return Costs(*(mine - its for mine, its in zip(self, other, strict=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRow:
    """One row: the stem, a stage or the head.

    ``path`` begins the full path of each of its layers, and is empty for stem and head. ``output`` is
    ``(C, H, W)``, of the head ``(classes,)``. ``bracket`` is what the paper's cell prints, ``pool`` what
    stands before the blocks, if anything. ``total`` is the whole network's cost.
    """

    name: str
    path: str = ""
    output: Shape
    pool: str = ""
    bracket: str
    blocks: int = 0
    shortcuts: ShortcutCount = _NO_SHORTCUTS
    costs: Costs
    total: Costs

    @property
    def layers(self) -> str:
        """What the paper's cell prints, the pool before the blocks included."""
        return f"{self.pool}; {self.bracket}" if self.pool else self.bracket

    @property
    def params(self) -> int:
        """Learnt parameters."""
        return self.costs.params

    @property
    def macs(self) -> int:
        """Multiply-accumulates for one image."""
        return self.costs.macs

    @property
    def activations(self) -> int:
        """Output elements of convolutions and linear layers for one image."""
        return self.costs.activations

    @property
    def params_share(self) -> float:
        """Share of the network's parameters, 0 to 1."""
        return self.params / self.total.params

    @property
    def macs_share(self) -> float:
        """Share of the network's multiply-accumulates, 0 to 1."""
        return self.macs / self.total.macs


def stage_rows(network: Network) -> tuple[StageRow, ...]:
    """Return the rows of the stage table in order: stem (where there is one), stages, head.

    They add up to the network.
    """
    stem, stages, head = Costs.of(network.stem), [Costs.of((s,)) for s in network.stages], Costs.of(network.head)
    total = Costs(*map(sum, zip(stem, *stages, head, strict=True)))
    pools = _trailing_pools(network.stem)
    convs = network.stem[: len(network.stem) - len(pools)]
    first = [
        StageRow(name=STEM, output=layer.out_shape, bracket=stem_bracket(convs), costs=stem, total=total)
        for layer in convs[-1:]
    ]
    between = [
        StageRow(
            name=stage.label,
            path=stage.name,
            output=stage.out_shape,
            pool="" if index else "; ".join(layer.op.label for layer in pools),
            bracket=bracket(stage),
            blocks=len(stage.blocks),
            shortcuts=stage.shortcuts,
            costs=costs,
            total=total,
        )
        for index, (stage, costs) in enumerate(zip(network.stages, stages, strict=True))
    ]
    steps = "; ".join(layer.op.label for layer in network.head if layer.kind is not Kind.FLATTEN)
    last = StageRow(name=HEAD, output=network.head[-1].out_shape, bracket=steps, costs=head, total=total)
    return (*first, *between, last)


def bracket(stage: Stage) -> str:
    """Return a stage as the paper prints it: ``[1x1, 64; 3x3, 64; 1x1, 256] x 3``.

    Blocks that print alike are taken together though they differ elsewhere, in their shortcut say;
    others follow one another with a comma.
    """
    alike = groupby(stage.runs, key=lambda run: run.block.bracket)
    return ", ".join(f"{text} x {sum(run.count for run in runs)}" for text, runs in alike)


def stem_bracket(layers: Iterable[Layer]) -> str:
    """Return the stem's convolutions as the paper prints them: ``7x7, 64, /2``."""
    return "; ".join(layer.op.label.replace(" conv", "") for layer in layers if layer.kind is Kind.CONV)


def _trailing_pools(stem: tuple[Layer, ...]) -> tuple[Layer, ...]:
    count = len(stem)
    while count and stem[count - 1].kind in _POOLS:
        count -= 1
    return stem[count:]


def stage_records(network: Network) -> list[dict[str, Any]]:
    """Return the stage table as plain data; shapes are lists."""
    return [
        {
            "name": row.name,
            "output": list(row.output),
            "layers": row.layers,
            "blocks": row.blocks,
            "shortcuts": row.shortcuts._asdict(),
            **row.costs._asdict(),
            "params_share": row.params_share,
            "macs_share": row.macs_share,
        }
        for row in stage_rows(network)
    ]
