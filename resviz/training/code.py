"""The code of an experiment: what to type in Python to get it again, and the steps that were run."""

import inspect

from resviz.training.experiment import Experiment
from resviz.training.small import is_small


def example(experiment: Experiment) -> str:
    """Return Python that trains an experiment and prints what came of it."""
    small = all(map(is_small, experiment.nets))
    nets = [
        f'net("{each.name}")' if small else f"ResNetConfig.from_dict({each.to_dict()!r})" for each in experiment.nets
    ]
    lines = [
        *([] if small else ["from resviz import ResNetConfig"]),
        f"from resviz.training import Experiment, {'net, ' if small else ''}train",
        "",
        "experiment = Experiment(",
        "    nets=(",
        *(f"        {each}," for each in nets),
        "    ),",
        f"    epochs={experiment.epochs},",
        f"    seeds={experiment.seeds!r},",
        f"    rate={experiment.rate!r},",
        f"    batch={experiment.batch},",
        ")",
        "for row in train(experiment).rows:",
        "    print(row.net.name, row.mean, row.spread)",
    ]
    return "\n".join(lines) + "\n"


def source() -> str:
    """Return the source of the training steps."""
    from resviz.training import loop

    return f"{inspect.getsource(loop.points)}\n\n{inspect.getsource(loop.evaluate)}"
