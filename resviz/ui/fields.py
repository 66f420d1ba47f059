"""How each field of a configuration stands in the sidebar: its group, its label, its widget."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from resviz.arch.settings import SETTINGS

Widget = Literal["choice", "number", "fraction", "switch", "option"]


@dataclass(frozen=True, slots=True)
class FieldWidget:
    """A field's kind of widget; ``options`` maps the values of an option to what they are called.

    ``empty`` is what a number that is not given stands for.
    """

    widget: Widget
    options: dict[Any, str] = field(default_factory=dict)
    step: float = 1
    empty: str = "as the block has it"


UNSET = "unset"
"""What a widget holds for None, which Streamlit would show as nothing chosen."""
AUTO = {UNSET: "Automatic", True: "Yes", False: "No"}

GROUPS: dict[str, dict[str, FieldWidget]] = {
    "Input and stem": {
        "num_classes": FieldWidget("number"),
        "stem": FieldWidget("choice"),
        "stem_width": FieldWidget("number", step=8, empty="as the first stage"),
        "stem_norm": FieldWidget("option", AUTO),
    },
    "Stages": {},
    "Strides and depth": {
        "stride_unit": FieldWidget("option", {"first": "First of a stage", "last": "Last of a stage (slim)"}),
        "output_stride": FieldWidget(
            "option",
            {UNSET: "No limit", 8: "8, then dilate", 16: "16, then dilate", 32: "32, then dilate"},
        ),
        "identity_units": FieldWidget("number"),
        "width_growth": FieldWidget(
            "option", {"none": "No", "additive": "By equal sums", "multiplicative": "By equal factors"}
        ),
        "downsampling": FieldWidget("option", {"unit": "By the first unit", "layer": "By a layer of its own"}),
    },
    "Block": {
        "block": FieldWidget("choice"),
        "stride_in": FieldWidget("option", {"1x1": "The first 1x1 (v1)", "3x3": "The 3x3 (v1.5)"}),
        "groups": FieldWidget("number"),
        "grouped_units": FieldWidget("option", {"all": "All", "every_second": "Every second"}),
        "width_per_group": FieldWidget("number", step=4),
        "bottleneck_ratio": FieldWidget("fraction", step=0.05),
        "kernel_size": FieldWidget("number", step=2),
        "arms": FieldWidget("number"),
        "attention": FieldWidget("choice"),
        "attention_ratio": FieldWidget("fraction", step=0.0625),
        "attention_divisor": FieldWidget("option", {UNSET: "As timm does", 1: "1 (the papers)", 8: "8"}),
        "anti_alias": FieldWidget("choice"),
        "dropout": FieldWidget("fraction", step=0.1),
        "drop_path_rate": FieldWidget("fraction", step=0.1),
        "zero_init_last": FieldWidget("switch"),
        "layer_scale": FieldWidget("fraction", step=0.1, empty="none"),
    },
    "Shortcut": {
        "shortcut": FieldWidget("choice"),
        "projection_norm": FieldWidget("option", AUTO),
        "skip": FieldWidget("choice"),
        "skip_scale": FieldWidget("fraction", step=0.1),
        "branch_scale": FieldWidget("fraction", step=0.1),
        "gate_bias_init": FieldWidget("fraction", step=1.0),
        "skip_dropout": FieldWidget("fraction", step=0.1),
    },
    "Norm and activation": {
        "order": FieldWidget("choice"),
        "norm": FieldWidget("choice"),
        "norm_groups": FieldWidget("number"),
        "activation": FieldWidget("choice"),
        "conv": FieldWidget("choice"),
        "conv_bias": FieldWidget("choice"),
        "head": FieldWidget("choice"),
        "head_width": FieldWidget("number", step=64, empty="none"),
        "classifier": FieldWidget("option", {"linear": "Linear layer", "conv": "1x1 convolution"}),
    },
}
"""Every field that one widget sets, by group; the input's shape and the stages have grids of their own."""

LABELS = {
    "stem": "Stem",
    "block": "Block",
    "attention": "Attention",
    "anti_alias": "Anti-aliasing",
    "shortcut": "Option",
    "skip": "Signal on the skip",
    "order": "Order",
    "norm": "Normalisation",
    "activation": "Activation",
    "conv": "Use of weights",
    "head": "Head",
    "conv_bias": "Bias of convolutions",
    **{name: entry.label for name, entry in SETTINGS.items()},
}
"""What a field is called on the screen."""


def in_one_line(values: Sequence[Any]) -> str:
    """Return a value for each stage as a person types them, separated by commas; a single one ends in a comma."""
    words = ["auto" if value is None else str(value) for value in values]
    return ", ".join(words) if len(words) > 1 else f"{words[0]},"


def from_one_line(text: str) -> tuple[str | None, ...]:
    """Return the value for each stage that a line of text gives, with commas or spaces between them."""
    return tuple(None if word == "auto" else word for word in text.replace(",", " ").split())


GRIDS = {"input": "Input and stem", "depths": "Stages", "widths": "Stages", "stage_strides": "Stages"}
"""The fields that a grid of numbers sets, and the group they stand in."""
