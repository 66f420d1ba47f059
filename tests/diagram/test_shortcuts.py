"""Why a shortcut is dashed, and what each way of drawing it costs, held to networks that are built that way."""

from dataclasses import replace

import pytest

from resviz.arch import expand, find
from resviz.arch.carried import X
from resviz.arch.change import Change
from resviz.arch.layers import leaves
from resviz.arch.network import Network
from resviz.arch.ops import Kind
from resviz.arch.shortcuts import SHORTCUTS, build_shortcut
from resviz.arch.tree import Block
from resviz.diagram import facts
from resviz.diagram.shortcuts import Way, cost, shortcut_name, ways, why

TYPESET = {"[::2, ::2]": r"_{::2,\,::2}", ", 0": r",\ 0", "W_s ": r"W_s\,", "avgpool": r"\mathrm{avgpool}"}


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


@pytest.mark.parametrize(
    ("name", "path", "formulas"),
    [
        ("resnet50", "layer1.0", ["F(x) + [x, 0]", "F(x) + W_s x", "F(x) + W_s x"]),
        ("resnet50", "layer2.0", ["F(x) + [x[::2, ::2], 0]", "F(x) + W_s x", "F(x) + W_s x"]),
        ("resnet50", "layer2.1", ["F(x) + x", "F(x) + x", "F(x) + W_s x"]),
        ("preact_resnet164_cifar10", "layer1.0", ["F(x) + [x, 0]", "F(x) + W_s h", "F(x) + W_s h"]),
        ("resnet50d", "layer2.0", ["F(x) + [x[::2, ::2], 0]", *["F(x) + W_s x"] * 2, "F(x) + W_s avgpool(x)"]),
    ],
)
def test_each_way_has_the_papers_equation_at_its_place(name: str, path: str, formulas: list[str]) -> None:
    found = ways(block(network(name), path))
    assert [way.formula.text for way in found] == [f"y = {formula}" for formula in formulas]
    assert [way.formula.latex for way in found] == [_typeset(way.formula.text) for way in found]


def _typeset(formula: str) -> str:
    for text, latex in TYPESET.items():
        formula = formula.replace(text, latex)
    return formula


def test_a_way_weighs_its_arms_as_the_unit_does() -> None:
    gated = network("resnet110_cifar10_exclusive_gate", shortcut="B")
    assert ways(block(gated, "layer2.0"))[1].formula.text == "y = g(x) F(x) + (1 - g(x)) W_s x"
    scaled = network("resnet34", skip="scale", skip_scale=0.5)
    assert ways(block(scaled, "layer2.0"))[1].formula.text == "y = F(x) + 0.5 W_s x"
    dropped = network("resnet34", skip="dropout", skip_dropout=0.5)
    assert ways(block(dropped, "layer2.1"))[1].formula.text == "y = F(x) + dropout(x)"


CHANGES = [Change(64, out, stride, dilation) for out in (64, 128) for stride in (1, 2) for dilation in (1, 2)]


@pytest.mark.parametrize("change", CHANGES, ids=str)
@pytest.mark.parametrize("name", [name for name, entry in SHORTCUTS.items() if entry.build])
def test_a_shortcut_carries_what_it_builds(name: str, change: Change) -> None:
    origin = block(network("resnet34"), "layer1.0").origin
    assert origin is not None
    built = build_shortcut(replace(origin.choices, shortcut=name), (64, 8, 8), change)
    kinds = {layer.kind for layer in leaves(built or ())}
    text, latex = SHORTCUTS[name].carries(change, X)
    for said in (text, latex):
        assert ("W_s" in said) == (Kind.CONV in kinds)
        assert ("0]" in said) == (Kind.PAD in kinds and change.out_channels > 64)
        assert ("pool" in said) == bool(kinds & {Kind.AVGPOOL, Kind.MAXPOOL})
        assert ("blur" in said) == (Kind.BLURPOOL in kinds)
        assert (said == "x") == (not kinds)


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
