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

from collections.abc import Sequence
from dataclasses import dataclass, replace

from resviz.arch import Network, UnknownNameError
from resviz.arch.network import Stage
from resviz.arch.operation import Batch
from resviz.errors import unknown
from resviz.report.checkpointing import checkpointed
from resviz.report.storage import Usage, run_block, run_layers

ITEM = {"float32": 4, "float16": 2, "bfloat16": 2}
"""Bytes of a number, by its type."""
MASK = {"cpu": None, "cuda": 1}
"""Bytes of an element of a dropout's mask, by the device; None is those of a number."""
MOST_BATCH = 2**20
"""The largest batch that is looked for."""
COUNTER = 8
"""Bytes of BatchNorm's count of the batches it has seen."""
STATES = {"none": 0, "SGD": 0, "SGD with momentum": 1, "Adam": 2}
"""Numbers that an optimiser keeps for each parameter."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes: of weights with their buffers, of feature maps at inference, of what training keeps.

    ``again`` is what comes on top of ``kept`` where the part that takes most is run again (checkpointing).
    """

    weights: int
    inference: int
    kept: int
    gradients: int
    optimiser: int
    again: int = 0

    @property
    def to_infer(self) -> int:
        """What inference takes."""
        return self.weights + self.inference

    @property
    def to_train(self) -> int:
        """What a training step takes when most is kept: as the backward pass begins, or a part is run again."""
        return self.weights + self.kept + self.again + self.gradients + self.optimiser


def memory(
    network: Network,
    batch: int = 1,
    dtype: str = "float32",
    optimiser: str = "SGD with momentum",
    device: str = "cpu",
    checkpoint: str = "none",
) -> Memory:
    """Return the bytes that a network takes for a batch in a number type, with an optimiser, on a device.

    ``checkpoint`` names the parts that keep their input alone (`resviz.report.checkpointing`).
    Only dropout's masks differ from device to device. Raises UnknownNameError for a type that is not in `ITEM`,
    an optimiser that is not in `STATES` or a device that is not in `MASK`.
    """
    if optimiser not in STATES:
        raise UnknownNameError(unknown("optimiser", optimiser, STATES))
    size = sized(batch, dtype, device)
    item = ITEM[dtype]
    params = item * network.params
    use = usage(network, size)
    kept, again = use.kept, 0
    if checkpoint != "none":
        saved = checkpointed(network, size, checkpoint)
        kept, again = saved.kept, saved.peak - saved.kept
    return Memory(
        weights=weight_bytes(network, item),
        inference=use.peak,
        kept=kept,
        gradients=params,
        optimiser=STATES[optimiser] * params,
        again=again,
    )


def largest_batch(network: Network, room: int, *, training: bool, **how: str) -> int:
    """Return the largest batch of up to MOST_BATCH that fits into a room of bytes, 0 where not one picture does.

    ``how`` is as `memory` takes it: dtype, optimiser, device, checkpoint.
    """

    def fits(batch: int) -> bool:
        need = memory(network, batch, **how)
        return (need.to_train if training else need.to_infer) <= room

    if fits(MOST_BATCH):
        return MOST_BATCH
    low, high = 0, 1
    while fits(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low


def weight_bytes(network: Network, item: int = 4) -> int:
    """Return the bytes of parameters and buffers at ``item`` bytes a number."""
    total = 0
    for layer, count in network.tally():
        numbers, counters = layer.op.buffers
        total += count * (item * (layer.params + numbers) + COUNTER * counters)
    return total


def sized(batch: int, dtype: str, device: str = "cpu") -> Batch:
    """Return a batch with the bytes of a number and of a mask's element. Raises UnknownNameError."""
    for what, name, known in (("dtype", dtype, ITEM), ("device", device, MASK)):
        if name not in known:
            raise UnknownNameError(unknown(what, name, known))
    return Batch(batch, ITEM[dtype], MASK[device] or ITEM[dtype])


def usage(network: Network, batch: Batch) -> Usage:
    """Return what a forward pass does to memory; ``kept`` is all that the backward pass needs, the picture included."""
    stem = run_layers(network.stem, batch, hold=True) if network.stem else None
    stages = [
        stage_usage(stage, batch, picture=not (network.stem or number)) for number, stage in enumerate(network.stages)
    ]
    return joined(stem, stages, run_layers(network.head, batch, hold=False), batch.bytes(network.input))


def joined(stem: Usage | None, stages: Sequence[Usage], head: Usage, picture: int) -> Usage:
    """Return what the parts of a network do in a row; the ``picture``, in bytes, is held beside all but the first."""
    first, *rest = ([stem] if stem else []) + [*stages, head]
    for each in rest:
        first = first.then(each, picture)
    return replace(first, kept=first.kept + picture * first.keeps_input)


def stage_usage(stage: Stage, batch: Batch, *, picture: bool = False) -> Usage:
    """Return what a stage does to memory; its input is held to its end.

    ``picture`` means that its first block reads the picture, which needs no gradient.
    """
    entering = batch.bytes(stage.in_shape)
    total: Usage | None = None
    for run in stage.runs:
        use, count = run_block(run.block, batch), run.count
        if total is None and picture:
            total, count = run_block(run.block, batch, picture=True), count - 1
        if count:
            total = use.repeated(count, entering) if total is None else total.then(use.repeated(count, 0), entering)
    assert total is not None
    return total
