"""What a person may choose: one frozen, validated, serialisable description of a residual network.

Every field has a default; the defaults together are torchvision's ``resnet50``. Field names are
torchvision's or timm's where they exist. Whatever cannot be is refused with a `ConfigError` whose
sentences name the field, the value and what would be right.
"""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    field_validator,
    model_validator,
)

from resviz.arch.attention import ATTENTIONS
from resviz.arch.blocks import BLOCKS, inner_width
from resviz.arch.errors import ConfigError, Problem, unknown
from resviz.arch.layers import ACTIVATIONS, ANTI_ALIASES, CONV_BIASES, NORMS
from resviz.arch.orders import ORDERS
from resviz.arch.shortcuts import SHORTCUTS, SKIPS
from resviz.arch.stems import STEMS
from resviz.arch.validation_messages import problems

MAX_BLOCKS = 20_000
"""Blocks in one network; with a bottleneck's layers this stays near 200,000."""
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
    "conv_bias": CONV_BIASES,
    "attention": ATTENTIONS,
    "anti_alias": ANTI_ALIASES,
}
"""The fields whose value is the name of an entry in an open dictionary, and that dictionary."""

Channels = Annotated[int, Field(ge=1, le=MAX_CHANNELS)]
Side = Annotated[int, Field(ge=1, le=MAX_SIDE)]
Share = Annotated[float, Field(ge=0, lt=1)]
PerStage = Field(min_length=1, max_length=MAX_STAGES)


class ResNetConfig(BaseModel):
    """A residual network's description. Raises ConfigError for one that cannot be."""

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
    """Whether BN and ReLU end the stem; None leaves to pre-activating units what they do themselves."""

    block: str = "bottleneck"
    """The residual unit."""
    depths: Annotated[tuple[Annotated[int, Field(ge=1, le=MAX_BLOCKS)], ...], PerStage] = (3, 4, 6, 3)
    """Blocks in each stage."""
    widths: Annotated[tuple[Channels, ...], PerStage] = (64, 128, 256, 512)
    """Planes of each stage; a stage's output has planes x the block's expansion."""
    groups: Annotated[int, Field(ge=1, le=MAX_CHANNELS)] = 1
    """Groups of the bottleneck's inner 3x3 convolution: ResNeXt's cardinality."""
    width_per_group: Annotated[int, Field(ge=1, le=MAX_CHANNELS)] = 64
    """Inner width of a bottleneck's group at 64 planes."""
    identity_units: Annotated[int, Field(ge=0, le=1000)] = 0
    """Weight-free identity units at the end of each stage: the paper's solution by construction."""

    stage_strides: Annotated[tuple[Annotated[int, Field(ge=1, le=8)], ...], PerStage] = (1, 2, 2, 2)
    """Stride of each stage."""
    stride_in: Literal["1x1", "3x3"] = "3x3"
    """Which convolution of a unit strides: the first 1x1 (v1, the paper) or the 3x3 (v1.5, torchvision)."""
    stride_unit: Literal["first", "last"] = "first"
    """Which unit of a stage strides: the first, or the last (TF-slim)."""
    output_stride: Annotated[int, Field(ge=1, le=4096)] | None = None
    """The most the map may shrink by; beyond it strides become dilations. None sets no limit."""

    shortcut: str = "B"
    """How a shortcut changes its shape."""
    projection_norm: bool | None = None
    """Whether a projection is normalised; None says yes, except in full pre-activation."""
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
    """Where BN, ReLU and weight stand in a unit."""
    norm: str = "batch"
    """The normalisation."""
    norm_groups: Annotated[int, Field(ge=1, le=MAX_CHANNELS)] = 32
    """Groups of group normalisation; a layer with fewer common factors takes their largest."""
    activation: str = "relu"
    """The activation."""
    conv_bias: str = "none"
    """Which convolutions have a bias."""
    zero_init_last: bool = False
    """Whether the branch's last gamma (or last weight, where no norm follows) starts at zero."""

    attention: str = "none"
    """The attention unit at the end of a branch."""
    attention_ratio: Annotated[float, Field(gt=0, le=1)] = 1 / 16
    """Inner width of an attention unit as a share of its channels."""
    attention_divisor: Annotated[int, Field(ge=1, le=1024)] | None = None
    """The inner width is rounded to a multiple of this: 1 as in the papers; None as in timm (SE 8, CBAM 1)."""
    anti_alias: str = "none"
    """What takes the stride in the place of a strided convolution."""

    dropout: Share = 0.0
    """Dropout between the convolutions of a branch."""
    drop_path_rate: Share = 0.0
    """Stochastic depth: the last block's probability of losing its branch while training."""
    classifier: Literal["linear", "conv"] = "linear"
    """Whether the classifier is a linear layer or a 1x1 convolution (TF-slim, timm's v2)."""

    @model_validator(mode="wrap")
    @classmethod
    def _speak_plainly(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(data)
        except ValidationError as error:
            raise ConfigError(*problems(error.errors(), cls.model_fields)) from None

    @field_validator(*CHOICES, mode="after")
    @classmethod
    def _known(cls, value: str, info: Any) -> str:
        known = CHOICES[info.field_name]
        if value not in known:
            raise ValueError(unknown(info.field_name, value, known))
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        problems = [Problem(field, sentence) for field, wrong, sentence in _rules(self) if wrong]
        if problems:
            raise ConfigError(*problems)
        return self

    @property
    def stem_out(self) -> int:
        """Output channels of the stem."""
        return self.widths[0] if self.stem_width is None else self.stem_width

    @property
    def norms_projection(self) -> bool:
        """Whether a projection is normalised: as told, else in every order but full pre-activation."""
        return self.order != "full_preact" if self.projection_norm is None else self.projection_norm

    def with_(self, **changes: Any) -> Self:
        """Return this configuration with fields changed, validated anew. Raises ConfigError."""
        return type(self)(**{**self.to_dict(), **changes})

    def to_dict(self) -> dict[str, Any]:
        """Return every field as plain data; tuples are lists."""
        return self.model_dump(mode="json")

    def to_json(self) -> str:
        """Return the configuration as JSON."""
        return json.dumps(self.to_dict(), indent=2)

    def to_yaml(self) -> str:
        """Return the configuration as YAML, in the order of the fields."""
        from resviz.arch.document import write_yaml

        return write_yaml(self.to_dict())

    @classmethod
    def from_dict(cls, data: Any) -> Self:
        """Return the configuration that plain data describes. Raises ConfigError."""
        if not isinstance(data, Mapping):
            raise ConfigError.of(
                "file", f"A configuration is a mapping of fields to values, not a {type(data).__name__}."
            )
        return cls(**{str(key): value for key, value in data.items()})

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Return the configuration that JSON or YAML text describes. Raises ConfigError."""
        from resviz.arch.document import read

        return cls.from_dict(read(text))


def _rules(config: ResNetConfig) -> list[tuple[str, bool, str]]:
    """Return every rule across fields: the field at fault, whether it is broken, the sentence."""
    c, block, order = config, BLOCKS[config.block], ORDERS[config.order]
    stages = len(c.depths)
    convs = len(block.kernels) * sum(c.depths)
    inner = [inner_width(c, planes) for planes in c.widths]
    stem = STEMS[c.stem]
    odd = next((spec.share for spec in stem.convs if c.stem_out * spec.share % 1), None)
    several = f"needs one value for each of the {stages} stages that depths gives"
    return [
        ("widths", len(c.widths) != stages, f"widths {list(c.widths)} {several}."),
        (
            "stage_strides",
            len(c.stage_strides) != stages,
            f"stage_strides {list(c.stage_strides)} {several}.",
        ),
        (
            "depths",
            convs > MAX_LAYERS or sum(c.depths) > MAX_BLOCKS,
            f"depths {list(c.depths)} would make {convs:,} convolutions in {sum(c.depths):,} blocks; at most "
            f"{MAX_LAYERS:,} and {MAX_BLOCKS:,} are allowed, so take fewer blocks.",
        ),
        (
            "groups",
            c.groups > 1 and not block.grouped,
            f"groups {c.groups} needs block 'bottleneck': the {c.block} block has no grouped convolution.",
        ),
        (
            "width_per_group",
            c.width_per_group != 64 and not block.grouped,
            f"width_per_group {c.width_per_group} needs block 'bottleneck'; with {c.block!r} change widths.",
        ),
        (
            "width_per_group",
            min(inner) < 1,
            f"width_per_group {c.width_per_group} leaves no inner channels at widths {min(c.widths)}; take a "
            "larger one.",
        ),
        (
            "widths",
            max(inner) > MAX_CHANNELS or max(c.widths) * block.expansion > MAX_CHANNELS,
            f"widths {list(c.widths)} make a layer of more than {MAX_CHANNELS:,} channels; take smaller ones.",
        ),
        (
            "stem_width",
            odd is not None,
            f"stem_width {c.stem_out} is not divisible as the {c.stem} stem needs it (a share of {odd}); take a "
            "multiple of 8.",
        ),
        (
            "skip",
            c.skip != "identity" and c.shortcut == "none",
            f"skip {c.skip!r} needs shortcuts, and shortcut 'none' is a plain net; choose skip 'identity'.",
        ),
        (
            "drop_path_rate",
            c.drop_path_rate > 0 and c.shortcut == "none",
            f"drop_path_rate {c.drop_path_rate:g} needs shortcuts, and shortcut 'none' is a plain net; set it to 0.",
        ),
        (
            "zero_init_last",
            c.zero_init_last and c.shortcut == "none",
            "zero_init_last true would silence a plain net; set it to false, or choose a shortcut.",
        ),
        (
            "zero_init_last",
            c.zero_init_last and order.post.startswith("n"),
            f"zero_init_last true needs a branch with a last norm or weight of its own, and order {c.order!r} "
            "normalises the sum; set it to false.",
        ),
        (
            "stem_norm",
            c.stem_norm is not None and c.norm == "none" and c.stem_norm,
            "stem_norm true needs a norm, and norm is 'none'; choose a norm or set stem_norm to null.",
        ),
    ]
