"""The fields of a configuration: names, types, bounds, defaults and one sentence each.

Every field has a default; the defaults together are torchvision's ``resnet50``. Field names are
torchvision's or timm's where they exist.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from resviz.arch.activations import ACTIVATIONS
from resviz.arch.anti_aliases import ANTI_ALIASES
from resviz.arch.attention import ATTENTIONS
from resviz.arch.block_types import BLOCKS
from resviz.arch.convs import CONV_BIASES, CONVS
from resviz.arch.downsamplings import DOWNSAMPLINGS
from resviz.arch.heads import HEADS
from resviz.arch.norms import NORMS
from resviz.arch.orders import ORDERS
from resviz.arch.shortcuts import SHORTCUTS
from resviz.arch.skips import SKIPS
from resviz.arch.stems import STEMS

MAX_BLOCKS = 20_000
"""Blocks in one network; with a bottleneck's layers this stays near 200,000."""
MAX_UNLIKE = 600
"""Blocks of one network that differ from the one before: alike ones are described, drawn and counted once."""
MAX_LAYERS = 100_000
"""Convolutions on the main path of one network."""
MAX_PARAMS = 10**12
"""Parameters of one network, checked when it is expanded."""
MAX_SIDE = 16_384
"""Input height and width, pixels."""
MAX_CHANNELS = 1_048_576
"""Channels of the input, of a stage or of a stem."""
MAX_CLASSES = 10_000_000
"""Outputs of the classifier."""
MAX_STAGES = 12
"""Stages of one network."""
MAX_ARMS = 64
"""Parallel arms of one block."""
MAX_NAME = 80
"""Characters in a configuration's name."""

CHOICES: dict[str, Mapping[str, Any]] = {
    "stem": STEMS,
    "block": BLOCKS,
    "shortcut": SHORTCUTS,
    "skip": SKIPS,
    "order": ORDERS,
    "norm": NORMS,
    "activation": ACTIVATIONS,
    "conv": CONVS,
    "conv_bias": CONV_BIASES,
    "attention": ATTENTIONS,
    "anti_alias": ANTI_ALIASES,
    "downsampling": DOWNSAMPLINGS,
    "head": HEADS,
}
"""The fields whose value is the name of an entry in an open dictionary, and that dictionary."""

Channels = Annotated[int, Field(ge=1, le=MAX_CHANNELS)]
Side = Annotated[int, Field(ge=1, le=MAX_SIDE)]
Share = Annotated[float, Field(ge=0, lt=1)]
PerStage = Field(min_length=1, max_length=MAX_STAGES)


def _form(value: Any) -> str:
    return "each" if isinstance(value, list | tuple) else "all"


T = TypeVar("T")
OneOrEach = Annotated[
    Annotated[T, Tag("all")] | Annotated[tuple[T, ...], PerStage, Tag("each")],
    Discriminator(_form),
]
"""A field that holds one value for all stages, or a list of one for each."""
Groups = Annotated[int, Field(ge=1, le=MAX_CHANNELS)]
Ratio = Annotated[float, Field(gt=0, le=64)] | None
PER_STAGE = ("block", "groups", "width_per_group", "bottleneck_ratio", "attention", "anti_alias")
"""The fields that take one value for all stages, or a list of one for each."""


class ResNetFields(BaseModel):
    """The fields of a residual network's description, each checked by itself."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        allow_inf_nan=False,
        ser_json_inf_nan="null",
    )

    name: Annotated[str, Field(min_length=1, max_length=MAX_NAME)] = "custom"
    """What the network is called; it changes nothing else."""

    input: tuple[Channels, Side, Side] = (3, 224, 224)
    """One picture: channels, height, width in pixels."""
    num_classes: Annotated[int, Field(ge=1, le=MAX_CLASSES)] = 1000
    """Outputs of the classifier."""
    stem: str = "imagenet"
    """What stands before the first stage."""
    stem_width: Channels | None = None
    """Output channels of the stem; None takes the first stage's planes."""
    stem_norm: bool | None = None
    """Whether BN and ReLU end the stem; None leaves to pre-activating blocks what they do themselves."""

    block: OneOrEach[str] = "bottleneck"
    """The residual block."""
    depths: Annotated[tuple[Annotated[int, Field(ge=1, le=MAX_BLOCKS)], ...], PerStage] = (3, 4, 6, 3)
    """Blocks in each stage."""
    widths: Annotated[tuple[Channels, ...], PerStage] = (64, 128, 256, 512)
    """Planes of each stage; a stage's output has planes x the block's expansion."""
    width_growth: Literal["none", "additive", "multiplicative"] = "none"
    """Whether planes grow from block to block up to the stage's own (PyramidNet), by equal sums or equal factors."""
    groups: OneOrEach[Groups] = 1
    """Groups of the block's spatial convolution: ResNeXt's cardinality."""
    grouped_units: Literal["all", "every_second"] = "all"
    """Which blocks of a stage are grouped: all, or the second, the fourth and so on (RepVGG's g4)."""
    width_per_group: OneOrEach[Groups] = 64
    """Inner width of a bottleneck's group at 64 planes."""
    bottleneck_ratio: OneOrEach[Ratio] = None
    """Inner width of a block as a share of its output; None leaves it to the block."""
    kernel_size: Annotated[int, Field(ge=3, le=63)] | None = None
    """Size of a block's spatial convolutions; None leaves it to the block."""
    arms: Annotated[int, Field(ge=1, le=MAX_ARMS)] | None = None
    """Parallel arms of a block: Res2Net's scale, ResNeSt's radix, SK's paths; None leaves it to its type."""
    identity_units: Annotated[int, Field(ge=0, le=1000)] = 0
    """Weight-free identity blocks at the end of each stage: the paper's solution by construction."""

    stage_strides: Annotated[tuple[Annotated[int, Field(ge=1, le=8)], ...], PerStage] = (1, 2, 2, 2)
    """Stride of each stage."""
    stride_in: Literal["1x1", "3x3"] = "3x3"
    """Which convolution of a block strides: the first 1x1 (v1, the paper) or the 3x3 (v1.5, torchvision)."""
    stride_unit: Literal["first", "last"] = "first"
    """Which block of a stage strides: the first, or the last (TF-slim)."""
    downsampling: str = "unit"
    """What changes the shape between stages: their first block, or layers of their own before it."""
    output_stride: Annotated[int, Field(ge=1, le=4096)] | None = None
    """The most the map may shrink by; beyond it strides become dilations. None sets no limit."""

    shortcut: str = "B"
    """How a shortcut changes its shape."""
    projection_norm: bool | None = None
    """Whether a projection is normalised; None means yes, except in full pre-activation."""
    skip: str = "identity"
    """What every shortcut does to its signal."""
    skip_scale: Annotated[float, Field(ge=-100, le=100)] = 0.5
    """Constant factor of the skip."""
    branch_scale: Annotated[float, Field(ge=-100, le=100)] = 1.0
    """Constant factor of the branch."""
    gate_bias_init: Annotated[float, Field(ge=-100, le=100)] = -6.0
    """Initial bias of a gate: the more negative, the nearer its skip to the identity."""
    skip_dropout: Share = 0.5
    """Dropout probability on the skip."""

    order: str = "original"
    """Where BN, ReLU and weight stand in a block."""
    norm: str = "batch"
    """The normalisation."""
    norm_groups: Annotated[int, Field(ge=1, le=MAX_CHANNELS)] = 32
    """Groups of group normalisation; a layer with fewer common factors takes their largest."""
    activation: str = "relu"
    """The activation."""
    conv: str = "plain"
    """How convolutions use their weight."""
    conv_bias: str = "none"
    """Which convolutions have a bias."""
    zero_init_last: bool = False
    """Whether the branch's last gamma (or last weight, where no norm follows) starts at zero."""

    attention: OneOrEach[str] = "none"
    """The attention unit of a branch."""
    attention_ratio: Annotated[float, Field(gt=0, le=1)] = 1 / 16
    """Inner width of an attention unit as a share of its channels."""
    attention_divisor: Annotated[int, Field(ge=1, le=1024)] | None = None
    """The inner width is rounded to a multiple of this: 1 as in the papers; None as in timm (SE 8, CBAM 1)."""
    anti_alias: OneOrEach[str] = "none"
    """What takes the stride in the place of a strided convolution."""

    layer_scale: Annotated[float, Field(ge=0, le=100)] | None = None
    """Initial value of a learnt factor a channel at the end of a branch; None has no such factor."""
    dropout: Share = 0.0
    """Dropout between the convolutions of a branch."""
    drop_path_rate: Share = 0.0
    """Stochastic depth: the last block's probability of losing its branch while training."""
    head: str = "pool"
    """What stands before the classifier."""
    head_width: Channels | None = None
    """Channels of a 1x1 convolution before the head's pool, which None leaves out, or of its hidden layer."""
    classifier: Literal["linear", "conv"] = "linear"
    """Whether the classifier is a linear layer or a 1x1 convolution (TF-slim, timm's v2)."""

    @property
    def stem_out(self) -> int:
        """Output channels of the stem."""
        return self.widths[0] if self.stem_width is None else self.stem_width

    @property
    def norms_projection(self) -> bool:
        """Whether a projection is normalised: as the field has it, else where nothing else touches the skip."""
        return self.order != "full_preact" if self.projection_norm is None else self.projection_norm

    def each(self, field: str) -> tuple[Any, ...]:
        """Return a field's value in each stage."""
        value = getattr(self, field)
        return value if isinstance(value, tuple) else (value,) * len(self.depths)

    def at(self, field: str, stage: int) -> Any:
        """Return the value that a field has in a stage, by its index."""
        value = getattr(self, field)
        return value[stage] if field in PER_STAGE and isinstance(value, tuple) else value
