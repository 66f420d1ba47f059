"""How each field of a configuration stands in the sidebar: its group, its label, its widget."""

from dataclasses import dataclass, field
from typing import Any, Literal

Widget = Literal["choice", "number", "fraction", "switch", "option"]


@dataclass(frozen=True, slots=True)
class FieldWidget:
    """A field's label and kind of widget; ``options`` maps the values of an option to what they are called."""

    label: str
    widget: Widget
    options: dict[Any, str] = field(default_factory=dict)
    step: float = 1


UNSET = "unset"
"""What a widget holds for None, which Streamlit would show as nothing chosen."""
AUTO = {UNSET: "Automatic", True: "Yes", False: "No"}

GROUPS: dict[str, dict[str, FieldWidget]] = {
    "Input and stem": {
        "num_classes": FieldWidget("Classes", "number"),
        "stem": FieldWidget("Stem", "choice"),
        "stem_width": FieldWidget("Stem width", "number", step=8),
        "stem_norm": FieldWidget("BN and ReLU end the stem", "option", AUTO),
    },
    "Stages": {
        "stride_unit": FieldWidget(
            "Unit that strides", "option", {"first": "First of a stage", "last": "Last of a stage (slim)"}
        ),
        "output_stride": FieldWidget(
            "Output stride",
            "option",
            {UNSET: "No limit", 8: "8, then dilate", 16: "16, then dilate", 32: "32, then dilate"},
        ),
        "identity_units": FieldWidget("Identity units per stage", "number"),
    },
    "Block": {
        "block": FieldWidget("Block", "choice"),
        "stride_in": FieldWidget("Stride sits in", "option", {"1x1": "The first 1x1 (v1)", "3x3": "The 3x3 (v1.5)"}),
        "groups": FieldWidget("Groups (cardinality)", "number"),
        "width_per_group": FieldWidget("Width per group", "number", step=4),
        "attention": FieldWidget("Attention", "choice"),
        "attention_ratio": FieldWidget("Attention ratio", "fraction", step=0.0625),
        "attention_divisor": FieldWidget(
            "Round the inner width to", "option", {UNSET: "As timm does", 1: "1 (the papers)", 8: "8"}
        ),
        "anti_alias": FieldWidget("Anti-aliasing", "choice"),
        "dropout": FieldWidget("Dropout in the branch", "fraction", step=0.1),
        "drop_path_rate": FieldWidget("Stochastic depth", "fraction", step=0.1),
        "zero_init_last": FieldWidget("Start the last gamma at zero", "switch"),
    },
    "Shortcut": {
        "shortcut": FieldWidget("Option", "choice"),
        "projection_norm": FieldWidget("BN on projections", "option", AUTO),
        "skip": FieldWidget("Signal on the skip", "choice"),
        "skip_scale": FieldWidget("Factor of the skip", "fraction", step=0.1),
        "branch_scale": FieldWidget("Factor of the branch", "fraction", step=0.1),
        "gate_bias_init": FieldWidget("Initial bias of the gate", "fraction", step=1.0),
        "skip_dropout": FieldWidget("Dropout on the skip", "fraction", step=0.1),
    },
    "Norm and activation": {
        "order": FieldWidget("Order", "choice"),
        "norm": FieldWidget("Normalisation", "choice"),
        "norm_groups": FieldWidget("Groups of the norm", "number"),
        "activation": FieldWidget("Activation", "choice"),
        "conv_bias": FieldWidget("Bias of convolutions", "choice"),
        "classifier": FieldWidget("Classifier", "option", {"linear": "Linear layer", "conv": "1x1 convolution"}),
    },
}
"""Every field that one widget sets, by group; the input's shape and the stages have grids of their own."""

GRIDS = {"input": "Input and stem", "depths": "Stages", "widths": "Stages", "stage_strides": "Stages"}
"""The fields that a grid of numbers sets, and the group they stand in."""
