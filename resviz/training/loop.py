"""Training itself: stochastic gradient descent on the digits, one run after another, on one thread of the CPU.

One thread, because a run then gives the same numbers to the bit whatever else the machine does, and these nets are
too small to gain from more. The same seed gives every net the same order of pictures.
"""

import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version
from time import monotonic

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from resviz.arch import ResNetConfig
from resviz.errors import Stopped
from resviz.nn import build
from resviz.progress import Report, silent
from resviz.training.digits import Digits, digits
from resviz.training.experiment import MOMENTUM, PARTS, TRAIN, WEIGHT_DECAY, Experiment
from resviz.training.result import MOST_LOSS, CurvePoint, Result, Run, RunEnding, Versions, moment
from resviz.training.weights import keep

Watch = Callable[[Result], None]


class _OutOfTime(Exception):
    """The time limit has passed."""


def unseen(result: Result) -> None:
    """Show to nobody."""


def train(
    experiment: Experiment,
    *,
    report: Report = silent,
    watch: Watch = unseen,
    clock: Callable[[], float] = monotonic,
) -> Result:
    """Return what training an experiment's nets from its seeds gives.

    ``report`` is called before every step and may raise Stopped; ``watch`` is shown what there is at every new point.
    Stopped, and the experiment's time limit by ``clock`` (seconds), end it with what there is.
    """
    import resviz

    versions = Versions(
        resviz.__version__, torch.__version__, version("scikit-learn"), platform.python_version(), platform.machine()
    )
    result = Result(experiment, versions, moment(), ended="running")
    until = clock() + experiment.limit
    total = experiment.runs * experiment.steps
    with one_thread():
        for number, (seed, net) in enumerate((seed, net) for seed in experiment.seeds for net in experiment.nets):

            def tell(
                step: int, before: int = number * experiment.steps, name: str = net.name, seed: int = seed
            ) -> None:
                report(f"{name}, seed {seed}, step", before + step, total)
                if clock() > until:
                    raise _OutOfTime

            so_far = [result]

            def show(run: Run, before: Result = result, so_far: list[Result] = so_far) -> None:
                so_far[0] = replace(before, runs=(*before.runs, run))
                watch(so_far[0])

            try:
                run = train_net(net, experiment, seed, tell=tell, show=show, clock=clock)
            except (Stopped, _OutOfTime) as reason:
                return replace(so_far[0], ended="stopped" if isinstance(reason, Stopped) else "out of time")
            result = replace(result, runs=(*result.runs, run))
    return replace(result, ended="all trained")


def train_net(
    net: ResNetConfig,
    experiment: Experiment,
    seed: int,
    *,
    tell: Callable[[int], None],
    show: Callable[[Run], None] = lambda run: None,
    clock: Callable[[], float] = monotonic,
) -> Run:
    """Train a net from a seed by an experiment's settings, keep its weights (`resviz.training.weights`).

    ``tell`` is called before each step, with its number, and may raise; ``show`` is given the run at each new point.
    """
    begun = clock()
    run = Run(net.name, seed, (), 0.0, "cut short")
    with drawing(seed):
        module = build(net, device="cpu", seed=seed)
        ended: RunEnding = "trained"
        for point in points(module, digits(), experiment, seed, tell):
            if point is None:
                ended = "diverged"
                break
            run = replace(run, points=(*run.points, point), seconds=clock() - begun)
            show(run)
    keep(net, experiment, seed, module)
    return replace(run, seconds=clock() - begun, ended=ended)


def points(
    module: nn.Module, data: Digits, experiment: Experiment, seed: int, tell: Callable[[int], None]
) -> Iterator[CurvePoint | None]:
    """Train a module; yield a point before the first step and PARTS in each epoch, None where the loss is no number."""
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.SGD(module.parameters(), lr=0.0, momentum=MOMENTUM, weight_decay=WEIGHT_DECAY)
    per_epoch = experiment.steps // experiment.epochs
    marks = {per_epoch * part // PARTS for part in range(1, PARTS + 1)}
    yield _point(module, data, 0.0, None)
    step, losses = 0, []
    for epoch in range(experiment.epochs):
        module.train()
        order = torch.randperm(TRAIN, generator=generator)
        for number, batch in enumerate(torch.split(order, experiment.batch), start=1):
            tell(step)
            for group in optimiser.param_groups:
                group["lr"] = experiment.rate_at(step)
            loss = F.cross_entropy(module(data.train_images[batch]), data.train_labels[batch])
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch's own signature
            optimiser.step()
            losses.append(loss.item())
            step += 1
            if number in marks:
                yield _point(module, data, epoch + number / per_epoch, sum(losses) / len(losses))
                losses.clear()
                module.train()


def _point(module: nn.Module, data: Digits, epoch: float, training_loss: float | None) -> CurvePoint | None:
    loss, accuracy = evaluate(module, data.test_images, data.test_labels)
    values = (loss, training_loss or 0.0)
    return CurvePoint(epoch, training_loss, loss, accuracy) if all(value < MOST_LOSS for value in values) else None


def evaluate(module: nn.Module, images: Tensor, labels: Tensor) -> tuple[float, float]:
    """Return the mean cross-entropy (nats) and the share that is recognised; the module is left in `eval` mode."""
    module.eval()
    with torch.inference_mode():
        logits = module(images)
        loss = F.cross_entropy(logits, labels).item()
        return loss, (logits.argmax(1) == labels).double().mean().item()


@contextmanager
def one_thread() -> Iterator[None]:
    """Have torch compute on one thread within."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


@contextmanager
def drawing(seed: int) -> Iterator[None]:
    """Let what torch draws within, for dropout and stochastic depth, come from a seed; its generator stays."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        yield
