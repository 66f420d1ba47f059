"""The headline says what is true of the network at hand."""

import re

import pytest

from resviz.arch import PRESETS, expand, preset
from resviz.arch.ops import Kind
from resviz.report.headline import crowded, depth_in_name, headline
from tests.presets import network, on_each

UNEXPLAINED = {"seresnextaa201d_32x8d", "resnetrs270", "resnetrs420"}
"""Their authors' numbers are no count of layers."""
SCALED = {"resnet50x4_clip", "resnet50x16_clip", "resnet50x64_clip"}
"""They bear the depth of the net that they are scaled from (Radford et al. 2021, Sec. 2.4)."""
NO_DEPTH = re.compile(r"(regnet|convnext|repvgg|gernet|nfnet_|(eca_|dm_)nfnet|test_)|ecaresnetlight$")
"""Names without a depth: if there is a number, it counts stages, MACs, steps or sizes."""


@on_each("name", PRESETS)
def test_the_depth_in_every_presets_name_is_explained_by_a_rule_that_gives_it(name: str) -> None:
    net = network(name)
    said = depth_in_name(net)
    assert (not said) == bool(NO_DEPTH.match(name))
    if not said:
        return
    number = int(re.findall(r"\d+", said)[0])
    assert str(number) == re.findall(r"\d{2,}", name)[0]
    stem = sum(layer.kind is Kind.CONV for layer in net.stem)
    head = sum(layer.kind in (Kind.CONV, Kind.LINEAR) for layer in net.head)
    convs = net.count(Kind.CONV)
    if "as in He et al." in said:
        assert number == net.depth
    elif said.endswith(" for one."):
        assert f"the {stem} convolutions of the stem for" in said
        assert number == net.depth - (stem - 1)
    elif said.endswith(" for one each."):
        assert f"the {stem} convolutions of the stem and the {head} weighted layers of the head for" in said
        assert number == net.depth - (stem - 1) - (head - 1)
        assert name in {"resnet50_clip", "resnet101_clip", "resnet50_mlp"}
    elif "6n + 4" in said:
        assert name.startswith("wrn")
        assert number == 6 * len(net.stages[0].blocks) + 4
        assert number == convs or f"there are {convs}." in said
    else:
        assert said == f"The {number} in its name is not this count."
        assert name.removesuffix("_gap") in UNEXPLAINED | SCALED


def test_wrn40_10_has_38_weighted_layers_and_is_named_after_its_40_convolutions() -> None:
    depth = next(line for line in headline(expand(preset("wrn40_10_cifar10"))) if line.label == "Weighted layers")
    assert depth.value == "38"
    assert "The 40 in its name is 6n + 4 with n = 6 blocks a stage" in depth.summary
    assert "papers' names" not in depth.summary


def test_a_changed_network_has_no_name_to_explain() -> None:
    changed = preset("resnet50").with_(depths=(3, 4, 7, 3), name="custom, from resnet50")
    assert depth_in_name(expand(changed)) == ""


def test_another_depth_under_a_papers_name_is_not_called_the_papers() -> None:
    assert "is not this count" in depth_in_name(expand(preset("resnet50").with_(depths=(3, 4, 7, 3))))


def test_a_network_is_crowded_from_the_first_layer_on_that_is_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    net = network("resnet18")
    layers = len(net.layers())
    monkeypatch.setattr("resviz.report.headline.MAX_LISTED", layers)
    assert not crowded(net)
    monkeypatch.setattr("resviz.report.headline.MAX_LISTED", layers - 1)
    assert crowded(net)
