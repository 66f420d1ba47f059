"""Networks whose blocks have parallel arms: Res2Net, selective kernels, ResNeSt, RepVGG."""

from fractions import Fraction

from resviz.arch.entries import DING2021, GAO2019, LI2019, TIMM, ZHANG2020
from resviz.arch.presets.common import DEPTHS, TIMM_INIT, D, Fields, Listed, cardinal


def _res2net(depth: int, width: int, scale: int, **changes: object) -> Fields:
    """Return the fields of a Res2Net: a share's width at 64 planes, and the number of shares."""
    arms = {} if scale == 4 else {"arms": scale}
    return {**TIMM_INIT, **DEPTHS[depth], "block": "res2net", "width_per_group": width, **arms, **changes}


def _sk(depth: int, block: str, **changes: object) -> Fields:
    return {**DEPTHS[depth], "block": block, **changes}


_SK_BASIC: Fields = {"attention_ratio": 1 / 8, "attention_divisor": 16}


def _resnest(*depths: int, **changes: object) -> Fields:
    return {
        **TIMM_INIT,
        **D,
        "block": "resnest",
        "depths": depths,
        "attention_ratio": 0.25,
        "anti_alias": "avg3",
        **changes,
    }


def repvgg(depths: tuple[int, ...], *factors: Fraction | float, **changes: object) -> Fields:
    """Return the fields of a RepVGG: its first layer, a stage of its own, and four stages of 64 to 512 channels.

    ``factors`` multiply these widths (Ding et al. 2021, Table 2).
    """
    widths = tuple(int(width * factor) for width, factor in zip((64, 128, 256, 512), factors, strict=True))
    return {
        "block": "repvgg",
        "stem": "none",
        "shortcut": "none",
        "depths": (1, *depths),
        "widths": (min(64, widths[0]), *widths),
        "stage_strides": (2,) * 5,
        **changes,
    }


_A, _B = (2, 4, 14, 1), (4, 6, 16, 1)
_REPVGG = {
    "repvgg_a0": (_A, (0.75, 0.75, 0.75, 2.5)),
    "repvgg_a1": (_A, (1, 1, 1, 2.5)),
    "repvgg_a2": (_A, (1.5, 1.5, 1.5, 2.75)),
    "repvgg_b0": (_B, (1, 1, 1, 2.5)),
    "repvgg_b1": (_B, (2, 2, 2, 4)),
    "repvgg_b2": (_B, (2.5, 2.5, 2.5, 5)),
    "repvgg_b3": (_B, (3, 3, 3, 5)),
}
"""Depths and factors (Ding et al. 2021, Tables 2 and 3)."""
_G4 = {
    f"{name}g4": (*_REPVGG[name], {"groups": 4, "grouped_units": "every_second"})
    for name in ("repvgg_b1", "repvgg_b2", "repvgg_b3")
}
"""Every second unit in four groups (Ding et al. 2021, Sec. 3.4)."""
_EVERY: dict[str, tuple[tuple[int, ...], tuple[float, ...], Fields]] = {
    **{name: (*sizes, {}) for name, sizes in _REPVGG.items()},
    **_G4,
}

NETWORKS: Listed = {
    ("Res2Net", f"{GAO2019}, Table 1; {TIMM}"): {
        **{
            f"res2net50_{width}w_{scale}s": _res2net(50, width, scale)
            for width, scale in ((48, 2), (26, 4), (26, 6), (26, 8), (14, 8))
        },
        "res2net101_26w_4s": _res2net(101, 26, 4),
        "res2net50d": _res2net(50, 26, 4, **D),
        "res2net101d": _res2net(101, 26, 4, **D),
        "res2next50": _res2net(50, 4, 4, groups=8),
    },
    ("Selective kernels", f"{LI2019}; {TIMM}"): {
        "skresnet18": _sk(18, "sk_basic", **_SK_BASIC),
        "skresnet34": _sk(34, "sk_basic", **_SK_BASIC),
        "skresnet50": _sk(50, "sk_split"),
        "skresnet50d": _sk(50, "sk_split", **D),
        "skresnext50_32x4d": _sk(50, "sk", attention_divisor=32, **cardinal(32, 4)),
    },
    ("ResNeSt", f"{ZHANG2020}, Table 3; {TIMM}"): {
        "resnest14d": _resnest(1, 1, 1, 1),
        "resnest26d": _resnest(2, 2, 2, 2),
        "resnest50d": _resnest(3, 4, 6, 3),
        "resnest101e": _resnest(3, 4, 23, 3, stem_width=128),
        "resnest200e": _resnest(3, 24, 36, 3, stem_width=128),
        "resnest269e": _resnest(3, 30, 48, 8, stem_width=128),
        "resnest50d_4s2x40d": _resnest(3, 4, 6, 3, arms=4, **{**cardinal(2, 40), "anti_alias": "avg3_first"}),
        "resnest50d_1s4x24d": _resnest(3, 4, 6, 3, arms=1, **{**cardinal(4, 24), "anti_alias": "avg3_first"}),
    },
    ("RepVGG, in training", f"{DING2021}, Tables 2 and 3; {TIMM}"): {
        **{name: repvgg(depths, *factors, **changes) for name, (depths, factors, changes) in _EVERY.items()},
        "repvgg_d2se": repvgg((8, 14, 24, 1), 2.5, 2.5, 2.5, 5, attention="se", attention_divisor=1),
    },
    ("RepVGG, deployed", f"{DING2021}, Sec. 3.3"): {
        f"{name}_deployed": repvgg(depths, *factors, block="repvgg_deployed", conv_bias="all", norm="none", **changes)
        for name, (depths, factors, changes) in _EVERY.items()
    },
}
