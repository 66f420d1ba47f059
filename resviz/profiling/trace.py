"""A `torch.profiler` trace of a few steps as Chrome's JSON, which Perfetto and chrome://tracing open.

Each layer's stretch carries its path, so that a kernel can be found in the network.
"""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resviz.profiling.devices import pick
from resviz.profiling.measure import protocol_of
from resviz.profiling.prepare import prepared
from resviz.profiling.protocol import Protocol
from resviz.progress import Report, silent

if TYPE_CHECKING:
    from resviz.arch import ResNetConfig
    from resviz.profiling.prepare import Bench

STEPS = 3
"""Steps in a trace: enough to see that they are alike, few enough to open quickly."""
WARMUP = 3


def trace(
    config: "ResNetConfig",
    *,
    device: str | None = None,
    batch: int | None = None,
    protocol: Protocol | str | None = None,
    report: Report = silent,
) -> str:
    """Return the trace of STEPS eager steps as JSON text. Raises ProfilingError or ConfigError."""
    from torch.profiler import ProfilerActivity, profile, record_function, supported_activities

    chosen = pick(device)
    steps = protocol_of(protocol, chosen.type)
    steps = steps if batch is None else steps.with_(batch=batch)
    every: Any = supported_activities  # torch ships no types for it
    kinds = {ProfilerActivity.CPU} if chosen.type == "cpu" else every()
    with prepared(config, steps, chosen, report=report) as bench:
        for done in range(WARMUP):
            report("warm-up", done, WARMUP)
            bench.eager()
        handles = _named(bench)
        bench.clock.synchronize()
        with profile(activities=kinds, record_shapes=True) as seen:
            for done in range(STEPS):
                report("tracing", done, STEPS)
                with record_function(f"{config.name} step {done}"):
                    bench.eager()
            bench.clock.synchronize()
        for handle in handles:
            handle.remove()
        report("writing", 0, 1)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "trace.json"
            seen.export_chrome_trace(str(path))
            return path.read_text(encoding="utf-8")


def _named(bench: "Bench") -> list[Any]:
    """Have every layer's stretch recorded under its path; return the hooks' handles."""
    from torch.profiler import record_function

    handles: list[Any] = []
    for path, _ in bench.network.walk():
        stretch: list[Any] = []

        def before(_module: Any, _args: Any, path: str = path, stretch: list[Any] = stretch) -> None:
            opened: Any = record_function(path)
            stretch.append(opened.__enter__())

        def after(_module: Any, _args: Any, _output: Any, stretch: list[Any] = stretch) -> None:
            stretch.pop().__exit__(None, None, None)

        module = bench.module.get_submodule(path)
        handles += [module.register_forward_pre_hook(before), module.register_forward_hook(after)]
    return handles
