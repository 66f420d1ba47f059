"""Darknets with shortcuts: a strided convolution, then units of a 1x1 and a 3x3 (Redmon & Farhadi 2018)."""

from resviz.arch.entries import REDMON2018, TIMM
from resviz.arch.presets.common import TIMM_INIT, Fields, Listed


def _darknet(*depths: int, **changes: object) -> Fields:
    return {
        **TIMM_INIT,
        "block": "dark",
        "order": "relu_before_add",
        "activation": "leaky_relu",
        "stem": "cifar",
        "stem_width": 32,
        "downsampling": "conv",
        "depths": depths,
        "widths": (64, 128, 256, 512, 1024),
        "stage_strides": (2, 2, 2, 2, 2),
        **changes,
    }


NETWORKS: Listed = {
    ("Darknet", f"{REDMON2018}, Table 1; {TIMM}"): {
        "darknet53": _darknet(1, 2, 8, 8, 4),
    },
    ("Darknet (timm)", f"{REDMON2018}; {TIMM}"): {
        "darknet17": _darknet(1, 1, 1, 1, 1),
        "darknet21": _darknet(1, 1, 1, 2, 2),
        "sedarknet21": _darknet(1, 1, 1, 2, 2, attention="se_alike"),
        "darknetaa53": _darknet(1, 2, 8, 8, 4, downsampling="pool"),
    },
}
