"""The picture holds together: right nodes, right shortcuts, nothing on top of anything, whatever the network."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resviz.arch import PRESETS, Network, ResNetConfig, expand, preset
from resviz.arch.layers import Gate
from resviz.arch.tree import ShortcutKind
from resviz.diagram import Detail, DrawError, Drawing, draw
from tests.diagram.geometry import crossings, outside, overlapping
from tests.presets import network, on_each
from tests.strategies import configs, examples


def check(drawing: Drawing, net: Network) -> None:
    assert drawing.shortcuts == net.shortcuts
    paths = [node.path for node in drawing.nodes]
    assert len(paths) == len(set(paths))
    ends = {end for edge in drawing.edges for end in (edge.tail, edge.head)}
    assert ends == set(paths)
    assert not overlapping(drawing)
    assert not crossings(drawing)
    assert not outside(drawing)


@pytest.mark.parametrize("horizontal", [False, True], ids=["down", "across"])
@pytest.mark.parametrize("detail", [Detail.STAGES, Detail.BLOCKS])
@on_each("name", PRESETS)
def test_every_preset_draws_cleanly(name: str, detail: Detail, horizontal: bool) -> None:
    check(draw(network(name), detail, horizontal=horizontal), network(name))


@pytest.mark.parametrize("detail", [Detail.LAYERS, Detail.OPERATIONS])
@on_each("name", [name for name, known in PRESETS.items() if sum(known.config.depths) < 120])
def test_every_preset_draws_cleanly_layer_by_layer(name: str, detail: Detail) -> None:
    check(draw(network(name), detail), network(name))


@settings(max_examples=examples(2))
@given(configs(), st.sampled_from(Detail), st.booleans(), st.data())
def test_any_configuration_draws_cleanly(
    config: ResNetConfig, detail: Detail, horizontal: bool, data: st.DataObject
) -> None:
    net = expand(config)
    paths = st.sampled_from([path for stage in net.stages for path in (stage.name, f"{stage.name}.0")])
    unfold, fold = data.draw(st.sets(paths)), data.draw(st.sets(paths))
    check(draw(net, detail, unfold=unfold, fold=fold, horizontal=horizontal, heat="macs"), net)


@pytest.mark.parametrize("name", ["resnet18", "seresnet50", "preact_resnet164_cifar10", "resnetblur50d", "plain34"])
def test_operations_show_each_layer_and_each_addition_once(name: str) -> None:
    net = network(name)
    wanted = {"input"} | {path for path, _ in net.walk()}
    wanted |= {f"{path}.add" for path, block in net.blocks() if block.merge is not None}
    wanted |= {f"{path}.{gate.name}" for path, block in net.blocks() for gate in block.branch if isinstance(gate, Gate)}
    assert {node.path for node in draw(net, "operations").nodes} == wanted


def test_layers_of_resnet34_are_those_of_the_papers_figure() -> None:
    drawing = draw(network("resnet34"), "layers")
    trunk = [node for node in drawing.nodes if node.trunk and "merge" not in node.face.classes]
    labels = [node.face.lines[0] for node in trunk]
    assert labels[:4] == ["input 3x224x224", "7x7 conv, 64, /2", "3x3 max pool, /2", "3x3 conv, 64"]
    assert labels[-2:] == ["global avg pool", "fc, 1000"]
    assert sum("conv" in label for label in labels) == 33


def test_resnet50_has_four_dashed_shortcuts_each_with_its_convolution_in_place() -> None:
    drawing = draw(network("resnet50"), "layers")
    dashed = [edge for edge in drawing.edges if edge.role == "skip" and edge.dashed and edge.blocks]
    assert [edge.tail for edge in dashed] == [f"layer{stage}.0.downsample.0" for stage in (1, 2, 3, 4)]


def test_option_a_pads_on_its_dashed_shortcuts() -> None:
    drawing = draw(network("resnet34_option_a"), "layers")
    on_arms = [node.face.lines[0] for node in drawing.nodes if not node.trunk]
    assert on_arms == ["pad 64 zeros, /2", "pad 128 zeros, /2", "pad 256 zeros, /2"]


def test_projection_of_option_c_that_keeps_the_shape_is_solid() -> None:
    drawing = draw(network("resnet34_option_c"), "layers")
    first = [edge for edge in drawing.edges if edge.path == "layer1.0.shortcut"]
    assert [edge.head for edge in first] == ["layer1.0.downsample.0", "layer1.0.add"]
    assert not any(edge.dashed for edge in first)


def test_preactivation_taps_before_pre_for_the_identity_and_after_it_for_a_projection() -> None:
    net = network("preact_resnet164_cifar10")
    drawing = draw(net, "operations")
    skips = [edge for edge in drawing.edges if edge.role == "skip" and edge.tapped]
    tails = {edge.path.removesuffix(".shortcut"): edge.tail for edge in skips}
    before = "input"
    for path, block in net.blocks():
        if block.shortcut_kind is ShortcutKind.PROJECTION:
            assert tails[path] == f"{path}.relu1"
        elif path != "layer1.0":
            assert tails[path] == before
        before = f"{path}.add"


def test_plain_net_has_neither_arcs_nor_additions() -> None:
    drawing = draw(network("plain34"), "operations")
    assert {edge.role for edge in drawing.edges} == {"trunk"}
    assert not any("merge" in node.face.classes for node in drawing.nodes)


def test_weight_free_units_are_drawn_as_identity() -> None:
    net = expand(preset("resnet18").with_(identity_units=2))
    assert [node.path for node in draw(net).nodes if "identity" in node.face.classes] == [
        f"layer{stage}.2-3" for stage in (1, 2, 3, 4)
    ]
    check(draw(net, "operations"), net)


def test_highway_gate_stands_beside_the_main_path_and_its_sum_says_the_formula() -> None:
    drawing = draw(network("resnet110_cifar10_exclusive_gate"), "operations")
    nodes = {node.path: node for node in drawing.nodes}
    assert nodes["layer1.0.add"].face.lines == ("(1 − g) x + g F(x)",)
    assert (
        nodes["layer1.0.gate.sigmoid"].x
        < nodes["layer1.0.conv1"].x
        < max(x for edge in drawing.edges if edge.path == "layer1.0.shortcut" for x, _ in edge.points)
    )


def test_blocks_fold_runs_and_any_run_unfolds_on_its_own() -> None:
    net = network("resnet50")
    folded = {node.path for node in draw(net).nodes}
    assert {"layer3.0", "layer3.1-5"} <= folded
    opened = {node.path for node in draw(net, unfold=["layer3.1-5"]).nodes}
    assert opened - folded >= {f"layer3.{index}" for index in range(1, 6)}
    assert folded - opened == {"layer3.1-5", "layer3.1-5.add"}


def test_unfolding_a_block_shows_its_operations_and_folding_a_stage_makes_it_one_node() -> None:
    paths = {node.path for node in draw(network("resnet18"), unfold=["layer2.0"], fold=["layer3"]).nodes}
    assert {"layer2.0.bn1", "layer2.0.downsample.1", "layer3"} <= paths
    assert "layer3.0" not in paths


def test_shortcuts_run_on_one_side_of_the_main_path() -> None:
    for horizontal in (False, True):
        drawing = draw(network("resnet50"), "operations", horizontal=horizontal)
        trunk = drawing.nodes[0].y if horizontal else drawing.nodes[0].x
        for edge in drawing.edges:
            if edge.role == "skip":
                assert all(y <= trunk if horizontal else x >= trunk for x, y in edge.points)


@pytest.mark.parametrize("wrong", ["layer9", "layer1.7", "conv1", ""])
def test_unfolding_what_does_not_exist_is_refused_with_a_sentence(wrong: str) -> None:
    with pytest.raises(DrawError, match="does not exist"):
        draw(network("resnet18"), unfold=[wrong])


def test_unknown_level_and_heat_are_refused_with_a_sentence() -> None:
    with pytest.raises(DrawError, match=r"one of stages, blocks, layers, operations"):
        draw(network("resnet18"), "atoms")
    with pytest.raises(DrawError, match=r"heat 'love'"):
        draw(network("resnet18"), heat="love")
