"""Parallel arms in a picture: side by side, joined in one node, folded where they are many and alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resviz.arch import Network, ResNetConfig, expand
from resviz.arch.layers import Arms, nodes
from resviz.diagram import Detail, Drawing, draw
from resviz.diagram.closeup import close_up, twins
from resviz.diagram.drawing import Node
from resviz.diagram.facts import facts
from resviz.diagram.heat import heat_of
from tests.diagram.geometry import crossings, outside, overlapping
from tests.diagram.test_layout import check
from tests.families import FAMILIES, units

DEEP = [Detail.LAYERS, Detail.OPERATIONS]


def net(name: str, **changes: object) -> Network:
    return expand(FAMILIES[name].with_(**changes))


def node(drawing: Drawing, path: str) -> Node:
    return next(each for each in drawing.nodes if each.path == path)


@pytest.mark.parametrize("horizontal", [False, True], ids=["down", "across"])
@pytest.mark.parametrize("detail", Detail)
@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_draws_cleanly(name: str, detail: Detail, horizontal: bool) -> None:
    check(draw(net(name), detail, horizontal=horizontal), net(name))


@given(units(), st.sampled_from(DEEP), st.booleans())
def test_any_unit_draws_cleanly_and_every_node_has_facts_and_heat(
    config: ResNetConfig, detail: Detail, horizontal: bool
) -> None:
    network = expand(config)
    drawing = draw(network, detail, horizontal=horizontal)
    check(drawing, network)
    values = heat_of(network, "params").values
    for each in drawing.nodes:
        assert facts(network, each.path) is not None
        assert each.path in values or each.path == "input" or each.path.endswith(".add")


@given(units(), st.booleans())
def test_any_unit_from_near_is_clean(config: ResNetConfig, horizontal: bool) -> None:
    network = expand(config)
    for path, _ in list(network.blocks())[:2]:
        drawing = close_up(network, path, horizontal=horizontal)
        assert [*overlapping(drawing), *crossings(drawing), *outside(drawing)] == []


@pytest.mark.parametrize("name", FAMILIES)
def test_operations_show_each_layer_once_and_one_node_for_every_join(name: str) -> None:
    network = net(name)
    drawn = {each.path for each in draw(network, "operations").nodes}
    joins = {
        f"{path}.{each.name}"
        for path, block in network.blocks()
        for each in nodes(block.branch)
        if isinstance(each, Arms)
    }
    assert drawn >= {path for path, _ in network.walk()} | joins


@pytest.mark.parametrize(
    ("name", "path", "label"),
    [
        ("res2net50", "layer1.0.conv2", "concat"),
        ("skresnet50", "layer1.0.conv2", "softmax Σ"),
        ("repvgg_a0", "layer1.0.conv1", "+"),
    ],
)
def test_the_node_of_a_join_names_it(name: str, path: str, label: str) -> None:
    assert node(draw(net(name), "layers"), path).face.lines == (label,)


def test_arms_stand_side_by_side() -> None:
    drawing = draw(net("skresnet50"), "operations")
    first, second = (node(drawing, f"layer1.0.conv2.{arm}.conv") for arm in (0, 1))
    assert first.y == second.y
    assert first.x < node(drawing, "layer1.0.conv2").x < second.x


def test_an_arm_without_layers_is_a_line() -> None:
    edges = draw(net("res2net50"), "layers").edges
    assert any(edge.tail == "layer1.1.conv1" and edge.head == "layer1.1.conv2" for edge in edges)


def test_each_of_res2nets_arms_takes_the_output_of_the_one_before() -> None:
    edges = {(edge.tail, edge.head) for edge in draw(net("res2net50"), "layers").edges}
    steps = [(f"layer1.1.conv2.{arm}.conv", f"layer1.1.conv2.{arm + 1}.conv") for arm in range(2)]
    assert edges >= set(steps)
    assert not edges & {
        (tail.replace("layer1.1", "layer1.0"), head.replace("layer1.1", "layer1.0")) for tail, head in steps
    }


def test_what_weighs_the_arms_reads_each_of_them_and_runs_into_the_join() -> None:
    edges = {(edge.tail, edge.head) for edge in draw(net("skresnet50"), "layers").edges}
    pool = "layer1.0.conv2.select.pool"
    assert edges >= {(f"layer1.0.conv2.{arm}.conv", pool) for arm in (0, 1)}
    assert ("layer1.0.conv2.select.fc2", "layer1.0.conv2") in edges


def test_more_than_four_arms_alike_are_one_node_with_their_number() -> None:
    network = net("res2net50", arms=8, width_per_group=14)
    drawing = draw(network, "operations", heat="params")
    folded = node(drawing, "layer1.1.conv2.1-6.conv")
    assert folded.face.count == 6
    assert not [each for each in drawing.nodes if each.path.startswith("layer1.1.conv2.3")]
    found = facts(network, folded.path)
    assert found is not None
    assert {row.label: row.value for row in found.rows}["Stands"] == "6 times in this run"
    one = dict(network.walk())["layer1.1.conv2.1.conv"].params
    assert heat_of(network, "params").values[folded.path] == 6 * one


def test_an_attention_unit_that_adds_says_so() -> None:
    drawing = draw(net("gcresnet50"), "operations")
    assert node(drawing, "layer1.0.gc").face.lines == ("+",)
    assert node(drawing, "layer1.0.gc.context").face.lines == ("softmax Σ",)


@pytest.mark.parametrize("name", ["res2net50", "skresnet50"])
def test_twins_have_the_arms_in_both_columns(name: str) -> None:
    drawing = twins(net(name))
    plain = {each.path.removeprefix("plain.") for each in drawing.nodes if each.path.startswith("plain.")}
    assert {"layer1.0.conv2.0.conv", "layer1.0.conv2"} <= plain
    assert not any(path.endswith(".add") or "downsample" in path for path in plain)
    assert [*overlapping(drawing), *crossings(drawing), *outside(drawing)] == []


@pytest.mark.parametrize("kind", ["svg", "dot", "tikz"])
def test_every_format_shows_the_joins(kind: str) -> None:
    text = getattr(draw(net("skresnet50"), "layers"), kind)
    assert text.count("softmax") >= 16
