"""Where the time goes: per block and per layer, in a run of its own.

Instruments cost time, so no sample of the result comes from this run. Plain steps, steps with marks around
blocks and steps with marks around layers take turns, so that a machine that changes its pace changes it
for all three, and the sum over blocks can be held against the plain step.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import TYPE_CHECKING, Any

from resviz.arch import Network
from resviz.profiling.result import Breakdown, LayerTime
from resviz.profiling.timing import uncollected
from resviz.progress import Report, silent

if TYPE_CHECKING:
    from resviz.profiling.prepare import Bench

ROUNDS = 20
"""Most rounds; the median of so many is steady, and a step costs three here."""
WARMUP = 2

Marks = list[tuple[str, Any, Any]]


def units(network: Network) -> tuple[str, ...]:
    """Return the paths that a step consists of: the stem's layers, every block, the head's layers."""
    ends = [[layer.name for layer in part] for part in (network.stem, network.head)]
    return (*ends[0], *(path for path, _ in network.blocks()), *ends[1])


def break_down(bench: "Bench", *, steps: int, report: Report = silent) -> Breakdown:
    """Return the median time of every block and layer over at most ROUNDS instrumented eager steps."""
    rounds = min(steps, ROUNDS)
    kinds: dict[str, tuple[str, ...]] = {
        "plain": (),
        "blocks": units(bench.network),
        "layers": tuple(path for path, _ in bench.network.walk()),
    }
    totals: dict[str, list[tuple[Any, Any]]] = {kind: [] for kind in kinds}
    inner: dict[str, list[Marks]] = {kind: [] for kind in kinds}
    clock = bench.clock
    for _ in range(WARMUP):
        bench.eager()
    clock.synchronize()
    with uncollected():
        for done in range(rounds):
            report("per layer", done, rounds)
            for kind, paths in kinds.items():
                marks: Marks = []
                with marked(bench, paths, marks):
                    start = clock.mark()
                    bench.eager()
                    totals[kind].append((start, clock.mark()))
                inner[kind].append(marks)
        clock.synchronize()

    def seconds(pairs: Iterable[tuple[Any, Any]]) -> float:
        return median(clock.seconds(start, end) for start, end in pairs)

    return Breakdown(
        steps=rounds,
        plain=seconds(totals["plain"]),
        total=seconds(totals["layers"]),
        blocks=_medians(bench, kinds["blocks"], inner["blocks"]),
        layers=_medians(bench, kinds["layers"], inner["layers"]),
    )


def _medians(bench: "Bench", paths: tuple[str, ...], rounds: list[Marks]) -> tuple[LayerTime, ...]:
    """Return each path's median over the rounds; what ran twice within a step counts with its sum."""
    samples: dict[str, list[float]] = defaultdict(list)
    for marks in rounds:
        step: dict[str, float] = defaultdict(float)
        for path, start, end in marks:
            step[path] += bench.clock.seconds(start, end)
        for path, spent in step.items():
            samples[path].append(spent)
    return tuple(LayerTime(path=path, seconds=median(samples[path])) for path in paths if path in samples)


@contextmanager
def marked(bench: "Bench", paths: Iterable[str], marks: Marks) -> Iterator[None]:
    """Have the modules at some paths leave a mark when they start and when they end."""
    handles, started = [], {}
    clock = bench.clock

    def watch(path: str) -> None:
        module = bench.module.get_submodule(path)

        def before(_module: Any, _args: Any) -> None:
            started[path] = clock.mark()

        def after(_module: Any, _args: Any, _output: Any) -> None:
            marks.append((path, started[path], clock.mark()))

        handles.append(module.register_forward_pre_hook(before))
        handles.append(module.register_forward_hook(after))

    try:
        for path in paths:
            watch(path)
        yield
    finally:
        for handle in handles:
            handle.remove()


def additions(breakdown: Breakdown, network: Network) -> dict[str, float]:
    """Return the seconds of every addition by path, `layer1.0.add`: what its block took beyond its layers.

    An attention unit's multiplication has no layer either and counts with it.
    """
    layers = {layer.path: layer.seconds for layer in breakdown.layers}
    whole = {block.path: block.seconds for block in breakdown.blocks}
    return {
        f"{path}.add": max(whole[path] - sum(layers.get(f"{path}.{layer.name}", 0.0) for layer in block.layers()), 0.0)
        for path, block in network.blocks()
        if block.merge is not None and path in whole
    }
