"""Named ways of counting a network's operations, all over the same layers.

Papers and tools mean different things by FLOPs. A convention is the MACs of the headline and the named
parts that it counts besides, so that it can be explained step by step. Each follows the tool in its source to
the unit, for one image through the network in evaluation mode.

fvcore sees operators, thop and ptflops see layers: what they print holds for a module whose pools are
layers (``nn.AdaptiveAvgPool2d``), as those of torchvision and of `resviz.nn` are. A module that takes
``x.mean((2, 3))`` instead gets less, by what the convention lists as missed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from resviz.arch.entries import HE2015, Entry
from resviz.arch.layers import Arms, Layer, nodes
from resviz.arch.network import Network
from resviz.arch.ops import (
    BatchNorm2d,
    ChannelNorm,
    GroupNorm,
    Kind,
)
from resviz.report.layer_counts import (
    attention,
    biases,
    blur,
    elements_of,
    norm_params,
    one_position,
    own_conv,
    pooled,
    products,
    ptflops_activation,
    ptflops_pool,
    scale_params,
    thop_pool,
)


def _nothing(counted: Layer | Arms) -> int:
    return 0


@dataclass(frozen=True, slots=True)
class CountedPart:
    """Something that a convention counts besides the MACs: its name, its rule, and what one layer counts.

    ``join`` is what it counts where parallel arms meet.
    """

    label: str
    summary: str
    count: Callable[[Layer], int] = _nothing
    join: Callable[[Arms], int] = _nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Convention(Entry):
    """A way of counting: its unit and the parts it counts besides the MACs.

    ``missed`` is what the tool does not see of a layer that a module writes as ``x.mean((2, 3))``.
    """

    unit: str
    parts: tuple[CountedPart, ...] = ()
    missed: Callable[[Layer], int] = _nothing

    def count(self, layer: Layer) -> int:
        """Return what one layer counts for one image."""
        return layer.macs + sum(part.count(layer) for part in self.parts)

    def join(self, arms: Arms) -> int:
        """Return what the place where parallel arms meet counts for one image."""
        return sum(part.join(arms) for part in self.parts)


_ADDITIONS = CountedPart(
    "additions", "The addition of each multiply-accumulate is counted apart.", lambda layer: layer.macs
)
_BLUR_SUMMARY = "A blur pool runs as a 3x3 convolution of each channel: 9 multiply-accumulates an output element."
_ATTENDING_SUMMARY = "Pooling by attention is a matrix product: 1 multiply-accumulate an element of the map."
_BLUR = CountedPart("blur pools", _BLUR_SUMMARY, blur)
_BIASES_SUMMARY = "1 for each output element of a convolution or linear layer with a bias."
_OWN_CONV = CountedPart(
    "1-d convolutions",
    "The tool knows layers by their class, and ECA's convolution along the channels has one of its own: it counts "
    "nothing, where an nn.Conv1d would.",
    own_conv,
)

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
            "that a global average pool reads. Activations, additions, other pools and biases are free, and so is a "
            "mean()."
        ),
        formula="MACs + 2 * BN elements + pooled elements",
        source="fvcore 0.1.5, FlopCountAnalysis",
        unit="fvcore flops",
        parts=(
            CountedPart(
                "BatchNorm", "2 for each element of a BatchNorm in evaluation mode.", elements_of(BatchNorm2d, 2)
            ),
            CountedPart(
                "group normalisation", "5 for each element of a group normalisation.", elements_of(GroupNorm, 5)
            ),
            CountedPart(
                "layer normalisation", "5 for each element of a layer normalisation.", elements_of(ChannelNorm, 5)
            ),
            CountedPart("global average pool", "1 for each element that a global average pool reads.", pooled),
            _BLUR,
            CountedPart("attention pooling", _ATTENDING_SUMMARY, join=products),
        ),
        missed=pooled,
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
            CountedPart("biases", _BIASES_SUMMARY, biases),
            CountedPart(
                "normalisation", "The parameters of a normalisation, once, whatever the map's size.", norm_params
            ),
            CountedPart("scales", "The factors of a learnt scale, once, whatever the map's size.", scale_params),
            CountedPart(
                "1-d convolutions",
                "A convolution along the channels is taken for one with a single output position.",
                one_position,
            ),
        ),
    ),
    "thop": Convention(
        label="thop",
        summary=(
            "MACs, and 4 for each element of a BatchNorm and 1 for each that an average pool gives; a global one also "
            "counts 1 for each that it reads. Activations, additions, max pools and biases are free, and so is "
            "whatever is no layer that thop knows: group normalisation, a blur pool, a mean()."
        ),
        formula="MACs + 4 * BN elements + pooled elements",
        source="thop 0.1.1, profile",
        unit="thop MACs",
        parts=(
            CountedPart(
                "BatchNorm", "4 for each element of a BatchNorm with gamma and beta.", elements_of(BatchNorm2d, 4)
            ),
            CountedPart(
                "average pools",
                "1 for each element that an average pool gives, and for a global one 1 for each that it reads.",
                thop_pool,
            ),
            _OWN_CONV,
        ),
        missed=lambda layer: thop_pool(layer) if pooled(layer) else 0,
    ),
    "ptflops": Convention(
        label="ptflops",
        summary=(
            "MACs with biases, and 2 for each element of a normalisation, of a ReLU, and of what a pool reads: ReLUs "
            "and pools are found twice, as a layer and as the function it calls. Additions are free, and so are a "
            "blur pool and a mean()."
        ),
        formula="MACs + biases + 2 * (norm + ReLU + pool) elements",
        source="ptflops 0.7.5, get_model_complexity_info with the backend pytorch",
        unit="ptflops MACs",
        parts=(
            CountedPart("biases", _BIASES_SUMMARY, biases),
            CountedPart(
                "normalisation",
                "2 for each element of a normalisation.",
                lambda layer: 2 * layer.elements if layer.kind is Kind.NORM else 0,
            ),
            CountedPart(
                "activations",
                "2 for each element of a ReLU or GELU, 1 of a leaky ReLU or SiLU, none of a Mish or a sigmoid.",
                ptflops_activation,
            ),
            CountedPart("pools", "2 for each element that a max or average pool reads.", ptflops_pool),
            _OWN_CONV,
        ),
        missed=lambda layer: 2 * pooled(layer),
    ),
    "flop_counter": Convention(
        label="torch FlopCounterMode",
        summary="Twice the MACs of every convolution and matrix product that runs, a blur pool's among them.",
        formula="2 * MACs",
        source="PyTorch 2.13, torch.utils.flop_counter",
        unit="torch FLOPs",
        parts=(
            _ADDITIONS,
            CountedPart("blur pools", f"{_BLUR_SUMMARY} Twice.", lambda layer: 2 * blur(layer)),
            CountedPart("attention pooling", f"{_ATTENDING_SUMMARY} Twice.", join=lambda arms: 2 * products(arms)),
            CountedPart(
                "self-attention",
                "The products of queries with keys and of their softmax with values, twice.",
                lambda layer: 2 * attention(layer),
            ),
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


def by_mean(network: Network, name: str) -> int:
    """Return what a convention's tool prints for a module that takes a ``mean()`` for every global average pool.

    ``name`` is in `CONVENTIONS`.
    """
    rule = CONVENTIONS[name]
    return total(network, rule.count, rule.join) - total(network, rule.missed)
