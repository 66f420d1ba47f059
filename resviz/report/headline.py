"""The headline: the few numbers that a person looks for first, each with its unit and its convention."""

import re
from dataclasses import dataclass

from resviz.arch.network import Network
from resviz.arch.ops import Kind
from resviz.arch.tree import ShortcutKind
from resviz.report import formatting
from resviz.report.summary import FLOAT32
from resviz.report.weighted_layers import depth_sum, left_out

MAX_LISTED = 5_000
"""Layers that a page or a viewer lists or draws one by one; of more it has stages and blocks."""


def crowded(network: Network) -> bool:
    """Return whether a network has more layers than a page lists or draws one by one."""
    return layers_of(network) > MAX_LISTED


def layers_of(network: Network) -> int:
    """Return how many layers a network has, alike ones counted each."""
    return sum(count for _, count in network.tally())


@dataclass(frozen=True, slots=True)
class Headline:
    """One number for people: its label, its short form, and a sentence with the exact one."""

    label: str
    value: str
    summary: str


_NUMBER = re.compile(
    r"(?:resnet|resnext|res2net|res2next|resnest|senet|pyramidnet|darknet|plain|wrn)(?:_?v2_|rs|aa|blur)?(\d+)"
)
"""The depth in a net's name: ``wide_resnet50_2``, ``resnet_v2_50``, ``wrn40_10_cifar10``, ``res2net50_26w_4s``.

RegNets, ConvNeXts, NFNets, RepVGGs and GENets are named after something else than their depth.
"""


def depth_in_name(network: Network) -> str:
    """Return how the depth in a network's name is counted, in a sentence; empty where its name has none.

    He et al. 2015 count as `Network.depth` does. Zagoruyko & Komodakis 2016 count every convolution, those of
    projections included, and not the classifier. A net with a deep stem or with several weighted layers in
    the head too keeps the name of the net without.
    """
    found = None if network.name.startswith("custom") else _NUMBER.search(network.name)
    if found is None:
        return ""
    number, depth = int(found[1]), network.depth
    stem = sum(layer.kind is Kind.CONV for layer in network.stem)
    if number == depth:
        return f"The {number} in its name is this count, as in He et al. 2015."
    head = sum(layer.kind in (Kind.CONV, Kind.LINEAR) for layer in network.head)
    if stem > 1 and number == depth - stem + 1:
        return f"The {number} in its name takes the {stem} convolutions of the stem for one."
    if stem > 1 and number == depth - stem + 1 - head + 1:
        both = f"the {stem} convolutions of the stem and the {head} weighted layers of the head"
        return f"The {number} in its name takes {both} for one each."
    units, rest = divmod(number - 4, 6)
    if network.name.startswith("wrn") and not rest and all(len(stage.blocks) == units for stage in network.stages):
        projections = sum(block.shortcut_kind is ShortcutKind.PROJECTION for _, block in network.blocks())
        convs = depth - 1 + projections
        rule = f"The {number} in its name is 6n + 4 with n = {units} blocks a stage: "
        every = "every convolution, those of projections included, and not the classifier"
        less = "" if convs == number else f"; at width 1 the first stage needs no projection, and there are {convs}"
        return f"{rule}{every}{less}."
    return f"The {number} in its name is not this count."


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
            f"{depth_sum(network)} = {formatting.exact(network.depth)}: blocks times the convolutions in each, "
            f"with those of the stem and the head. {left_out(network).sentence} {depth_in_name(network)}".rstrip(),
        ),
        Headline(
            "Weights",
            formatting.size(weights),
            f"{formatting.exact(weights)} bytes in float32, 4 bytes a parameter; without the running statistics of BN.",
        ),
        Headline(
            "Shortcuts",
            f"{shortcuts.solid} solid, {shortcuts.dashed} dashed",
            f"{shortcuts.solid} solid (the shape stays) and {shortcuts.dashed} dashed (the shape changes).",
        ),
    )


def in_line(label: str) -> str:
    """Return a headline's label as it stands within a line: ``weighted layers``, ``MACs``."""
    return label if label[1].isupper() else label[0].lower() + label[1:]
