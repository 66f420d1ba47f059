import pytest
from hypothesis import given
from hypothesis import strategies as st

from resviz.arch import ResNetConfig, expand, preset
from resviz.diagram import Detail, draw
from resviz.diagram.differences import node_marks, node_sentences
from resviz.report.compare import Mark, compare
from resviz.report.differences import differences_by_path
from tests.families import FAMILIES
from tests.strategies import configs


def marked(first: str, second: str, detail: str = "blocks") -> tuple[dict[str, Mark], dict[str, Mark]]:
    networks = [expand(preset(name)) for name in (first, second)]
    comparison = compare(networks)
    marks = (comparison.base_marks, comparison.marks[1])
    paths = [[node.path for node in draw(network, detail).nodes] for network in networks]
    one, other = (node_marks(*each) for each in zip(paths, networks, marks, strict=True))
    return one, other


@pytest.mark.parametrize("detail", ["stages", "blocks", "layers", "operations"])
def test_equal_networks_have_no_marked_node(detail: str) -> None:
    assert marked("resnet50", "resnet50", detail) == ({}, {})


def test_v1_and_v15_differ_in_the_first_block_of_three_stages() -> None:
    one, other = marked("resnet50", "resnet50_v1")
    assert other == one == {f"layer{stage}.0": Mark.CHANGED for stage in (2, 3, 4)}


def test_v1_and_v15_differ_in_two_convolutions_and_the_norm_between() -> None:
    _, other = marked("resnet50", "resnet50_v1", "layers")
    assert {path: mark for path, mark in other.items() if path.startswith("layer2")} == {
        "layer2.0.conv1": Mark.CHANGED,
        "layer2.0.conv2": Mark.CHANGED,
    }


def test_more_blocks_are_added_here_and_missing_there() -> None:
    one, other = marked("resnet50", "resnet101", "layers")
    assert other["layer3.6.conv1"] is Mark.ADDED
    assert not one
    one, other = marked("resnet101", "resnet50", "layers")
    assert one["layer3.6.conv1"] is Mark.MISSING
    assert not other


def test_attention_changes_every_block() -> None:
    _, other = marked("resnet50", "seresnet50")
    assert other["layer1.0"] is other["layer1.1-2"] is Mark.CHANGED


def test_a_residual_net_adds_an_addition_to_every_block_of_its_plain_twin() -> None:
    _, other = marked("plain34", "resnet34", "layers")
    assert sum(path.endswith(".add") for path in other) == 16
    assert {mark for path, mark in other.items() if path.endswith(".add")} == {Mark.ADDED}
    one, _ = marked("resnet34", "plain34", "layers")
    assert one["layer1.0.add"] is Mark.MISSING


def test_the_addition_of_a_folded_run_is_marked_too() -> None:
    one, _ = marked("resnet34", "plain34")
    assert one["layer1.0-2.add"] is one["layer2.0.add"] is Mark.MISSING


def test_a_scaled_skip_changes_every_addition_and_nothing_else() -> None:
    one, other = marked("resnet110_cifar10", "resnet110_cifar10_half_skip", "layers")
    assert one == other
    assert len(other) == 54
    assert all(path.endswith(".add") and mark is Mark.CHANGED for path, mark in other.items())


def test_another_input_resizes_everything_but_the_classifier() -> None:
    first = expand(preset("resnet18"))
    second = expand(preset("resnet18").with_(input=(3, 192, 192)))
    nodes = [node.path for node in draw(second).nodes]
    found = node_marks(nodes, second, compare([first, second]).marks[1])
    assert set(found.values()) == {Mark.RESIZED}
    assert "fc" not in found


@pytest.mark.parametrize("detail", ["stages", "blocks", "layers", "operations"])
def test_a_marked_node_is_a_node_of_the_picture(detail: str) -> None:
    one, other = marked("resnet34", "resnet50", detail)
    assert one.keys() <= {node.path for node in draw(preset("resnet34"), detail).nodes}
    assert other.keys() <= {node.path for node in draw(preset("resnet50"), detail).nodes}
    assert other


@given(configs(), configs(), st.sampled_from(Detail))
def test_what_differs_is_seen_at_every_level_of_detail(one: ResNetConfig, other: ResNetConfig, detail: Detail) -> None:
    networks = [expand(config) for config in (one, other)]
    marks = compare(networks).marks[1]
    paths = [node.path for node in draw(networks[1], detail).nodes]
    found = node_marks(paths, networks[1], marks)
    assert found.keys() <= set(paths)
    there = {
        path.split(".")[0] for path, mark in marks.items() if mark is not Mark.MISSING and path.startswith("layer")
    }
    if detail is not Detail.LAYERS:  # which leaves out BN and ReLU
        assert {path.split(".")[0] for path in found if path.startswith("layer")} >= there


def test_a_difference_in_one_of_folded_arms_marks_their_node() -> None:
    network = expand(FAMILIES["res2net50"].with_(arms=8, width_per_group=14))
    shown = [node.path for node in draw(network, "operations").nodes]
    marks = node_marks(shown, network, {"layer1.1.conv2.3.conv": Mark.CHANGED})
    assert marks["layer1.1.conv2.1-6.conv"] is Mark.CHANGED


def test_a_node_says_how_the_layers_in_it_differ() -> None:
    first, other = expand(preset("resnet50_v1")), expand(preset("resnet50"))
    sentences = differences_by_path(compare([first, other]), 1)
    blocks = node_sentences([node.path for node in draw(other, "blocks").nodes], sentences)
    assert blocks["layer2.0"] == (
        "conv1: stride 1, was 2; conv2: stride 2, was 1; bn1: the same on a map of another size; and 1 more"
    )
    layers = node_sentences([node.path for node in draw(other, "layers").nodes], sentences)
    assert layers["layer2.0.conv2"] == "stride 2, was 1"
    assert "layer1.0" not in blocks
