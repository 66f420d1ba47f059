import json
import re

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from resviz.arch import PRESETS, ConfigError, ResNetConfig, ResvizError, UnknownNameError, expand, find, preset
from resviz.arch.block_types import BLOCKS
from resviz.arch.families import FAMILIES, Family
from resviz.arch.fields import CHOICES, MAX_LAYERS, MAX_NAME, MAX_PARAMS
from resviz.arch.settings import SETTINGS
from tests.presets import on_each
from tests.strategies import configs

REFUSED = [  # fields; the field at fault; words that its sentence must have
    ({"depths": (3, 0, 6, 3)}, "depths", "depths[1] 0 at least 1"),
    ({"depths": (10**9, 1, 1, 1)}, "depths", "depths[0] 1000000000 at most"),
    ({"depths": (20_000, 20_000, 20_000, 20_000)}, "depths", f"80,000 blocks {MAX_LAYERS:,}"),
    ({"depths": ()}, "depths", "depths [] at least 1"),
    ({"depths": 5}, "depths", "depths 5 list"),
    ({"widths": (64, 128, 0, 512)}, "widths", "widths[2] 0 at least 1"),
    ({"widths": (64, 128)}, "widths", "widths [64, 128] each of the 4 stages"),
    ({"stage_strides": (1, 2, 2)}, "stage_strides", "stage_strides [1, 2, 2] 4 stages"),
    ({"widths": (10**6,) * 4}, "widths", "widths smaller"),
    ({"input": (3, -224, 224)}, "input", "input[1] -224 at least 1"),
    ({"input": (3, 224)}, "input", "channels, height, width"),
    ({"num_classes": 0}, "num_classes", "num_classes 0 at least 1"),
    ({"num_classes": "many"}, "num_classes", 'num_classes "many" whole number'),
    ({"num_classes": 10.5}, "num_classes", "num_classes 10.5 whole number"),
    ({"groups": 32, "block": "basic"}, "groups", "groups 32 bottleneck"),
    ({"width_per_group": 4, "block": "basic"}, "width_per_group", "width_per_group 4 bottleneck"),
    ({"width_per_group": 1, "widths": (16, 32, 64, 128)}, "width_per_group", "width_per_group 1 larger"),
    ({"bottleneck_ratio": 0.001, "widths": (16, 32, 64, 128)}, "bottleneck_ratio", "bottleneck_ratio 0.001 larger"),
    ({"bottleneck_ratio": 0.5, "block": "basic"}, "bottleneck_ratio", "inner width basic"),
    ({"attention": ("se", "none")}, "attention", "attention each of the 4 stages"),
    ({"attention": ("se", "sse", "none", "none")}, "attention", "sse did you mean se"),
    ({"block": "convnext", "order": "full_preact"}, "order", "full_preact convnext 'branch_only'"),
    ({"block": "repvgg"}, "shortcut", "'B' repvgg 'none'"),
    ({"block": "res2net", "arms": 5, "bottleneck_ratio": 0.25}, "arms", "arms 5 divisor"),
    ({"classifier": "conv", "head": "attention"}, "classifier", "'attention' 'linear'"),
    ({"groups": 128, "block": "bottleneck_added_arms"}, "groups", "groups 128 at most 64"),
    ({"block": "resnest", "groups": 3, "widths": (12, 24, 48, 96)}, "groups", "groups 3 32 fewer"),
    ({"block": "sk_split", "groups": 8, "widths": (37,) * 4}, "groups", "groups 8 148 fewer"),
    ({"block": "se_bottleneck", "groups": 8, "widths": (37,) * 4}, "groups", "groups 8 148 fewer"),
    ({"kernel_size": 4}, "kernel_size", "kernel_size 4 odd"),
    ({"downsampling": "layer", "stride_unit": "last"}, "downsampling", "'layer' first"),
    ({"block": "botleneck"}, "block", "botleneck did you mean bottleneck"),
    ({"norm": "spectral"}, "norm", "spectral one of batch, group"),
    ({"stride_in": "5x5"}, "stride_in", "5x5 '1x1' or '3x3'"),
    ({"stem": "deep", "stem_width": 9}, "stem_width", "stem_width 9"),
    ({"stem": "deep_tiered", "stem_width": 12}, "stem_width", "stem_width 12 multiple of 8"),
    ({"colour": "red"}, "colour", "field 'colour' does not exist"),
    ({"depth": (1,)}, "depth", "did you mean depths"),
    ({"skip": "norm_free", "shortcut": "identity"}, "shortcut", "shortcut 'identity' skip 'norm_free' 'B'"),
    ({"skip": "norm_free_gain", "shortcut": "identity"}, "shortcut", "shortcut 'identity' skip 'norm_free_gain'"),
    ({"skip": "scale", "shortcut": "none"}, "skip", "skip 'scale' plain"),
    ({"drop_path_rate": 0.1, "shortcut": "none"}, "drop_path_rate", "drop_path_rate 0.1 plain"),
    ({"drop_path_rate": 1.0}, "drop_path_rate", "drop_path_rate 1.0 less than 1"),
    ({"dropout": float("nan")}, "dropout", "dropout NaN finite"),
    ({"zero_init_last": True, "order": "bn_after_add"}, "zero_init_last", "bn_after_add false"),
    ({"zero_init_last": True, "shortcut": "none"}, "zero_init_last", "plain net"),
    ({"norm": "none", "stem_norm": True}, "stem_norm", "stem_norm norm is 'none'"),
    ({"name": ""}, "name", "must not be empty"),
    ({"name": "x" * (MAX_NAME + 1)}, "name", f"at most {MAX_NAME}"),
    # What only the expansion finds:
    ({"stem": "unpadded", "input": (1, 6, 6)}, "input", "1x6x6 conv1 larger"),
    ({"widths": (512, 128, 256, 512), "shortcut": "A", "block": "basic", "stem_width": 512}, "shortcut", "down to 128"),
    ({"norm": "instance", "input": (3, 32, 32)}, "input", "3x32x32 one value a group"),
    ({"output_stride": 2}, "output_stride", "output_stride 2 at least 4"),
    ({"widths": (100_000,) * 4, "depths": (9, 9, 9, 9)}, "widths", f"{MAX_PARAMS:,}"),
    ({"anti_alias": "avg", "input": (3, 200, 200)}, "input", "200 cannot be added"),
]


@pytest.mark.parametrize(("fields", "field", "words"), REFUSED, ids=lambda value: str(value)[:60])
def test_what_cannot_be_is_refused_with_a_sentence(fields: dict[str, object], field: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        expand(ResNetConfig(**fields))
    assert field in [problem.field for problem in caught.value.problems]
    sentence = str(caught.value)
    assert all(word in sentence for word in words.split()), sentence
    assert sentence.endswith((".", "?"))


def refusal(config: ResNetConfig) -> str:
    try:
        expand(config)
    except ConfigError as error:
        return str(error)
    return ""


def test_the_nearest_inputs_of_98x132_are_named() -> None:
    config = preset("resnet18").with_(anti_alias="avg", input=(3, 98, 132))
    assert refusal(config).endswith(
        "which cannot be added. The nearest that does is 3x98x130, which is smaller, or 3x98x159, which is larger."
    )


@given(
    st.tuples(st.integers(1, 3), st.integers(1, 150), st.integers(1, 150)),
    st.sampled_from(["resnet18", "resnet20_cifar10", "d2l_resnet18_notes", "resnetblur18", "resnet50d"]),
    st.sampled_from([{"anti_alias": "avg"}, {"anti_alias": "blur"}, {"norm": "instance"}, {"stem": "unpadded"}]),
)
def test_an_input_that_does_not_suit_names_the_nearest_that_do(
    size: tuple[int, int, int], name: str, changes: dict[str, object]
) -> None:
    config = preset(name).with_(**changes, input=size)
    named = re.findall(r"(\d+)x(\d+)x(\d+), which is (smaller|larger)", refusal(config))
    assert bool(named) == bool(refusal(config))
    for *numbers, way in named:
        channels, height, width = map(int, numbers)
        assert channels == size[0]
        assert not refusal(config.with_(input=(channels, height, width)))
        step = 1 if way == "larger" else -1
        assert step * height >= step * size[1]
        assert step * width >= step * size[2]
        for index, side in ((1, height), (2, width)):
            passed = range(size[index], side, step)  # sides nearer than the one that is named
            assert all(refusal(config.with_(input=(channels, near, near))) for near in passed)


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        ResNetConfig(depths=(0,), num_classes=-1, colour="red")
    assert {problem.field for problem in caught.value.problems} == {"depths", "num_classes", "colour"}


def test_defaults_are_resnet50() -> None:
    assert ResNetConfig(name="resnet50") == preset("resnet50")


@given(configs())
def test_json_and_yaml_give_the_configuration_back(config: ResNetConfig) -> None:
    assert ResNetConfig.from_text(config.to_json()) == config
    assert ResNetConfig.from_text(config.to_yaml()) == config
    assert ResNetConfig.from_dict(json.loads(config.to_json())) == config


@pytest.mark.parametrize("text", ["", "[1, 2]", "a: b: c", "{", "- depths", "!!python/object:os.system {}", "\x00"])
def test_text_that_is_no_configuration_gets_a_sentence(text: str) -> None:
    with pytest.raises(ConfigError):
        ResNetConfig.from_text(text)


@given(
    st.dictionaries(
        st.sampled_from(sorted(ResNetConfig.model_fields)),
        st.none() | st.integers() | st.text() | st.lists(st.integers()),
    )
)
@example(data={"depths": [], "block": []})  # lists as long as each other, and no first value
def test_any_data_is_a_network_or_a_config_error(data: dict[str, object]) -> None:
    try:
        expand(ResNetConfig.from_dict(data))
    except ConfigError as error:
        assert all(problem.field in ResNetConfig.model_fields for problem in error.problems)


def test_with_changes_a_field_and_checks_anew() -> None:
    config = preset("resnet50")
    assert config.with_(depths=(3, 4, 7, 3)).depths == (3, 4, 7, 3)
    assert config.depths == (3, 4, 6, 3)
    with pytest.raises(ConfigError):
        config.with_(depths=(0,) * 4)


def test_projection_norm_follows_the_order_unless_told() -> None:
    config = preset("resnet50")
    assert config.norms_projection
    assert not config.with_(order="full_preact").norms_projection
    assert config.with_(order="full_preact", projection_norm=True).norms_projection


def test_configuration_is_frozen() -> None:
    with pytest.raises(Exception, match="frozen"):
        preset("resnet50").block = "basic"  # type: ignore[misc]


def test_yaml_is_plain() -> None:
    assert yaml.safe_load(preset("resnet50").to_yaml())["depths"] == [3, 4, 6, 3]


def test_every_field_has_a_docstring() -> None:
    assert not [name for name, field in ResNetConfig.model_fields.items() if not field.description]


@pytest.mark.parametrize("field", CHOICES)
def test_every_choice_says_what_it_is_and_where_it_is_from(field: str) -> None:
    for name, entry in CHOICES[field].items():
        assert entry.label, name
        assert entry.summary.endswith("."), name
        assert entry.source or name == "none", name


def test_every_field_is_explained_by_an_entry_or_a_dictionary_of_them() -> None:
    grids = {"name", "input", "depths", "widths", "stage_strides"}
    assert set(ResNetConfig.model_fields) == set(CHOICES) | set(SETTINGS) | grids
    assert all(entry.summary.endswith(".") and entry.source for entry in SETTINGS.values())


@on_each("name", PRESETS)
def test_preset_expands_and_has_a_source(name: str) -> None:
    assert expand(preset(name)).name == name
    assert PRESETS[name].source


@on_each("name", PRESETS)
def test_a_presets_source_speaks_of_its_stride_only_where_there_is_a_choice(name: str) -> None:
    spoken = re.search(r"stride in the (first 1x1|3x3)", PRESETS[name].source)
    assert not spoken or BLOCKS[preset(name).block].stride_choice
    assert not spoken or preset(name).stride_in == spoken[1].removeprefix("first ")


@pytest.mark.parametrize(
    "name",
    ["resnet86_cifar10", "plain20_cifar100", "wrn22_6_cifar10", "wrn28_10_dropout_cifar10", "resnext29_4x24d_cifar10"],
)
def test_family_member_is_found_by_name(name: str) -> None:
    assert expand(preset(name)).name == name
    assert find(name).family in {family.label for family in FAMILIES.values()}


@pytest.mark.parametrize("family", FAMILIES.values(), ids=list(FAMILIES))
def test_every_family_has_an_example_that_its_name_finds(family: Family) -> None:
    name = family.pattern.format(**family.example)
    config = family.preset(**family.example).config
    assert config.name == name
    assert preset(name).with_(name=name).input == ((3, 32, 32) if "cifar" in name else (3, 224, 224))
    assert family.match(name) == family.example


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("resnet21_cifar10", "depth 21 6n + 2 20 or 26"),
        ("wrn28_0_cifar10", "at least 1"),
        ("wrn5_2_cifar10", "6n + 4 10"),
        ("resnet2_cifar10", "6n + 2 8"),
        ("resnet51", "did you mean resnet50"),
        ("nothing like it", "a name is like"),
        ("<script>alert(1)</script>", "does not exist"),
    ],
)
def test_name_that_is_none_gets_a_sentence(name: str, words: str) -> None:
    with pytest.raises(ResvizError) as caught:
        preset(name)
    assert all(word in str(caught.value) for word in words.split())


def test_unknown_name_is_its_own_error() -> None:
    with pytest.raises(UnknownNameError):
        preset("resnet51")


def test_wrn_dropout_changes_no_count() -> None:
    wet, dry = expand(preset("wrn16_4_dropout_cifar10")), expand(preset("wrn16_4_cifar10"))
    assert (wet.params, wet.macs) == (dry.params, dry.macs)
    assert wet.count("dropout") == 6
