"""What is alive when: the feature maps that each step of a forward pass at inference has in memory."""

from dataclasses import dataclass

from resviz.arch import Network
from resviz.arch.operation import Batch
from resviz.report.storage import Moment, tape_block, tape_layers


@dataclass(frozen=True, slots=True)
class MemoryStep:
    """One step under its full path, in bytes: what it reads and writes, the block's input that waits, the rest.

    The rest are what modules further out hold: the picture, the input of the running stage, of a container.
    """

    path: str
    working: int
    skip: int
    held: int

    @property
    def total(self) -> int:
        """All bytes of feature maps that are alive."""
        return self.working + self.skip + self.held


def steps(network: Network, batch: Batch) -> tuple[MemoryStep, ...]:
    """Return the steps of a forward pass in order; the most of their totals is the peak that `usage` has."""
    picture = batch.bytes(network.input)
    found: list[MemoryStep] = []
    if network.stem:
        found += _steps("", tape_layers(network.stem, batch, hold=True)[1], 0, block=False)
    for number, stage in enumerate(network.stages):
        outside = picture if number or network.stem else 0
        for run in stage.runs:
            moments = tape_block(run.block, batch)[1]
            for index in range(run.start, run.start + run.count):
                held = outside + (batch.bytes(stage.in_shape) if index else 0)
                found += _steps(f"{stage.name}.{index}.", moments, held, block=True)
    return (*found, *_steps("", tape_layers(network.head, batch, hold=False)[1], picture, block=False))


def _steps(prefix: str, moments: tuple[Moment, ...], outside: int, *, block: bool) -> list[MemoryStep]:
    return [
        MemoryStep(
            path=f"{prefix}{each.step}",
            working=each.working,
            skip=each.skip if block else 0,
            held=outside + each.waiting + (0 if block else each.skip),
        )
        for each in moments
    ]
