"""timm's networks of bottlenecks with attention inside, tiered stems and SiLU; its mixed test network."""

from resviz.arch.entries import CAO2019, TIMM
from resviz.arch.presets.common import ECA, SE, TIMM_INIT, Fields, Listed

_GC: Fields = {"attention": "gc", "attention_ratio": 1 / 8, "attention_divisor": 1}
_INSIDE: Fields = {**TIMM_INIT, "block": "bottleneck_attention_inside", "stem_width": 64}
_TS: Fields = {**_INSIDE, "stem": "deep_tiered", "activation": "silu"}
_GROUPS32: Fields = {"groups": (2, 4, 8, 16), "bottleneck_ratio": 0.25}
"""Groups of 32 channels at every width."""
_33: Fields = {**_TS, "stem": "tiered_strided", "depths": (2, 3, 3, 2), "widths": (64, 128, 384, 384)}

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
}
