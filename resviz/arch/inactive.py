"""Which fields mean something, given the others: a form shows these, and forgets what the rest were."""

from typing import Any

from resviz.arch.attention import ATTENTIONS
from resviz.arch.block_types import BLOCKS
from resviz.arch.config import ResNetConfig
from resviz.arch.heads import HEADS
from resviz.arch.norms import NORMS
from resviz.arch.orders import ORDERS
from resviz.arch.shortcuts import SHORTCUTS
from resviz.arch.skips import SKIPS


def inactive_fields(fields: dict[str, Any]) -> frozenset[str]:
    """Return the fields that mean nothing beside the others' values, or contradict them.

    ``fields`` is a configuration as plain data, its choices known names.
    """
    kinds = [BLOCKS[name] for name in _each(fields["block"])]
    attentions = [ATTENTIONS[name] for name in _each(fields["attention"])]
    shortcut = SHORTCUTS[fields["shortcut"]]
    plain = shortcut.build is None
    skip = SKIPS["identity" if plain else fields["skip"]]
    order, norms = ORDERS[fields["order"]], fields["norm"] != "none"
    traits = [part.traits for kind in kinds for part in kind.parts]
    squeezes = any(each.squeezes for each in traits) or any(attention.has_ratio for attention in attentions)
    means = {
        "groups": any(kind.grouped for kind in kinds),
        "grouped_units": any(kind.grouped for kind in kinds) and fields["groups"] != 1,
        "width_per_group": any(kind.by_group for kind in kinds),
        "bottleneck_ratio": any(kind.widens for kind in kinds),
        "arms": any(each.counts_arms for each in traits),
        "stride_in": any(kind.stride_choice for kind in kinds),
        "stride_unit": any(stride > 1 for stride in fields["stage_strides"]),
        "projection_norm": shortcut.projects and norms,
        "skip": not plain,
        **{name: name in skip.fields for entry in SKIPS.values() for name in entry.fields},
        "norm_groups": NORMS[fields["norm"]].grouped,
        "stem_norm": norms or bool(order.pre) or "a" not in order.stem,  # which activates as well
        "attention_ratio": squeezes,
        "attention_divisor": squeezes,
        "classifier": not (HEADS[fields["head"]].flattens or HEADS[fields["head"]].tokens),
        "dropout": any(len(kind.parts) > 1 for kind in kinds),
        "drop_path_rate": not plain,
        "zero_init_last": not plain and not order.post.startswith("n"),
    }
    return frozenset(name for name, meaningful in means.items() if not meaningful)


def _each(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def without_inactive(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields with those that mean nothing put back to their defaults."""
    defaults = {name: ResNetConfig.model_fields[name].default for name in inactive_fields(fields)}
    return {**fields, **defaults}


def same_network(one: ResNetConfig, other: ResNetConfig) -> bool:
    """Return whether two configurations describe one network: they differ in the name and in what means nothing."""
    first, second = (without_inactive({**config.model_dump(), "name": ""}) for config in (one, other))
    return first == second
