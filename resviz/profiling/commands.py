"""What the verb `profile` does: parse batches, measure, show progress, print, write."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from resviz.errors import ProfilingError, ProtocolError
from resviz.profiling.protocol import MAX_BATCH

if TYPE_CHECKING:
    from resviz.arch import ResNetConfig
    from resviz.profiling.protocol import Protocol
    from resviz.profiling.result import Sweep
    from resviz.progress import Report


def batches(text: str | None) -> tuple[int, ...] | None:
    """Return the batch sizes of ``1,8,32``; None for None, which leaves the protocol's, and for ``sweep``."""
    if text is None or text == "sweep":
        return None
    words = [word.strip() for word in text.split(",")]
    wrong = next(
        (word for word in words if not word.isdecimal() or len(word) > 9 or not 1 <= int(word) <= MAX_BATCH), None
    )
    if wrong is not None:
        raise ProtocolError(f"batch {wrong[:40]!r} is not possible: whole numbers from 1 to {MAX_BATCH:,}, or sweep.")
    return tuple(int(word) for word in words)


def run(
    config: "ResNetConfig",
    *,
    batch: str | None,
    device: str | None,
    protocol: "Protocol | str | None",
    changes: dict[str, object],
    breakdown: bool,
) -> "Sweep":
    """Return what was measured. Raises ProfilingError and ConfigError."""
    os.environ.setdefault("KINETO_LOG_LEVEL", "5")  # torch's profiler logs to the terminal; set before torch loads
    from resviz.profiling.devices import pick
    from resviz.profiling.measure import protocol_of, sweep

    steps = protocol_of(protocol, pick(device).type).with_(**changes)
    sizes = None if batch == "sweep" else batches(batch) or (steps.batch,)
    with_progress, finish = progress()
    try:
        found = sweep(config, device=device, batches=sizes, protocol=steps, breakdown=breakdown, report=with_progress)
    finally:
        finish()
    return found


def text(sweep: "Sweep") -> str:
    """Return what the terminal shows of a measurement."""
    from resviz.profiling import descriptions

    return descriptions.text(sweep)


def write(sweep: "Sweep", path: Path) -> None:
    """Write a document. Raises ProfilingError where the file cannot be written."""
    try:
        path.write_text(sweep.to_json(), encoding="utf-8", newline="\n")
    except OSError as error:
        raise ProfilingError(
            f"The file {path} cannot be written: {(error.strerror or 'unknown reason').lower()}."
        ) from None


def progress() -> "tuple[Report, Callable[[], None]]":
    """Return a report that keeps one line on a terminal, and what wipes it; neither does anything elsewhere."""
    shown = sys.stderr.isatty()

    def report(phase: str, done: int, total: int) -> None:
        if shown:
            sys.stderr.write(f"\r\x1b[K{phase} {done}/{total}")
            sys.stderr.flush()

    def finish() -> None:
        if shown:
            sys.stderr.write("\r\x1b[K")

    return report, finish
