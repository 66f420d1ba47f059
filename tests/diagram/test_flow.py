"""Lines as wide as the tensors they carry."""

import pytest

from resviz.arch import expand, preset
from resviz.diagram import Detail, draw
from resviz.diagram.flow import WIDEST, line_widths, tensor_sizes

RESNET50 = expand(preset("resnet50"))


@pytest.mark.parametrize("detail", list(Detail))
@pytest.mark.parametrize("name", ["resnet50", "resnet18", "preact_resnet164_cifar10"])
def test_every_line_of_the_main_path_and_every_shortcut_has_a_band(name: str, detail: Detail) -> None:
    network = expand(preset(name))
    drawing = draw(network, detail)
    widths = line_widths(drawing, network)
    assert len(widths) == len(drawing.edges)
    assert sum(width > 0 for width in widths) == sum(edge.role != "gate" for edge in drawing.edges)


def test_the_widest_band_is_that_of_the_largest_tensor_and_widths_go_with_the_root() -> None:
    sizes, drawing = tensor_sizes(RESNET50), draw(RESNET50, "stages")
    widths = line_widths(drawing, RESNET50)
    assert max(widths) == WIDEST
    assert sizes["conv1"] == 64 * 112 * 112 == sizes["layer1"]
    assert sizes["layer2"] * 2 == sizes["layer1"]
    assert round(WIDEST * 0.5**0.5, 1) in widths
