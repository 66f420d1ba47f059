"""Receptive field: how much of the picture a position of each layer sees along the main path.

Araujo et al. 2019, "Computing Receptive Fields of Convolutional Neural Networks", Distill: with the jump
``j`` (pixels between neighbouring positions) the size grows by ``(k - 1) * d * j`` at a window of kernel
``k`` and dilation ``d``, then the jump by the stride. The main path is stem, then of each block what comes
before, in and after the branch, then head: the longest path, so a shortcut never sees more. Attention
units look at the whole map and are left out, as is the effect of the edges.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from resviz.arch.layers import Layer
from resviz.arch.network import Network
from resviz.arch.ops import GlobalAvgPool2d, Kind

SOURCE = "Araujo et al. 2019, Distill, doi:10.23915/distill.00021"


@dataclass(frozen=True, slots=True)
class Field:
    """The receptive field of one layer under its full path.

    ``size`` is in pixels of the picture, along height and width; ``jump`` is how many pixels lie between
    neighbouring positions; ``start`` is the centre of the first position's field, the picture's first pixel
    having its centre at 0. ``covers`` is the share of the picture's longer side, at most 1.
    """

    name: str
    kind: Kind
    size: int
    jump: int
    start: float
    covers: float


def fields(network: Network) -> tuple[Field, ...]:
    """Return the receptive field of each layer of the main path, in order.

    The global pool counts as one window over its whole input.
    """
    rows = []
    side = max(network.input[1:])
    size, jump, start = 1, 1, 0.0
    for name, layer in _main_path(network):
        if isinstance(layer.op, GlobalAvgPool2d):
            reach = max(layer.in_shape[1:]) - 1
            size, start = size + reach * jump, start + reach / 2 * jump
        elif layer.op.window is not None:
            kernel, stride, padding, dilation = layer.op.window
            reach = (kernel - 1) * dilation
            size, start = size + reach * jump, start + (reach / 2 - padding) * jump
            jump *= stride
        rows.append(Field(name, layer.kind, size, jump, start, min(size / side, 1.0)))
    return tuple(rows)


def last_field(network: Network) -> Field:
    """Return the receptive field of the feature map that the global pool reads."""
    rows = fields(network)
    return rows[[row.name for row in rows].index("avgpool") - 1]


def _main_path(network: Network) -> Iterator[tuple[str, Layer]]:
    for layer in network.stem:
        yield layer.name, layer
    for path, block in network.blocks():
        for chain in (block.pre, block.branch, block.post):
            for node in chain:
                if isinstance(node, Layer):
                    yield f"{path}.{node.name}", node
    for layer in network.head:
        yield layer.name, layer
