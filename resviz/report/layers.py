"""The layer table: one row for each layer, in the order of torchvision's forward, with its derivation."""

from dataclasses import dataclass
from typing import Any

from resviz.arch.network import Network
from resviz.arch.operation import Kind, Shape


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
        kernel, stride, padding = layer.op.geometry or (None, None, None)
        rows.append(
            LayerRow(
                name=name,
                kind=layer.kind,
                label=layer.op.label,
                kernel=kernel,
                stride=stride,
                padding=padding,
                groups=layer.op.grouping,
                bias=layer.op.biased,
                in_shape=layer.in_shape,
                out_shape=layer.out_shape,
                params=layer.params,
                macs=layer.macs,
                activations=layer.activations,
                params_derivation=layer.op.params_formula.replace(" + ", "+"),
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
