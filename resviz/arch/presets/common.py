"""What the fields of several families share."""

from typing import Any

Fields = dict[str, Any]
"""A network's fields, those that differ from the defaults."""
Listed = dict[tuple[str, str], dict[str, Fields]]
"""Networks by name, under their family and its source."""

DEPTHS: dict[int, Fields] = {
    10: {"block": "basic", "depths": (1, 1, 1, 1)},
    14: {"block": "bottleneck", "depths": (1, 1, 1, 1)},
    18: {"block": "basic", "depths": (2, 2, 2, 2)},
    26: {"block": "bottleneck", "depths": (2, 2, 2, 2)},
    34: {"block": "basic", "depths": (3, 4, 6, 3)},
    50: {"block": "bottleneck", "depths": (3, 4, 6, 3)},
    101: {"block": "bottleneck", "depths": (3, 4, 23, 3)},
    152: {"block": "bottleneck", "depths": (3, 8, 36, 3)},
    200: {"block": "bottleneck", "depths": (3, 24, 36, 3)},
    269: {"block": "bottleneck", "depths": (3, 30, 48, 8)},
}
"""Block and depths at ImageNet size (He et al. 2015, Table 1; 200: He et al. 2016; others: timm)."""

CIFAR: Fields = {
    "input": (3, 32, 32),
    "num_classes": 10,
    "stem": "cifar",
    "widths": (16, 32, 64),
    "stage_strides": (1, 2, 2),
}
DEEP: Fields = {"stem": "deep"}
D: Fields = {"stem": "deep", "shortcut": "avgpool"}
T: Fields = {"stem": "deep_tiered", "shortcut": "avgpool"}
SE: Fields = {"attention": "se"}
ECA: Fields = {"attention": "eca"}
TIMM_INIT: Fields = {"zero_init_last": True}
V1: Fields = {"stride_in": "1x1"}
PREACT: Fields = {"order": "full_preact"}
TIMM_V2: Fields = {**PREACT, "classifier": "conv"}
SLIM_V2: Fields = {
    **PREACT,
    "stage_strides": (2, 2, 2, 1),
    "stride_unit": "last",
    "shortcut": "maxpool",
    "conv_bias": "unnormalised",
    "classifier": "conv",
}
D2L_FIELDS: Fields = {
    **DEPTHS[18],
    "input": (1, 96, 96),
    "num_classes": 10,
    "conv_bias": "all",
    "projection_norm": False,
}


def cifar(block: str, units: int, **changes: Any) -> Fields:
    """Return the fields of a three-stage CIFAR net with a number of units a stage (He et al. 2015, Sec. 4.2)."""
    return {**CIFAR, "block": block, "depths": (units,) * 3, **changes}


def cardinal(groups: int, width: int) -> Fields:
    """Return the fields of a cardinality and the width of a group (Xie et al. 2016)."""
    return {"groups": groups, "width_per_group": width}


def wrn(depth: int, k: int) -> Fields:
    """Return the fields of WRN-depth-k, depth = 6n + 4 (Zagoruyko & Komodakis 2016, Table 1)."""
    units = (depth - 4) // 6
    return cifar("basic", units, widths=(16 * k, 32 * k, 64 * k), stem_width=16, **PREACT)


def pyramidnet(block: str, units: int, alpha: int) -> Fields:
    """Return the fields of a CIFAR PyramidNet whose planes grow by alpha in all, evenly (Han et al. 2016, Eq. 3).

    The thirds of alpha, where a stage ends, are whole numbers.
    """
    return cifar(
        block,
        units,
        widths=tuple(16 + alpha * stage // 3 for stage in (1, 2, 3)),
        stem_width=16,
        width_growth="additive",
        order="pyramid",
        shortcut="avgpool_pad",
    )
