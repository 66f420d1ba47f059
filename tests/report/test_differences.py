"""What differs between two networks is said in words: fields, then layers."""

import pytest
from hypothesis import given

from resviz.arch import ResNetConfig, expand, preset
from resviz.report.compare import Comparison, Mark, compare
from resviz.report.difference_tables import layer_differences_table, totals_table
from resviz.report.differences import (
    LayerDifference,
    differences_by_path,
    field_differences,
    layer_differences,
)
from tests.strategies import configs


def of(first: str, other: str) -> Comparison:
    return compare([expand(preset(first)), expand(preset(other))])


def test_one_stride_moves_from_v1_to_v1_5() -> None:
    (field,) = field_differences(preset("resnet50_v1"), preset("resnet50"))
    assert field.sentence == "Stride sits in: 3x3 (v1.5), was First 1x1 (v1)"
    where = "layer2.0, layer3.0, layer4.0"
    assert layer_differences(of("resnet50_v1", "resnet50"), 1) == (
        LayerDifference(where, "conv1", "stride 1, was 2", Mark.CHANGED, 3),
        LayerDifference(where, "conv2", "stride 2, was 1", Mark.CHANGED, 3),
        LayerDifference("", "", "the same on maps of another size", Mark.RESIZED, 6),
    )


def test_blocks_that_one_network_has_alone_are_named_whole() -> None:
    (row,) = layer_differences(of("resnet50", "resnet101"), 1)
    assert (row.where, row.what, row.mark) == ("layer3.6 to layer3.22", "the whole block", Mark.ADDED)
    (row,) = layer_differences(of("resnet101", "resnet50"), 1)
    assert (row.where, row.mark) == ("layer3.6 to layer3.22", Mark.MISSING)


@pytest.mark.parametrize(
    ("other", "row"),
    [
        ("resnext50_32x4d", ("layer1.0 to layer1.2", "conv1", "width 128, was 64")),
        ("resnext50_32x4d", ("layer2.0 to layer2.3", "conv3", "channels in 256, was 128")),
        ("seresnet50", ("every block", "bn3", "starts at zero, was its usual value")),
        ("resnet50d", ("", "conv1.0", "3x3 conv, 32, /2")),
    ],
)
def test_a_layers_difference_names_kernel_stride_groups_and_width(other: str, row: tuple[str, str, str]) -> None:
    assert row in [(each.where, each.name, each.what) for each in layer_differences(of("resnet50", other), 1)]


def test_how_arms_meet_is_said() -> None:
    rows = layer_differences(of("resnet110_cifar10", "resnet110_cifar10_exclusive_gate"), 1)
    assert ("add", "addition by an exclusive gate, was plain addition") in [(row.name, row.what) for row in rows]


@given(configs(max_blocks=2), configs(max_blocks=2))
def test_every_layer_that_differs_is_in_one_row_and_has_a_sentence(one: ResNetConfig, other: ResNetConfig) -> None:
    comparison = compare([expand(one), expand(other)])
    rows, marks = layer_differences(comparison, 1), comparison.marks[1]
    assert sum(row.count for row in rows) == len(marks)
    assert set(differences_by_path(comparison, 1)) == set(marks)
    assert all(differences_by_path(comparison, 1).values())
    assert len(layer_differences_table(rows).cells) == len(rows)


@given(configs())
def test_a_network_does_not_differ_from_itself(config: ResNetConfig) -> None:
    network = expand(config)
    assert field_differences(config, config.with_(name="another name")) == ()
    assert layer_differences(compare([network, network]), 1) == ()


def test_the_totals_are_those_of_the_two_networks() -> None:
    names = ("resnet50_v1", "resnet50")
    cells = totals_table(of(*names), (preset(names[0]), preset(names[1])), 1, (None, "12 ms")).cells
    rows = {row[0]: row[1:] for row in cells}
    assert rows["MACs"] == ("3,857,973,248", "4,089,184,256", "+6.0%")
    assert rows["Parameters"] == ("25,557,032", "25,557,032", "none")
    assert rows["Last time measured"] == ("not measured", "12 ms", "")
    assert rows["Top-1 error, 1 crop, 224"] == ("24.80%", "23.9%", "")


def test_errors_of_different_protocols_name_them() -> None:
    a, b = preset("resnet34_option_a"), preset("resnet18")
    cells = totals_table(of("resnet34_option_a", "resnet18"), (a, b), 1, (None, None)).cells
    errors = next(row for row in cells if row[0].startswith("Top-1 error"))
    assert errors[:3] == ("Top-1 error", "25.03% (ImageNet, 10 crops)", "30.242% (ImageNet, 1 crop, 224)")
