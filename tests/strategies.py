"""Random configurations for property tests: small, of every kind, and possible."""

from typing import Any

from hypothesis import reject, settings
from hypothesis import strategies as st

from resviz.arch import ConfigError, ResNetConfig, expand
from resviz.arch.block_types import BLOCKS
from resviz.arch.fields import CHOICES, PER_STAGE
from resviz.arch.inactive import without_inactive

RARE: dict[str, st.SearchStrategy[Any]] = {
    "stem_width": st.sampled_from((8, 16, 24, 40)),
    "stem_norm": st.booleans(),
    "width_growth": st.sampled_from(("additive", "multiplicative")),
    "groups": st.sampled_from((2, 3, 4, 8)),
    "grouped_units": st.just("every_second"),
    "width_per_group": st.sampled_from((8, 16, 128)),
    "bottleneck_ratio": st.sampled_from((0.25, 0.5, 2.0)),
    "kernel_size": st.sampled_from((3, 5, 7)),
    "arms": st.integers(1, 4),
    "identity_units": st.just(2),
    "stride_in": st.just("1x1"),
    "stride_unit": st.just("last"),
    "output_stride": st.sampled_from((4, 8, 16)),
    "projection_norm": st.booleans(),
    "skip_scale": st.sampled_from((0.0, 2.0)),
    "branch_scale": st.sampled_from((0.2, 0.5)),
    "gate_bias_init": st.sampled_from((-3.0, 0.0)),
    "skip_dropout": st.sampled_from((0.1, 0.9)),
    "norm_groups": st.sampled_from((1, 2, 4)),
    "zero_init_last": st.booleans(),
    "attention_ratio": st.sampled_from((1 / 8, 1 / 4)),
    "attention_divisor": st.sampled_from((1, 4)),
    "layer_scale": st.sampled_from((1e-6, 0.1)),
    "dropout": st.just(0.3),
    "drop_path_rate": st.just(0.2),
    "head_width": st.sampled_from((8, 20)),
    "classifier": st.just("conv"),
}
"""What the numbers and switches may be beside their defaults."""
COMMON = {
    "conv": "plain",
    "skip": "identity",
    "anti_alias": "none",
    "attention": "none",
    "shortcut": "B",
    "order": "original",
    "downsampling": "unit",
    "head": "pool",
    "norm": "batch",
}
"""What a choice is more often than anything else, so that rarer ones meet ordinary surroundings as well."""
GIVES_WAY = ("groups", "width_per_group", "bottleneck_ratio", "arms", "kernel_size", *COMMON)
"""The fields that go back to their defaults where they contradict what else was drawn, in this order."""
DEFAULTS = {name: field.default for name, field in ResNetConfig.model_fields.items()}
GRIDS = {"input", "depths", "widths", "stage_strides"}
WIDTHS = st.sampled_from((8, 16, 24, 32)) | st.integers(4, 40)


def names(field: str) -> st.SearchStrategy[str]:
    """An entry of an open dictionary."""
    every = st.sampled_from(list(CHOICES[field]))
    return st.just(COMMON[field]) | every if field in COMMON else every


def examples(share: float) -> int:
    """How many examples a test takes whose examples cost more, or are worth more, than others': see tests/conftest."""
    return round(share * settings().max_examples)


@st.composite
def configs(draw: st.DrawFn, *, max_blocks: int = 3, max_side: int = 70) -> ResNetConfig:
    """A configuration that expands.

    Every entry of every dictionary occurs, by itself and a stage each, widths odd and shrinking, strides of 3
    and 4. What contradicts the block drawn goes back to its default, field by field; the rare network whose maps
    still do not fit is drawn anew.
    """
    stages = draw(st.integers(1, 4))

    def each(values: st.SearchStrategy[Any]) -> tuple[Any, ...]:
        return tuple(draw(st.lists(values, min_size=stages, max_size=stages)))

    fields: dict[str, Any] = {
        "input": (draw(st.integers(1, 4)), draw(st.integers(33, max_side)), draw(st.integers(33, max_side))),
        "num_classes": draw(st.integers(1, 20)),
        "depths": each(st.integers(1, max_blocks)),
        "widths": each(WIDTHS),
        "stage_strides": each(st.sampled_from((1, 1, 2, 2, 3, 4))),
    }
    rare = draw(st.lists(st.sampled_from(sorted(RARE)), max_size=6, unique=True))
    drawn = {**{field: names(field) for field in CHOICES}, **{field: RARE[field] for field in rare}}
    for field, values in drawn.items():
        by_stage = field in PER_STAGE and draw(st.integers(0, 3)) == 0
        fields[field] = each(values) if by_stage else draw(values)
    if draw(st.booleans()):
        fields["widths"] = tuple(sorted(fields["widths"]))  # what pads channels cannot let them shrink
    blocks = fields["block"] if isinstance(fields["block"], tuple) else (fields["block"],)
    if not all(BLOCKS[block].residual for block in blocks):
        fields["shortcut"] = "none"
    return possible(fields)


def possible(fields: dict[str, Any]) -> ResNetConfig:
    """The configuration of some fields, without those that contradict the others; rejects what has none."""
    while True:
        try:
            config = ResNetConfig(**without_inactive({**DEFAULTS, **fields}))
            expand(config, advise=False)
        except ConfigError as error:
            at_fault = sorted({problem.field for problem in error.problems} - GRIDS)
            gives_way = [name for name in (*at_fault, *GIVES_WAY) if fields.get(name, DEFAULTS[name]) != DEFAULTS[name]]
            if not gives_way:
                reject()
            del fields[gives_way[0]]
        else:
            return config
