"""The layer table: one row for each layer, in the order of torchvision's forward, with its derivation."""

from dataclasses import dataclass
from typing import Any

from resviz.arch.network import Network
from resviz.arch.ops import BatchNorm2d, ChannelConv1d, Conv2d, GroupNorm, Kind, Linear, Op, Shape, times


@dataclass(frozen=True, slots=True)
class LayerRow:
    """One layer under its full path; what does not apply to its kind is None.

    ``kernel``, ``stride`` and ``padding`` are pixels, equal in height and width. ``params_derivation``
    and ``macs_derivation`` are the products behind ``params`` and ``macs``, empty where those are zero.
    """

    name: str
    kind: Kind
    label: str
    kernel: int | None
    stride: int | None
    padding: int | None
    groups: int | None
    bias: bool | None
    in_shape: Shape
    out_shape: Shape
    params: int
    macs: int
    activations: int
    params_derivation: str
    macs_derivation: str


def layer_rows(network: Network) -> tuple[LayerRow, ...]:
    """Return one row a layer; within a block the main path comes first, then the shortcut."""
    rows = []
    for name, layer in network.walk():
        kernel, stride, padding = _window(layer.op)
        rows.append(
            LayerRow(
                name=name,
                kind=layer.kind,
                label=layer.op.label,
                kernel=kernel,
                stride=stride,
                padding=padding,
                groups=_groups(layer.op),
                bias=_bias(layer.op),
                in_shape=layer.in_shape,
                out_shape=layer.out_shape,
                params=layer.params,
                macs=layer.macs,
                activations=layer.activations,
                params_derivation=params_derivation(layer.op),
                macs_derivation=layer.derivation,
            )
        )
    return tuple(rows)


def layer_records(network: Network) -> list[dict[str, Any]]:
    """Return the layer table as plain data; shapes are lists, what does not apply is None."""
    return [
        {
            "name": row.name,
            "kind": str(row.kind),
            "kernel": row.kernel,
            "stride": row.stride,
            "padding": row.padding,
            "groups": row.groups,
            "bias": row.bias,
            "in_shape": list(row.in_shape),
            "out_shape": list(row.out_shape),
            "params": row.params,
            "macs": row.macs,
        }
        for row in layer_rows(network)
    ]


def params_derivation(op: Op) -> str:
    """Return the product behind an operation's parameters, ``3*3*64*64``, its bias added: ``2048*1000+1000``."""
    match op:
        case Conv2d():
            factors = (op.kernel_size, op.kernel_size, op.in_channels // op.groups, op.out_channels)
            return times(factors) + (f"+{op.out_channels}" if op.bias else "")
        case ChannelConv1d():
            return str(op.kernel_size)
        case Linear():
            return times((op.in_features, op.out_features)) + (f"+{op.out_features}" if op.bias else "")
        case BatchNorm2d():
            return times((2, op.num_features))
        case GroupNorm():
            return times((2, op.num_channels))
        case _:  # whatever else there is has nothing to learn
            return ""


def _window(op: Op) -> tuple[int | None, int | None, int | None]:
    """Return kernel, stride and padding."""
    if isinstance(op, ChannelConv1d):  # it slides along channels, not along the picture
        return op.kernel_size, 1, op.kernel_size // 2
    return op.window[:3] if op.window else (None, None, None)


def _groups(op: Op) -> int | None:
    match op:
        case Conv2d():
            return op.groups
        case ChannelConv1d():
            return 1
        case _:
            return None


def _bias(op: Op) -> bool | None:
    match op:
        case Conv2d() | Linear():
            return op.bias
        case ChannelConv1d():
            return False
        case _:
            return None
