"""Which fields mean something, given the others: a form shows these, and forgets what the rest were."""

from typing import Any

from resviz.arch.attention import ATTENTIONS
from resviz.arch.blocks import BLOCKS
from resviz.arch.config import ResNetConfig
from resviz.arch.orders import ORDERS
from resviz.arch.shortcuts import SHORTCUTS, SKIPS


def inactive_fields(fields: dict[str, Any]) -> frozenset[str]:
    """Return the fields that mean nothing beside the others' values, or contradict them.

    ``fields`` is a configuration as plain data, its choices known names.
    """
    block, shortcut = BLOCKS[fields["block"]], SHORTCUTS[fields["shortcut"]]
    plain = shortcut.build is None
    signal = SKIPS["identity" if plain else fields["skip"]]
    order, attention = ORDERS[fields["order"]], ATTENTIONS[fields["attention"]]
    means = {
        "groups": block.grouped,
        "width_per_group": block.grouped,
        "stride_in": block.stride_choice,
        "stride_unit": any(stride > 1 for stride in fields["stage_strides"]),
        "projection_norm": shortcut.projects and fields["norm"] != "none",
        "skip": not plain,
        **{name: name in signal.fields for entry in SKIPS.values() for name in entry.fields},
        "norm_groups": fields["norm"] == "group",
        "stem_norm": bool(order.pre) and fields["norm"] != "none",
        "attention_ratio": attention.has_ratio,
        "attention_divisor": attention.has_ratio,
        "dropout": len(block.kernels) > 1,
        "drop_path_rate": not plain,
        "zero_init_last": not plain and not order.post.startswith("n"),
    }
    return frozenset(name for name, meaningful in means.items() if not meaningful)


def without_inactive(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields with those that mean nothing put back to their defaults."""
    defaults = {name: ResNetConfig.model_fields[name].default for name in inactive_fields(fields)}
    return {**fields, **defaults}


def same_network(one: ResNetConfig, other: ResNetConfig) -> bool:
    """Return whether two configurations describe one network: they differ in the name and in what means nothing."""
    first, second = (without_inactive({**config.model_dump(), "name": ""}) for config in (one, other))
    return first == second
