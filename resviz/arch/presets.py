"""The networks that the literature names, each with its configuration and its source.

`PRESETS` holds those with a name of their own, at 3x224x224 and 1,000 classes unless the name or the
source says otherwise. `resviz.arch.families` makes the rest of a family from its depth.
"""

from dataclasses import dataclass
from typing import Any

from resviz.arch.config import ResNetConfig
from resviz.arch.entries import (
    BELLO2021,
    D2L,
    HE2015,
    HE2016,
    HE2018,
    HU2017,
    SLIM,
    TIMM,
    WANG2019,
    WU2018,
    XIE2016,
    ZAGORUYKO2016,
    ZHANG2019,
)

V15 = "torchvision, stride in the 3x3 (v1.5)"


@dataclass(frozen=True, slots=True)
class Preset:
    """A named configuration, the family it is listed under, and where it comes from."""

    config: ResNetConfig
    family: str
    source: str

    @property
    def name(self) -> str:
        """The name it is registered under."""
        return self.config.name


_DEPTHS: dict[int, dict[str, Any]] = {
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

_CIFAR: dict[str, Any] = {
    "input": (3, 32, 32),
    "num_classes": 10,
    "stem": "cifar",
    "widths": (16, 32, 64),
    "stage_strides": (1, 2, 2),
}
_DEEP: dict[str, Any] = {"stem": "deep"}
_D: dict[str, Any] = {"stem": "deep", "shortcut": "avgpool"}
_T: dict[str, Any] = {"stem": "deep_tiered", "shortcut": "avgpool"}
_SE: dict[str, Any] = {"attention": "se"}
_ECA: dict[str, Any] = {"attention": "eca"}
_TIMM: dict[str, Any] = {"zero_init_last": True}
_V1: dict[str, Any] = {"stride_in": "1x1"}
_PREACT: dict[str, Any] = {"order": "full_preact"}
_TIMM_V2: dict[str, Any] = {**_PREACT, "classifier": "conv"}
_SLIM: dict[str, Any] = {
    **_PREACT,
    "stage_strides": (2, 2, 2, 1),
    "stride_unit": "last",
    "shortcut": "maxpool",
    "conv_bias": "unnormalised",
    "classifier": "conv",
}
_D2L: dict[str, Any] = {
    **_DEPTHS[18],
    "input": (1, 96, 96),
    "num_classes": 10,
    "conv_bias": "all",
    "projection_norm": False,
}


def cifar(block: str, units: int, **changes: Any) -> dict[str, Any]:
    """Return the fields of a three-stage CIFAR net with a number of units a stage (He et al. 2015, Sec. 4.2)."""
    return {**_CIFAR, "block": block, "depths": (units,) * 3, **changes}


def _cardinal(groups: int, width: int) -> dict[str, Any]:
    return {"groups": groups, "width_per_group": width}


def _rs(*depths: int) -> dict[str, Any]:
    return {
        **_TIMM,
        "depths": depths,
        "stem": "deep_conv",
        "shortcut": "avgpool",
        **_SE,
        "attention_ratio": 0.25,
    }


def _listed() -> dict[tuple[str, str], dict[str, dict[str, Any]]]:
    """Return the fields of every preset, by (family, source) and name."""
    d = _DEPTHS
    basic110, bottle164 = cifar("basic", 18), cifar("bottleneck", 18)
    return {
        ("ResNet", f"{HE2015}, Table 1"): {f"resnet{n}": d[n] for n in (18, 34)},
        ("ResNet", f"{HE2015}, Table 1; {V15}"): {f"resnet{n}": d[n] for n in (50, 101, 152)},
        ("ResNet v1", f"{HE2015}, Table 1; stride in the first 1x1"): {
            f"resnet{n}_v1": {**d[n], **_V1} for n in (50, 101, 152)
        },
        ("ResNet, options A and C", f"{HE2015}, Tables 2 and 3"): {
            **{f"resnet{n}_option_a": {**d[n], "shortcut": "A"} for n in (18, 34)},
            "resnet34_option_c": {**d[34], "shortcut": "C"},
        },
        ("Plain", f"{HE2015}, Table 2"): {f"plain{n}": {**d[n], "shortcut": "none"} for n in (18, 34)},
        ("CIFAR ResNet", f"{HE2015}, Sec. 4.2 and Table 6, option A"): {
            f"resnet{6 * n + 2}_cifar10": cifar("basic", n, shortcut="A") for n in (3, 5, 7, 9, 18, 200)
        },
        ("CIFAR plain", f"{HE2015}, Sec. 4.2 and Fig. 6"): {
            f"plain{6 * n + 2}_cifar10": cifar("basic", n, shortcut="none") for n in (3, 5, 7, 9)
        },
        ("CIFAR ResNet, bottleneck", f"{HE2016}, Table 3, original unit"): {
            "resnet164_cifar10": bottle164,
            "resnet1001_cifar10": cifar("bottleneck", 111),
        },
        ("CIFAR pre-activation", f"{HE2016}, Tables 2 to 4"): {
            "preact_resnet110_cifar10": {**basic110, **_PREACT},
            "preact_resnet164_cifar10": {**bottle164, **_PREACT},
            "preact_resnet1001_cifar10": cifar("bottleneck", 111, **_PREACT),
        },
        ("CIFAR shortcut ablation", f"{HE2016}, Table 1"): {
            "resnet110_cifar10_zero_skip": {**basic110, "shortcut": "A", "skip": "scale", "skip_scale": 0.0},
            "resnet110_cifar10_half_skip": {**basic110, "shortcut": "A", "skip": "scale"},
            "resnet110_cifar10_half_both": {
                **basic110,
                "shortcut": "A",
                "skip": "scale",
                "branch_scale": 0.5,
            },
            "resnet110_cifar10_exclusive_gate": {**basic110, "shortcut": "A", "skip": "exclusive_gate"},
            "resnet110_cifar10_shortcut_gate": {**basic110, "shortcut": "A", "skip": "shortcut_gate"},
            "resnet110_cifar10_conv_shortcut": {**basic110, "shortcut": "C"},
            "resnet110_cifar10_dropout_shortcut": {**basic110, "shortcut": "A", "skip": "dropout"},
        },
        ("CIFAR order ablation", f"{HE2016}, Table 2"): {
            f"resnet{n}_cifar10_{order}": {**fields, "order": order}
            for n, fields in ((110, {**basic110, "shortcut": "A"}), (164, bottle164))
            for order in ("bn_after_add", "relu_before_add", "relu_only_preact")
        },
        ("CIFAR one-layer units", f"{HE2016}, Table 3"): {
            "resnet110_cifar10_1layer": cifar("b3", 36, shortcut="A"),
            "preact_resnet110_cifar10_1layer": cifar("b3", 36, **_PREACT),
        },
        ("TF-slim v2", f"{SLIM}; {HE2016}"): {f"resnet_v2_{n}": {**d[n], **_SLIM} for n in (50, 101, 152, 200)},
        ("Dive into Deep Learning", D2L): {
            "d2l_resnet18": _D2L,
            "d2l_resnet18_notes": {**_D2L, "stem": "unpadded"},
        },
        ("ResNeXt", f"{XIE2016}, Table 1; {V15}"): {
            "resnext50_32x4d": {**d[50], **_cardinal(32, 4)},
            "resnext101_32x4d": {**d[101], **_cardinal(32, 4)},
            "resnext101_32x8d": {**d[101], **_cardinal(32, 8)},
            "resnext101_32x16d": {**d[101], **_cardinal(32, 16)},
            "resnext101_32x32d": {**d[101], **_cardinal(32, 32)},
            "resnext101_64x4d": {**d[101], **_cardinal(64, 4)},
        },
        ("CIFAR ResNeXt", f"{XIE2016}, Table 7"): {
            "resnext29_8x64d_cifar10": cifar("bottleneck", 3, widths=(64, 128, 256), **_cardinal(8, 64)),
            "resnext29_16x64d_cifar10": cifar("bottleneck", 3, widths=(64, 128, 256), **_cardinal(16, 64)),
            "resnext29_32x4d_cifar10": cifar("bottleneck", 3, widths=(64, 128, 256), **_cardinal(32, 4)),
        },
        ("Wide ResNet", f"{ZAGORUYKO2016}, Sec. 3.3; torchvision"): {
            "wide_resnet50_2": {**d[50], "width_per_group": 128},
            "wide_resnet101_2": {**d[101], "width_per_group": 128},
        },
        ("CIFAR WRN", f"{ZAGORUYKO2016}, Tables 4 and 5"): {
            f"wrn{depth}_{k}_cifar10": wrn(depth, k)
            for depth, k in (
                (16, 8),
                (16, 10),
                (22, 8),
                (22, 10),
                (28, 10),
                (28, 12),
                (40, 1),
                (40, 2),
                (40, 4),
                (40, 8),
            )
        },
        ("ResNet (timm)", TIMM): {
            "resnet26": {**_TIMM, **d[26]},
            "resnet200": {**_TIMM, **d[200]},
            "resnet50_gn": {**_TIMM, **d[50], "norm": "group"},
        },
        ("ResNet-C (timm)", f"{HE2018}, Fig. 2b; {TIMM}"): {
            f"resnet{n}c": {**_TIMM, **d[n], **_DEEP} for n in (50, 101, 152)
        }
        | {f"resnet{n}s": {**_TIMM, **d[n], **_DEEP, "stem_width": 128} for n in (50, 101, 152)},
        ("ResNet-D (timm)", f"{HE2018}, Fig. 2c; {TIMM}"): {
            f"resnet{n}d": {**_TIMM, **d[n], **_D} for n in (18, 26, 34, 50, 101, 152, 200)
        },
        ("ResNet-T (timm)", TIMM): {f"resnet{n}t": {**_TIMM, **d[n], **_T} for n in (10, 14, 26, 50)},
        ("ResNeXt-D (timm)", f"{XIE2016}; {HE2018}; {TIMM}"): {
            "resnext50d_32x4d": {**_TIMM, **d[50], **_D, **_cardinal(32, 4)}
        },
        ("SE-ResNet", f"{HU2017}; {TIMM}"): {
            **{f"seresnet{n}": {**_TIMM, **d[n], **_SE} for n in (18, 34, 50, 101, 152)},
            "seresnet50t": {**_TIMM, **d[50], **_T, **_SE},
            **{f"seresnet{n}d": {**_TIMM, **d[n], **_D, **_SE} for n in (152, 200, 269)},
        },
        ("SE-ResNeXt", f"{HU2017}; {XIE2016}; {TIMM}"): {
            "seresnext26d_32x4d": {**_TIMM, **d[26], **_D, **_cardinal(32, 4), **_SE},
            "seresnext26t_32x4d": {**_TIMM, **d[26], **_T, **_cardinal(32, 4), **_SE},
            "seresnext50_32x4d": {**_TIMM, **d[50], **_cardinal(32, 4), **_SE},
            "seresnext101_32x4d": {**_TIMM, **d[101], **_cardinal(32, 4), **_SE},
            "seresnext101_32x8d": {**_TIMM, **d[101], **_cardinal(32, 8), **_SE},
            "seresnext101d_32x8d": {**_TIMM, **d[101], **_D, **_cardinal(32, 8), **_SE},
            "seresnext101_64x4d": {**_TIMM, **d[101], **_cardinal(64, 4), **_SE},
        },
        ("ECA-ResNet", f"{WANG2019}; {TIMM}"): {
            "ecaresnet26t": {**_TIMM, **d[26], **_T, **_ECA},
            "ecaresnet50t": {**_TIMM, **d[50], **_T, **_ECA},
            **{f"ecaresnet{n}d": {**_TIMM, **d[n], **_D, **_ECA} for n in (50, 101, 200, 269)},
            "ecaresnetlight": {**_TIMM, "depths": (1, 1, 11, 3), "shortcut": "avgpool", **_ECA},
            "ecaresnext26t_32x4d": {**_TIMM, **d[26], **_T, **_cardinal(32, 4), **_ECA},
            "ecaresnext50t_32x4d": {**_TIMM, **d[50], **_T, **_cardinal(32, 4), **_ECA},
        },
        ("Anti-aliased ResNet", f"{ZHANG2019}; {TIMM}"): {
            "resnetblur18": {**_TIMM, **d[18], "anti_alias": "blur"},
            "resnetblur50": {**_TIMM, **d[50], "anti_alias": "blur"},
            "resnetblur50d": {**_TIMM, **d[50], **_D, "anti_alias": "blur"},
            "resnetblur101d": {**_TIMM, **d[101], **_D, "anti_alias": "blur"},
            "resnetaa34d": {**_TIMM, **d[34], **_D, "anti_alias": "avg"},
            "resnetaa50": {**_TIMM, **d[50], "anti_alias": "avg"},
            "resnetaa50d": {**_TIMM, **d[50], **_D, "anti_alias": "avg"},
            "resnetaa101d": {**_TIMM, **d[101], **_D, "anti_alias": "avg"},
            "seresnetaa50d": {**_TIMM, **d[50], **_D, **_SE, "anti_alias": "avg"},
            "seresnextaa101d_32x8d": {
                **_TIMM,
                **d[101],
                **_D,
                **_cardinal(32, 8),
                **_SE,
                "anti_alias": "avg",
            },
            "seresnextaa201d_32x8d": {
                **_TIMM,
                **_D,
                **_cardinal(32, 8),
                **_SE,
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
            **{f"resnetv2_{n}": {**d[n], **_TIMM_V2} for n in (18, 34, 50, 101, 152)},
            **{f"resnetv2_{n}d": {**d[n], **_TIMM_V2, **_D} for n in (18, 34, 50, 101, 152)},
            "resnetv2_50t": {**d[50], **_TIMM_V2, **_T},
            "resnetv2_50d_gn": {**d[50], **_TIMM_V2, **_D, "norm": "group"},
        },
        ("Group-normalised ResNet", f"{WU2018}"): {"resnet101_gn": {**d[101], "norm": "group"}},
    }


def wrn(depth: int, k: int) -> dict[str, Any]:
    """Return the fields of WRN-depth-k, depth = 6n + 4 (Zagoruyko & Komodakis 2016, Table 1)."""
    units = (depth - 4) // 6
    return cifar("basic", units, widths=(16 * k, 32 * k, 64 * k), stem_width=16, **_PREACT)


PRESETS: dict[str, Preset] = {
    name: Preset(ResNetConfig(name=name, **fields), family, source)
    for (family, source), nets in _listed().items()
    for name, fields in nets.items()
}
