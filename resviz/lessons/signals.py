"""What a signal and its gradient become on the way through an untrained net, unit by unit: one pass, forth and back.

The batch is random: pixels from a normal distribution, labels from a uniform one. The seed fixes both and the
weights, so that a run can be repeated.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional, init

from resviz.arch import ResNetConfig, expand
from resviz.nn import build
from resviz.nn.limits import ensure_buildable
from resviz.progress import Report, silent
from resviz.training.loop import drawing, one_thread


@dataclass(frozen=True, slots=True)
class Trace:
    """Per unit, in order: mean and standard deviation of its output, and two norms of the loss's gradient.

    ``gradient`` is that by the unit's output, all pictures together; ``weight`` that by its first convolution's
    weight.
    """

    mean: tuple[float, ...]
    deviation: tuple[float, ...]
    gradient: tuple[float, ...]
    weight: tuple[float, ...]


def trace(config: ResNetConfig, *, seed: int = 0, batch: int = 16, start: str = "he", report: Report = silent) -> Trace:
    """Return the trace of one random batch in training mode. ``report`` is called at each unit, forth and back.

    Weights start He-normal with fan-out, or where ``start`` is ``torch`` as PyTorch's layers do, uniform within
    1 / sqrt(fan-in).
    """
    network = expand(config)
    ensure_buildable(network)
    module = build(config, device="cpu", seed=seed).train()
    generator = torch.Generator().manual_seed(seed)
    if start == "torch":
        _as_torch_starts(module, generator)
    pictures = torch.randn(batch, *config.input, generator=generator)
    labels = torch.randint(config.num_classes, (batch,), generator=generator)
    units = [module.get_submodule(path) for path, _ in network.blocks()]
    count = 2 * len(units)
    mean, deviation, gradient = ([0.0] * len(units) for _ in range(3))
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        report(config.name, min(done, count), count)

    def watch(index: int) -> Any:
        def passed(unit: nn.Module, taken: tuple[Tensor, ...], given: Tensor) -> None:
            step()
            mean[index], deviation[index] = given.mean().item(), given.std().item()
            given.register_hook(lambda grad: returned(index, grad))  # type: ignore[no-untyped-call]

        return passed

    def returned(index: int, grad: Tensor) -> None:
        step()
        gradient[index] = grad.norm().item()

    for index, unit in enumerate(units):
        unit.register_forward_hook(watch(index))
    with one_thread(), drawing(seed):  # small maps: more threads cost more than they give, the more so under load
        functional.cross_entropy(module(pictures), labels).backward()  # type: ignore[no-untyped-call]
    weight = tuple(_first(unit) for unit in units)
    return Trace(tuple(mean), tuple(deviation), tuple(gradient), weight)


def _first(unit: nn.Module) -> float:
    """Return the norm of the gradient by a unit's first convolution's weight; 0 for one without."""
    conv = next((module for module in unit.modules() if isinstance(module, nn.Conv2d)), None)
    grad = None if conv is None else conv.weight.grad
    return 0.0 if grad is None else grad.norm().item()


def _as_torch_starts(module: nn.Module, generator: torch.Generator) -> None:
    for layer in module.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            init.kaiming_uniform_(layer.weight, a=sqrt(5), generator=generator)
            if layer.bias is not None:
                bound = 1 / sqrt(layer.weight[0].numel())
                init.uniform_(layer.bias, -bound, bound, generator=generator)
