"""Why a shortcut is dashed, and what each way of drawing it costs, held to networks that are built that way."""

import pytest

from resviz.arch import expand, find
from resviz.arch.network import Network
from resviz.arch.tree import Block
from resviz.diagram import facts
from resviz.diagram.shortcuts import Way, cost, shortcut_name, ways, why


def network(name: str, **changes: object) -> Network:
    return expand(find(name).config.model_copy(update=changes))


def block(net: Network, path: str) -> Block:
    return dict(net.blocks())[path]


@pytest.mark.parametrize(
    ("name", "path", "reason"),
    [
        ("resnet50", "layer1.0", "dashed: the shape changes, from 64 to 256 channels; the map stays 56x56"),
        (
            "resnet50",
            "layer2.0",
            "dashed: the shape changes, from 256 to 512 channels and from a map of 56x56 to 28x28",
        ),
        ("resnet50", "layer2.1", "solid: the shape stays"),
    ],
)
def test_a_line_is_dashed_for_the_channels_the_map_or_both(name: str, path: str, reason: str) -> None:
    assert why(block(network(name), path)) == reason


def test_a_map_alone_that_changes_is_the_reason() -> None:
    first = block(network("resnet34", widths=(64, 64, 64, 64)), "layer2.0")
    assert why(first) == "dashed: the shape changes, from a map of 56x56 to 28x28; the channels stay 64"
    assert shortcut_name(first) == "dashed shortcut: 64 channels kept, 56x56 to 28x28, projection"


def test_a_shortcut_of_option_c_is_solid_although_it_projects() -> None:
    assert why(block(network("resnet34", shortcut="C"), "layer1.0")) == "solid: the shape stays, although it projects"


@pytest.mark.parametrize("name", ["resnet50", "resnet34", "resnet110_cifar10", "preact_resnet164_cifar10"])
def test_each_way_adds_up_to_what_the_network_built_that_way_has(name: str) -> None:
    net, plain = network(name), network(name, shortcut="none")
    for letter in "ABC":
        built = network(name, shortcut=letter)
        found = [way for _, each in net.blocks() for way in ways(each) if way.label.startswith(f"{letter}:")]
        assert sum(way.params or 0 for way in found) == built.params - plain.params
        assert sum(way.macs or 0 for way in found) == built.macs - plain.macs


def test_the_way_of_the_network_is_marked_and_joins_the_papers_three() -> None:
    assert [way.here for way in ways(block(network("resnet50"), "layer1.0"))] == [False, True, False]
    found = ways(block(network("resnet50d"), "layer1.0"))
    assert [way.label[0] for way in found] == list("ABCD")
    assert found[-1].here


def test_a_way_that_is_not_possible_says_why() -> None:
    shrinking = block(network("resnet34", widths=(128, 64, 64, 64)), "layer2.0")
    assert cost(ways(shrinking)[0]).startswith(
        "not possible: shortcut 'A' pads channels and cannot go from 128 down to 64"
    )


def test_costs_are_printed_with_what_they_are() -> None:
    assert cost(Way("B", 16_896, 51_380_224, True)) == "16,896 parameters, 51.4 M MACs, used here"
    assert cost(Way("A", 0, 0, False)) == "no parameters, no MACs"


def test_a_run_and_a_stage_tell_of_their_shortcuts() -> None:
    run, stage = (facts(network("resnet50"), f"{path}.shortcut") for path in ("layer2.1-3", "layer2"))
    assert run is not None
    assert run.title == "3 identical shortcuts"
    assert stage is not None
    assert [row.label for row in stage.rows[:2]] == ["Dashed shortcut", "3 solid shortcuts"]
    assert facts(network("plain34"), "layer2.shortcut") is None
