"""How wide each line of a picture is by the tensor it carries: bands to lie under the lines, on demand."""

from math import prod, sqrt

from resviz.arch.layers import leaves
from resviz.arch.network import Network
from resviz.diagram.drawing import Drawing
from resviz.diagram.levels import span_path

WIDEST = 22.0
"""Pixels of the widest band."""


def tensor_sizes(network: Network) -> dict[str, int]:
    """Return the output elements for one image by path: of each layer, block, folded run and stage, and the input."""
    sizes = {"input": prod(network.input)}
    for layer in (*network.stem, *network.head):
        sizes[layer.name] = prod(layer.out_shape)
    for stage in network.stages:
        sizes[stage.name] = sizes[f"{stage.name}.add"] = prod(stage.out_shape)
        for run in stage.runs:
            singles = [f"{stage.name}.{index}" for index in range(run.start, run.start + run.count)]
            for path in (*singles, span_path(stage, run.start, run.count)):
                sizes[path] = sizes[f"{path}.add"] = prod(run.block.out_shape)
                for layer in (*leaves(run.block.pre), *run.block.layers(), *leaves(run.block.post)):
                    sizes[f"{path}.{layer.name}"] = prod(layer.out_shape)
    return sizes


def line_widths(drawing: Drawing, network: Network, before: int | None = None) -> list[float]:
    """Return the width in pixels of each line's band, 0 where its tensor is not known.

    Lines are in the order of the picture's SVG, where those of the main path and its arms come first. A width is in
    proportion to the square root of the tensor's elements: a map of half the side and twice the channels has half the
    elements and is 0.71 times as wide. ``before``, for a part of a picture, are the elements that come into it from
    what is not drawn; its widths are held against the network's largest tensor, not against the part's.
    """
    sizes = tensor_sizes(network)
    if before is None:
        most = max((sizes.get(edge.tail, 0) for edge in drawing.edges), default=0) or 1
    else:
        most, shown = max(sizes.values()), {node.path for node in drawing.nodes}
        sizes |= {edge.tail: before for edge in drawing.edges if edge.tail not in shown}
    in_order = sorted(drawing.edges, key=lambda edge: edge.role not in ("trunk", "arm"))
    return [
        round(WIDEST * sqrt(sizes[edge.tail] / most), 1) if edge.tail in sizes and edge.role != "gate" else 0.0
        for edge in in_order
    ]
