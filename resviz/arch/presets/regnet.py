"""RegNets: widths and depths from a quantised line (Radosavovic et al. 2020)."""

from collections.abc import Callable
from itertools import groupby
from math import log

from resviz.arch.entries import DOLLAR2021, RADOSAVOVIC2020, TIMM, WU2018
from resviz.arch.presets.common import Fields, Listed


def nearest(width: int, group_width: int) -> int:
    """Return the nearest multiple of a group's width, as the paper's code and timm round."""
    return max(round(width / group_width), 1) * group_width


def nearest_from_below(width: int, group_width: int) -> int:
    """Return the nearest multiple of a group's width that loses at most a tenth, as torchvision rounds."""
    rounded = max(group_width, int(width + group_width / 2) // group_width * group_width)
    return rounded + group_width if rounded < 0.9 * width else rounded


def regnet(
    depth: int,
    w_0: int,
    w_a: float,
    w_m: float,
    group_width: int,
    *,
    fit: Callable[[int, int], int] = nearest,
    ratio: float = 1.0,
    **changes: object,
) -> Fields:
    """Return the fields of the RegNet of four numbers and a group's width (Radosavovic et al. 2020, Sec. 3.3).

    Block j has the width ``w_0 + w_a * j``, put on the nearest ``w_0 * w_m ** s`` for a whole s and on a
    multiple of 8 (Eq. 2 to 4); blocks of one width are a stage. Widths are then fitted to the group's width by
    ``fit``. ``ratio`` is the inner width over the output's.
    """
    exponents = (round(log((w_0 + w_a * block) / w_0) / log(w_m)) for block in range(depth))
    planned = [int(round(w_0 * w_m**exponent / 8) * 8) for exponent in exponents]
    stages = [(width, len(list(blocks))) for width, blocks in groupby(planned)]
    inner = [int(width * ratio) for width, _ in stages]
    fitted = [fit(width, min(group_width, width)) for width in inner]
    return {
        "block": "x",
        "stem": "simple",
        "stem_width": 32,
        "depths": tuple(count for _, count in stages),
        "widths": tuple(int(width / ratio) for width in fitted),
        "groups": tuple(width // min(group_width, before) for width, before in zip(fitted, inner, strict=True)),
        "stage_strides": (2,) * len(stages),
        **changes,
    }


Y: Fields = {"attention": "se", "attention_ratio": 0.25, "attention_divisor": 1}
"""What makes a RegNetX a RegNetY."""

_Y_ALIKE: Fields = {**Y, "attention": "se_alike"}
"""RegNetY with SE units that have the network's activation inside."""
_Z: Fields = {
    **_Y_ALIKE,
    "zero_init_last": True,
    "bottleneck_ratio": 4.0,
    "shortcut": "identity",
    "order": "linear",
    "activation": "silu",
}
"""What timm's RegNetZ have beside a RegNetY: blocks that widen, and nothing after the addition."""

_PAPER_X = {  # depth, w_0, w_a, w_m, group width
    "002": (13, 24, 36.44, 2.49, 8),
    "004": (22, 24, 24.48, 2.54, 16),
    "006": (16, 48, 36.97, 2.24, 24),
    "008": (16, 56, 35.73, 2.28, 16),
    "016": (18, 80, 34.01, 2.25, 24),
    "032": (25, 88, 26.31, 2.25, 48),
    "040": (23, 96, 38.65, 2.43, 40),
    "064": (17, 184, 60.83, 2.07, 56),
    "080": (23, 80, 49.56, 2.88, 120),
    "120": (19, 168, 73.36, 2.37, 112),
    "160": (22, 216, 55.59, 2.1, 128),
    "320": (23, 320, 69.86, 2.0, 168),
}
"""The paper's RegNetX by their size (Table 11), in hundreds of MFLOPs as timm names them."""
_PAPER_Y = {
    "002": (13, 24, 36.44, 2.49, 8),
    "004": (16, 48, 27.89, 2.09, 8),
    "006": (15, 48, 32.54, 2.32, 16),
    "008": (14, 56, 38.84, 2.4, 16),
    "016": (27, 48, 20.71, 2.65, 24),
    "032": (21, 80, 42.63, 2.66, 24),
    "040": (22, 96, 31.41, 2.24, 64),
    "064": (25, 112, 33.22, 2.27, 72),
    "080": (17, 192, 76.82, 2.19, 56),
    "120": (19, 168, 73.36, 2.37, 112),
    "160": (18, 200, 106.23, 2.48, 112),
    "320": (20, 232, 115.89, 2.53, 232),
    "640": (20, 352, 147.48, 2.4, 328),
    "1280": (27, 456, 160.83, 2.52, 264),
    "2560": (27, 640, 230.83, 2.53, 373),
}
"""The RegNetY by their size; the three largest are timm's."""
_TORCHVISION = {
    "400mf": "004",
    "800mf": "008",
    "1_6gf": "016",
    "3_2gf": "032",
    "8gf": "080",
    "16gf": "160",
    "32gf": "320",
    "128gf": "1280",
}
"""torchvision's names for them."""

NETWORKS: Listed = {
    ("RegNetX", f"{RADOSAVOVIC2020}, Table 11; torchvision"): {
        f"regnet_x_{name}": regnet(*_PAPER_X[size], fit=nearest_from_below)
        for name, size in _TORCHVISION.items()
        if size in _PAPER_X
    },
    ("RegNetY", f"{RADOSAVOVIC2020}, Table 12; torchvision"): {
        f"regnet_y_{name}": regnet(*_PAPER_Y[size], fit=nearest_from_below, **Y) for name, size in _TORCHVISION.items()
    },
    ("RegNetZ (timm)", f"{DOLLAR2021}; {TIMM}"): {
        "regnetz_005": regnet(21, 16, 10.7, 2.51, 4, ratio=4.0, **_Z, head_width=1024),
        "regnetz_040": regnet(28, 48, 14.5, 2.226, 8, ratio=4.0, **_Z),
        "regnetz_040_h": regnet(28, 48, 14.5, 2.226, 8, ratio=4.0, **_Z, head_width=1536),
    },
    ("RegNetY, groups of 16 normalised (timm)", f"{RADOSAVOVIC2020}; {WU2018}; {TIMM}"): {
        "regnety_040_sgn": regnet(*_PAPER_Y["040"], zero_init_last=True, **_Y_ALIKE, activation="silu", norm="group16"),
    },
    ("RegNetX (timm)", f"{RADOSAVOVIC2020}, Table 11; {TIMM}"): {
        **{f"regnetx_{size}": regnet(*numbers, zero_init_last=True) for size, numbers in _PAPER_X.items()},
        "regnetx_004_tv": regnet(*_PAPER_X["004"], fit=nearest_from_below, zero_init_last=True),
    },
    ("RegNetY (timm)", f"{RADOSAVOVIC2020}, Table 12; {TIMM}"): {
        **{f"regnety_{size}": regnet(*numbers, zero_init_last=True, **Y) for size, numbers in _PAPER_Y.items()},
        **{
            f"regnety_{size}_tv": regnet(*_PAPER_Y[size], fit=nearest_from_below, zero_init_last=True, **Y)
            for size in ("008", "080")
        },
    },
}
