"""Many visitors at once, over real websockets: each changes a depth or the preset once a second.

`python -m benchmarks.load 30` opens 30 sessions for 30 seconds on a server of its own, client and server on this
machine, and prints a line: how long a change took until the server said that it was done, how many failed, what the
server took. `--address` asks a server that runs already, and then tells nothing of its CPU and memory.
"""

import argparse
import asyncio
import random
import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from statistics import median, quantiles

import psutil

from scripts.live import serve
from scripts.sessions import Session

USUAL = (1, 10, 30)
"""Sessions, where the command line names no number."""
NETS = ("resnet18", "resnet34", "resnet50", "resnet101", "preact_resnet164_cifar10", "seresnet50", "wrn28_10_cifar10")
DEPTHS = (1, 9)


@dataclass(slots=True)
class Tally:
    """What the sessions met: seconds of each change, failures in words, seconds until all had their first page."""

    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    opened: float = 0.0


async def visit(address: str, number: int, opened: asyncio.Barrier, seconds: float, tally: Tally) -> None:
    """One visitor: opens a network of their own, waits for the others, then changes something each second."""
    chance = random.Random(number)
    began = time.perf_counter()
    async with Session(address, f"net={NETS[number % len(NETS)]}&v=1") as session:
        await session.run()
        tally.opened = max(tally.opened, time.perf_counter() - began)
        await opened.wait()
        await asyncio.sleep(chance.random())  # people do not press at the same moment
        end = time.perf_counter() + seconds
        while (start := time.perf_counter()) < end:
            if chance.random() < 0.5:
                took = await session.press("resviz.presets", act="pick", name=chance.choice(NETS))
                session.forget("Blocks, conv2_x")  # a preset brings depths of its own
            else:
                took = await session.set("Blocks, conv2_x", "double_value", chance.randint(*DEPTHS))
            tally.seconds.append(took)
            await asyncio.sleep(max(0.0, 1.0 - (time.perf_counter() - start)))
        tally.failures += session.exceptions


async def load(address: str, sessions: int, seconds: float) -> Tally:
    """All visitors at once."""
    tally, opened = Tally(), asyncio.Barrier(sessions)
    visits = (visit(address, number, opened, seconds, tally) for number in range(sessions))
    for error in await asyncio.gather(*visits, return_exceptions=True):
        if error is not None:
            tally.failures.append(f"{type(error).__name__}: {error}")
    return tally


def measure(address: str, sessions: int, seconds: float, server: psutil.Process | None) -> Tally:
    """Load the server and print a line of the table."""
    before, peak, start = _cpu(server), [_memory(server)], time.perf_counter()

    async def watched() -> Tally:
        async def watch() -> None:
            while True:
                peak.append(_memory(server))
                await asyncio.sleep(0.5)

        watching = asyncio.create_task(watch())
        try:
            return await load(address, sessions, seconds)
        finally:
            watching.cancel()

    tally = asyncio.run(watched())
    cpu = (_cpu(server) - before) / (time.perf_counter() - start)
    some = tally.seconds or [0.0]
    late = quantiles(some, n=20)[-1] if len(some) > 1 else some[0]
    own = f"{cpu:>9.0%} {max(peak) / 1e6:>9.0f}" if server else f"{'':>9} {'':>9}"
    print(
        f"{sessions:>8} {median(some) * 1e3:>9.0f} {late * 1e3:>9.0f} {len(tally.seconds) / seconds:>9.1f} "
        f"{len(tally.failures):>9} {tally.opened:>9.1f} {own}",
        flush=True,
    )
    for failure in tally.failures[:3]:
        print(f"         {failure[:200]}", flush=True)
    return tally


def _cpu(server: psutil.Process | None) -> float:
    return sum(server.cpu_times()[:2]) if server else 0.0


def _memory(server: psutil.Process | None) -> int:
    return server.memory_info().rss if server else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sessions", nargs="*", type=int, default=list(USUAL))
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--address", help="of a server that runs already, such as http://127.0.0.1:8501")
    options = parser.parse_args()
    heads = ("sessions", "median ms", "p95 ms", "changes/s", "failures", "all open s", "CPU", "peak MB")
    print(" ".join(f"{head:>9}" for head in heads)[1:])
    there = set(psutil.Process().children())
    with nullcontext(options.address) if options.address else serve() as address:
        started = [child for child in psutil.Process().children() if child not in there]
        server = None if options.address else started[0]
        failed = [measure(address, sessions, options.seconds, server).failures for sessions in options.sessions]
    if any(failed):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
