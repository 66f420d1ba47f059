"""Named ways of counting a network's operations, all over the same layers.

Papers and tools mean different things by FLOPs. Each convention here says its rule in a sentence and
follows the tool named in its source to the unit, for one image through the evaluation-mode network.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod

from resviz.arch.entries import HE2015, Entry
from resviz.arch.ops import BatchNorm2d, BlurPool2d, GlobalAvgPool2d, GroupNorm, Kind
from resviz.arch.tree import Layer, Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Convention(Entry):
    """A way of counting: its unit, and what one layer counts for one image."""

    unit: str
    count: Callable[[Layer], int]


def norm_ops(layer: Layer) -> int:
    """Return fvcore's count of a normalisation: 2 an element where the statistics are known, else 5."""
    match layer.op:
        case BatchNorm2d():
            return 2 * layer.elements
        case GroupNorm():
            return 5 * layer.elements
        case _:
            return 0


def pool_ops(layer: Layer) -> int:
    """Return fvcore's count of a global average pool, 1 for each element it reads; other pools are free."""
    return prod(layer.in_shape) if isinstance(layer.op, GlobalAvgPool2d) else 0


def blur_ops(layer: Layer) -> int:
    """Return the multiply-accumulates of a blur pool, which runs as a 3x3 convolution of each channel."""
    return 9 * layer.elements if isinstance(layer.op, BlurPool2d) else 0


def _fvcore(layer: Layer) -> int:
    return layer.macs + norm_ops(layer) + pool_ops(layer) + blur_ops(layer)


def _torchinfo(layer: Layer) -> int:
    positions = prod(layer.out_shape[1:]) if layer.kind is Kind.CONV else 1
    return layer.params * positions


def _flop_counter(layer: Layer) -> int:
    return 2 * (layer.macs + blur_ops(layer))


CONVENTIONS = {
    "macs": Convention(
        label="MACs",
        says="Multiply-accumulates of convolutions and linear layers, without their biases. Papers call them FLOPs.",
        formula="k*k*C_in/groups*C_out*H*W",
        source=f"{HE2015}, Table 1",
        unit="MACs",
        count=lambda layer: layer.macs,
    ),
    "flops": Convention(
        label="FLOPs",
        says="Twice the MACs: the multiplication and the addition counted apart.",
        formula="2 * MACs",
        source="IEEE usage, as in processors' data sheets",
        unit="FLOPs",
        count=lambda layer: 2 * layer.macs,
    ),
    "fvcore": Convention(
        label="fvcore",
        says=(
            "MACs, and 2 for each element of a BatchNorm, 5 for each of a group normalisation and 1 for each that a "
            "global average pool reads. Activations, additions, other pools and biases are free."
        ),
        formula="MACs + 2 * BN elements + pooled elements",
        source="fvcore 0.1.5, FlopCountAnalysis of the model in evaluation mode",
        unit="its flops",
        count=_fvcore,
    ),
    "torchinfo": Convention(
        label="torchinfo",
        says=(
            "The parameters of each layer, biases and normalisations included, times the positions of its output "
            "where it is a convolution, times 1 where it is anything else."
        ),
        formula="parameters * H*W",
        source="torchinfo 1.8.0, total_mult_adds",
        unit="its mult-adds",
        count=_torchinfo,
    ),
    "flop_counter": Convention(
        label="torch FlopCounterMode",
        says="Twice the MACs of every convolution and matrix product that runs, a blur pool's among them.",
        formula="2 * MACs",
        source="PyTorch 2.13, torch.utils.flop_counter",
        unit="its FLOPs",
        count=_flop_counter,
    ),
}
"""The conventions by name; ``macs`` is the headline everywhere else."""


def total(network: Network, count: Callable[[Layer], int]) -> int:
    """Return what a way of counting gives for the whole network, one image."""
    return sum(count(layer) * times for layer, times in network.tally())


def totals(network: Network) -> dict[str, int]:
    """Return the network's total in every convention, by its name."""
    return {name: total(network, convention.count) for name, convention in CONVENTIONS.items()}
