"""How long a measurement will take, from what is known before its first step."""

from collections.abc import Sequence
from dataclasses import dataclass

from resviz.arch import Network, expand
from resviz.errors import ResvizError
from resviz.profiling import phases
from resviz.profiling.breakdown import ROUNDS, WARMUP
from resviz.profiling.estimate import estimated_as
from resviz.profiling.protocol import Protocol
from resviz.profiling.rows import UNREADABLE, RunRow
from resviz.profiling.store import Store
from resviz.report.formatting import duration, plural

LOOKED = 50
"""Runs on a device that are looked through for the one most like the measurement."""
INSTRUMENTED = 3
"""Steps of a round that times each layer: a plain one, one with blocks marked, one with layers marked."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A measurement's time before it starts: seconds of a step, how many there are, and where the first is from."""

    step: float
    steps: int
    basis: str

    @property
    def seconds(self) -> float:
        """Seconds of all steps."""
        return self.step * self.steps

    @property
    def sentence(self) -> str:
        """The same for people."""
        return (
            f"It takes about {duration(self.seconds, 2)}: {plural(self.steps, 'step')} of about "
            f"{duration(self.step, 2)}, {self.basis}."
        )


def expected(store: Store, network: Network, device: str, protocol: Protocol, *, parts: bool) -> Expected | None:
    """Return how long a measurement will take on a device of a name, or None where nothing tells.

    A step is taken from the run in the history that is most like it, by MACs and batch, else from the estimate of
    a GPU that it knows. ``parts`` counts the steps that time each layer. Raises StoreError.
    """
    steps = step_count(protocol, parts=parts)
    rows = store.rows(devices=(device,), steps=(protocol.step,), limit=LOOKED)
    rows = tuple(row for row in rows if row.doubts != UNREADABLE)
    like = _most_alike(rows, network.name, protocol)
    if like is not None:
        run = next(store.each((like.id,), readable=True), None)
        macs = 0 if run is None else expand(run.config).macs * like.batch
        if macs:
            step = like.median * network.macs * protocol.batch / macs
            return Expected(step, steps, f"going by {like.net} at batch {like.batch}, measured on this device")
    try:
        guess = estimated_as(network, device, protocol)
    except ResvizError:
        return None
    return Expected(guess.seconds, steps, "as estimated from the device's data sheet")


def step_count(protocol: Protocol, *, parts: bool) -> int:
    """Return the steps of a measurement at one batch size, warm-up included."""
    rounds = WARMUP + INSTRUMENTED * min(protocol.steps, ROUNDS) if parts else 0
    if protocol.step == "train":  # which is always taken apart
        rounds = min(protocol.steps, phases.ROUNDS)
    return protocol.warmup + protocol.steps + rounds


def _most_alike(rows: Sequence[RunRow], name: str, protocol: Protocol) -> RunRow | None:
    """Return the run that tells most: the same precision first, then the same net, then a batch near by."""

    def unlike(row: RunRow) -> tuple[bool, bool, float]:
        batches = sorted((row.batch, protocol.batch))
        return row.precision != protocol.precision, row.net != name, batches[1] / batches[0]

    return min(rows, key=unlike, default=None)
