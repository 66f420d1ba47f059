"""The configuration whose tensors are those of a file: found by trying, judged by expanding.

A configuration is changed in one field, or in the few that belong together, to the values that the shapes suggest,
as long as that brings its tensors nearer to the file's. What a field may be is read from the open dictionaries and
from the shapes, so that a new entry of a dictionary is found as well.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from resviz.arch import ConfigError, Network, ResNetConfig, expand
from resviz.arch.block_types import BLOCKS
from resviz.arch.fields import CHOICES
from resviz.arch.inactive import without_inactive
from resviz.arch.network import Stage
from resviz.arch.orders import ORDERS
from resviz.arch.tensors import Shapes, block_tensors
from resviz.arch.tree import Block
from resviz.nn import measures
from resviz.nn.inventory import Inventory, Runs, renumbered, rest_apart, stage_apart

Changes = Mapping[str, Any]
MOST = 4_000
"""Configurations that are tried for one reading of a file: a few seconds."""
SIDE = 2304
"""The picture's side while searching, which any strides suit; tensors do not tell it."""
NEAREST = 6
"""Blocks whose numbers are tried, of all that are tried with the simplest numbers."""
PLAIN: Changes = {"shortcut": "none", "skip": "identity", "drop_path_rate": 0.0, "zero_init_last": False}
"""What goes with a block that has its identity inside."""


@dataclass
class Fit:
    """The search for one file: what is looked for, and how many configurations have been tried."""

    inventory: Inventory
    tried: int = 0
    _shapes: dict[int, tuple[Block, Shapes]] = field(default_factory=dict)
    _apart: dict[tuple[int, ...], tuple[object, float]] = field(default_factory=dict)

    def distance(self, config: ResNetConfig) -> float:
        """Return how far a configuration's tensors are from the file's; infinite where it cannot be expanded."""
        self.tried += 1
        try:
            network = expand(config, advise=False)
        except (ConfigError, ValueError, ArithmeticError, LookupError):
            return float("inf")
        return self._tensors(network) + self.beside(network)

    def _tensors(self, network: Network) -> float:
        """Return how far a network's tensors are from the file's: of each stage, computed once."""
        if max(len(self._shapes), len(self._apart)) > MOST:
            self._shapes.clear()
            self._apart.clear()
        known, ends = self._apart, (network.stem, network.head)
        if (key := tuple(map(id, ends))) not in known:
            known[key] = ends, rest_apart((*network.stem, *network.head), self.inventory)
        wrong = known[key][1]
        for number, stage in enumerate(network.stages):
            if (key := (id(stage),)) not in known:
                theirs = self.inventory.runs[number] if number < len(self.inventory.runs) else ()
                known[key] = stage, stage_apart(self._runs(stage), theirs)
            wrong += known[key][1]
        return wrong + sum(stage_apart((), theirs) for theirs in self.inventory.runs[len(network.stages) :])

    def _runs(self, stage: Stage) -> Runs:
        """Return a stage's alike blocks in a row with their tensors."""
        found = []
        for run in stage.runs:
            if id(run.block) not in self._shapes:
                shapes = block_tensors(run.block)
                self._shapes[id(run.block)] = run.block, renumbered(shapes) if self.inventory.unindexed else shapes
            found.append((run.start, run.count, self._shapes[id(run.block)][1]))
        return tuple(found)

    def beside(self, network: Network) -> float:
        """Return how far a network is from what else is known: nothing, where there are only tensors."""
        return 0.0

    def changed(self, config: ResNetConfig, move: Changes) -> ResNetConfig | None:
        """Return a configuration changed, or None where that is none."""
        return _possible(config, move)

    def improved(self, config: ResNetConfig, rounds: int = 20) -> tuple[ResNetConfig, float]:
        """Return a configuration changed, field by field, until no change brings it nearer; and its distance."""
        distance, before = self.distance(config), float("inf")
        while 1 <= distance < before and self.tried < MOST and rounds:
            before, rounds = distance, rounds - 1
            for moves in MOVES:
                config, distance = self._best(config, distance, moves(config, self.inventory))
            for stage in range(len(config.depths)):
                if distance >= 1:
                    config, distance = self._block(config, distance, stage)
        return config, distance

    def _best(self, config: ResNetConfig, distance: float, moves: Iterable[Changes]) -> tuple[ResNetConfig, float]:
        """Return the best of the configurations that single moves lead to, or the one given."""
        best, least = config, distance
        for move in moves:
            if least < 1 or self.tried > MOST:
                break
            changed = {name: value for name, value in move.items() if getattr(config, name) != value}
            if changed and self.distance(config.model_copy(update=changed)) < least:
                possible = _possible(config, changed)
                found = float("inf") if possible is None else self.distance(possible)
                if possible is not None and found < least:
                    best, least = possible, found
        return best, least

    def _block(self, config: ResNetConfig, distance: float, stage: int) -> tuple[ResNetConfig, float]:
        """Return the best configuration whose blocks in one stage are of another kind or have other numbers."""
        measure = measures.stages(self.inventory)[stage]
        ranked = []
        for name, kind in BLOCKS.items():
            planes = max(measure.out // kind.expansion, 1)
            least = min(
                self.distance(config.model_copy(update=_at(config, stage, block=name, widths=planes, **numbers)))
                for numbers in (_SIMPLE, {})
            )
            ranked.append((least, name))
        nearest = [name for _, name in sorted(ranked, key=lambda each: each[0])[:NEAREST]]
        moves = (
            {**_at(config, stage, block=name, **numbers), **beside}
            for name in nearest
            for numbers in _numbers(measure, name)
            for beside in _beside(config, name)
        )
        return self._best(config, distance, moves)


_SIMPLE: Changes = {"groups": 1, "width_per_group": 64, "bottleneck_ratio": None}


def _at(config: ResNetConfig, stage: int, **values: Any) -> dict[str, Any]:
    """Return the fields with a value for each stage in which one stage has other values."""
    found = {}
    for name, value in values.items():
        each = list(config.each(name))
        each[stage] = value
        found[name] = tuple(each)
    return found


def _numbers(measure: measures.StageMeasure, name: str) -> Iterator[dict[str, Any]]:
    """Yield the numbers that a stage's blocks of a kind may have."""
    kind = BLOCKS[name]
    groups = measure.groups if kind.grouped or kind.cardinal else (1,)
    if measure.out % kind.expansion:
        return
    planes = measure.out // kind.expansion
    for each in groups:
        yield {"widths": planes, **_SIMPLE, "groups": each}
        if kind.by_group:
            for inner in measure.inner:
                base = -(-inner * 64 // (each * planes))
                if 0 < base <= 4096 and int(planes * (base / 64)) * each == inner:
                    yield {"widths": planes, **_SIMPLE, "groups": each, "width_per_group": base}
        if kind.widens:
            for inner in measure.inner:
                yield {"widths": planes, **_SIMPLE, "groups": each, "bottleneck_ratio": inner / measure.out}


def _beside(config: ResNetConfig, name: str) -> Iterator[Changes]:
    """Yield what has to change elsewhere for a kind of block."""
    kind = BLOCKS[name]
    residual: Changes = {} if kind.residual else PLAIN
    orders = [config.order]
    if kind.post is not None and not ORDERS[config.order].for_own_steps:
        orders = [order for order, entry in ORDERS.items() if entry.for_own_steps]
    yield from ({**residual, "order": order} for order in orders)


def _possible(config: ResNetConfig, move: Changes) -> ResNetConfig | None:
    """Return the changed configuration, without what then means nothing where that is in the way."""
    try:
        return config.with_(**move)
    except ConfigError:
        pass
    try:
        return type(config)(**without_inactive({**config.to_dict(), **move}))
    except ConfigError:
        return None


def _entries(name: str) -> Any:
    return lambda config, inventory: ({name: entry} for entry in CHOICES[name])


def _stem(config: ResNetConfig, inventory: Inventory) -> Iterator[Changes]:
    """Yield stems, with the width that is measured and each way to end."""
    width = measures.stem_width(inventory)
    for stem in CHOICES["stem"]:
        for norm in (None, True, False):
            yield {"stem": stem, "stem_width": width, "stem_norm": norm}


def _attention(config: ResNetConfig, inventory: Inventory) -> Iterator[Changes]:
    for entry in CHOICES["attention"]:
        yield {"attention": entry}
        for stage in range(len(config.depths)):
            yield _at(config, stage, attention=entry)


def _squeeze(config: ResNetConfig, inventory: Inventory) -> Iterator[Changes]:
    for share in measures.squeezes(inventory):
        for divisor in (None, 1, 4, 8):
            yield {"attention_ratio": share, "attention_divisor": divisor}


def _widths(config: ResNetConfig, inventory: Inventory) -> Iterator[Changes]:
    for stage, measure in enumerate(measures.stages(inventory)):
        for side in measure.inner:
            yield _at(config, stage, widths=side)


def _strides(config: ResNetConfig, inventory: Inventory) -> Iterator[Changes]:
    for stage, strides in enumerate(measures.strides(inventory)):
        for stride in strides:
            yield _at(config, stage, stage_strides=stride)


def _shortcut(config: ResNetConfig, inventory: Inventory) -> Iterator[Changes]:
    for shortcut in CHOICES["shortcut"]:
        for norm in (None, True, False):
            move = {"shortcut": shortcut, "projection_norm": norm}
            yield {**PLAIN, **move} if shortcut == "none" else move


def _head(config: ResNetConfig, inventory: Inventory) -> Iterator[Changes]:
    width = measures.head_width(inventory)
    for head in CHOICES["head"]:
        for classifier in ("linear", "conv"):
            for each in {width, None}:
                yield {"head": head, "head_width": each, "classifier": classifier}


def _input(config: ResNetConfig, inventory: Inventory) -> Iterator[Changes]:
    """Yield pictures that give an attention head as many positions as it has."""
    if CHOICES["head"][config.head].tokens:
        for height, width in measures.maps(inventory):
            for stride in (32, 16, 8, 64, *range(1, 200)):
                yield {"input": (config.input[0], height * stride, width * stride)}


def _downsampling(config: ResNetConfig, inventory: Inventory) -> Iterator[Changes]:
    for name, entry in CHOICES["downsampling"].items():
        yield {"downsampling": name, **({"stride_unit": "first"} if entry.build else {})}


MOVES = (
    _entries("norm"),
    _entries("conv"),
    _entries("conv_bias"),
    _entries("order"),
    _stem,
    _attention,
    lambda config, inventory: ({"layer_scale": value} for value in (None, 1e-6)),
    _entries("skip"),
    _downsampling,
    lambda config, inventory: ({"width_growth": value} for value in ("none", "additive", "multiplicative")),
    _shortcut,
    _strides,
    lambda config, inventory: ({"stride_unit": value} for value in ("first", "last")),
    _head,
    _input,
    lambda config, inventory: (
        {"kernel_size": value}
        for value in (None, *sorted({k for stage in measures.stages(inventory) for k in stage.kernels if k % 2}))
    ),
    lambda config, inventory: (
        {"arms": value} for value in (None, *sorted({a for stage in measures.stages(inventory) for a in stage.arms}))
    ),
    _squeeze,
    _widths,
)
"""The moves, those of one subject together: of each, the best is taken."""
