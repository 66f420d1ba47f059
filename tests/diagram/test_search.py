"""Everything that a network has can be found in every picture of it."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resviz.arch import PRESETS, Network, ResNetConfig, expand, preset
from resviz.diagram import Detail, Drawing, close_up, draw, facts, twins
from resviz.diagram.search import search_index
from tests.strategies import configs


@cache
def network(name: str) -> Network:
    return expand(preset(name))


def assert_all_is_found(net: Network, drawing: Drawing) -> None:
    """Every layer has a node of its own, or stands among the words of the node that stands for it."""
    drawn = {node.path for node in drawing.nodes}
    index = search_index(net, drawing)
    assert index.words.keys() <= drawn
    ends = [("", layer.name, layer.op.label) for layer in (*net.stem, *net.head)]
    inner = [
        (stage, f"{number}", layer.name, layer.op.label)
        for stage in net.stages
        for number, block in enumerate(stage.blocks)
        for layer in block.layers()
    ]
    for _, name, label in ends:
        assert name in drawn or any(f"{name} {label}" in words for words in index.words.values()), name
    for stage, number, name, label in inner:
        run = next(run for run in stage.runs if run.start <= int(number) < run.start + run.count)
        span = f"{stage.name}.{run.start}" + (f"-{run.start + run.count - 1}" if run.count > 1 else "")
        paths = stage.name, span, f"{stage.name}.{number}"
        hosts = [host for host in index.words if any(host == path or host.startswith(f"{path}.") for path in paths)]
        found = any(f"{path}.{name}" in drawn for path in paths)
        assert found or any(f"{name} {label}" in index.words[host].split("; ") for host in hosts), (stage.name, name)
    for stage in net.stages:
        there = {place.path for place in index.places if place.dashed is None} | drawn
        assert stage.name in there
    dashed = {edge.path for edge in drawing.edges if edge.role == "skip" and edge.dashed}
    assert {place.edge for place in index.places if place.dashed} == dashed
    for place in index.places:
        assert set(place.nodes) <= drawn
        assert facts(net, place.path) is not None, place.path


@pytest.mark.parametrize("detail", Detail)
@pytest.mark.parametrize("name", ["resnet50", "seresnet18", "preact_resnet110_cifar10", "plain34", "resnet50d"])
def test_every_layer_stage_and_shortcut_can_be_found(name: str, detail: Detail) -> None:
    assert_all_is_found(network(name), draw(network(name), detail))


@given(configs(max_blocks=3), st.sampled_from(Detail))
def test_every_layer_of_any_configuration_can_be_found(config: ResNetConfig, detail: Detail) -> None:
    net = expand(config)
    assert_all_is_found(net, draw(net, detail))


def test_batch_norm_is_found_where_its_convolution_stands() -> None:
    words = search_index(network("resnet50"), draw(network("resnet50"), "layers")).words
    assert words["layer3.4.conv2"] == "bn2 BN; relu2 ReLU"
    assert words["conv1"] == "bn1 BN; relu ReLU"


def test_projection_is_found_as_a_dashed_shortcut_with_its_convolution() -> None:
    places = search_index(network("resnet50"), draw(network("resnet50"))).places
    found = next(place for place in places if place.edge == "layer3.0.shortcut")
    assert "dashed" in found.words
    assert "projection" in found.words
    assert found.nodes == ("layer3.0.downsample.0",)


def test_plain_column_of_twins_is_searched_too_but_has_no_projection() -> None:
    words = search_index(network("resnet50"), twins(network("resnet50"), "blocks")).words
    assert "bn2 BN" in words["plain.layer3.1-5"]
    assert "downsample" not in words["plain.layer3.0"]


@pytest.mark.parametrize("name", [name for name in PRESETS if name.startswith(("resnet18", "seresnet50"))])
def test_one_block_from_near_is_searched_for_what_it_shows_alone(name: str) -> None:
    net = network(name)
    index = search_index(net, close_up(net, "layer2.0"))
    assert all(host.startswith("layer2.0.") for host in index.words)
    assert all(place.edge == "layer2.0.shortcut" for place in index.places)
