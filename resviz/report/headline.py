"""The headline: the few numbers that a person looks for first, each with its unit and its convention."""

from dataclasses import dataclass

from resviz.arch.network import Network
from resviz.report import formatting
from resviz.report.summary import FLOAT32

MAX_LISTED = 20_000
"""Layers that a page lists or draws one by one."""


def crowded(network: Network) -> bool:
    """Return whether a network has more layers than a page lists or draws one by one."""
    return sum(count for _, count in network.tally()) > MAX_LISTED


@dataclass(frozen=True, slots=True)
class Headline:
    """One number for people: its label, its short form, and a sentence with the exact one."""

    label: str
    value: str
    summary: str


def headline(network: Network) -> tuple[Headline, ...]:
    """Return a network's headline numbers: cost, size, depth and shortcuts."""
    shortcuts = network.shortcuts
    weights = FLOAT32 * network.params
    return (
        Headline(
            "Parameters",
            formatting.short(network.params, 4),
            f"{formatting.exact(network.params)} learnt parameters.",
        ),
        Headline(
            "MACs",
            formatting.short(network.macs, 4),
            f"{formatting.exact(network.macs)} multiply-accumulates of convolutions and linear layers for one image: "
            f"what papers call FLOPs. Counted apart, multiplications and additions: {formatting.exact(network.flops)}.",
        ),
        Headline(
            "Activations",
            formatting.short(network.activations, 4),
            f"{formatting.exact(network.activations)} output elements of convolutions and linear layers for one image "
            "(Radosavovic et al. 2020).",
        ),
        Headline(
            "Weighted layers",
            formatting.exact(network.depth),
            "Convolutions of the main path and the classifier: the depth in the papers' names. "
            "Projections and attention units are not counted.",
        ),
        Headline(
            "Weights",
            formatting.size(weights),
            f"{formatting.exact(weights)} bytes in float32, 4 bytes a parameter; without the running statistics of BN.",
        ),
        Headline(
            "Shortcuts",
            f"{shortcuts.solid} + {shortcuts.dashed}",
            f"{shortcuts.solid} solid (the shape stays) and {shortcuts.dashed} dashed (the shape changes).",
        ),
    )
