"""Why a printed figure and the computed one may differ, each with the number that shows it where there is one."""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod

from resviz.arch import Network, ResNetConfig, expand, preset
from resviz.arch.layers import Gate, nodes
from resviz.arch.ops import Kind


@dataclass(frozen=True, slots=True)
class Reason:
    """One known reason: a sentence, and the count that does give the printed digits, if one does."""

    summary: str
    count: Callable[[ResNetConfig, Network], int] | None = None


def _option_a(config: ResNetConfig, network: Network) -> int:
    return expand(config.with_(shortcut="A")).macs


def _without_norm(config: ResNetConfig, network: Network) -> int:
    return sum(layer.params * count for layer, count in network.tally() if layer.kind is not Kind.NORM)


def _resnet1001(config: ResNetConfig, network: Network) -> int:
    return _without_norm(config, expand(preset("preact_resnet1001_cifar10")))


def _ten_outputs(config: ResNetConfig, network: Network) -> int:
    return expand(config.with_(num_classes=10)).params


def _with_scaling(config: ResNetConfig, network: Network) -> int:
    """Return the MACs with one multiplication for each value that an attention unit scales."""
    gates = sum(
        prod(node.in_shape) * run.count
        for stage in network.stages
        for run in stage.runs
        for node in nodes(run.block.branch)
        if isinstance(node, Gate) and not node.adds
    )
    return network.macs + gates


REASONS = {
    "option_a": Reason(
        "The figure fits shortcuts without weights: option A, or the plain net.",
        _option_a,
    ),
    "no_norm": Reason("The figure leaves out the parameters of BatchNorm.", _without_norm),
    "mislabelled": Reason(
        "A slip in that table: the figure is ResNet-1001's. For ResNet-1202, He et al. 2015, Table 6, print 19.4M.",
        _resnet1001,
    ),
    "ten_outputs": Reason(
        "One figure is printed for both data sets, and it is that of the 10 outputs of CIFAR-10.",
        _ten_outputs,
    ),
    "scaling": Reason(
        "With the multiplications by which SE scales its channels counted as well, the digits are the printed ones.",
        _with_scaling,
    ),
    "group": Reason("One figure is printed for all nets of the group, which are of about equal cost."),
    "eight_groups": Reason(
        "One figure is printed for the whole group. A width of 14 brings a block on 256 channels nearest to the cost "
        "of the others, but not the whole net."
    ),
    "unknown": Reason("No known reason."),
}
"""By name, as the data file has them."""
