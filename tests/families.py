"""Networks whose units are more than a chain of convolutions: one of each family, and random ones."""

from hypothesis import event, reject
from hypothesis import strategies as st

from resviz.arch import ConfigError, ResNetConfig, expand, preset
from resviz.arch.block_types import BLOCKS
from resviz.arch.convs import CONVS
from resviz.arch.orders import ORDERS

_RESNET50 = preset("resnet50")

FAMILIES: dict[str, ResNetConfig] = {
    "res2net50": _RESNET50.with_(block="res2net", width_per_group=26),
    "skresnet50": _RESNET50.with_(block="sk_split"),
    "sknet50": _RESNET50.with_(block="sk"),
    "resnest50": _RESNET50.with_(
        block="resnest", stem="deep", shortcut="avgpool", anti_alias="avg3", attention_ratio=0.25
    ),
    "gcresnet50": _RESNET50.with_(attention="gc"),
    "repvgg_a0": _RESNET50.with_(
        block="repvgg",
        shortcut="none",
        stem="none",
        depths=(1, 2, 4, 14, 1),
        widths=(48, 48, 96, 192, 1280),
        stage_strides=(2, 2, 2, 2, 2),
    ),
    "convnext_t": _RESNET50.with_(
        block="convnext",
        depths=(3, 3, 9, 3),
        widths=(96, 192, 384, 768),
        stem="patchify",
        order="branch_only",
        norm="channel",
        activation="gelu",
        downsampling="layer",
        layer_scale=1e-6,
        conv_bias="all",
    ),
    "regnety_800mf": _RESNET50.with_(
        block="x",
        stem="simple",
        stem_width=32,
        depths=(1, 2, 7, 12),
        widths=(32, 64, 160, 400),
        groups=(2, 4, 10, 25),
        stage_strides=(2, 2, 2, 2),
        attention="se",
        attention_ratio=0.25,
        attention_divisor=1,
    ),
}
"""By the name of the network that they are or resemble."""

UNITS = (
    "res2net",
    "sk_basic",
    "sk_split",
    "sk",
    "resnest",
    "repvgg",
    "convnext",
    "inverted",
    "x",
    "se_bottleneck",
    "z",
)


@st.composite
def units(draw: st.DrawFn) -> ResNetConfig:
    """A small network of units with arms, scales, standardised weights or layers that only downsample."""
    stages = draw(st.integers(1, 3))
    block = draw(st.sampled_from(UNITS))
    kind = BLOCKS[block]
    plain = not kind.residual
    norm = draw(st.sampled_from(("batch", "channel", "group", "none")))
    downsampling = draw(st.sampled_from(("unit", "unit", "unit", "layer", "conv", "pool")))
    config = {
        "input": (3, draw(st.integers(33, 64)), draw(st.integers(33, 64))),
        "num_classes": 5,
        "block": block,
        "depths": tuple(draw(st.lists(st.integers(1, 2), min_size=stages, max_size=stages))),
        "widths": tuple(draw(st.lists(st.sampled_from((16, 32, 48)), min_size=stages, max_size=stages).map(sorted))),
        "stage_strides": tuple(draw(st.lists(st.sampled_from((1, 2)), min_size=stages, max_size=stages))),
        "arms": draw(st.sampled_from((None, 1, 2, 4))) if kind.by_group else None,
        "groups": draw(st.sampled_from((1, 2))) if kind.grouped else 1,
        "stem": draw(st.sampled_from(("none", "simple", "patchify", "imagenet", "deep_avg"))),
        "shortcut": "none" if plain else draw(st.sampled_from(("B", "C", "avgpool", "identity", "none"))),
        "order": draw(st.sampled_from(("original", "branch_only") if kind.post is not None else tuple(ORDERS))),
        "norm": norm,
        "activation": draw(st.sampled_from(("relu", "gelu", "silu"))),
        "conv": draw(st.sampled_from(tuple(CONVS))),
        "conv_bias": draw(st.sampled_from(("none", "all"))),
        "attention": draw(st.sampled_from(("none", "gc", "se", "se_alike", "cbam"))),
        "attention_ratio": 0.25,
        "anti_alias": draw(st.sampled_from(("none", "none", "avg3", "blur"))),
        "layer_scale": draw(st.sampled_from((None, 1e-6))),
        "downsampling": downsampling,
        "classifier": draw(st.sampled_from(("linear", "conv"))),
    }
    try:
        made = ResNetConfig(**config)
        expand(made, advise=False)
    except ConfigError as error:
        event(str(error)[:60])
        reject()
    return made
