"""The order of weight, BN and ReLU shows at every level of detail, and a stage's stride at Stages."""

import pytest

from resviz.arch import expand, preset
from resviz.diagram import Detail, DrawError, draw, orders, takes_orders

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


def test_the_five_orders_stand_side_by_side_within_the_picture_as_in_figure_4() -> None:
    drawing = orders(preset("resnet34"), "layer1.0")
    starts = [node.x for node in drawing.nodes if node.path.endswith(".input")]
    assert starts == sorted(starts)
    assert len(starts) == len(FIVE)
    assert 0.55 * drawing.width < 610  # all five can be read at once in the room that a window of 1400 leaves
    words = [note.text for note in drawing.notes]
    for label in ("Original, as here", "BN after addition", "ReLU before addition", "Full pre-activation"):
        assert label in words
    for node in drawing.nodes:
        assert node.face.width / 2 <= node.x <= drawing.width - node.face.width / 2
        assert node.face.height / 2 <= node.y <= drawing.height - node.face.height / 2
    column = sorted((node.y, node.face.lines[0]) for node in drawing.nodes if node.path.startswith("full_preact."))
    assert [line for _, line in column[1:-1]] == ["BN", "ReLU", "3x3 conv, 64", "BN", "ReLU", "3x3 conv, 64", "+"]


@pytest.mark.parametrize(("columns", "rows"), [(5, 1), (3, 2), (2, 3), (1, 5)])
def test_the_five_orders_stand_in_rows_that_do_not_overlap(columns: int, rows: int) -> None:
    drawing = orders(preset("resnet50"), "layer1.0", columns=columns)
    inputs = [node for node in drawing.nodes if node.path.endswith(".input")]
    assert len({node.y for node in inputs}) == rows
    assert {node.path for node in drawing.nodes} == {node.path for node in orders(preset("resnet50"), "layer1.0").nodes}
    boxes = []
    for order in FIVE:
        mine = [node for node in drawing.nodes if node.path.startswith(f"{order}.")]
        left, right = (
            pick(node.x + side * node.face.width / 2 for node in mine) for pick, side in ((min, -1), (max, 1))
        )
        top, bottom = (
            pick(node.y + side * node.face.height / 2 for node in mine) for pick, side in ((min, -1), (max, 1))
        )
        assert left >= 0
        assert right <= drawing.width
        assert top >= 0
        assert bottom <= drawing.height
        boxes.append((left, top, right, bottom))
    for index, (left, top, right, bottom) in enumerate(boxes):
        for other in boxes[index + 1 :]:
            assert right < other[0] or other[2] < left or bottom < other[1] or other[3] < top


def test_blocks_with_an_order_of_their_own_take_no_other_and_say_so() -> None:
    assert takes_orders(preset("resnet50"))
    assert not takes_orders(preset("convnext_tiny"))
    with pytest.raises(DrawError, match="convnext_tiny takes no other order"):
        orders(preset("convnext_tiny"), "layer1.0")
