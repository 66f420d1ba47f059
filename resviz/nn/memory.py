"""How much memory a run would take, known before anything is allocated, and the operator's limit on it.

The limit is ``RESVIZ_MEMORY_LIMIT``, a number of bytes with an optional unit (``2 GB``, ``500MiB``); without
it, half of the machine's memory. It guards this process's own memory; a device's is its own guard.
"""

import os
import re
from math import prod

from resviz.arch import Network
from resviz.arch.ops import BatchNorm2d, BlurPool2d
from resviz.nn.errors import MemoryLimitError
from resviz.report.formatting import size

VARIABLE = "RESVIZ_MEMORY_LIMIT"
FLOAT, LONG = 4, 8
"""Bytes of a float32 and of BatchNorm's int64 count of batches."""
UNITS = {"": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12, "kib": 2**10, "mib": 2**20, "gib": 2**30}
SHARE = 0.5
"""The share of the machine's memory that one run may take where the operator says nothing."""


def weight_bytes(network: Network) -> int:
    """Return the bytes of the module's parameters and buffers in float32, exactly."""
    total = 0
    for layer, count in network.tally():
        match layer.op:
            case BatchNorm2d(channels):
                buffers = 2 * channels * FLOAT + LONG
            case BlurPool2d(channels):
                buffers = 9 * channels * FLOAT
            case _:
                buffers = 0
        total += count * (FLOAT * layer.params + buffers)
    return total


def activation_bytes(network: Network, batch: int = 1) -> int:
    """Return the most bytes of feature maps that inference holds at once, in float32.

    While a layer runs that is its input and its output and, within a block, the block's input, which the
    skip still needs. A library's scratch space comes on top.
    """
    ends = [prod(layer.in_shape) + prod(layer.out_shape) for layer in (*network.stem, *network.head)]
    inside = (
        prod(run.block.in_shape) + prod(layer.in_shape) + prod(layer.out_shape)
        for stage in network.stages
        for run in stage.runs
        for layer in run.block.layers()
    )
    return batch * FLOAT * max(*ends, *inside)


def kept_bytes(network: Network, batch: int = 1) -> int:
    """Return the bytes of every layer's output together, which a run that shows them all holds, in float32."""
    return batch * FLOAT * sum(count * layer.elements for layer, count in network.tally())


def forward_bytes(network: Network, batch: int = 1) -> int:
    """Return the bytes that one inference pass needs: weights and feature maps."""
    return weight_bytes(network) + activation_bytes(network, batch)


def limit() -> int:
    """Return the most bytes one run may take. Raises MemoryLimitError where the variable cannot be read."""
    text = os.environ.get(VARIABLE, "").strip()
    if not text:
        return int(SHARE * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([a-z]*)", text.lower())
    if found is None or found[2] not in UNITS:
        raise MemoryLimitError(f"{VARIABLE} is {text!r}; it is a number with an optional unit, as in 2 GB or 500 MiB.")
    return int(float(found[1]) * UNITS[found[2]])


def ensure_fits(need: int, what: str) -> None:
    """Raise MemoryLimitError, a sentence for people, where ``need`` bytes exceed the limit."""
    allowed = limit()
    if need > allowed:
        raise MemoryLimitError(
            f"{what} would take {size(need)} of memory and the limit is {size(allowed)}; take a "
            f"smaller network, input or batch, or raise {VARIABLE}."
        )
