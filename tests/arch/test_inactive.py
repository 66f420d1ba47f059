"""A field that is called inactive changes nothing, and one that changes something is not called inactive."""

from typing import Any

import pytest
from hypothesis import given

from resviz.arch import ConfigError, ResNetConfig, expand, preset
from resviz.arch.fields import CHOICES
from resviz.arch.inactive import inactive_fields, without_inactive
from tests.strategies import configs

SWITCH = (False, True)
OTHER: dict[str, tuple[Any, ...]] = {
    **{field: tuple(entries) for field, entries in CHOICES.items()},
    "input": ((3, 64, 64),),
    "num_classes": (3,),
    "stem_width": (None, 24),
    "stem_norm": (None, *SWITCH),
    "depths": ((1,), (2, 1), (1, 2, 1, 1)),
    "widths": ((8,), (8, 40), (8, 16, 24, 32)),
    "width_growth": ("none", "additive", "multiplicative"),
    "groups": (1, 2, 8, (1, 2, 1, 1)),
    "grouped_units": ("all", "every_second"),
    "width_per_group": (8, 64, 72),
    "bottleneck_ratio": (None, 0.5, 2.0),
    "kernel_size": (None, 3, 5, 7),
    "arms": (None, 1, 2, 4),
    "layer_scale": (None, 1e-6),
    "head_width": (None, 24),
    "identity_units": (0, 1),
    "stage_strides": ((1,), (2, 2), (2, 2, 1, 1)),
    "stride_in": ("1x1", "3x3"),
    "stride_unit": ("first", "last"),
    "output_stride": (None, 4, 8),
    "projection_norm": (None, *SWITCH),
    "skip_scale": (0.5, 0.25),
    "branch_scale": (1.0, 0.25),
    "gate_bias_init": (-6.0, 1.0),
    "skip_dropout": (0.5, 0.25),
    "norm_groups": (32, 1, 8),
    "zero_init_last": SWITCH,
    "attention_ratio": (1 / 16, 1 / 2),
    "attention_divisor": (None, 1, 4),
    "dropout": (0.0, 0.4),
    "drop_path_rate": (0.0, 0.4),
    "classifier": ("linear", "conv"),
}
"""Values to try, for every field but the name."""


def variants(config: ResNetConfig, field: str) -> list[ResNetConfig]:
    """The configurations that differ in one field and can be."""
    found = []
    for value in OTHER[field]:
        try:
            changed = config.with_(**{field: value})
            expand(changed, advise=False)
        except ConfigError:
            continue
        found.append(changed)
    return found


def test_every_field_has_values_to_try() -> None:
    assert set(OTHER) == set(ResNetConfig.model_fields) - {"name"}


@given(config=configs(max_blocks=2))
def test_what_is_inactive_can_be_forgotten(config: ResNetConfig) -> None:
    settled = ResNetConfig(**without_inactive(config.model_dump()))
    assert expand(settled) == expand(config)
    assert inactive_fields(settled.model_dump()) == inactive_fields(config.model_dump())


@given(config=configs(max_blocks=2))
def test_an_inactive_field_changes_nothing(config: ResNetConfig) -> None:
    network = expand(config)
    for field in inactive_fields(config.model_dump()):
        assert all(expand(variant) == network for variant in variants(config, field)), field


BASIC, BOTTLENECK = preset("resnet18").to_dict(), preset("resnet50").to_dict()
ACTIVE: list[tuple[dict[str, Any], str]] = [
    *((BASIC, field) for field in OTHER if field not in inactive_fields(BASIC)),
    (BOTTLENECK, "groups"),
    (BOTTLENECK, "width_per_group"),
    *(({**BOTTLENECK, "groups": groups}, "grouped_units") for groups in (2, [1, 1, 1, 2])),
    (BOTTLENECK, "stride_in"),
    (BOTTLENECK, "bottleneck_ratio"),
    ({**BASIC, "stem_width": 16}, "width_growth"),
    *(({**BOTTLENECK, "block": block}, "arms") for block in ("res2net", "sk", "resnest")),
    *(({**BOTTLENECK, "block": block}, "attention_ratio") for block in ("sk", "resnest")),
    *(({**BASIC, "block": ["basic", block, "basic", "basic"]}, "stride_in") for block in ("bottleneck", "b131")),
    ({**BASIC, "block": ["basic", "bottleneck", "basic", "basic"]}, "groups"),
    ({**BASIC, "attention": ["none", "se", "none", "none"]}, "attention_ratio"),
    *(({**BASIC, "order": order}, "stem_norm") for order in CHOICES["order"]),
    *(({**BASIC, "shortcut": shortcut}, "projection_norm") for shortcut in ("B", "C", "avgpool", "maxpool", "blur")),
    ({**BASIC, "norm": "group"}, "norm_groups"),
    ({**BASIC, "skip": "scale"}, "skip_scale"),
    ({**BASIC, "skip": "scale"}, "branch_scale"),
    ({**BASIC, "skip": "exclusive_gate"}, "gate_bias_init"),
    ({**BASIC, "skip": "shortcut_gate"}, "gate_bias_init"),
    ({**BASIC, "skip": "dropout"}, "skip_dropout"),
    *(({**BASIC, "attention": unit}, field) for unit in ("se", "cbam") for field in ("attention_ratio",)),
    ({**BASIC, "attention": "se"}, "attention_divisor"),
    *(({**BASIC, "order": order}, "zero_init_last") for order in CHOICES["order"] if order != "bn_after_add"),
]
"""A configuration as plain data and a field that means something in it."""


@pytest.mark.parametrize(("fields", "field"), ACTIVE, ids=lambda value: value if isinstance(value, str) else "")
def test_a_field_that_changes_something_is_not_called_inactive(fields: dict[str, Any], field: str) -> None:
    config = ResNetConfig(**fields)
    assert field not in inactive_fields(fields)
    assert any(expand(variant) != expand(config) for variant in variants(config, field))


def test_every_field_is_active_somewhere() -> None:
    assert {field for _, field in ACTIVE} == set(OTHER)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"shortcut": "none"}, ("skip", "projection_norm", "drop_path_rate", "zero_init_last")),
        ({"shortcut": "A"}, ("projection_norm",)),
        ({"norm": "none"}, ("stem_norm", "projection_norm", "norm_groups")),
        ({"order": "bn_after_add"}, ("zero_init_last",)),
        ({"block": "bottleneck_added_arms", "groups": 8}, ("arms", "attention_ratio", "attention_divisor")),
        ({"block": "res2net"}, ("attention_ratio", "attention_divisor")),
        ({"block": "b3"}, ("dropout", "groups", "width_per_group", "stride_in")),
        ({"stage_strides": (1, 1, 1, 1)}, ("stride_unit",)),
        ({"attention": "eca"}, ("attention_ratio", "attention_divisor")),
    ],
    ids=str,
)
def test_what_means_nothing_is_inactive(changes: dict[str, Any], fields: tuple[str, ...]) -> None:
    assert set(fields) <= inactive_fields({**BASIC, **changes})
