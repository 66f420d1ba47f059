"""Memory: bytes of weights, of feature maps at inference, and of what training keeps.

The model is PyTorch's, eager, as `resviz.nn` builds the network:

- weights: parameters and the running statistics of BatchNorm;
- inference: the most bytes of feature maps that are alive at once; beside what a layer reads and writes
  those are the picture, the input of the running stage and the input of the running block;
- training: what the backward pass needs of the forward pass, each tensor once. A convolution, a linear
  layer and a normalisation keep their input, a ReLU its output (which it writes over its input), a max
  pool the places of its maxima, a dropout its mask; additions keep nothing.

A mask depends on the device: a byte an element on CUDA; on the CPU, which multiplies by it, a number.

Attention among tokens is counted as PyTorch's plain operator keeps it, scores included; a fused one on CUDA keeps
less. Gradients of feature maps and the scratch space of libraries come on top and are not counted.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import prod

from resviz.arch import Network, UnknownNameError
from resviz.arch.operation import Batch
from resviz.errors import unknown
from resviz.report.storage import Usage, run_block, run_layers

ITEM = {"float32": 4, "float16": 2, "bfloat16": 2}
"""Bytes of a number, by its type."""
MASK = {"cpu": None, "cuda": 1}
"""Bytes of an element of a dropout's mask, by the device; None is those of a number."""
COUNTER = 8
"""Bytes of BatchNorm's count of the batches it has seen."""
STATES = {"none": 0, "SGD": 0, "SGD with momentum": 1, "Adam": 2}
"""Numbers that an optimiser keeps for each parameter."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes: of weights with their buffers, of feature maps at inference, of what training keeps."""

    weights: int
    inference: int
    kept: int
    gradients: int
    optimiser: int

    @property
    def to_infer(self) -> int:
        """What inference takes."""
        return self.weights + self.inference

    @property
    def to_train(self) -> int:
        """What a training step takes when the backward pass begins."""
        return self.weights + self.kept + self.gradients + self.optimiser


def memory(
    network: Network,
    batch: int = 1,
    dtype: str = "float32",
    optimiser: str = "SGD with momentum",
    device: str = "cpu",
) -> Memory:
    """Return the bytes that a network takes for a batch in a number type, with an optimiser, on a device.

    Only dropout's masks differ from device to device. Raises UnknownNameError for a type that is not in `ITEM`,
    an optimiser that is not in `STATES` or a device that is not in `MASK`.
    """
    asked = (("dtype", dtype, ITEM), ("optimiser", optimiser, STATES), ("device", device, MASK))
    for what, name, known in asked:
        if name not in known:
            raise UnknownNameError(unknown(what, name, known))
    item = ITEM[dtype]
    params = item * network.params
    parts = list(_parts(network, Batch(batch, item, MASK[device] or item)))
    return Memory(
        weights=weight_bytes(network, item),
        inference=max(held + part.peak for part, held in parts),
        kept=_kept((part for part, _ in parts), item * batch * prod(network.input)),
        gradients=params,
        optimiser=STATES[optimiser] * params,
    )


def weight_bytes(network: Network, item: int = 4) -> int:
    """Return the bytes of parameters and buffers at ``item`` bytes a number."""
    total = 0
    for layer, count in network.tally():
        numbers, counters = layer.op.buffers
        total += count * (item * (layer.params + numbers) + COUNTER * counters)
    return total


def _parts(network: Network, batch: Batch) -> Iterator[tuple[Usage, int]]:
    """Yield the parts in order, each with the bytes held beside it: the picture and its stage's input.

    What is a part's own input is not held beside it: the picture is the stem's, or without a stem the first
    stage's; a stage's input is its first block's.
    """
    picture = batch.bytes(network.input)
    if network.stem:
        yield run_layers(network.stem, batch, hold=True), 0
    for number, stage in enumerate(network.stages):
        outside = picture if number or network.stem else 0
        entering = batch.bytes(stage.in_shape)
        for run in stage.runs:
            part = run_block(run.block, batch)
            for index in range(run.start, run.start + run.count):
                # Without a stem the very first block reads the picture, which needs no gradient.
                reads_picture = not (network.stem or number or index)
                usage = run_block(run.block, batch, picture=True) if reads_picture else part
                yield usage, outside + (entering if index else 0)
    yield run_layers(network.head, batch, hold=False), picture


def _kept(parts: Iterable[Usage], picture: int) -> int:
    """Return the bytes that training keeps; what passes from part to part counts once, if either keeps it."""
    total, size, kept = 0, picture, False
    for part in parts:
        total += part.kept
        kept = kept or part.keeps_input
        if part.output is not None:
            total += size * kept
            size, kept = part.output, part.keeps_output
    return total + size * kept
