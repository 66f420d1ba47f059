"""The summary: what a network amounts to, as plain data for JSON and as text for a person."""

from typing import Any

from resviz.arch.network import Network
from resviz.arch.ops import Kind
from resviz.report import formatting

FLOAT32 = 4
"""Bytes of one weight."""


def summary(network: Network) -> dict[str, Any]:
    """Return a network's totals and its stages as plain data.

    ``macs`` are the multiply-accumulates of convolutions and linear layers for one image, ``flops`` twice
    as many; ``activations`` are the elements those layers put out. Shapes are ``[C, H, W]``.
    """
    return {
        "name": network.name,
        "input": list(network.input),
        "params": network.params,
        "macs": network.macs,
        "flops": network.flops,
        "activations": network.activations,
        "depth": network.depth,
        "n_conv": network.count(Kind.CONV),
        "n_linear": network.count(Kind.LINEAR),
        "n_norm": network.count(Kind.NORM),
        "shortcuts": network.shortcuts._asdict(),
        "stages": [
            {
                "name": stage.label,
                "output": list(stage.out_shape),
                "blocks": len(stage.blocks),
                "params": stage.params,
                "macs": stage.macs,
            }
            for stage in network.stages
        ],
    }


def summary_lines(network: Network) -> tuple[tuple[str, str], ...]:
    """Return the same totals for a person: what it is, and its figure with unit and convention."""
    shortcuts, macs = network.shortcuts, network.macs
    return (
        ("input", formatting.shape(network.input)),
        ("parameters", f"{formatting.exact(network.params)} ({formatting.short(network.params)})"),
        ("MACs", f"{formatting.exact(macs)} ({formatting.short(macs)}; convolutions and linear layers, one image)"),
        ("FLOPs", f"{formatting.exact(network.flops)} ({formatting.short(network.flops)}; 2 x MACs)"),
        ("activations", f"{formatting.exact(network.activations)} (outputs of those layers)"),
        ("weighted layers", f"{network.depth} (main path and classifier)"),
        (
            "layers",
            f"{network.count(Kind.CONV)} conv, {network.count(Kind.LINEAR)} linear, {network.count(Kind.NORM)} norm",
        ),
        ("shortcuts", f"{shortcuts.solid + shortcuts.dashed}, {shortcuts.dashed} of them dashed"),
        ("weights", f"{formatting.size(FLOAT32 * network.params)} in float32"),
    )
