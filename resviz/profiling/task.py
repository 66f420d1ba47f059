"""What a page puts in the queue: measure or trace, keep what was measured, tell what became of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from resviz.profiling.keeping import keep
from resviz.profiling.measure import sweep
from resviz.profiling.protocol import Protocol
from resviz.profiling.result import Sweep
from resviz.profiling.trace import trace
from resviz.progress import Report

if TYPE_CHECKING:
    from resviz.arch import ResNetConfig
    from resviz.profiling.jobs import Work


@dataclass(frozen=True, slots=True)
class Measured:
    """What a finished measurement left: the runs, and a sentence where they could not be kept."""

    sweep: Sweep
    not_kept: str = ""


@dataclass(frozen=True, slots=True)
class Traced:
    """What a finished trace left: the file's name and its text."""

    name: str
    text: str


def measuring(
    config: "ResNetConfig",
    *,
    device: str,
    protocol: Protocol,
    growing: bool = False,
    breakdown: bool = False,
) -> "Work":
    """Return work that measures a net, over ``growing`` batch sizes or at the protocol's, and keeps the runs."""

    def work(report: Report) -> Measured:
        sizes = None if growing else (protocol.batch,)
        found = sweep(config, device=device, batches=sizes, protocol=protocol, breakdown=breakdown, report=report)
        return Measured(found, keep(found.runs))

    return work


def tracing(config: "ResNetConfig", *, device: str, protocol: Protocol) -> "Work":
    """Return work that records a profiler trace of a few steps."""

    def work(report: Report) -> Traced:
        name = f"{config.name.replace(' ', '_').replace('/', '_')}-batch{protocol.batch}-trace.json"
        return Traced(name, trace(config, device=device, protocol=protocol, report=report))

    return work
