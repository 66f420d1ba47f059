"""Random configurations for property tests: small, of every kind, and possible."""

from hypothesis import reject
from hypothesis import strategies as st

from resviz.arch import ConfigError, ResNetConfig, expand
from resviz.arch.activations import ACTIVATIONS
from resviz.arch.anti_aliases import ANTI_ALIASES
from resviz.arch.attention import ATTENTIONS
from resviz.arch.block_types import BLOCKS
from resviz.arch.convs import CONV_BIASES
from resviz.arch.orders import ORDERS
from resviz.arch.shortcuts import SHORTCUTS
from resviz.arch.skips import SKIPS
from resviz.arch.stems import STEMS


def names(entries: dict[str, object]) -> st.SearchStrategy[str]:
    return st.sampled_from(list(entries))


@st.composite
def configs(draw: st.DrawFn, *, max_blocks: int = 3, max_side: int = 70) -> ResNetConfig:
    """A configuration that expands: each field drawn within what the others allow.

    Widths are multiples of 8 and grow, so that groups, deep stems and option A are always possible. The one
    in a hundred whose maps still do not fit (an average pool of an odd side) is drawn anew.
    """
    stages = draw(st.integers(1, 4))
    block = draw(names(BLOCKS))
    order = draw(names(ORDERS))
    shortcut = draw(names(SHORTCUTS))
    plain = shortcut == "none"
    anti_alias = draw(names(ANTI_ALIASES))
    widths = draw(st.lists(st.sampled_from((8, 16, 24, 32)), min_size=stages, max_size=stages).map(sorted))
    strides = draw(st.lists(st.sampled_from((1, 2)), min_size=stages, max_size=stages))
    side = st.just(64) if anti_alias == "avg" else st.integers(33, max_side)
    groups = draw(st.sampled_from((1, 2, 4))) if BLOCKS[block].grouped else 1
    width_per_group = draw(st.sampled_from((8, 16, 64))) if BLOCKS[block].grouped else 64
    norm = draw(st.sampled_from(("batch", "batch", "group", "layer", "none")))
    stem = draw(names(STEMS))
    config = ResNetConfig(
        input=(draw(st.integers(1, 4)), draw(side), draw(side)),
        num_classes=draw(st.integers(1, 20)),
        stem=stem,
        stem_width=draw(st.sampled_from((None, 8, 16))) if shortcut != "A" else None,
        stem_norm=draw(st.sampled_from((None, False) if norm == "none" else (None, True, False))),
        block=block,
        depths=tuple(draw(st.lists(st.integers(1, max_blocks), min_size=stages, max_size=stages))),
        widths=tuple(widths),
        groups=groups,
        width_per_group=width_per_group,
        identity_units=draw(st.sampled_from((0, 0, 0, 2))),
        stage_strides=tuple(strides),
        stride_in=draw(st.sampled_from(("1x1", "3x3"))),
        stride_unit=draw(st.sampled_from(("first", "last"))),
        output_stride=draw(st.sampled_from((None, None, 4, 8, 16))),
        shortcut=shortcut,
        projection_norm=draw(st.sampled_from((None, True, False))),
        skip="identity" if plain else draw(names(SKIPS)),
        order=order,
        norm=norm,
        norm_groups=draw(st.sampled_from((2, 4, 32))) if norm == "group" else 32,
        activation=draw(names(ACTIVATIONS)),
        conv_bias=draw(names(CONV_BIASES)),
        zero_init_last=not plain and order != "bn_after_add" and draw(st.booleans()),
        attention=draw(names(ATTENTIONS)),
        attention_ratio=draw(st.sampled_from((1 / 16, 1 / 4))),
        attention_divisor=draw(st.sampled_from((None, 1))),
        anti_alias=anti_alias,
        dropout=draw(st.sampled_from((0.0, 0.3))),
        drop_path_rate=0.0 if plain else draw(st.sampled_from((0.0, 0.2))),
        classifier=draw(st.sampled_from(("linear", "conv"))),
    )
    try:
        expand(config)
    except ConfigError:
        reject()
    return config
