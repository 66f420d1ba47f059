"""A training step as it is timed: forward pass, cross-entropy, backward pass, SGD with momentum.

In the order of a usual loop: the old gradients are given back once the loss is known, so that they are held
during the forward pass, as `resviz.report.memory` counts them. The learning rate is 0: the update does all its
arithmetic and changes nothing, so that no run diverges, however many steps it has. FP16 by autocast scales the
loss, as training in it needs (`torch.amp.GradScaler`); weights converted to 16 bits are trained as they are.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from copy import copy
from math import prod
from typing import TYPE_CHECKING, Any

from resviz.arch import Network
from resviz.arch.layers import Arms, Chain, Gate, Layer
from resviz.arch.ops import BatchNorm2d
from resviz.profiling.protocol import PRECISIONS, Protocol
from resviz.report.memory import ITEM, Memory, memory

if TYPE_CHECKING:
    import torch
    from torch import nn

OPTIMISER = "SGD with momentum"
"""As `resviz.report.memory` names it."""
MOMENTUM = 0.9


class TrainingStep:
    """A training step on fixed pictures and labels; called, it runs once, and tells ``mark`` where each part ends."""

    def __init__(
        self,
        module: "nn.Module",
        images: "torch.Tensor",
        labels: "torch.Tensor",
        cast: Callable[[], AbstractContextManager[Any]],
        *,
        scaled: bool,
    ) -> None:
        import torch

        self._module, self._images, self._labels, self._cast = module, images, labels, cast
        self._optimiser = torch.optim.SGD(module.parameters(), lr=0.0, momentum=MOMENTUM)
        self._scaler = torch.amp.GradScaler(images.device.type, enabled=scaled)

    def __call__(self, mark: Callable[[], object] = lambda: None) -> None:
        """Run one step."""
        from torch.nn import functional

        with self._cast():
            scores = self._module(self._images).flatten(1)
            loss = functional.cross_entropy(scores.float(), self._labels)
        mark()
        self._optimiser.zero_grad(set_to_none=True)
        self._scaler.scale(loss).backward()  # type: ignore[no-untyped-call]  # torch's own signature
        mark()
        self._scaler.step(self._optimiser)
        self._scaler.update()
        mark()

    def through(self, module: "nn.Module") -> "TrainingStep":
        """Return the same step, its optimiser and so its momentum included, by another form of its module."""
        step = copy(self)
        step._module = module
        return step

    def held(self) -> "Iterator[torch.Tensor]":
        """Yield what is held from step to step beside the module and the pictures."""
        yield self._labels
        for parameter in self._module.parameters():
            if parameter.grad is not None:
                yield parameter.grad
            yield from (value for value in self._optimiser.state[parameter].values() if hasattr(value, "numel"))


def classes(network: Network) -> int:
    """Return how many scores a network gives for a picture."""
    end = network.head[-1].out_shape if network.head else network.stages[-1].out_shape
    return prod(end)


def least_batch(network: Network, protocol: Protocol) -> int:
    """Return the smallest batch a step runs with: BatchNorm in training needs two values a channel."""
    single = any(isinstance(layer.op, BatchNorm2d) and prod(layer.out_shape[1:]) == 1 for layer, _ in network.tally())
    return 2 if single and protocol.step == "train" else 1


def training_macs(network: Network) -> int:
    """Return a training step's MACs for one picture: three passes, but no gradient for the picture itself.

    The forward pass, and the backward pass once for weights and once for maps; those of the layers that read the
    picture need no map's gradient.
    """
    first = network.stages[0].blocks[0]
    chains = (network.stem,) if network.stem else first.chains
    return 3 * network.macs - sum(layer.macs for chain in chains for layer in _readers(chain))


def _readers(chain: Chain) -> Iterator[Layer]:
    """Yield the layers with weights that a chain's input reaches before any other such layer."""
    for node in chain:
        match node:
            case Layer():
                if node.macs:
                    yield node
                if node.params:
                    return
            case Gate():
                yield from _readers(node.chain)
            case Arms():
                for arm in node.arms:
                    yield from _readers(arm)
                return


def training_memory(network: Network, protocol: Protocol, device: str) -> int:
    """Return the bytes of a training step as its backward pass begins, on a device of a type, from the tree.

    Autocast keeps weights, gradients and the optimiser's numbers in single precision, and a copy of the weights
    of convolutions and linear layers in 16 bits for the backward pass.
    """
    precision = PRECISIONS[protocol.precision]
    on = "cuda" if device == "cuda" else "cpu"

    def counted(dtype: str) -> Memory:
        return memory(network, protocol.batch, dtype, OPTIMISER, on)

    if not precision.autocast:
        return counted(precision.dtype).to_train
    whole, half = counted("float32"), counted(precision.dtype)
    copies = sum(layer.params * count for layer, count in network.tally() if layer.macs) * ITEM[precision.dtype]
    return whole.to_train - whole.kept + half.kept + copies
