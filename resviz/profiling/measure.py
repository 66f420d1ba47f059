"""The measurement itself: `profile` for one batch size, `sweep` for growing ones."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from resviz.arch import expand
from resviz.errors import MemoryLimitError, OutOfMemory, ProtocolError, Stopped, unknown
from resviz.profiling.breakdown import break_down
from resviz.profiling.ceiling import ceiling
from resviz.profiling.devices import inspect, pick
from resviz.profiling.memory import peak_bytes
from resviz.profiling.phases import phases
from resviz.profiling.prepare import predicted_bytes, prepared, release
from resviz.profiling.protocol import MAX_BATCH, PROTOCOLS, Protocol, StepName, default_protocol
from resviz.profiling.result import Ceiling, Ending, Profile, Sweep
from resviz.profiling.timing import time_steps
from resviz.profiling.training_step import least_batch
from resviz.profiling.trust import roof_warnings
from resviz.progress import Report, silent

if TYPE_CHECKING:
    import torch

    from resviz.arch import ResNetConfig

AGAIN = 3
"""Times that a roof is measured again when something ran above it."""
SATURATED = 0.03
"""Growth of images per second at a doubling of the batch below which a sweep has seen enough."""


def profile(
    config: "ResNetConfig",
    *,
    device: str | None = None,
    batch: int | None = None,
    protocol: Protocol | str | None = None,
    step: StepName | None = None,
    breakdown: bool = False,
    seed: int = 0,
    report: Report = silent,
) -> Profile:
    """Return the time of a forward pass or a training step of a network, measured now.

    ``device`` is torch's name for one (`cuda`, `cuda:1`, `mps`, `cpu`); None takes the first accelerator,
    else the CPU. ``protocol`` is one or the name of one; None takes the TF-slim lesson's, on a CPU `quick`.
    ``batch`` and ``step`` (`forward`, or `train`) override the protocol's. ``breakdown`` adds a second, instrumented
    run per block and layer of a forward pass; a training step is always taken apart in forward, backward and update.
    ``report`` hears of progress and may raise Stopped. Raises ProfilingError or ConfigError, each a sentence.
    """
    chosen = pick(device)
    steps = protocol_of(protocol, chosen.type)
    steps = steps if batch is None else steps.with_(batch=batch)
    steps = steps if step is None else steps.with_(step=step)
    if breakdown and steps.step == "train":
        raise ProtocolError("breakdown true times the layers of a forward pass; set it to false for a training step.")
    try:
        return _measured(config, steps, chosen, seed=seed, breakdown=breakdown, report=report)
    finally:
        release(chosen)


def _measured(
    config: "ResNetConfig", steps: Protocol, device: "torch.device", *, seed: int, breakdown: bool, report: Report
) -> Profile:
    with prepared(config, steps, device, seed=seed, report=report) as bench:
        samples = time_steps(bench.step, bench.clock, warmup=steps.warmup, steps=steps.steps, report=report)
        facts = inspect(device)
        report("memory", 0, 1)
        most = peak_bytes(bench)
        spent = phases(bench, steps=steps.steps, report=report)
        parts = break_down(bench, steps=steps.steps, report=report) if breakdown else None
        report("roof", 0, 1)
        most_reached = ceiling(device, steps, bench.clock) if breakdown else None
        run = Profile(
            id=uuid4().hex,
            measured_at=datetime.now(UTC),
            config=config,
            device=facts,
            protocol=steps,
            samples=samples,
            peak_memory=most,
            predicted_memory=predicted_bytes(bench.network, steps, device.type),
            breakdown=parts,
            ceiling=most_reached,
            phases=spent,
        )
        return lifted(run, lambda: ceiling(device, steps, bench.clock))


def lifted(run: Profile, measure: Callable[[], Ceiling]) -> Profile:
    """Return a run with its roof measured again, at most AGAIN times, while it lies below what was reached."""
    for _ in range(AGAIN):
        if not roof_warnings(run):
            break
        assert run.ceiling is not None
        run = run.model_copy(update={"ceiling": run.ceiling.highest(measure())})
    return run


def sweep(
    config: "ResNetConfig",
    *,
    device: str | None = None,
    batches: Sequence[int] | None = None,
    protocol: Protocol | str | None = None,
    step: StepName | None = None,
    breakdown: bool = False,
    seed: int = 0,
    report: Report = silent,
) -> Sweep:
    """Return profiles at growing batch sizes: those given, or doublings of 1 until images/s stop growing.

    Doublings begin at 2 where a batch norm could not be trained with a single picture.

    Memory that runs out ends the sweep with what fitted, and so does a report that raises Stopped; whatever
    else goes wrong is raised as by `profile`.
    """
    runs: list[Profile] = []

    def ended(how: Ending, failed: int | None = None) -> Sweep:
        return Sweep(runs=tuple(runs), ended=how, failed_batch=failed)

    steps = protocol_of(protocol, pick(device).type)
    steps = steps if step is None else steps.with_(step=step)
    growing = [batch for batch in doublings() if batch >= least_batch(expand(config), steps)]
    for batch in sorted(set(batches)) if batches is not None else growing:

        def tell(phase: str, done: int, total: int, batch: int = batch) -> None:
            report(f"batch {batch}: {phase}", done, total)

        try:
            run = profile(
                config, device=device, batch=batch, protocol=steps, breakdown=breakdown, seed=seed, report=tell
            )
        except (OutOfMemory, MemoryLimitError):
            return ended("out of memory", batch)
        except Stopped:
            return ended("stopped")
        runs.append(run)
        if batches is None and saturated(runs):
            return ended("saturated")
    return ended("all measured")


def doublings() -> tuple[int, ...]:
    """Return 1, 2, 4, … up to the largest batch."""
    return tuple(1 << power for power in range(MAX_BATCH.bit_length()))


def saturated(runs: Sequence[Profile]) -> bool:
    """Return whether the last doubling brought less than SATURATED, and the one before as well.

    Two in a row: one batch size can be slow by the algorithm that happens to be chosen for it.
    """
    rates = [run.images_per_second for run in runs[-3:]]
    return len(rates) == 3 and max(rates[1:]) < rates[0] * (1 + SATURATED)


def protocol_of(protocol: Protocol | str | None, device_type: str) -> Protocol:
    """Return a protocol by its name, the device's own for None. Raises ProtocolError."""
    match protocol:
        case None:
            return default_protocol(device_type)
        case Protocol():
            return protocol
        case _ if protocol in PROTOCOLS:
            return PROTOCOLS[protocol]
        case _:
            raise ProtocolError(unknown("protocol", protocol, PROTOCOLS))
