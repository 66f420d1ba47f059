"""Whose network is this? Answers from names and shapes alone, for the libraries' nets, altered ones and any other."""

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from torch import nn

from resviz.arch import PRESETS, ResNetConfig, expand, preset
from resviz.arch.tensors import network_tensors
from resviz.errors import WeightsError
from resviz.nn import build, undecided
from resviz.nn.identify import identify
from resviz.nn.weights import load_weights
from tests.nn import library_nets as nets
from tests.strategies import configs, examples

QUICK = settings().max_examples < 200
DESCRIBED = [name for name in nets.names() if name not in nets.ATTENTION_POOLS]


@pytest.mark.parametrize("name", DESCRIBED[:: 11 if QUICK else 1])
def test_a_librarys_network_is_identified_with_every_field_that_its_weights_decide(name: str) -> None:
    found = identify(nets.tensors(name))
    assert found.exact, found.sentence
    library, short = name.split("/")
    if library == "pytorchcv" or short not in PRESETS:
        return  # its name is not ours
    assert short in found.alike
    config = preset(short)
    for field, value in found.decided:
        if getattr(config, field) != value:  # the same in other words
            assert expand(config.with_(**{field: value})).stages == expand(config).stages, field


@pytest.mark.parametrize("name", nets.ATTENTION_POOLS[:1] if QUICK else nets.ATTENTION_POOLS)
def test_a_head_whose_tensors_are_kept_otherwise_is_said_and_the_rest_identified(name: str) -> None:
    found = identify(nets.tensors(name))
    assert found.config is not None
    assert found.config.depths == preset(name.removeprefix("timm/")).depths
    assert set(found.account.missing) <= {"fc.weight", "fc.bias"}
    assert all(key.startswith("head.") for key in found.account.unexpected)


@pytest.mark.parametrize("name", nets.STRANGERS[:8] if QUICK else nets.STRANGERS)
def test_a_network_that_is_not_described_is_never_claimed_to_be(name: str) -> None:
    if f"timm/{name}" in PRESETS:
        return
    found = identify(nets.tensors(f"timm/{name}"))
    assert not found.exact
    assert found.sentence.startswith(("These", "Nearest to"))


def test_what_weights_cannot_tell_is_left_open_with_what_it_may_be() -> None:
    found = identify(network_tensors(expand(preset("resnet50_v1"))))
    open_ = {each.field: each for each in found.undecided}
    assert found.nearest == "resnet50"
    assert {"resnet50_v1", "resnetaa50", "resnetblur50"} <= set(found.alike)
    assert (open_["stride_in"].likely, open_["stride_in"].others) == ("3x3", ("1x1",))
    assert "gelu" in open_["activation"].others
    assert not {"depths", "widths", "groups", "norm", "attention", "num_classes"} & set(open_)


def test_ones_own_network_is_told_by_what_differs_from_the_nearest() -> None:
    found = identify(network_tensors(expand(preset("resnet34").with_(attention="se", depths=(3, 4, 7, 3)))))
    assert found.exact
    assert {each.field for each in found.differences} >= {"depths"}
    assert found.config is not None
    assert (found.config.depths, found.config.attention) == ((3, 4, 7, 3), "se")


@pytest.mark.parametrize("shortcut", ["none", "A", "identity"])
def test_a_network_whose_shortcuts_have_no_weights_is_not_the_one_with_projections(shortcut: str) -> None:
    found = identify(network_tensors(expand(preset("resnet50").with_(shortcut=shortcut))))
    assert found.exact
    assert not found.sentence.startswith("This is")
    (difference,) = found.differences
    assert (difference.field, difference.there) == ("shortcut", "B")
    assert shortcut in (difference.here, *difference.others)
    assert difference.sentence.endswith("None: a plain net, there B: projection where the shape changes")


@pytest.mark.parametrize("name", ["plain34", "resnet34_option_a"])
def test_a_plain_network_and_its_twin_with_shortcuts_without_weights_are_both_named(name: str) -> None:
    found = identify(network_tensors(expand(preset(name))))
    assert found.sentence.startswith("This is resnet34_option_a or plain34: all 167 tensors fit")
    assert {"plain34", "resnet34_option_a"} <= set(found.alike)


def test_a_picture_of_other_channels_is_a_difference_though_its_size_is_open() -> None:
    found = identify(network_tensors(expand(preset("resnet18").with_(input=(1, 28, 28), num_classes=10))))
    assert found.sentence == "This is resnet18 with 10 classes and pictures of 1 channel: all 102 tensors fit."


@settings(max_examples=examples(0.1))
@given(configs())
def test_any_network_is_given_a_configuration_with_its_tensors(config: ResNetConfig) -> None:
    tensors = network_tensors(expand(config))
    found = identify(tensors)
    if found.exact:
        assert found.config is not None
        assert network_tensors(expand(found.config)) == tensors
        for each in found.undecided:
            for value in each.others[:1]:
                assert network_tensors(expand(found.config.with_(**{each.field: value}))) == tensors
    elif found.config is not None:  # every tensor of both is accounted for
        own, what = set(network_tensors(expand(found.config))), found.account
        misshaped = {each.key for each in what.misshaped}
        assert own == {*what.fitting, *what.missing, *misshaped}
        placed = {*what.fitting, *what.unexpected, *misshaped}
        assert placed == set(tensors) or (found.names and len(placed) == len(tensors))  # under this package's names


@pytest.mark.parametrize(
    "changes",
    [
        {"depths": (1, 3, 2, 1), "widths": (24, 40, 56, 88)},
        {"block": "bottleneck", "groups": 8, "width_per_group": 16},
        {"shortcut": "none", "stem": "deep"},
        {"attention": "cbam", "order": "full_preact"},
        {"block": "res2net", "arms": 4, "num_classes": 7},
        {"conv_bias": "all", "norm": "none", "input": (1, 64, 64)},
    ],
    ids=str,
)
def test_a_network_that_is_no_preset_is_given_all_its_tensors(changes: dict[str, Any]) -> None:
    tensors = network_tensors(expand(preset("resnet18").with_(**changes)))
    found = identify(tensors)
    assert found.exact, found.sentence
    assert found.config is not None
    assert network_tensors(expand(found.config)) == tensors


@pytest.mark.parametrize("seed", range(10 if QUICK else 200))
def test_what_was_altered_is_named(seed: int) -> None:
    name, made, key = nets.altered(seed)
    found = identify(made)
    assert not found.exact
    assert found.config is not None
    told = {*found.account.missing, *found.account.unexpected, *(each.key for each in found.account.misshaped)}
    assert key in told
    assert len(told) <= nets.TOLD, found.sentence
    assert found.config.depths == preset(name).depths


def test_wrappers_are_looked_through() -> None:
    plain = network_tensors(expand(preset("resnet18").with_(num_classes=7)))
    wrapped = {f"module._orig_mod.{key}": shape for key, shape in plain.items()} | {"n_averaged": ()}
    found = identify(wrapped)
    assert (found.prefix, found.exact) == ("module._orig_mod.", True)
    assert found.sentence == "This is resnet18 with 7 classes: all 102 tensors fit."


@pytest.mark.parametrize(
    ("tensors", "says"),
    [
        ({}, "nothing to identify"),
        ({"a": "words"}, "has no shape"),
        ({"a": (1,) * 99}, "a name or a shape that no network's tensor has"),
        ({"a": (-1,)}, "a name or a shape"),
        ({"x" * 10**4: (1,)}, "a name or a shape"),
    ],
)
def test_what_is_no_state_dict_is_one_sentence(tensors: dict[str, object], says: str) -> None:
    with pytest.raises(WeightsError) as caught:
        identify(tensors)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    "tensors",
    [
        {"layer1.99999.conv1.weight": (1, 1, 1, 1)},
        {f"layer{n}.0.conv1.weight": (8, 8, 3, 3) for n in range(1, 60)},
        {"layer1.0.conv1.weight": (2**40, 2**40, 3, 3), "fc.weight": (2**40, 2**40)},
        {"layer1.0.conv1.weight": (0, 0, 0, 0), "conv1.weight": (0, 0, 0, 0)},
        {"layer1.0.weight": (3,), "layer2.0.0.0.0.0": ()},
        {"layer1.0.conv1.weight": (64, 64), "conv1.weight": (64,)},
    ],
)
def test_absurd_names_and_shapes_are_answered(tensors: nets.Shapes) -> None:
    found = identify(tensors)
    assert not found.exact
    assert found.sentence.endswith(".")


def detectron2(name: str) -> str:
    """A tensor's name in Detectron2's ResNet."""
    stage, _, rest = name.removeprefix("layer").partition(".")
    if not name.startswith("layer"):
        return {"conv1": "stem.conv1", "bn1": "stem.conv1.norm", "fc": "linear"}[
            name.split(".", maxsplit=1)[0]
        ] + f".{name.split('.')[1]}"
    rest = rest.replace(".downsample.0.", ".shortcut.").replace(".downsample.1.", ".shortcut.norm.")
    for number in "123":
        rest = rest.replace(f".bn{number}.", f".conv{number}.norm.")
    return f"backbone.bottom_up.res{int(stage) + 1}.{rest}"


def test_detectrons_names_are_known_and_its_weights_load() -> None:
    module = build(preset("resnet18"), seed=0)
    theirs = {
        detectron2(key) if key.startswith("layer") else f"backbone.bottom_up.{detectron2(key)}": value
        for key, value in module.state_dict().items()
        if not key.endswith("num_batches_tracked")
    }
    found = identify(theirs)
    assert found.exact
    assert found.names.startswith("Detectron2")
    other = build(preset("resnet18"), seed=1)
    plain = {key.removeprefix("backbone.bottom_up."): value for key, value in theirs.items()}
    assert load_weights(other, plain).fits
    assert torch.equal(
        other.state_dict()["layer2.0.downsample.0.weight"], module.state_dict()["layer2.0.downsample.0.weight"]
    )


def test_every_field_is_asked_about() -> None:
    config = ResNetConfig()
    assert [
        field for field in ResNetConfig.model_fields if field != "name" and not list(undecided.values(field, config))
    ] == []


def test_a_module_without_names_of_stages_is_said_by_its_first_tensor() -> None:
    found = identify(nn.Sequential(nn.Conv2d(3, 8, 3), nn.Linear(8, 2)).state_dict())
    assert found.config is None
    assert "the first is 0.weight, a 3x3 convolution from 3 to 8 channels" in found.sentence
