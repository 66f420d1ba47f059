"""How long a picture takes: at every size, and beside torchview with Graphviz's dot on the same nets.

    python -m benchmarks.draw [--rounds 20]

Each figure is the median of the rounds after a warm-up, in milliseconds, from the expanded network to the SVG
text; the torch modules that torchview needs are built before its clock starts. torchview is no requirement of
ours: `pip install torchview` and Graphviz's program for the comparison.
"""

import argparse
import importlib.util
import shutil
from collections.abc import Callable
from statistics import median
from time import perf_counter

from resviz.arch import PRESETS, Network, expand, preset
from resviz.diagram import Detail, draw

NETS = ("resnet18", "resnet50", "resnet152", "preact_resnet1001_cifar10", "resnet1202_cifar10")
COMPARED = ("resnet18", "resnet50", "resnet152")


def timed(act: Callable[[], object], rounds: int) -> float:
    """The median of the rounds, milliseconds."""
    act()
    times = []
    for _ in range(rounds):
        start = perf_counter()
        act()
        times.append(perf_counter() - start)
    return 1000 * median(times)


def ours(network: Network, detail: Detail) -> Callable[[], str]:
    return lambda: draw(network, detail).svg


def torchview_and_dot(name: str) -> Callable[[], object]:
    """The graph of torchview at the depth that shows every operation, laid out by dot and written as SVG."""
    import torch
    from torchview import draw_graph

    from resviz.nn import build

    config = preset(name)
    with torch.device("meta"):
        module = build(config)
    size = (1, *config.input)
    return lambda: draw_graph(module, input_size=size, device="meta", depth=10).visual_graph.pipe(format="svg")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    print("Network to SVG, ms (median)")
    print(f"{'':<28}" + "".join(f"{detail:>12}" for detail in Detail) + f"{'nodes':>9}")
    for name in NETS:
        network = expand(preset(name))
        figures = [timed(ours(network, detail), rounds) for detail in Detail]
        nodes = len(draw(network, Detail.OPERATIONS).nodes)
        print(f"{name:<28}" + "".join(f"{figure:12.2f}" for figure in figures) + f"{nodes:9,}")
    slowest = max((timed(ours(expand(known.config), Detail.BLOCKS), 5), name) for name, known in PRESETS.items())
    print(f"\nblocks level, slowest of {len(PRESETS)} presets: {slowest[0]:.2f} ms ({slowest[1]})")
    if not importlib.util.find_spec("torchview") or not shutil.which("dot"):
        print("\nNo comparison: it needs `pip install torchview` and Graphviz's program dot on the PATH.")
        return
    print(f"\nEvery operation, ms (median)\n{'':<28}{'resviz':>12}{'torchview':>12}{'times':>9}")
    for name in COMPARED:
        own = timed(ours(expand(preset(name)), Detail.OPERATIONS), rounds)
        other = timed(torchview_and_dot(name), 3)
        print(f"{name:<28}{own:12.2f}{other:12.1f}{other / own:9.0f}")


if __name__ == "__main__":
    main()
