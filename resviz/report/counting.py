"""Named ways of counting a network's operations, all over the same layers.

Papers and tools mean different things by FLOPs. A convention is the MACs of the headline and the named
parts that it counts besides, so that it can be told step by step. Each follows the tool in its source to
the unit, for one image through the network in evaluation mode.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import prod

from resviz.arch.entries import HE2015, Entry
from resviz.arch.layers import Arms, Layer, nodes
from resviz.arch.network import Network
from resviz.arch.ops import (
    BatchNorm2d,
    BlurPool2d,
    ChannelConv1d,
    ChannelNorm,
    Conv2d,
    GlobalAvgPool2d,
    GroupNorm,
    Kind,
    Linear,
)


def _nothing(counted: Layer | Arms) -> int:
    return 0


@dataclass(frozen=True, slots=True)
class Part:
    """Something that a convention counts besides the MACs: its name, its rule, and what one layer counts.

    ``join`` is what it counts where parallel arms meet.
    """

    label: str
    summary: str
    count: Callable[[Layer], int] = _nothing
    join: Callable[[Arms], int] = _nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Convention(Entry):
    """A way of counting: its unit and the parts it counts besides the MACs."""

    unit: str
    parts: tuple[Part, ...] = ()

    def count(self, layer: Layer) -> int:
        """Return what one layer counts for one image."""
        return layer.macs + sum(part.count(layer) for part in self.parts)

    def join(self, arms: Arms) -> int:
        """Return what the place where parallel arms meet counts for one image."""
        return sum(part.join(arms) for part in self.parts)


def _elements(op: type[BatchNorm2d | GroupNorm | ChannelNorm], each: int) -> Callable[[Layer], int]:
    return lambda layer: each * layer.elements if isinstance(layer.op, op) else 0


def pooled(layer: Layer) -> int:
    """Return the elements that a global average pool reads; 0 for another layer."""
    return prod(layer.in_shape) if isinstance(layer.op, GlobalAvgPool2d) else 0


def _blur(layer: Layer) -> int:
    return 9 * layer.elements if isinstance(layer.op, BlurPool2d) else 0


def _biases(layer: Layer) -> int:
    return layer.elements if isinstance(layer.op, Conv2d | Linear) and layer.op.bias else 0


def _norm_params(layer: Layer) -> int:
    return layer.params if layer.kind is Kind.NORM else 0


def _scale_params(layer: Layer) -> int:
    return layer.params if layer.kind is Kind.SCALE else 0


def _products(arms: Arms) -> int:
    return arms.join.products(arms.in_shape)


def _one_position(layer: Layer) -> int:
    return layer.params - layer.macs if isinstance(layer.op, ChannelConv1d) else 0


_ADDITIONS = Part("additions", "The addition of each multiply-accumulate is counted apart.", lambda layer: layer.macs)
_BLUR_SAYS = "A blur pool runs as a 3x3 convolution of each channel: 9 multiply-accumulates an output element."
_ATTEND_SAYS = "Pooling by attention is a matrix product: 1 multiply-accumulate an element of the map."
_BLUR = Part("blur pools", _BLUR_SAYS, _blur)

CONVENTIONS = {
    "macs": Convention(
        label="MACs",
        summary="Multiply-accumulates of convolutions and linear layers, without their biases. Papers call them FLOPs.",
        formula="k*k*C_in/groups*C_out*H*W",
        source=f"{HE2015}, Table 1",
        unit="MACs",
    ),
    "flops": Convention(
        label="FLOPs",
        summary="Twice the MACs: the multiplication and the addition are counted apart.",
        formula="2 * MACs",
        source="as in processors' data sheets",
        unit="FLOPs",
        parts=(_ADDITIONS,),
    ),
    "fvcore": Convention(
        label="fvcore",
        summary=(
            "MACs, and 2 for each element of a BatchNorm, 5 for each of a group or layer normalisation, 1 for each "
            "that a global average pool reads. Activations, additions, other pools and biases are free."
        ),
        formula="MACs + 2 * BN elements + pooled elements",
        source="fvcore 0.1.5, FlopCountAnalysis",
        unit="fvcore flops",
        parts=(
            Part("BatchNorm", "2 for each element of a BatchNorm in evaluation mode.", _elements(BatchNorm2d, 2)),
            Part("group normalisation", "5 for each element of a group normalisation.", _elements(GroupNorm, 5)),
            Part("layer normalisation", "5 for each element of a layer normalisation.", _elements(ChannelNorm, 5)),
            Part("global average pool", "1 for each element that a global average pool reads.", pooled),
            _BLUR,
            Part("attention pooling", _ATTEND_SAYS, join=_products),
        ),
    ),
    "torchinfo": Convention(
        label="torchinfo",
        summary=(
            "Each layer's parameters, biases and normalisations included, times the positions of its output where it "
            "is a convolution, once where it is anything else."
        ),
        formula="parameters * H*W",
        source="torchinfo 1.8.0, total_mult_adds",
        unit="torchinfo mult-adds",
        parts=(
            Part("biases", "1 for each output element of a convolution or linear layer with a bias.", _biases),
            Part("normalisation", "The parameters of a normalisation, once, whatever the map's size.", _norm_params),
            Part("scales", "The factors of a learnt scale, once, whatever the map's size.", _scale_params),
            Part(
                "1-d convolutions",
                "A convolution along the channels is taken for one with a single output position.",
                _one_position,
            ),
        ),
    ),
    "flop_counter": Convention(
        label="torch FlopCounterMode",
        summary="Twice the MACs of every convolution and matrix product that runs, a blur pool's among them.",
        formula="2 * MACs",
        source="PyTorch 2.13, torch.utils.flop_counter",
        unit="torch FLOPs",
        parts=(
            _ADDITIONS,
            Part("blur pools", f"{_BLUR_SAYS} Twice.", lambda layer: 2 * _blur(layer)),
            Part("attention pooling", f"{_ATTEND_SAYS} Twice.", join=lambda arms: 2 * _products(arms)),
        ),
    ),
}
"""The conventions by name; ``macs`` is the headline everywhere else."""


def total(network: Network, count: Callable[[Layer], int], join: Callable[[Arms], int] = _nothing) -> int:
    """Return what a way of counting gives for the whole network, one image: its layers, and where arms meet."""
    layers = sum(count(layer) * times for layer, times in network.tally())
    return layers + sum(join(arms) * times for arms, times in _arms(network))


def _arms(network: Network) -> Iterator[tuple[Arms, int]]:
    """Yield all parallel arms with the number of times they stand in the network."""
    for stage in network.stages:
        for run in stage.runs:
            for chain in run.block.chains:
                yield from ((node, run.count) for node in nodes(chain) if isinstance(node, Arms))


def totals(network: Network) -> dict[str, int]:
    """Return the network's total in every convention, by its name."""
    return {name: total(network, rule.count, rule.join) for name, rule in CONVENTIONS.items()}
