"""Our CPU median beside `torch.utils.benchmark`'s on the same module and input, in one run.

Both time single forward passes, step by step in turns, so that a machine that changes its pace changes it for
both. Fails where the ratio of the medians is further from 1 than TOLERANCE.

    python -m benchmarks.profile [--steps 100] [NET …]
"""

import argparse
import sys
from statistics import median

import torch
from torch.utils.benchmark import Timer

from resviz.arch import find
from resviz.profiling.prepare import prepared
from resviz.profiling.protocol import Protocol
from resviz.profiling.timing import time_steps

NETS = ("resnet20_cifar10", "resnet18", "resnet50")
TOLERANCE = 0.03
WARMUP = 5
TORCHS_WARMUP = 2  # untimed calls that `timeit` makes before it times; ours makes as many


def ratio(name: str, steps: int) -> tuple[float, float]:
    """Return our median and torch's, in seconds, for batch 1."""
    with prepared(find(name).config, Protocol(batch=1), torch.device("cpu")) as bench:
        timer = Timer("step()", globals={"step": bench.step}, num_threads=torch.get_num_threads())
        ours: list[float] = []
        theirs: list[float] = []
        time_steps(bench.step, bench.clock, warmup=WARMUP, steps=1)
        for _ in range(steps):
            ours += time_steps(bench.step, bench.clock, warmup=TORCHS_WARMUP, steps=1)
            theirs.append(timer.timeit(1).median)
    return median(ours), median(theirs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("nets", nargs="*", default=NETS, metavar="NET")
    parser.add_argument("--steps", type=int, default=100, help="timed steps of each")
    options = parser.parse_args()
    far = False
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads, batch 1, {options.steps} steps each")
    print(f"{'net':<20} {'resviz ms':>10} {'torch ms':>10} {'ratio':>7}")
    for name in options.nets:
        ours, theirs = ratio(name, options.steps)
        far |= abs(ours / theirs - 1) > TOLERANCE
        print(f"{name:<20} {ours * 1e3:>10.3f} {theirs * 1e3:>10.3f} {ours / theirs:>7.3f}")
    sys.exit(f"further from 1 than {TOLERANCE:.0%}" if far else 0)


if __name__ == "__main__":
    main()
