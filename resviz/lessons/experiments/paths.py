"""Experiments on paths: how many lead through a residual net, how long they are, how many stochastic depth keeps."""

from math import comb

from resviz.arch import expand
from resviz.arch.links import decode
from resviz.lessons import curves
from resviz.lessons.controls import Settings, Slider
from resviz.lessons.experiment import Experiment
from resviz.lessons.experiments.pictures import facts
from resviz.lessons.shown import Chart, Shown, drawn
from resviz.report import formatting as fmt

MOST = 0.95
"""The share of all paths that is marked."""


def middle(units: int, share: float = MOST) -> tuple[int, int]:
    """Return the shortest and the longest length of the middle paths that make up at least a share of all."""
    total, low, high = 2**units, units // 2, units - units // 2
    count = sum(comb(units, length) for length in range(low, high + 1))
    while count < share * total:
        low, high = low - 1, high + 1
        count += comb(units, low) + comb(units, high)
    return low, high


def lengths(settings: Settings) -> Shown:
    """Show how many paths lead through each number of branches."""
    units = int(settings["units"])
    counts = {length: comb(units, length) / 2**units for length in range(units + 1)}
    low, high = middle(units)
    figure = curves.bars(counts, "branches on the path", "share of all paths", frozenset(range(low, high + 1)))
    known = {
        "units": str(units),
        "paths": fmt.exact(2**units) if units < 64 else f"{2**units:.3g}",
        "low": str(low),
        "high": str(high),
        "mean": f"{units / 2:g}",
    }
    return Shown((Chart(figure, f"Lengths of the paths through {units} blocks"),), known)


def kept(settings: Settings) -> Shown:
    """Show the probability that a unit of a net keeps its branch while it is trained."""
    rate = int(settings["percent"]) / 100
    config = decode("resnet110_cifar10")[0].with_(drop_path_rate=rate)
    rates = expand(config).drop_path_rates
    figure = curves.lines({"kept": tuple(1 - each for each in rates)}, "block", "probability of being kept", log=False)
    figure.update_yaxes(range=[0, 1.05])
    known = {
        "expected": f"{sum(1 - each for each in rates):.1f}",
        "units": str(len(rates)),
        "last": fmt.percent(1 - rates[-1], 0),
    }
    return Shown((Chart(figure, "Probability of each block"),), known)


def three(settings: Settings) -> Shown:
    """Show a net of three units."""
    config = decode("resnet18")[0].with_(name="three blocks", depths=(3,), widths=(64,), stage_strides=(1,))
    net = expand(config)
    return Shown((drawn(net, config=config, unfold=("layer1",)),), facts(net))


EXPERIMENTS = {
    "lengths": Experiment(show=lengths, controls={"units": Slider("Blocks", 1, 120)}),
    "kept": Experiment(show=kept, controls={"percent": Slider("Last block is dropped, %", 0, 90)}),
    "three": Experiment(show=three),
}
"""Experiments on paths, by name."""
