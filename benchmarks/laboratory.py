"""The laboratory's numbers, from their seeds: accuracies, gradients by depth, blocks deleted and swapped, landscapes.

`python -m benchmarks.laboratory` prints each with the time it took and the machine's load; `--quick` leaves the
landscapes out. The same seeds give the same numbers on one machine and torch; times are this machine's.
"""

import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import fmean
from time import perf_counter

import torch

from resviz.report.tables import Form, write
from resviz.training import net, train
from resviz.training.experiment import classic
from resviz.training.gradients import at_initialisation
from resviz.training.landscape import landscapes
from resviz.training.surgery import deletions, swaps
from resviz.training.tables import outcome_table

DEPTHS = (8, 20, 56, 110, 200)
"""Depths of the form 6n + 2, from the least to the most."""


@contextmanager
def timed(what: str) -> Iterator[None]:
    print(f"\n{what}")
    start = perf_counter()
    yield
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(f"  {perf_counter() - start:.1f} s{load}")


def gradients() -> None:
    print(f"  {'net':24} {'first':>10} {'middle':>10} {'last':>10} {'first/last':>11}")
    for norm in ("", "-nobn"):
        for kind in ("plain", "residual"):
            for depth in DEPTHS:
                found = at_initialisation(net(f"{kind}-{depth}{norm}"), seed=0)
                norms = [layer.norm for layer in found.layers]
                span = f"{found.span:.3g}" if found.span is not None else "last is 0"
                print(
                    f"  {found.subject.net:24} {norms[0]:10.3g} {norms[len(norms) // 2]:10.3g} "
                    f"{norms[-1]:10.3g} {span:>11}"
                )


def main(quick: bool) -> None:
    print(f"torch {torch.__version__}, Python {platform.python_version()}, {os.cpu_count()} cores, one thread used")
    experiment = classic()
    with timed(f"{experiment.command}"):
        print(write(outcome_table(train(experiment)), Form.TEXT))
    with timed("Gradient norms at initialisation, seed 0"):
        gradients()
    with timed("Test accuracy without one block, seed 0"):
        for each in deletions(experiment, 0):
            left = [block.accuracy for block in each.blocks if block.accuracy is not None]
            print(
                f"  {each.subject.net:12} whole {each.whole:.1%}; without one of {len(left)} blocks: "
                f"mean {fmean(left):.1%}, lowest {min(left):.1%}"
            )
    with timed("Test accuracy with two blocks of a stage swapped, seed 0"):
        for each in swaps(experiment, 0):
            if each.pairs:
                found = [pair.accuracy for pair in each.pairs]
                print(
                    f"  {each.subject.net:12} whole {each.whole:.1%}; {len(found)} pairs: mean {fmean(found):.1%}, "
                    f"lowest {min(found):.1%}"
                )
    if quick:
        return
    with timed("Loss landscapes, 21 x 21, seed 0"):
        for plane in landscapes(experiment, 0):
            row = plane.losses[len(plane.at) // 2]
            near = sum(loss is not None and loss < 1 for line in plane.losses for loss in line)
            print(
                f"  {plane.subject.net:12} centre {plane.centre:.3g}, ends of the row {row[0]:.3g} and {row[-1]:.3g}, ",
                end="",
            )
            print(f"{near} of {len(plane.at) ** 2} points below 1 nat")


if __name__ == "__main__":
    main("--quick" in sys.argv[1:])
