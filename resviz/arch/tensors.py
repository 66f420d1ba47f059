"""The tensors of a network's state_dict, by name and shape, read off the tree: what a file of its weights holds.

Names are the module's own (`resviz.nn.build`): a layer's path and the tensor's name. The counters of batches that
BatchNorm keeps are left out, for old files lack them.
"""

from collections.abc import Iterable

from resviz.arch.layers import Layer
from resviz.arch.network import Network
from resviz.arch.operation import Shape
from resviz.arch.tree import Block

Shapes = dict[str, Shape]
"""Shapes by a tensor's name."""


def layer_tensors(layers: Iterable[Layer]) -> Shapes:
    """Return the tensors of layers."""
    return {f"{layer.name}.{name}": shape for layer in layers for name, shape in layer.op.tensors}


def block_tensors(block: Block) -> Shapes:
    """Return the tensors of a block, named from the block on: ``conv1.weight``."""
    return layer_tensors(block.layers())


def network_tensors(network: Network) -> Shapes:
    """Return every tensor of a network: ``layer1.0.conv1.weight``."""
    made = layer_tensors(network.stem)
    for stage in network.stages:
        for run in stage.runs:
            inner = block_tensors(run.block)
            for index in range(run.start, run.start + run.count):
                made |= {f"{stage.name}.{index}.{name}": shape for name, shape in inner.items()}
    return made | layer_tensors(network.head)
