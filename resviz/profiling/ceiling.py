"""What a device reaches, measured: one large matrix product and one large copy.

The roof of a roofline where no maker prints one, which is every CPU.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from resviz.profiling.protocol import PRECISIONS, Protocol
from resviz.profiling.result import Ceiling

if TYPE_CHECKING:
    import torch

    from resviz.profiling.timing import Clock

SIDES = {"cpu": 1024}
"""Side of the square matrices; an accelerator takes SIDE."""
SIDE = 8192
COPIED = {"cpu": 64 * 2**20}
"""Bytes of the copied array, beyond any cache; an accelerator takes MOST."""
MOST = 512 * 2**20
TIMES = 6
"""Runs of each, the first not counted; the best is what the device can do."""


def ceiling(device: "torch.device", protocol: Protocol, clock: "Clock") -> Ceiling:
    """Return the MACs/s of a matrix product in the protocol's precision and the bytes/s of a copy."""
    import torch

    dtype = getattr(torch, PRECISIONS[protocol.precision].dtype)
    side, size = SIDES.get(device.type, SIDE), COPIED.get(device.type, MOST)
    left, right = (torch.ones(side, side, dtype=dtype, device=device) for _ in range(2))
    product = torch.empty_like(left)
    multiply = _best(lambda: torch.mm(left, right, out=product), clock)
    source = torch.ones(size, dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    copy = _best(lambda: target.copy_(source), clock)
    return Ceiling(macs_per_second=side**3 / multiply, bytes_per_second=2 * size / copy)


def _best(work: Callable[[], object], clock: "Clock") -> float:
    """Return the seconds of the fastest run."""
    from resviz.profiling.timing import time_steps

    return min(time_steps(work, clock, warmup=1, steps=TIMES - 1))
