"""How fast a network is analysed, as ratios within one run: `python -m benchmarks.analyze [rounds]`.

- expansion and stage table of ResNet-152 against torchinfo.summary and fvcore's FlopCountAnalysis of the
  built module, which are given the module for nothing: every block made anew, and blocks made before reused;
- totals of the 1202-layer CIFAR net against the 20-layer one's, every block made anew;
- the shell's `summary resnet50` in seconds of CPU beyond those of an empty Python.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import torch
import torchinfo
from fvcore.nn import FlopCountAnalysis

from resviz.arch import Network, ResNetConfig, expand, preset
from resviz.arch.expand import made_block, made_stage
from resviz.nn import build
from resviz.report.stages import stage_rows

DEEP, SHALLOW = "resnet1202_cifar10", "resnet20_cifar10"


def seconds(run: Callable[[], object], rounds: int) -> float:
    """Median time of a call after one that does not count."""
    run()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def anew(config: ResNetConfig) -> Network:
    """The expanded network, every block of it made anew."""
    made_block.cache_clear()
    made_stage.cache_clear()
    return expand(config)


def cpu_seconds(*args: str) -> float:
    """User and system time of a Python process."""
    before = os.times()
    subprocess.run([sys.executable, *args], check=True, capture_output=True)
    after = os.times()
    return (after.children_user - before.children_user) + (after.children_system - before.children_system)


def against_tools(rounds: int) -> None:
    config = preset("resnet152")
    module, image = build(config, seed=0).eval(), torch.zeros(1, *config.input)

    def tools() -> None:
        torchinfo.summary(module, input_data=image, verbose=0)
        FlopCountAnalysis(module, image).unsupported_ops_warnings(False).uncalled_modules_warnings(False).total()

    ours = seconds(lambda: stage_rows(anew(config)), 20 * rounds)
    again = seconds(lambda: stage_rows(expand(config)), 20 * rounds)
    theirs = seconds(tools, rounds)
    print(f"resnet152: expand and stage table {ours * 1e3:.2f} ms, torchinfo and fvcore {theirs * 1e3:.0f} ms")
    print(f"  {theirs / ours:.0f} times faster (aim: at least 100); with blocks made before {theirs / again:.0f} times")


def deep_against_shallow(rounds: int) -> None:
    def totals(name: str) -> Callable[[], object]:
        config = preset(name)

        def run() -> object:
            network = anew(config)
            return network.params, network.macs, network.activations

        return run

    # Turn by turn, so that whatever else the machine does falls on both.
    deep, shallow = totals(DEEP), totals(SHALLOW)
    pairs = [(seconds(deep, 5), seconds(shallow, 5)) for _ in range(4 * rounds)]
    print(f"totals: {DEEP} over {SHALLOW} {statistics.median(d / s for d, s in pairs):.2f} (aim: at most 2)")


def shell(rounds: int) -> None:
    empty = statistics.median(cpu_seconds("-c", "pass") for _ in range(rounds))
    summary = statistics.median(cpu_seconds("-m", "resviz", "summary", "resnet50") for _ in range(rounds))
    print(f"summary resnet50: {summary - empty:.3f} s of CPU beyond `python -c pass` (aim: under 0.5)")


def main(rounds: int) -> None:
    against_tools(rounds)
    deep_against_shallow(rounds)
    shell(rounds)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
