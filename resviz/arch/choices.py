"""What the entries of the open dictionaries read: one stage's choices, a value each.

Names and meanings are those of `resviz.arch.config.ResNetConfig`, where a field may hold a value for each
stage; here it holds this stage's. An entry needs these few values, not the whole configuration.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The choices that hold in one stage, in the stem or in the head."""

    block: str
    groups: int
    width_per_group: int
    bottleneck_ratio: float | None
    arms: int | None
    kernel_size: int | None
    stride_in: str
    order: str
    norm: str
    norm_groups: int
    activation: str
    conv: str
    conv_bias: str
    attention: str
    attention_ratio: float
    attention_divisor: int | None
    anti_alias: str
    shortcut: str
    norms_projection: bool
    skip: str
    skip_scale: float
    branch_scale: float
    gate_bias_init: float
    skip_dropout: float
    dropout: float
    drop_path_rate: float
    layer_scale: float | None
    zero_init_last: bool
