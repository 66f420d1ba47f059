"""A whole network: stages of blocks between a stem and a head.

Identical blocks of a stage are the same object, so that totals cost what the distinct blocks cost; only
`Network.layers` and `Network.walk` pay for each layer.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from itertools import chain, groupby, repeat
from typing import NamedTuple

from resviz.arch.layers import Layer, leaves
from resviz.arch.ops import DropPath, Kind, Shape
from resviz.arch.tree import Block


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive blocks of a stage that are the same object: the block, the first one's index, how many."""

    block: Block
    start: int
    count: int


@dataclass(frozen=True)
class Stage:
    """The blocks that work on feature maps of one size; ``name`` is torchvision's, ``label`` the papers'."""

    name: str
    label: str
    blocks: tuple[Block, ...]

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """The blocks with identical neighbours taken together."""
        runs, start = [], 0
        for _, same in groupby(self.blocks, key=id):
            members = list(same)
            runs.append(Run(members[0], start, len(members)))
            start += len(members)
        return tuple(runs)

    @property
    def in_shape(self) -> Shape:
        """The shape the first block takes."""
        return self.blocks[0].in_shape

    @property
    def out_shape(self) -> Shape:
        """The shape the last block gives."""
        return self.blocks[-1].out_shape

    @cached_property
    def params(self) -> int:
        """Learnt parameters."""
        return sum(run.block.params * run.count for run in self.runs)

    @cached_property
    def macs(self) -> int:
        """Multiply-accumulates for one image."""
        return sum(run.block.macs * run.count for run in self.runs)

    @cached_property
    def activations(self) -> int:
        """Output elements of convolutions and linear layers for one image."""
        return sum(run.block.activations * run.count for run in self.runs)

    @cached_property
    def shortcuts(self) -> "ShortcutCount":
        """How many of the shortcuts are solid and how many dashed."""
        solid = sum(run.count for run in self.runs if run.block.shortcut is not None and not run.block.dashed)
        return ShortcutCount(solid, sum(run.count for run in self.runs if run.block.dashed))


class ShortcutCount(NamedTuple):
    """How many shortcuts keep the shape (solid) and how many change it (dashed)."""

    solid: int
    dashed: int


@dataclass(frozen=True, slots=True, repr=False)
class Network:
    """A whole network: the stem, the stages, the head. What a console and a notebook show of it is a table."""

    name: str
    input: Shape
    stem: tuple[Layer, ...]
    stages: tuple[Stage, ...]
    head: tuple[Layer, ...]

    def __repr__(self) -> str:
        rows = self._overview()
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        lines = (
            "  ".join(
                cell.rjust(width) if column > 1 else cell.ljust(width) for column, (cell, width) in enumerate(both)
            )
            for both in (tuple(zip(row, widths, strict=True)) for row in rows)
        )
        return "\n".join((self.name, *(line.rstrip() for line in lines)))

    def _repr_html_(self) -> str:
        """Return what a notebook shows: the same as a table."""
        head, *rows = (
            "".join(
                f'<{tag} style="text-align: {"right" if column > 1 else "left"}">{escape(cell)}</{tag}>'
                for column, cell in enumerate(row)
            )
            for row, tag in zip(self._overview(), chain(("th",), repeat("td")), strict=False)
        )
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        return (
            f"<table><caption>{escape(self.name)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )

    def _overview(self) -> list[tuple[str, ...]]:
        """Return stem, stages and head with what they put out and cost, under their headers, and the sums."""
        stem, head = (
            [(name, layers[-1].out_shape, 0, sum(one.params for one in layers), sum(one.macs for one in layers))]
            if layers
            else []
            for name, layers in (("stem", self.stem), ("head", self.head))
        )
        stages = [(each.label, each.out_shape, len(each.blocks), each.params, each.macs) for each in self.stages]
        blocks = sum(len(stage.blocks) for stage in self.stages)
        rows = [*stem, *stages, *head, ("total", (), blocks, self.params, self.macs)]
        return [
            ("Stage", "Output", "Blocks", "Parameters", "MACs"),
            *((name, "x".join(map(str, shape)), f"{n or ''}", f"{p:,}", f"{m:,}") for name, shape, n, p, m in rows),
        ]

    def tally(self) -> Iterator[tuple[Layer, int]]:
        """Yield each distinct layer with the number of times it stands in the network."""
        for layer in self.stem:
            yield layer, 1
        for stage in self.stages:
            for run in stage.runs:
                for layer in run.block.layers():
                    yield layer, run.count
        for layer in self.head:
            yield layer, 1

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """Yield every block in order with its path, ``layer1.0``."""
        for stage in self.stages:
            for index, block in enumerate(stage.blocks):
                yield f"{stage.name}.{index}", block

    def walk(self) -> Iterator[tuple[str, Layer]]:
        """Yield every layer with its full path, in the order of torchvision's forward definition.

        Within a block that is the main path, then the shortcut, then what follows the addition.
        """
        for layer in self.stem:
            yield layer.name, layer
        for path, block in self.blocks():
            for layer in block.layers():
                yield f"{path}.{layer.name}", layer
        for layer in self.head:
            yield layer.name, layer

    def layers(self) -> tuple[Layer, ...]:
        """Return every layer, each under its full path."""
        return tuple(replace(layer, name=path) for path, layer in self.walk())

    def count(self, kind: Kind) -> int:
        """Return the number of layers of a kind, those inside attention units and gates included."""
        return sum(count for layer, count in self.tally() if layer.kind == kind)

    @property
    def params(self) -> int:
        """Learnt parameters."""
        return sum(stage.params for stage in self.stages) + sum(layer.params for layer in (*self.stem, *self.head))

    @property
    def macs(self) -> int:
        """Multiply-accumulates of convolutions and linear layers for one image: the papers' FLOPs."""
        return sum(stage.macs for stage in self.stages) + sum(layer.macs for layer in (*self.stem, *self.head))

    @property
    def flops(self) -> int:
        """Floating-point operations of the same layers for one image: 2 x `macs`."""
        return 2 * self.macs

    @property
    def activations(self) -> int:
        """Output elements of convolutions and linear layers for one image."""
        return sum(stage.activations for stage in self.stages) + sum(
            layer.activations for layer in (*self.stem, *self.head)
        )

    @property
    def depth(self) -> int:
        """The papers' depth: convolutions of the main path and the classifier; projections not counted."""
        ends = sum(layer.kind in (Kind.CONV, Kind.LINEAR) for layer in (*self.stem, *self.head))
        return ends + sum(run.block.depth * run.count for stage in self.stages for run in stage.runs)

    @property
    def shortcuts(self) -> ShortcutCount:
        """How many of the shortcuts are solid and how many dashed."""
        each = [stage.shortcuts for stage in self.stages]
        return ShortcutCount(sum(s.solid for s in each), sum(s.dashed for s in each))

    @property
    def drop_path_rates(self) -> tuple[float, ...]:
        """The probability of each block, in order, that training drops its branch (Huang et al. 2016).

        Units that have no branch to lose, without weights or without a shortcut, do not count; theirs is 0.
        """
        drops = [_last_rate(block) for _, block in self.blocks()]
        total, rates, number = sum(rate is not None for rate in drops), [], 0
        for rate in drops:
            rates.append((rate or 0.0) * number / max(total - 1, 1))
            number += rate is not None
        return tuple(rates)


def _last_rate(block: Block) -> float | None:
    """Return the rate that stochastic depth ends in, as a block's branch has it; None where it drops nothing."""
    return next((leaf.op.rate for leaf in leaves(block.branch) if isinstance(leaf.op, DropPath)), None)
