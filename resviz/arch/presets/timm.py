"""timm's ResNets: deep stems, attention, anti-aliasing, pre-activation."""

from resviz.arch.entries import BELLO2021, HE2016, HE2018, HU2017, TIMM, WANG2019, WU2018, XIE2016, ZHANG2019
from resviz.arch.presets.common import DEEP, DEPTHS, ECA, SE, TIMM_INIT, TIMM_V2, D, Fields, Listed, T, cardinal


def _rs(*depths: int) -> Fields:
    return {
        **TIMM_INIT,
        "depths": depths,
        "stem": "deep_conv",
        "shortcut": "avgpool",
        **SE,
        "attention_ratio": 0.25,
    }


NETWORKS: Listed = {
    ("ResNet (timm)", TIMM): {
        "resnet26": {**TIMM_INIT, **DEPTHS[26]},
        "resnet200": {**TIMM_INIT, **DEPTHS[200]},
        "resnet50_gn": {**TIMM_INIT, **DEPTHS[50], "norm": "group"},
    },
    ("ResNet-C (timm)", f"{HE2018}, Fig. 2b; {TIMM}"): {
        f"resnet{n}c": {**TIMM_INIT, **DEPTHS[n], **DEEP} for n in (50, 101, 152)
    }
    | {f"resnet{n}s": {**TIMM_INIT, **DEPTHS[n], **DEEP, "stem_width": 128} for n in (50, 101, 152)},
    ("ResNet-D (timm)", f"{HE2018}, Fig. 2c; {TIMM}"): {
        f"resnet{n}d": {**TIMM_INIT, **DEPTHS[n], **D} for n in (18, 26, 34, 50, 101, 152, 200)
    },
    ("ResNet-T (timm)", TIMM): {f"resnet{n}t": {**TIMM_INIT, **DEPTHS[n], **T} for n in (10, 14, 26, 50)},
    ("ResNeXt-D (timm)", f"{XIE2016}; {HE2018}; {TIMM}"): {
        "resnext50d_32x4d": {**TIMM_INIT, **DEPTHS[50], **D, **cardinal(32, 4)}
    },
    ("SE-ResNet", f"{HU2017}; {TIMM}"): {
        **{f"seresnet{n}": {**TIMM_INIT, **DEPTHS[n], **SE} for n in (18, 34, 50, 101, 152)},
        "seresnet50t": {**TIMM_INIT, **DEPTHS[50], **T, **SE},
        **{f"seresnet{n}d": {**TIMM_INIT, **DEPTHS[n], **D, **SE} for n in (152, 200, 269)},
    },
    ("SE-ResNeXt", f"{HU2017}; {XIE2016}; {TIMM}"): {
        "seresnext26d_32x4d": {**TIMM_INIT, **DEPTHS[26], **D, **cardinal(32, 4), **SE},
        "seresnext26t_32x4d": {**TIMM_INIT, **DEPTHS[26], **T, **cardinal(32, 4), **SE},
        "seresnext50_32x4d": {**TIMM_INIT, **DEPTHS[50], **cardinal(32, 4), **SE},
        "seresnext101_32x4d": {**TIMM_INIT, **DEPTHS[101], **cardinal(32, 4), **SE},
        "seresnext101_32x8d": {**TIMM_INIT, **DEPTHS[101], **cardinal(32, 8), **SE},
        "seresnext101d_32x8d": {**TIMM_INIT, **DEPTHS[101], **D, **cardinal(32, 8), **SE},
        "seresnext101_64x4d": {**TIMM_INIT, **DEPTHS[101], **cardinal(64, 4), **SE},
    },
    ("ECA-ResNet", f"{WANG2019}; {TIMM}"): {
        "ecaresnet26t": {**TIMM_INIT, **DEPTHS[26], **T, **ECA},
        "ecaresnet50t": {**TIMM_INIT, **DEPTHS[50], **T, **ECA},
        **{f"ecaresnet{n}d": {**TIMM_INIT, **DEPTHS[n], **D, **ECA} for n in (50, 101, 200, 269)},
        "ecaresnetlight": {**TIMM_INIT, "depths": (1, 1, 11, 3), "shortcut": "avgpool", **ECA},
        "ecaresnext26t_32x4d": {**TIMM_INIT, **DEPTHS[26], **T, **cardinal(32, 4), **ECA},
        "ecaresnext50t_32x4d": {**TIMM_INIT, **DEPTHS[50], **T, **cardinal(32, 4), **ECA},
    },
    ("Anti-aliased ResNet", f"{ZHANG2019}; {TIMM}"): {
        "resnetblur18": {**TIMM_INIT, **DEPTHS[18], "anti_alias": "blur"},
        "resnetblur50": {**TIMM_INIT, **DEPTHS[50], "anti_alias": "blur"},
        "resnetblur50d": {**TIMM_INIT, **DEPTHS[50], **D, "anti_alias": "blur"},
        "resnetblur101d": {**TIMM_INIT, **DEPTHS[101], **D, "anti_alias": "blur"},
        "resnetaa34d": {**TIMM_INIT, **DEPTHS[34], **D, "anti_alias": "avg"},
        "resnetaa50": {**TIMM_INIT, **DEPTHS[50], "anti_alias": "avg"},
        "resnetaa50d": {**TIMM_INIT, **DEPTHS[50], **D, "anti_alias": "avg"},
        "resnetaa101d": {**TIMM_INIT, **DEPTHS[101], **D, "anti_alias": "avg"},
        "seresnetaa50d": {**TIMM_INIT, **DEPTHS[50], **D, **SE, "anti_alias": "avg"},
        "seresnextaa101d_32x8d": {
            **TIMM_INIT,
            **DEPTHS[101],
            **D,
            **cardinal(32, 8),
            **SE,
            "anti_alias": "avg",
        },
        "seresnextaa201d_32x8d": {
            **TIMM_INIT,
            **D,
            **cardinal(32, 8),
            **SE,
            "depths": (3, 24, 36, 4),
            "stem_width": 128,
            "anti_alias": "avg",
        },
    },
    ("ResNet-RS", f"{BELLO2021}; {TIMM}"): {
        "resnetrs50": _rs(3, 4, 6, 3),
        "resnetrs101": _rs(3, 4, 23, 3),
        "resnetrs152": _rs(3, 8, 36, 3),
        "resnetrs200": _rs(3, 24, 36, 3),
        "resnetrs270": _rs(4, 29, 53, 4),
        "resnetrs350": _rs(4, 36, 72, 4),
        "resnetrs420": _rs(4, 44, 87, 4),
    },
    ("Pre-activation (timm v2)", f"{HE2016}; {TIMM}"): {
        **{f"resnetv2_{n}": {**DEPTHS[n], **TIMM_V2} for n in (18, 34, 50, 101, 152)},
        **{f"resnetv2_{n}d": {**DEPTHS[n], **TIMM_V2, **D} for n in (18, 34, 50, 101, 152)},
        "resnetv2_50t": {**DEPTHS[50], **TIMM_V2, **T},
        "resnetv2_50d_gn": {**DEPTHS[50], **TIMM_V2, **D, "norm": "group"},
    },
    ("Group-normalised ResNet", f"{WU2018}"): {"resnet101_gn": {**DEPTHS[101], "norm": "group"}},
}
