"""How large the gradient is at each layer: what reaches the first layers of a plain and of a residual net.

The norm is that of the loss's gradient by a convolution's weight (L2, over all its elements), for the mean
cross-entropy of 256 training pictures, with batch statistics as in training. Convolutions of shortcuts are left out.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from resviz.arch import Network, ResNetConfig, expand
from resviz.arch.layers import leaves
from resviz.arch.operation import Kind
from resviz.progress import Report, silent
from resviz.training.looks import GRADIENT_PICTURES, Subject

if TYPE_CHECKING:
    from torch import nn

    from resviz.training.experiment import Experiment

When = Literal["at initialisation", "after training"]


@dataclass(frozen=True, slots=True)
class LayerGradient:
    """The norm of the gradient of one layer's weight."""

    path: str
    norm: float


@dataclass(frozen=True, slots=True)
class Gradients:
    """The norms along a net's main path, from the input on."""

    subject: Subject
    when: When
    layers: tuple[LayerGradient, ...]

    @property
    def span(self) -> float | None:
        """The first layer's norm over the last's: above 1 gradients grow towards the input, below 1 they fade."""
        last = self.layers[-1].norm
        return self.layers[0].norm / last if last else None


def at_initialisation(net: ResNetConfig, seed: int) -> Gradients:
    """Return a net's gradients before the first step."""
    from resviz.nn import build
    from resviz.training.loop import drawing, one_thread

    with one_thread(), drawing(seed):
        module = build(net, device="cpu", seed=seed)
        return Gradients(Subject(net.name, seed), "at initialisation", norms(module, expand(net)))


def gradients(experiment: "Experiment", seed: int, *, report: Report = silent) -> tuple[Gradients, ...]:
    """Return the gradients of an experiment's nets before and after training from a seed."""
    from resviz.training.loop import drawing, one_thread
    from resviz.training.trained import trained

    found = []
    for number, net in enumerate(experiment.nets):
        report(f"gradients of {net.name}", number, len(experiment.nets))
        found.append(at_initialisation(net, seed))
        module = trained(net, experiment, seed, report=report)
        with one_thread(), drawing(seed):
            found.append(Gradients(Subject(net.name, seed), "after training", norms(module, expand(net))))
    return tuple(found)


def norms(module: "nn.Module", network: Network) -> tuple[LayerGradient, ...]:
    """Return the norm of the gradient at each convolution of the main path; the module's own gradients are cleared."""
    import torch
    from torch.nn import functional as F

    from resviz.training.digits import digits

    data = digits()
    module.train()
    loss = F.cross_entropy(module(data.train_images[:GRADIENT_PICTURES]), data.train_labels[:GRADIENT_PICTURES])
    paths = main_path(network)
    weights = [module.get_parameter(f"{path}.weight") for path in paths]
    found = torch.autograd.grad(loss, weights)
    return tuple(
        LayerGradient(path, torch.linalg.vector_norm(each.double()).item())
        for path, each in zip(paths, found, strict=True)
    )


def main_path(network: Network) -> tuple[str, ...]:
    """Return the paths of the convolutions from input to classifier, those of shortcuts left out."""
    stem = [layer.name for layer in leaves(network.stem) if layer.kind is Kind.CONV]
    blocks = [
        f"{path}.{layer.name}"
        for path, block in network.blocks()
        for layer in leaves((*block.pre, *block.branch))
        if layer.kind is Kind.CONV
    ]
    return (*stem, *blocks)
