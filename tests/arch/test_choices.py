"""Every entry of every dictionary changes the network, and the random strategy draws every one."""

from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from resviz.arch import ConfigError, Network, ResNetConfig, expand
from resviz.arch.fields import CHOICES
from resviz.arch.inactive import inactive_fields
from tests.strategies import configs

SMALL: dict[str, Any] = {
    "input": (3, 64, 64),
    "depths": (2, 2, 1),
    "widths": (48, 96, 96),
    "stage_strides": (1, 2, 2),
    "block": "bottleneck",
}
"""Room for every entry: both kinds of change of shape, more channels than a norm has groups."""
SURROUNDINGS: dict[str, dict[str, Any]] = {
    "block": {"attention": "se", "groups": 2},
    "conv_bias": {"order": "full_preact"},
    "attention": {"activation": "silu"},
}
"""What else must be chosen for a field's entries to differ."""


def chosen(field: str, name: str) -> Network | None:
    """The network with an entry in the surroundings of its field; only what contradicts it is left out."""
    fields = {**SMALL, **SURROUNDINGS.get(field, {}), field: name}
    for lacking in ({}, {"groups": 1}, {"shortcut": "none"}, {"shortcut": "none", "groups": 1}):
        try:
            config = ResNetConfig(**{**fields, **lacking})
        except ConfigError:
            continue
        assert field not in inactive_fields(config.model_dump())
        return expand(config)
    return None


@pytest.mark.parametrize("field", CHOICES)
def test_no_two_entries_of_a_dictionary_make_the_same_network(field: str) -> None:
    networks = {name: chosen(field, name) for name in CHOICES[field]}
    assert not [name for name, network in networks.items() if network is None]
    assert not [pair for pair in combinations(networks, 2) if networks[pair[0]] == networks[pair[1]]]


@pytest.mark.slow
def test_the_random_strategy_reaches_every_entry_and_every_kind_of_grid() -> None:
    missing = {(field, name) for field, entries in CHOICES.items() for name in entries}
    missing |= {("widths", "odd"), ("widths", "shrinking"), ("stage_strides", "3"), ("stage_strides", "4")}

    @seed(0)
    @settings(max_examples=750, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(config=configs(max_blocks=1, max_side=40))
    def draw(config: ResNetConfig) -> None:
        active = set(CHOICES) - inactive_fields(config.model_dump())
        missing.difference_update((field, name) for field in active for name in config.each(field))
        if any(width % 2 for width in config.widths):
            missing.discard(("widths", "odd"))
        if list(config.widths) != sorted(config.widths):
            missing.discard(("widths", "shrinking"))
        missing.difference_update(("stage_strides", str(stride)) for stride in config.stage_strides)

    draw()
    assert not missing
