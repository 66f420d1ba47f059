"""timm's networks of bottlenecks with attention inside, tiered stems and SiLU; its mixed test network."""

from resviz.arch.entries import CAO2019, DOLLAR2021, HU2017, RADFORD2021, TIMM
from resviz.arch.presets.common import DEPTHS, ECA, SE, TIMM_INIT, D, Fields, Listed, cardinal

_CAFFE: Fields = {**SE, "attention_divisor": 1, "stem": "imagenet_caffe"}
_CLIP: Fields = {"stem": "deep_avg", "shortcut": "avgpool", "anti_alias": "avg"}
_GC: Fields = {"attention": "gc", "attention_ratio": 1 / 8, "attention_divisor": 1}
_INSIDE: Fields = {**TIMM_INIT, "block": "bottleneck_attention_inside", "stem_width": 64}
_TS: Fields = {**_INSIDE, "stem": "deep_tiered", "activation": "silu"}
_GROUPS32: Fields = {"groups": (2, 4, 8, 16), "bottleneck_ratio": 0.25}
"""Groups of 32 channels at every width."""
_33: Fields = {**_TS, "stem": "tiered_strided", "depths": (2, 3, 3, 2), "widths": (64, 128, 384, 384)}


def _gernet(stem: int, head: int, depths: tuple[int, ...], widths: tuple[int, ...]) -> Fields:
    """Return the fields of a GENet: basic blocks, then bottlenecks, then depthwise ones that widen by 3."""
    return {
        **TIMM_INIT,
        "stem": "simple",
        "stem_width": stem,
        "head_width": head,
        "block": ("basic", "basic", "x", "x", "x"),
        "depths": depths,
        "widths": widths,
        "stage_strides": (2, 2, 2, 2, 1),
        "bottleneck_ratio": (None, None, 0.25, 3.0, 3.0),
        "groups": (1, 1, 1, 3 * widths[3], 3 * widths[4]),
    }


_SIXTY: Fields = {
    **TIMM_INIT,
    "stem_width": 128,
    "head_width": 2048,
    "activation": "silu",
    "widths": (256, 512, 1536, 1536),
}
"""What timm's ResNet-51Q and 61Q share; their last stages are depthwise."""


def _z(group: int, depths: tuple[int, ...], widths: tuple[int, ...], *, ratio: int = 4, **changes: object) -> Fields:
    """Return the fields of a RegNetZ with so many channels in a group."""
    return {
        **TIMM_INIT,
        **SE,
        "attention_ratio": 0.25,
        "block": "z",
        "order": "linear",
        "shortcut": "identity",
        "activation": "silu",
        "depths": depths,
        "widths": widths,
        "bottleneck_ratio": float(ratio),
        "groups": tuple(width * ratio // group for width in widths),
        **changes,
    }


_SIMPLE: Fields = {"stem": "simple", "stem_width": 32, "head_width": 1536, "stage_strides": (2, 2, 2, 2)}
_TIERED: Fields = {"stem": "tiered_strided", "stem_width": 64, "head_width": 1792}

_CLIPS = {
    "resnet50": (1, (3, 4, 6, 3), 224, 1024),
    "resnet101": (1, (3, 4, 23, 3), 224, 512),
    "resnet50x4": (1.25, (4, 6, 10, 6), 288, 640),
    "resnet50x16": (1.5, (6, 8, 18, 8), 384, 768),
    "resnet50x64": (2, (3, 15, 36, 10), 448, 1024),
}
"""Factor of the widths, depths, side of the picture, numbers of the embedding."""


def _clip(factor: float, depths: tuple[int, ...], side: int, embedding: int) -> Fields:
    """Return the fields of one of CLIP's ResNets, whose classes are the numbers of an embedding."""
    return {
        **TIMM_INIT,
        **_CLIP,
        "depths": depths,
        "widths": tuple(int(width * factor) for width in (64, 128, 256, 512)),
        "input": (3, side, side),
        "num_classes": embedding,
        "head": "attention",
    }


NETWORKS: Listed = {
    ("ResNeXt-26ts (timm)", f"{TIMM}"): {
        f"{prefix}resnext26ts": {**_TS, **_GROUPS32, "depths": (2, 2, 2, 2), **attention}
        for prefix, attention in (("", {}), ("gc", _GC), ("se", SE), ("eca_", ECA))
    },
    ("ResNet-32ts and 33ts (timm)", f"{TIMM}"): {
        "resnet32ts": _33,
        **{
            f"{prefix}resnet33ts": {**_33, "head_width": 1280, **attention}
            for prefix, attention in (("", {}), ("gc", _GC), ("se", SE), ("eca_", ECA))
        },
    },
    ("GC-ResNet", f"{CAO2019}, Sec. 3.3; {TIMM}"): {
        "gcresnet50t": {**_INSIDE, "stem": "tiered_strided", **_GC},
        "gcresnext50ts": {**_TS, **_GROUPS32, **_GC},
    },
    ("CLIP", f"{RADFORD2021}, Sec. 2.4 and Table 19; {TIMM}"): {
        f"{name}_clip": _clip(*sizes) for name, sizes in _CLIPS.items()
    },
    ("ResNet with CLIP's body (timm)", f"{RADFORD2021}, Sec. 2.4; {TIMM}"): {
        **{
            f"{name}_clip_gap": {**_clip(*sizes), "num_classes": 1000, "head": "pool"} for name, sizes in _CLIPS.items()
        },
        "resnet50_mlp": {
            **TIMM_INIT,
            **_CLIP,
            "head": "hidden",
            "head_width": 1024,
        },
    },
    ("SENet-154", f"{HU2017}, Sec. 6.5; {TIMM}"): {
        "senet154": {
            **TIMM_INIT,
            **DEPTHS[152],
            **SE,
            **cardinal(64, 4),
            "block": "se_bottleneck",
            "stem": "deep",
            "shortcut": "B3",
            "stem_width": 128,
        },
    },
    ("SE-ResNet, as in Caffe", f"{HU2017}; {TIMM}"): {
        **{
            f"legacy_seresnet{depth}": {
                **DEPTHS[depth],
                **_CAFFE,
                "stride_in": "3x3" if depth < 50 else "1x1",
            }
            for depth in (18, 34, 50, 101, 152)
        },
        **{f"legacy_seresnext{depth}_32x4d": {**DEPTHS[depth], **_CAFFE, **cardinal(32, 4)} for depth in (26, 50, 101)},
        "legacy_senet154": {
            **DEPTHS[152],
            **_CAFFE,
            **cardinal(64, 4),
            "block": "se_bottleneck",
            "stem": "deep_caffe",
            "stem_width": 128,
            "shortcut": "B3",
        },
    },
    ("Mixed blocks (timm)", TIMM): {
        "test_resnet": {
            **TIMM_INIT,
            **D,
            "stem_width": 32,
            "block": ("basic", "basic", "bottleneck", "basic"),
            "depths": (1, 1, 1, 1),
            "widths": (32, 48, 48, 96),
        },
    },
    ("ResNet-51Q and 61Q (timm)", TIMM): {
        "resnet51q": {
            **_SIXTY,
            "stem": "deep_quad_two_steps",
            "block": "x",
            "depths": (2, 4, 6, 4),
            "bottleneck_ratio": (0.25, 0.25, 0.25, 1.0),
            "groups": (2, 4, 12, 1536),
        },
        "resnet61q": {
            **_SIXTY,
            "stem": "deep_quad",
            "block": ("edge", "bottleneck_two_3x3", "bottleneck_two_3x3", "bottleneck_two_3x3"),
            "depths": (1, 4, 6, 4),
            "bottleneck_ratio": (1.0, 0.25, 0.25, 1.0),
            "groups": (1, 4, 12, 1536),
        },
    },
    ("RegNetZ", f"{DOLLAR2021}; {TIMM}"): {
        "regnetz_b16": _z(16, (2, 6, 12, 2), (48, 96, 192, 288), ratio=3, **_SIMPLE),
        "regnetz_c16": _z(16, (2, 6, 12, 2), (48, 96, 192, 288), **_SIMPLE),
        "regnetz_d32": _z(32, (3, 6, 12, 3), (64, 128, 256, 384), **_TIERED),
        "regnetz_d8": _z(8, (3, 6, 12, 3), (64, 128, 256, 384), **_TIERED),
        "regnetz_e8": _z(8, (3, 8, 16, 3), (96, 192, 384, 512), **{**_TIERED, "head_width": 2048}),
    },
    ("GENet", f"Lin et al. 2020, arXiv:2006.14090, Table 2; {TIMM}"): {
        "gernet_s": _gernet(13, 1920, (1, 3, 7, 2, 1), (48, 48, 384, 560, 256)),
        "gernet_m": _gernet(32, 2560, (1, 2, 6, 4, 1), (128, 192, 640, 640, 640)),
        "gernet_l": _gernet(32, 2560, (1, 2, 6, 5, 4), (128, 192, 640, 640, 640)),
    },
}
