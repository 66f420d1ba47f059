"""What if: what each single change to a configuration would cost, computed as it stands."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from resviz.arch import ConfigError, Network, ResNetConfig, expand
from resviz.arch.block_types import BLOCKS, strides_by_choice
from resviz.report.stages import Costs

Changes = dict[str, Any]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One change: what it is, the configuration it leads to, its costs and how far they are from before."""

    label: str
    config: ResNetConfig
    costs: Costs
    difference: Costs


def _each_stage(config: ResNetConfig) -> Iterator[tuple[str, Changes]]:
    for index, depth in enumerate(config.depths):
        depths = (*config.depths[:index], depth + 1, *config.depths[index + 1 :])
        yield f"one more block in conv{index + 2}_x", {"depths": depths}


def _input(side: int) -> Callable[[ResNetConfig], Changes]:
    return lambda config: {"input": (config.input[0], side, side)}


def _scaled(factor: float) -> Callable[[ResNetConfig], Changes]:
    def change(config: ResNetConfig) -> Changes:
        stem = None if config.stem_width is None else max(int(config.stem_width * factor), 1)
        return {"widths": tuple(max(int(width * factor), 1) for width in config.widths), "stem_width": stem}

    return change


def _with(**changes: Any) -> Callable[[ResNetConfig], Changes]:
    return lambda config: changes


def _small(config: ResNetConfig) -> bool:
    return max(config.input[1:]) < 100


CHANGES: dict[str, Callable[[ResNetConfig], Changes]] = {
    "v1: stride in the first 1x1": lambda c: {"stride_in": "1x1"} if strides_by_choice(c.each("block")) else {},
    "v1.5: stride in the 3x3": lambda c: {"stride_in": "3x3"} if strides_by_choice(c.each("block")) else {},
    "stride in a stage's last block": _with(stride_unit="last"),
    "option A shortcuts": _with(shortcut="A"),
    "option B shortcuts": _with(shortcut="B"),
    "option C shortcuts": _with(shortcut="C"),
    "no shortcuts: the plain net": _with(shortcut="none", skip="identity", drop_path_rate=0.0, zero_init_last=False),
    "ResNet-D shortcuts": _with(shortcut="avgpool"),
    "basic blocks": _with(block="basic", groups=1, width_per_group=64),
    "bottleneck blocks": _with(block="bottleneck"),
    "32 groups of width 4 (ResNeXt)": lambda c: _cardinal(c, groups=32, width_per_group=4),
    "twice the inner width": lambda c: _cardinal(
        c, width_per_group=tuple(2 * base for base in c.each("width_per_group"))
    ),
    "half the width": _scaled(0.5),
    "twice the width": _scaled(2),
    "160-pixel input": lambda c: {} if _small(c) else _input(160)(c),
    "288-pixel input": lambda c: {} if _small(c) else _input(288)(c),
    "64-pixel input": lambda c: _input(64)(c) if _small(c) else {},
    "ImageNet stem": _with(stem="imagenet"),
    "CIFAR stem": lambda c: {"stem": "cifar"} if _small(c) else {},
    "deep stem (ResNet-C)": _with(stem="deep"),
    "full pre-activation": _with(order="full_preact"),
    "no attention": _with(attention="none"),
    "squeeze-and-excitation": _with(attention="se"),
    "efficient channel attention": _with(attention="eca"),
    "CBAM": _with(attention="cbam"),
    "blur pools for strides": _with(anti_alias="blur"),
    "group normalisation": _with(norm="group"),
    "a bias in every convolution": _with(conv_bias="all"),
    "10 classes": _with(num_classes=10),
    "100 classes": _with(num_classes=100),
    "1,000 classes": _with(num_classes=1000),
    "output stride 16: later strides become dilations": lambda c: {} if _small(c) else {"output_stride": 16},
}
"""The single changes by name: what to change, or {} where the change does not apply to this configuration."""


def _cardinal(config: ResNetConfig, **changes: int | tuple[int, ...]) -> Changes:
    return changes if all(BLOCKS[block].by_group for block in config.each("block")) else {}


def what_if(config: ResNetConfig, network: Network) -> tuple[WhatIf, ...]:
    """Return every single change that leads somewhere else, the costliest in MACs first, then in parameters.

    ``network`` is the configuration expanded. A change that the configuration cannot take is left out.
    """
    before = Costs.of((network,))
    rows = []
    for label, changes in (*_each_stage(config), *((name, change(config)) for name, change in CHANGES.items())):
        try:
            changed = config.with_(**changes)
            after = expand(changed)
        except ConfigError:
            continue
        if after != network:
            costs = Costs.of((after,))
            rows.append(WhatIf(label, changed, costs, costs.minus(before)))
    return tuple(sorted(rows, key=lambda row: (-row.costs.macs, -row.costs.params, row.label)))
