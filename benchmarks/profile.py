"""Our CPU median beside `torch.utils.benchmark`'s on the same module and input, in one run.

Both time single forward passes, step by step in turns, so that a machine that changes its pace changes it for
both. Fails where the ratio of the medians is further from 1 than TOLERANCE; on a busy machine it does not judge.

    python -m benchmarks.profile [--steps 100] [--threads 1] [NET …]
"""

import argparse
import sys
from statistics import median

import torch
from torch.utils.benchmark import Timer

from resviz.arch import find
from resviz.profiling.prepare import prepared
from resviz.profiling.protocol import Protocol
from resviz.profiling.statistics import SPREAD_LIMIT, Summary, summarise
from resviz.profiling.timing import time_steps

NETS = ("resnet20_cifar10", "resnet18", "resnet50")
TOLERANCE = 0.03
WARMUP = 5
TORCHS_WARMUP = 2  # untimed calls that `timeit` makes before it times; ours makes as many


def measure(name: str, steps: int, threads: int) -> tuple[Summary, float]:
    """Return our samples' summary and torch's median, in seconds, for batch 1."""
    with prepared(find(name).config, Protocol(batch=1, threads=threads), torch.device("cpu")) as bench:
        timer = Timer("step()", globals={"step": bench.step}, num_threads=threads)
        ours: list[float] = []
        theirs: list[float] = []
        time_steps(bench.step, bench.clock, warmup=WARMUP, steps=1)
        for _ in range(steps):
            ours += time_steps(bench.step, bench.clock, warmup=TORCHS_WARMUP, steps=1)
            theirs.append(timer.timeit(1).median)
    return summarise(ours), median(theirs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("nets", nargs="*", default=NETS, metavar="NET")
    parser.add_argument("--steps", type=int, default=100, help="timed steps of each")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads; 1 is the steadiest on a shared machine")
    options = parser.parse_args()
    far = busy = False
    print(f"torch {torch.__version__}, threads: {options.threads}, batch 1, {options.steps} steps each")
    print(f"{'net':<20} {'resviz ms':>10} {'torch ms':>10} {'ratio':>7} {'spread':>7}")
    for name in options.nets:
        ours, theirs = measure(name, options.steps, options.threads)
        ratio = ours.median / theirs
        far |= abs(ratio - 1) > TOLERANCE
        busy |= ours.spread > SPREAD_LIMIT
        print(f"{name:<20} {ours.median * 1e3:>10.3f} {theirs * 1e3:>10.3f} {ratio:>7.3f} {ours.spread:>7.0%}")
    if busy:
        print(f"The samples spread over more than {SPREAD_LIMIT:.0%}: the machine was busy, so nothing is judged.")
    elif far:
        sys.exit(f"further from 1 than {TOLERANCE:.0%}")


if __name__ == "__main__":
    main()
