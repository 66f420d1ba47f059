"""The code of an experiment: what to type in Python to get it again, and the steps that were run."""

import inspect

from resviz.training.experiment import Experiment
from resviz.training.small import is_small


def example(experiment: Experiment) -> str:
    """Return Python that trains an experiment and prints what came of it."""
    small = all(map(is_small, experiment.nets))
    nets = (
        ", ".join(f"net({each.name!r})" for each in experiment.nets)
        if small
        else ", ".join(f"ResNetConfig(**{each.to_dict()!r})" for each in experiment.nets)
    )
    names = "Experiment, net, train" if small else "Experiment, train"
    start = "" if small else "from resviz import ResNetConfig\n"
    return (
        f"{start}from resviz.training import {names}\n\n"
        f"experiment = Experiment(\n    nets=({nets},),\n    epochs={experiment.epochs},\n"
        f"    seeds={experiment.seeds!r},\n    rate={experiment.rate!r},\n    batch={experiment.batch},\n)\n"
        "for row in train(experiment).rows:\n"
        "    print(row.net.name, row.mean, row.spread)\n"
    )


def source() -> str:
    """Return the source of the training steps."""
    from resviz.training import loop

    return f"{inspect.getsource(loop.points)}\n\n{inspect.getsource(loop.evaluate)}"
