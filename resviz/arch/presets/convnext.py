"""The way from ResNet-50 to ConvNeXt, a network a step, and the ConvNeXts (Liu et al. 2022)."""

from resviz.arch.entries import LIU2022, TIMM
from resviz.arch.presets.common import Fields, Listed

_WIDTHS = (96, 192, 384, 768)


def _depthwise(*widths: int) -> Fields:
    """Return the fields of bottlenecks with a depthwise 3x3: a group a channel of the inner width."""
    return {"widths": widths, "groups": widths, "bottleneck_ratio": 0.25}


def _path() -> dict[str, Fields]:
    """Return the networks of the path by name, in the order of Liu et al. 2022, Table 10.

    The first two steps are ResNet-50 itself, the second in a newer recipe of training.
    """
    ratio: Fields = {"depths": (3, 3, 9, 3)}
    patchify: Fields = {**ratio, "stem": "patchify"}
    wide: Fields = {**patchify, "widths": _WIDTHS}
    moved: Fields = {**wide, "block": "depthwise_first"}
    large: Fields = {**moved, "kernel_size": 7}
    gelu: Fields = {**large, "activation": "gelu"}
    few_norms: Fields = {**wide, "block": "convnext", "activation": "gelu"}
    return {
        "convnext_path_02_stage_ratio": ratio,
        "convnext_path_03_patchify": patchify,
        "convnext_path_04_depthwise": {**patchify, **_depthwise(64, 128, 256, 512)},
        "convnext_path_05_wider": {**patchify, **_depthwise(*_WIDTHS)},
        "convnext_path_06_inverted": {**wide, "block": "inverted"},
        "convnext_path_07_depthwise_first": moved,
        "convnext_path_08_kernel_5": {**moved, "kernel_size": 5},
        "convnext_path_09_kernel_7": large,
        "convnext_path_10_gelu": gelu,
        "convnext_path_11_fewer_activations": {**gelu, "block": "depthwise_first_one_activation"},
        "convnext_path_12_fewer_norms": few_norms,
        "convnext_path_13_layer_norm": {**few_norms, "norm": "channel"},
    }


def convnext(*widths: int, depths: tuple[int, ...] = (3, 3, 27, 3), **changes: object) -> Fields:
    """Return the fields of a ConvNeXt of some widths and depths (Liu et al. 2022, Fig. 4 and Table 9)."""
    return {
        "block": "convnext",
        "stem": "patchify",
        "order": "branch_only",
        "norm": "channel",
        "activation": "gelu",
        "downsampling": "layer",
        "layer_scale": 1e-6,
        "conv_bias": "all",
        "depths": depths,
        "widths": widths,
        **changes,
    }


_SMALLER = {
    "atto": convnext(40, 80, 160, 320, depths=(2, 2, 6, 2)),
    "femto": convnext(48, 96, 192, 384, depths=(2, 2, 6, 2)),
    "pico": convnext(64, 128, 256, 512, depths=(2, 2, 6, 2)),
    "nano": convnext(80, 160, 320, 640, depths=(2, 2, 8, 2)),
}

NETWORKS: Listed = {
    ("ConvNeXt path", f"{LIU2022}, Sec. 2 and Table 10"): _path(),
    ("ConvNeXt", f"{LIU2022}, Sec. 3; torchvision, {TIMM}"): {
        "convnext_tiny": convnext(*_WIDTHS, depths=(3, 3, 9, 3)),
        "convnext_small": convnext(*_WIDTHS),
        "convnext_base": convnext(128, 256, 512, 1024),
        "convnext_large": convnext(192, 384, 768, 1536),
        "convnext_xlarge": convnext(256, 512, 1024, 2048),
    },
    ("ConvNeXt (timm)", f"{LIU2022}; {TIMM}"): {
        **{f"convnext_{size}": fields for size, fields in _SMALLER.items()},
        **{
            f"convnext_{size}_ols": {**fields, "stem": "overlap" if size == "nano" else "overlap_tiered"}
            for size, fields in _SMALLER.items()
        },
        "convnext_tiny_hnf": convnext(*_WIDTHS, depths=(3, 3, 9, 3), order="branch_only_head"),
        "convnext_large_mlp": convnext(192, 384, 768, 1536, head="hidden", head_width=1536),
        "convnext_xxlarge": convnext(384, 768, 1536, 3072, depths=(3, 4, 30, 3)),
    },
    ("ConvNeXt V2", f"Woo et al. 2023, arXiv:2301.00808, Sec. 4; {TIMM}"): {
        f"convnextv2_{size}": {**fields, "layer_scale": None, "attention": "grn"}
        for size, fields in {
            **_SMALLER,
            "tiny": convnext(*_WIDTHS, depths=(3, 3, 9, 3)),
            "small": convnext(*_WIDTHS),
            "base": convnext(128, 256, 512, 1024),
            "large": convnext(192, 384, 768, 1536),
            "huge": convnext(352, 704, 1408, 2816),
        }.items()
    },
}
