"""The largest legal networks, each in a direction of its own: what no page and no command may be slow with.

Deep: most blocks, folded to one node or each another's unlike, in rows that alternate, that grow, that are scaled by
what came before. Wide: most arms, most stages, most parameters. Long: the most layers that a page still lists.
"""

from resviz.arch import ResNetConfig, preset
from resviz.arch.fields import MAX_BLOCKS, MAX_UNLIKE


def _one(name: str, base: str, depth: int, width: int, **fields: object) -> ResNetConfig:
    """Return a network of one stage."""
    of = preset(base)
    return of.with_(name=name, depths=(depth,), widths=(width,), stage_strides=(1,), **fields)


LARGEST: dict[str, ResNetConfig] = {
    "resnet1202_cifar10": preset("resnet1202_cifar10"),
    "preact_resnet1001_cifar10": preset("preact_resnet1001_cifar10"),
    "deepest": _one("deepest", "resnet20_cifar10", MAX_BLOCKS, 8, shortcut="B"),
    "alternating": _one("alternating", "repvgg_a0", MAX_UNLIKE, 8, groups=2, grouped_units="every_second"),
    "growing": _one(
        "growing",
        "resnet50",
        MAX_BLOCKS,
        64 + MAX_UNLIKE // 2 - 1,
        stem_width=64,
        width_growth="additive",
        bottleneck_ratio=1 / 64,
    ),
    "scaled": _one("scaled", "nf_resnet50", MAX_UNLIKE, 64),
    "many stages": preset("resnet50").with_(
        name="many stages", depths=(9,) * 12, widths=(64, 128) * 6, stage_strides=(1,) * 12, attention="cbam"
    ),
    "many arms": preset("resnet50").with_(
        name="many arms",
        block="res2net",
        arms=64,
        depths=(6, 6, 6, 6),
        width_growth="additive",
    ),
    "widest": preset("resnet50").with_(name="widest", depths=(1, 1), widths=(65_536, 65_536), stage_strides=(1, 1)),
    "listed": _one("listed", "resnet20_cifar10", 830, 8, shortcut="B"),
}
