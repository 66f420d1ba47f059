"""What the fields of a configuration and their values are called, wherever a person reads them."""

from typing import Any

from resviz.arch.fields import CHOICES
from resviz.arch.settings import SETTINGS
from resviz.report.formatting import shape

AUTOMATIC = {None: "Automatic", True: "Yes", False: "No"}
LABELS = {
    "name": "Name",
    "input": "Input",
    "depths": "Blocks of the stages",
    "widths": "Planes of the stages",
    "stage_strides": "Strides of the stages",
    "stem": "Stem",
    "block": "Block",
    "attention": "Attention",
    "anti_alias": "Anti-aliasing",
    "shortcut": "Shortcut option",
    "skip": "Signal on the skip",
    "order": "Order",
    "norm": "Normalisation",
    "activation": "Activation",
    "conv": "Use of weights",
    "downsampling": "Downsampling",
    "head": "Head",
    "conv_bias": "Bias of convolutions",
    **{name: entry.label for name, entry in SETTINGS.items()},
}
"""What each field is called."""
OPTIONS: dict[str, dict[Any, str]] = {
    "stem_norm": AUTOMATIC,
    "projection_norm": AUTOMATIC,
    "stride_unit": {"first": "First of a stage", "last": "Last of a stage (slim)"},
    "output_stride": {None: "No limit", 8: "8, then dilate", 16: "16, then dilate", 32: "32, then dilate"},
    "width_growth": {"none": "No", "additive": "By equal sums", "multiplicative": "By equal factors"},
    "stride_in": {"1x1": "First 1x1 (v1)", "3x3": "3x3 (v1.5)"},
    "grouped_units": {"all": "All", "every_second": "Every second"},
    "attention_divisor": {None: "As timm does", 1: "1 (the papers)", 8: "8"},
    "classifier": {"linear": "Linear layer", "conv": "1x1 convolution"},
}
"""The values of fields that offer a few, beside those that an open dictionary explains."""
EMPTY = {
    "stem_width": "as the first stage",
    "layer_scale": "none",
    "head_width": "none",
    "bottleneck_ratio": "as the block has it",
    "kernel_size": "as the block has it",
    "arms": "as the block has it",
}
"""What a number that is not given stands for."""


def value_in_words(field: str, value: Any) -> str:
    """Return a field's value as people say it: ``Bottleneck``, ``3, 4, 6, 3``, ``3x3 (v1.5)``, ``yes``."""
    if field == "input":
        return shape(value)
    if isinstance(value, tuple | list):
        return ", ".join(value_in_words(field, each) for each in value)
    if field in CHOICES:
        label: str = CHOICES[field][value].label
        return label
    if value in OPTIONS.get(field, ()):
        return OPTIONS[field][value]
    if value is None:
        return EMPTY[field]
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
