import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from resviz.arch import PRESETS, ResNetConfig, ResvizError, preset
from resviz.arch.fields import MAX_NAME
from resviz.arch.inactive import inactive_fields, without_inactive
from resviz.arch.links import MAX_LINK, VERSION, changed_name, decode, encode, ensure_version, named
from tests.presets import on_each
from tests.strategies import configs


@given(configs(), st.sampled_from(sorted(PRESETS)))
def test_link_gives_the_configuration_back(config: ResNetConfig, base: str) -> None:
    assert decode(encode(config, base)) == (config, base)


@given(st.text(min_size=1, max_size=MAX_NAME))
def test_any_name_survives_a_link(name: str) -> None:
    config = preset("resnet50").with_(name=name)
    assert decode(encode(config))[0] == config


def test_link_of_a_preset_is_its_name() -> None:
    assert encode(preset("resnet101"), "resnet101") == "resnet101"


def test_link_says_only_what_differs() -> None:
    config = preset("resnet50").with_(name=changed_name("resnet50"), depths=(3, 4, 7, 3), attention="se")
    assert encode(config, "resnet50") == "resnet50~depths~3-4-7-3~attention~se"


@pytest.mark.parametrize(
    "word",
    [
        "resnet51",
        "resnet50~depths",
        "resnet50~colour~red",
        "resnet50~depths~a-b",
        "~",
        "resnet50~~",
        "x" * (MAX_LINK + 1),
    ],
)
def test_broken_link_gets_a_sentence(word: str) -> None:
    with pytest.raises(ResvizError) as caught:
        decode(word)
    assert len(str(caught.value)) < 1000


@given(st.text(max_size=80))
def test_any_word_is_a_configuration_or_a_sentence(word: str) -> None:
    try:
        decode(f"resnet50~{word}")
    except ResvizError as error:
        assert str(error)


@on_each("name", PRESETS)
def test_presets_set_nothing_that_means_nothing(name: str) -> None:
    config = preset(name)
    assert ResNetConfig(**without_inactive(config.model_dump())) == config


def test_cardinality_applies_to_bottlenecks_alone() -> None:
    assert "groups" in inactive_fields(preset("resnet18").model_dump())
    assert "groups" not in inactive_fields(preset("resnet50").model_dump())
    assert without_inactive({**preset("resnext50_32x4d").model_dump(), "block": "basic"})["groups"] == 1


@given(configs())
def test_settling_what_means_nothing_leaves_a_configuration_possible(config: ResNetConfig) -> None:
    ResNetConfig(**without_inactive(config.model_dump()))


@pytest.mark.parametrize("version", ["2", "999", "0", "01", "1 ", "x" * 1000, "\x00"])
def test_a_link_of_another_version_gets_a_sentence(version: str) -> None:
    with pytest.raises(ResvizError, match="reads v=1") as caught:
        ensure_version(version)
    assert len(str(caught.value)) < 120


@pytest.mark.parametrize("version", [None, "", VERSION])
def test_a_link_of_this_version_or_of_none_is_read(version: str | None) -> None:
    ensure_version(version)


def test_a_field_that_means_nothing_leaves_a_preset_its_name() -> None:
    config = preset("seresnet152d").with_(skip_scale=0.75)
    assert decode(encode(config, "seresnet152d"))[0] == config
    assert named(config, "seresnet152d").name == "seresnet152d"
    assert decode("seresnet152d~groups~2")[0].name == "custom, from seresnet152d"


@given(configs(), st.sampled_from(sorted(PRESETS)))
def test_a_configuration_with_settled_fields_is_named_as_before(config: ResNetConfig, base: str) -> None:
    settled = ResNetConfig(**without_inactive(config.model_dump()))
    assert named(config, base).name == named(settled, base).name


OLD = [json.loads(line) for line in (Path(__file__).parents[1] / "data" / "old_presets.jsonl").read_text().splitlines()]
"""Each of the first 147 presets as version 0.1 wrote it: its link from another preset, and every field."""


@pytest.mark.parametrize("old", OLD, ids=lambda old: old["config"]["name"])
def test_link_and_file_of_an_old_preset_stay_valid_word_for_word(old: dict[str, Any]) -> None:
    config = preset(old["config"]["name"])
    assert ResNetConfig.from_text(yaml.safe_dump(old["config"], sort_keys=False)) == config
    assert decode(old["link"])[0] == config.with_(name="custom")
    assert encode(config.with_(name="custom"), old["link"].partition("~")[0]) == old["link"]


def test_every_old_preset_is_kept() -> None:
    assert len(OLD) == 147


@pytest.mark.parametrize("attention", [("none", "se"), ("se",), "se"])
def test_link_carries_a_value_for_each_stage(attention: object) -> None:
    stages = len(attention) if isinstance(attention, tuple) else 2
    ratio = (None, 1e-05)[:stages]
    numbers = {"depths": (1,) * stages, "widths": (65_536,) * stages, "stage_strides": (1,) * stages}
    config = ResNetConfig(attention=attention, bottleneck_ratio=ratio, width_per_group=(64, 32)[:stages], **numbers)
    assert decode(encode(config))[0] == config


def test_a_long_version_is_shown_in_twenty_characters() -> None:
    with pytest.raises(ResvizError, match=f"v '{'x' * 17}\\.\\.\\.' is a version"):
        ensure_version("x" * 21)


def test_a_version_of_twenty_characters_is_shown_whole() -> None:
    with pytest.raises(ResvizError, match=f"v '{'x' * 20}' is a version"):
        ensure_version("x" * 20)
