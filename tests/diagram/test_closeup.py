"""One unit from near, and twins."""

from functools import cache

import pytest
from hypothesis import given

from resviz.arch import PRESETS, Network, ResNetConfig, expand, preset
from resviz.diagram import Detail, DrawError, close_up, draw, facts, twins
from resviz.diagram.text import text_width
from tests.diagram.geometry import crossings, outside, overlapping
from tests.strategies import configs


@cache
def network(name: str) -> Network:
    return expand(preset(name))


def words(name: str, path: str) -> list[str]:
    return [note.text for note in close_up(network(name), path).notes]


def test_bottleneck_with_identity_says_what_the_paper_says() -> None:
    assert {"F(x)", "F(x) + x", "identity, x"} <= set(words("resnet50", "layer2.1"))


def test_projection_is_drawn_in_place_on_a_dashed_line() -> None:
    drawing = close_up(network("resnet50"), "layer2.0")
    assert {"layer2.0.downsample.0", "layer2.0.downsample.1"} <= {node.path for node in drawing.nodes}
    assert drawing.shortcuts == (0, 1)


def test_gated_unit_shows_its_formula_and_its_gate() -> None:
    drawing = close_up(network("resnet110_cifar10_shortcut_gate"), "layer1.1")
    assert "(1 − g) x + F(x)" in {line for node in drawing.nodes for line in node.face.lines}
    assert "g" in {note.text for note in drawing.notes}


def test_plain_unit_has_no_sum() -> None:
    assert not {"F(x)", "F(x) + x"} & set(words("plain34", "layer2.0"))


@given(configs(max_blocks=2))
def test_any_unit_draws_cleanly_from_near(config: ResNetConfig) -> None:
    net = expand(config)
    for path, block in net.blocks():
        for horizontal in (False, True):
            drawing = close_up(net, path, horizontal=horizontal)
            assert not overlapping(drawing)
            assert not crossings(drawing)
            assert not outside(drawing)
            assert sum(drawing.shortcuts) == (block.shortcut is not None)


def test_unit_that_does_not_exist_is_refused_with_a_sentence() -> None:
    with pytest.raises(DrawError, match=r"did you mean layer4\.0"):
        close_up(network("resnet18"), "layer5.0")


@pytest.mark.parametrize("name", ["resnet34", "resnet50", "seresnet18", "resnet110_cifar10_exclusive_gate"])
def test_twins_stand_row_by_row(name: str) -> None:
    drawing = twins(network(name))
    plain = {node.path.removeprefix("plain."): node for node in drawing.nodes if node.path.startswith("plain.")}
    residual = {node.path: node for node in drawing.nodes if not node.path.startswith("plain.")}
    assert plain.keys() <= residual.keys()
    assert all(node.y == residual[path].y and node.x < residual[path].x for path, node in plain.items())
    assert not overlapping(drawing)
    assert not crossings(drawing)
    assert not outside(drawing)


def test_twin_of_resnet34_has_the_layers_and_parameters_of_plain34() -> None:
    drawing, plain = twins(network("resnet34")), draw(network("plain34"), "layers")
    column = [node for node in drawing.nodes if node.path.startswith("plain.")]
    assert [node.face.lines for node in column] == [node.face.lines for node in plain.nodes]
    assert f"plain, {network('plain34').params / 1e6:.1f} M parameters" in [note.text for note in drawing.notes]


@pytest.mark.parametrize("detail", Detail)
@pytest.mark.parametrize("name", ["resnet18", "resnet50", "seresnet18", "resnet20_cifar10", "preact_resnet110_cifar10"])
def test_headings_of_twins_stand_apart_and_within_the_picture(name: str, detail: Detail) -> None:
    drawing = twins(network(name), detail)
    plain, residual = (note for note in drawing.notes if note.text.startswith(("plain, ", "residual, ")))
    one, two = (text_width(note.text, note.size, bold=True) / 2 for note in (plain, residual))
    assert residual.x - two - (plain.x + one) >= 12
    assert plain.x - one >= 0
    assert residual.x + two <= drawing.width


def test_plain_net_has_no_twin() -> None:
    with pytest.raises(DrawError, match="plain net itself"):
        twins(network("plain34"))


@pytest.mark.parametrize(
    "name", [name for name in PRESETS if name.startswith(("resnet18", "seresnet50", "resnetblur"))]
)
def test_everything_drawn_has_facts(name: str) -> None:
    net = network(name)
    for drawing in (draw(net, "stages"), draw(net), draw(net, "operations"), twins(net)):
        for node in drawing.nodes:
            assert facts(net, node.path) is not None, node.path
        for edge in drawing.edges:
            assert facts(net, edge.path) is not None or edge.path.count(".") == 1, edge.path
