"""The papers' own ResNets: plain, original, pre-activated, wide and grouped."""

from resviz.arch.entries import D2L, HAN2016, HE2015, HE2016, SLIM, XIE2016, ZAGORUYKO2016
from resviz.arch.presets.common import D2L_FIELDS, DEPTHS, PREACT, SLIM_V2, V1, Listed, cardinal, cifar, pyramidnet, wrn

V15 = "torchvision, stride in the 3x3 (v1.5)"
BASIC110, BOTTLENECK164 = cifar("basic", 18), cifar("bottleneck", 18)

NETWORKS: Listed = {
    ("ResNet", f"{HE2015}, Table 1"): {f"resnet{n}": DEPTHS[n] for n in (18, 34)},
    ("ResNet", f"{HE2015}, Table 1; {V15}"): {f"resnet{n}": DEPTHS[n] for n in (50, 101, 152)},
    ("ResNet v1", f"{HE2015}, Table 1; stride in the first 1x1"): {
        f"resnet{n}_v1": {**DEPTHS[n], **V1} for n in (50, 101, 152)
    },
    ("ResNet, options A and C", f"{HE2015}, Tables 2 and 3"): {
        **{f"resnet{n}_option_a": {**DEPTHS[n], "shortcut": "A"} for n in (18, 34)},
        "resnet34_option_c": {**DEPTHS[34], "shortcut": "C"},
    },
    ("Plain", f"{HE2015}, Table 2"): {f"plain{n}": {**DEPTHS[n], "shortcut": "none"} for n in (18, 34)},
    ("CIFAR ResNet", f"{HE2015}, Sec. 4.2 and Table 6, option A"): {
        f"resnet{6 * n + 2}_cifar10": cifar("basic", n, shortcut="A") for n in (3, 5, 7, 9, 18, 200)
    },
    ("CIFAR plain", f"{HE2015}, Sec. 4.2 and Fig. 6"): {
        f"plain{6 * n + 2}_cifar10": cifar("basic", n, shortcut="none") for n in (3, 5, 7, 9)
    },
    ("CIFAR ResNet, bottleneck", f"{HE2016}, Table 3, original unit"): {
        "resnet164_cifar10": BOTTLENECK164,
        "resnet1001_cifar10": cifar("bottleneck", 111),
    },
    ("CIFAR pre-activation", f"{HE2016}, Tables 2 to 4"): {
        "preact_resnet110_cifar10": {**BASIC110, **PREACT},
        "preact_resnet164_cifar10": {**BOTTLENECK164, **PREACT},
        "preact_resnet1001_cifar10": cifar("bottleneck", 111, **PREACT),
    },
    ("CIFAR shortcut ablation", f"{HE2016}, Table 1"): {
        "resnet110_cifar10_zero_skip": {**BASIC110, "shortcut": "A", "skip": "scale", "skip_scale": 0.0},
        "resnet110_cifar10_half_skip": {**BASIC110, "shortcut": "A", "skip": "scale"},
        "resnet110_cifar10_half_both": {
            **BASIC110,
            "shortcut": "A",
            "skip": "scale",
            "branch_scale": 0.5,
        },
        "resnet110_cifar10_exclusive_gate": {**BASIC110, "shortcut": "A", "skip": "exclusive_gate"},
        "resnet110_cifar10_shortcut_gate": {**BASIC110, "shortcut": "A", "skip": "shortcut_gate"},
        "resnet110_cifar10_conv_shortcut": {**BASIC110, "shortcut": "C"},
        "resnet110_cifar10_dropout_shortcut": {**BASIC110, "shortcut": "A", "skip": "dropout"},
    },
    ("CIFAR order ablation", f"{HE2016}, Table 2"): {
        f"resnet{n}_cifar10_{order}": {**fields, "order": order}
        for n, fields in ((110, {**BASIC110, "shortcut": "A"}), (164, BOTTLENECK164))
        for order in ("bn_after_add", "relu_before_add", "relu_only_preact")
    },
    ("CIFAR one-layer blocks", f"{HE2016}, Table 3"): {
        "resnet110_cifar10_1layer": cifar("b3", 36, shortcut="A"),
        "preact_resnet110_cifar10_1layer": cifar("b3", 36, **PREACT),
    },
    ("TF-slim v2", f"{SLIM}; {HE2016}"): {f"resnet_v2_{n}": {**DEPTHS[n], **SLIM_V2} for n in (50, 101, 152, 200)},
    ("Dive into Deep Learning", D2L): {
        "d2l_resnet18": D2L_FIELDS,
        "d2l_resnet18_notes": {**D2L_FIELDS, "stem": "unpadded"},
    },
    ("ResNeXt", f"{XIE2016}, Table 1; {V15}"): {
        "resnext50_32x4d": {**DEPTHS[50], **cardinal(32, 4)},
        "resnext101_32x4d": {**DEPTHS[101], **cardinal(32, 4)},
        "resnext101_32x8d": {**DEPTHS[101], **cardinal(32, 8)},
        "resnext101_32x16d": {**DEPTHS[101], **cardinal(32, 16)},
        "resnext101_32x32d": {**DEPTHS[101], **cardinal(32, 32)},
        "resnext101_64x4d": {**DEPTHS[101], **cardinal(64, 4)},
    },
    ("ResNeXt, three forms", f"{XIE2016}, Fig. 3"): {
        f"resnext50_32x4d_form_{form}": {**DEPTHS[50], **cardinal(32, 4), "block": block}
        for form, block in (("a", "bottleneck_added_arms"), ("b", "bottleneck_joined_arms"), ("c", "bottleneck"))
    },
    ("CIFAR PyramidNet", f"{HAN2016}, Table 4"): {
        **{f"pyramidnet110_a{alpha}_cifar10": pyramidnet("basic", 18, alpha) for alpha in (48, 84, 270)},
        "pyramidnet164_a270_cifar10": pyramidnet("bottleneck", 18, 270),
        "pyramidnet200_a240_cifar10": pyramidnet("bottleneck", 22, 240),
    },
    ("CIFAR ResNeXt", f"{XIE2016}, Table 7"): {
        "resnext29_8x64d_cifar10": cifar("bottleneck", 3, widths=(64, 128, 256), **cardinal(8, 64)),
        "resnext29_16x64d_cifar10": cifar("bottleneck", 3, widths=(64, 128, 256), **cardinal(16, 64)),
        "resnext29_32x4d_cifar10": cifar("bottleneck", 3, widths=(64, 128, 256), **cardinal(32, 4)),
    },
    ("Wide ResNet", f"{ZAGORUYKO2016}, Sec. 3.3; torchvision"): {
        "wide_resnet50_2": {**DEPTHS[50], "width_per_group": 128},
        "wide_resnet101_2": {**DEPTHS[101], "width_per_group": 128},
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
}
