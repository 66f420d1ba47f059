"""Which marks are set in which turn, told by a clock that ticks once for each."""

import torch

from resviz.arch import ResNetConfig, expand
from resviz.profiling.breakdown import break_down, units
from resviz.profiling.prepare import prepared
from resviz.profiling.protocol import Protocol


class TickingClock:
    """A second passes with every mark and none otherwise."""

    def __init__(self) -> None:
        self.now = 0
        self.synchronised: list[int] = []

    def mark(self) -> int:
        self.now += 1
        return self.now

    def synchronize(self) -> None:
        self.synchronised.append(self.now)

    def seconds(self, start: int, end: int) -> float:
        assert end <= self.synchronised[-1], "read before the device had finished"
        return float(end - start)


def test_plain_steps_blocks_and_layers_are_marked_in_turns(tiny: ResNetConfig, brief: Protocol) -> None:
    clock = TickingClock()
    with prepared(tiny, brief, torch.device("cpu"), clock=clock) as bench:
        parts = break_down(bench, steps=4)
    layers, blocks = len(list(expand(tiny).walk())), len(units(expand(tiny)))
    assert parts.steps == 4
    assert (parts.plain, parts.total) == (1, 2 * layers + 1)
    assert {time.seconds for time in (*parts.layers, *parts.blocks)} == {1}
    assert (len(parts.layers), len(parts.blocks), parts.covered) == (layers, blocks, blocks)
    assert clock.synchronised == [0, 4 * (2 + 2 * blocks + 2 + 2 * layers + 2)]


def test_no_mark_is_left_behind(tiny: ResNetConfig, brief: Protocol) -> None:
    clock = TickingClock()
    with prepared(tiny, brief, torch.device("cpu"), clock=clock) as bench:
        break_down(bench, steps=1)
        before = clock.now
        bench.eager()
    assert clock.now == before
