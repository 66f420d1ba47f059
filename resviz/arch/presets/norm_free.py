"""Networks without batch normalisation: BiT with standardised weights, NF-ResNets with no norm at all."""

from resviz.arch.entries import BROCK2021, KOLESNIKOV2019, TIMM
from resviz.arch.presets.common import DEPTHS, ECA, PREACT, SE, TIMM_V2, Fields, Listed


def _bit(depth: int, factor: int) -> Fields:
    """Return the fields of BiT-R<depth>x<factor> (Kolesnikov et al. 2019)."""
    return {
        **DEPTHS[depth],
        **TIMM_V2,
        "stem": "imagenet_zeros",
        "conv": "standardised",
        "norm": "group",
        **({} if factor == 1 else {"widths": tuple(width * factor for width in (64, 128, 256, 512))}),
    }


_NORM_FREE: Fields = {
    **PREACT,
    "norm": "none",
    "conv": "scaled_standardised",
    "conv_bias": "all",
    "shortcut": "avgpool",
    "skip": "norm_free",
    "branch_scale": 0.2,
}


def _nfnet(times: int, group: int = 128, head: int = 3072, **changes: object) -> Fields:
    """Return the fields of an NFNet: F0's depths some times over, and the width of a group."""
    ratio = 0.5 if group == 128 else 0.25
    widths = (256, 512, 1536, 1536)
    return {
        **_NORM_FREE,
        "zero_init_last": True,
        "block": "bottleneck_two_3x3",
        "stem": "deep_quad",
        "stem_width": 128,
        "depths": tuple(depth * times for depth in (1, 2, 6, 3)),
        "widths": widths,
        "bottleneck_ratio": None if group == 128 else ratio,
        "groups": tuple(int(width * ratio) // group for width in widths),
        "activation": "gelu" if group == 128 else "silu",
        "head_width": head,
        **({**SE, "attention_ratio": ratio} if "attention" not in changes else {}),
        **changes,
    }


NETWORKS: Listed = {
    ("BiT", f"{KOLESNIKOV2019}, Sec. 3.2; {TIMM}"): {
        f"resnetv2_{depth}x{factor}_bit": _bit(depth, factor)
        for depth, factor in ((50, 1), (50, 3), (101, 1), (101, 3), (152, 2), (152, 4))
    },
    ("NF-ResNet", f"{BROCK2021}; {TIMM}"): {
        f"nf_{prefix}resnet{depth}": {**DEPTHS[depth], **_NORM_FREE, "zero_init_last": True, **attention}
        for prefix, attention in (("", {}), ("se", SE), ("eca", ECA))
        for depth in (26, 50, 101)
    },
    ("NFNet", f"Brock et al. 2021, arXiv:2102.06171, Table 1; {TIMM}"): {
        **{f"nfnet_f{size}": _nfnet(size + 1) for size in range(8)},
        "nfnet_l0": _nfnet(1, 64, 2304),
        "eca_nfnet_l0": _nfnet(1, 64, 2304, **ECA),
        **{f"eca_nfnet_l{size}": _nfnet(size + 1, 64, **ECA) for size in (1, 2, 3)},
        "test_nfnet": {
            **_nfnet(1, 64, 192),
            "depths": (1, 1, 1, 1),
            "widths": (32, 64, 96, 128),
            "groups": (1, 2, 3, 4),
        },
    },
    ("NFNet, DeepMind's", f"Brock et al. 2021, arXiv:2102.06171; {TIMM}, but with symmetric padding"): {
        f"dm_nfnet_f{size}": _nfnet(size + 1, skip="norm_free_gain", zero_init_last=False) for size in range(7)
    },
}
