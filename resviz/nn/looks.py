"""What tensors look like to somebody who knows networks: by shape, and by names that tell another kind of network."""

import re
from collections.abc import Iterable

from resviz.arch.operation import Shape
from resviz.report.formatting import plural
from resviz.report.formatting import shape as written

KINDS = (
    (r"\.attn\.(qkv|q_proj|in_proj)|self_attn|\.attention\.(self|query)|multi_head", "the attention of a transformer"),
    (r"relative_position_bias_table", "the window attention of a Swin transformer"),
    (r"denselayer\d|denseblock\d", "a DenseNet, whose layers are concatenated and not added"),
    (r"branch(3x3|5x5|7x7|_pool)|Mixed_\d", "an Inception network, whose branches are concatenated"),
    (r"conv_pwl?\.|conv_dw\.|\.expand_conv\.|\.depthwise_conv\.", "inverted bottlenecks of EfficientNet or MobileNet"),
    (r"down_blocks\.|up_blocks\.|\bup\d\.|upconv", "a U-Net"),
    (r"weight_[ih]h_l\d", "a recurrent network"),
    (r"lora_[AB]", "low-rank adapters of another network"),
    (r"embed_tokens|word_embeddings|\bwte\.", "a language model"),
    (r"^features\.\d+\.(weight|bias)$", "one plain stack of layers, such as VGG or AlexNet"),
)
"""Patterns of names, and what has such names."""


def kind(names: Iterable[str]) -> str:
    """Return what kind of network has such names, or ""."""
    every = list(names)
    counts = [(sum(bool(re.search(pattern, name)) for name in every), what) for pattern, what in KINDS]
    most, what = max(counts, key=lambda each: each[0])
    return what if most else ""


def tensor(name: str, shape: Shape) -> str:
    """Return what a tensor looks like: ``a 3x3 convolution from 64 to 128 channels``."""
    last = name.rsplit(".", 1)[-1]
    match shape:
        case (out, taken, height, width) if last == "weight":
            taken_of = "1, or depthwise," if taken == 1 else f"{taken:,}"
            return f"a {height}x{width} convolution from {taken_of} to {out:,} channels"
        case (out, taken) if last == "weight":
            return f"a linear layer from {taken:,} to {out:,}"
        case (number,) if last in ("running_mean", "running_var"):
            return f"a running statistic of {plural(number, 'channel')}"
        case (number,) if last in ("weight", "bias", "gamma", "beta"):
            return f"a scale or a bias of {plural(number, 'channel')}"
        case ():
            return "one number"
        case _:
            return f"a tensor of {written(shape)}"
