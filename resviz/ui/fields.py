"""How each field of a configuration stands in the sidebar: its group and its widget."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Widget = Literal["choice", "number", "fraction", "switch", "option"]


@dataclass(frozen=True, slots=True)
class FieldWidget:
    """A field's kind of widget, and by how much a number goes up and down."""

    widget: Widget
    step: float = 1


UNSET = "unset"
"""What a widget holds for None, which Streamlit would show as nothing chosen."""

GROUPS: dict[str, dict[str, FieldWidget]] = {
    "Input and stem": {
        "num_classes": FieldWidget("number"),
        "stem": FieldWidget("choice"),
        "stem_width": FieldWidget("number", step=8),
        "stem_norm": FieldWidget("option"),
    },
    "Stages": {},
    "Strides and depth": {
        "stride_in": FieldWidget("option"),
        "stride_unit": FieldWidget("option"),
        "output_stride": FieldWidget("option"),
        "identity_units": FieldWidget("number"),
        "width_growth": FieldWidget("option"),
        "downsampling": FieldWidget("choice"),
    },
    "Block": {
        "block": FieldWidget("choice"),
        "groups": FieldWidget("number"),
        "grouped_units": FieldWidget("option"),
        "width_per_group": FieldWidget("number", step=4),
        "bottleneck_ratio": FieldWidget("fraction", step=0.05),
        "kernel_size": FieldWidget("number", step=2),
        "arms": FieldWidget("number"),
        "attention": FieldWidget("choice"),
        "attention_ratio": FieldWidget("fraction", step=0.0625),
        "attention_divisor": FieldWidget("option"),
        "anti_alias": FieldWidget("choice"),
        "dropout": FieldWidget("fraction", step=0.1),
        "drop_path_rate": FieldWidget("fraction", step=0.1),
        "zero_init_last": FieldWidget("switch"),
        "layer_scale": FieldWidget("fraction", step=0.1),
    },
    "Shortcut": {
        "shortcut": FieldWidget("choice"),
        "projection_norm": FieldWidget("option"),
        "skip": FieldWidget("choice"),
        "skip_scale": FieldWidget("fraction", step=0.1),
        "branch_scale": FieldWidget("fraction", step=0.1),
        "gate_bias_init": FieldWidget("fraction", step=1.0),
        "skip_dropout": FieldWidget("fraction", step=0.1),
    },
    "Order, norm, activation": {
        "order": FieldWidget("choice"),
        "norm": FieldWidget("choice"),
        "norm_groups": FieldWidget("number"),
        "activation": FieldWidget("choice"),
        "conv": FieldWidget("choice"),
        "conv_bias": FieldWidget("choice"),
        "head": FieldWidget("choice"),
        "head_width": FieldWidget("number", step=64),
        "classifier": FieldWidget("option"),
    },
}
"""Every field that one widget sets, by group; the input's shape and the stages have grids of their own."""


def in_one_line(values: Sequence[Any]) -> str:
    """Return a value for each stage as a person types them, separated by commas; a single one ends in a comma."""
    words = ["auto" if value is None else str(value) for value in values]
    return ", ".join(words) if len(words) > 1 else f"{words[0]},"


def from_one_line(text: str) -> tuple[str | None, ...]:
    """Return the value for each stage that a line of text gives, with commas or spaces between them."""
    return tuple(None if word == "auto" else word for word in text.replace(",", " ").split())


GRIDS = {"input": "Input and stem", "depths": "Stages", "widths": "Stages", "stage_strides": "Stages"}
"""The fields that a grid of numbers sets, and the group they stand in."""
