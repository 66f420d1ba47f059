"""The order of weight, BN and ReLU shows at every level of detail, and a stage's stride at Stages."""

import pytest

from resviz.arch import expand, preset
from resviz.diagram import Detail, draw

FIVE = ("original", "bn_after_add", "relu_before_add", "relu_only_preact", "full_preact")


@pytest.mark.parametrize("detail", list(Detail))
@pytest.mark.parametrize("name", ["resnet50", "resnet18"])
def test_the_five_orders_look_different_at_every_level(name: str, detail: Detail) -> None:
    pictures = {draw(expand(preset(name).with_(order=order)), detail).svg for order in FIVE}
    assert len(pictures) == len(FIVE)


@pytest.mark.parametrize(
    ("order", "line"),
    [
        ("bn_after_add", "+, then BN, ReLU"),
        ("relu_before_add", "ReLU, then +"),
        ("relu_only_preact", "ReLU first"),
        ("full_preact", "BN, ReLU first"),
    ],
)
def test_a_folded_block_says_its_order_in_words(order: str, line: str) -> None:
    drawing = draw(expand(preset("resnet50").with_(order=order)), "blocks")
    faces = [node.face for node in drawing.nodes if "block" in node.face.classes]
    assert faces
    assert all(face.lines[-1] == line for face in faces)


@pytest.mark.parametrize(
    ("name", "lines"),
    [("resnet50", ["", "/2 in the first block"]), ("resnet_v2_50", ["/2 in the last block", "/2 in the last block"])],
)
def test_a_stage_says_where_its_stride_is(name: str, lines: list[str]) -> None:
    drawing = draw(expand(preset(name)), "stages")
    faces = [node.face for node in drawing.nodes if node.path in ("layer1", "layer2")]
    assert [next((line for line in face.lines if line.startswith("/")), "") for face in faces] == lines
