"""What tools count of one layer besides its multiply-accumulates."""

from collections.abc import Callable
from math import prod

from resviz.arch.layers import Arms, Layer
from resviz.arch.ops import (
    AvgPool2d,
    BatchNorm2d,
    BlurPool2d,
    ChannelConv1d,
    ChannelNorm,
    Conv2d,
    GlobalAvgPool2d,
    GroupNorm,
    Kind,
    Linear,
    MaxPool2d,
)
from resviz.arch.tokens import SelfAttention


def elements_of(op: type[BatchNorm2d | GroupNorm | ChannelNorm], each: int) -> Callable[[Layer], int]:
    """Return what counts an output of an operation so often an element."""
    return lambda layer: each * layer.elements if isinstance(layer.op, op) else 0


def pooled(layer: Layer) -> int:
    """Return the elements that a global average pool reads; 0 for another layer."""
    return prod(layer.in_shape) if isinstance(layer.op, GlobalAvgPool2d) else 0


def read_by(*ops: type) -> Callable[[Layer], int]:
    """Return what counts the elements that some operations read."""
    return lambda layer: prod(layer.in_shape) if isinstance(layer.op, ops) else 0


def keeps_size(layer: Layer) -> bool:
    """Return whether it is the size-keeping pool of a dilated shortcut, which is a class of its own."""
    return isinstance(layer.op, AvgPool2d) and layer.op.same


def thop_pool(layer: Layer) -> int:
    """Return what thop counts for a pool that averages."""
    counts = isinstance(layer.op, AvgPool2d | GlobalAvgPool2d) and not keeps_size(layer)
    return pooled(layer) + layer.elements * counts


def own_conv(layer: Layer) -> int:
    """Return the MACs of a convolution along the channels, which a tool does not see, as what is to be taken off."""
    return -layer.macs if isinstance(layer.op, ChannelConv1d) else 0


PTFLOPS_ACTIVATIONS = {"nn.ReLU": 2, "nn.GELU": 2, "nn.LeakyReLU": 1, "nn.SiLU": 1}
"""How often ptflops counts an element of an activation: once as a layer, once as the function it calls."""


def ptflops_activation(layer: Layer) -> int:
    """Return what ptflops counts for an activation."""
    return PTFLOPS_ACTIVATIONS.get(layer.op.torch.name, 0) * layer.elements


def ptflops_pool(layer: Layer) -> int:
    """Return what ptflops counts for a pool."""
    if isinstance(layer.op, AvgPool2d) and layer.op.same:  # only the function it calls, on the padded map
        channels, height, width = layer.in_shape
        return channels * (height + layer.op.kernel_size - 1) * (width + layer.op.kernel_size - 1)
    return 2 * read_by(MaxPool2d, AvgPool2d, GlobalAvgPool2d)(layer)


def blur(layer: Layer) -> int:
    """Return the multiply-accumulates of a blur pool."""
    return 9 * layer.elements if isinstance(layer.op, BlurPool2d) else 0


def attention(layer: Layer) -> int:
    """Return the multiply-accumulates of queries with keys, and of their softmax with values."""
    channels, tokens, _ = layer.out_shape if isinstance(layer.op, SelfAttention) else (0, 0, 0)
    return 2 * tokens * tokens * channels


def biases(layer: Layer) -> int:
    """Return the additions of a bias."""
    return layer.elements if isinstance(layer.op, Conv2d | Linear) and layer.op.bias else 0


def norm_params(layer: Layer) -> int:
    """Return the parameters of a normalisation."""
    return layer.params if layer.kind is Kind.NORM else 0


def scale_params(layer: Layer) -> int:
    """Return the parameters of a learnt scale."""
    return layer.params if layer.kind is Kind.SCALE else 0


def products(arms: Arms) -> int:
    """Return the multiply-accumulates of attention pooling, where arms meet."""
    return arms.join.products(arms.in_shape)


def one_position(layer: Layer) -> int:
    """Return what a convolution along the channels has for one position over its MACs."""
    return layer.params - layer.macs if isinstance(layer.op, ChannelConv1d) else 0
