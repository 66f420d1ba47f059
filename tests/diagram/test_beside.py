"""Networks side by side in one picture: what is marked, where everything stands, and what is written."""

from itertools import pairwise

import pytest

from resviz.arch import PRESETS, expand, preset
from resviz.diagram import Detail, Picture, beside, draw
from resviz.diagram.drawing import Node
from resviz.diagram.export import FORMATS, export
from resviz.diagram.marks import SIGNS
from resviz.diagram.narrow import ABOVE, narrow, untitled
from resviz.diagram.placement import LABELS
from resviz.diagram.text import text_width
from resviz.report.compare import Mark, compare
from tests.diagram.geometry import box, crossings, outside, overlapping


def side_by_side(*names: str, detail: Detail = Detail.BLOCKS) -> Picture:
    return beside(compare([expand(preset(name)) for name in names]), detail)


def marked(picture: Picture) -> dict[str, str]:
    return {badge.path: badge.mark for badge in picture.badges}


def test_the_moved_stride_is_all_that_is_marked_in_v1_beside_v1_5() -> None:
    blocks = [f"{letter}.layer{stage}.0" for letter in "AB" for stage in (2, 3, 4)]
    assert marked(side_by_side("resnet50", "resnet50_v1")) == dict.fromkeys(blocks, "changed")


def test_a_projection_that_the_other_lacks_is_marked_as_missing_in_the_first() -> None:
    marks = marked(side_by_side("resnet50", "resnet34"))
    assert marks["A.layer1.0.downsample.0"] == "missing"
    assert marks["B.avgpool"] == "resized"
    assert marks["B.fc"] == "changed"


def test_a_frame_surrounds_the_node_it_marks() -> None:
    picture = side_by_side("resnet50", "resnet34")
    nodes = {node.path: node for node in picture.nodes}
    assert picture.badges
    for badge in picture.badges:
        left, top, right, bottom = box(nodes[badge.path])
        assert (badge.left, badge.top, badge.width, badge.height) == (left, top, right - left, bottom - top)


def test_the_legend_tells_the_signs_that_there_are_and_no_other() -> None:
    told = [key.text for key in side_by_side("resnet50", "resnet50_v1").legend if key.sample == "mark"]
    assert told == ["differs from A"]
    told = [key.text for key in side_by_side("resnet34", "resnet50").legend if key.sample == "mark"]
    assert told == ["differs from A", "the same on maps of another size", "not in A"]


def test_each_network_has_its_letter_its_name_and_its_totals() -> None:
    texts = [note.text for note in side_by_side("resnet50", "resnet50_v1").notes]
    assert {"A: resnet50", "25.6 M parameters, 4.09 G MACs, depth 50"} <= set(texts)
    assert {"B: resnet50_v1", "25.6 M parameters, 3.86 G MACs, depth 50"} <= set(texts)


@pytest.mark.parametrize("detail", Detail)
def test_nothing_lies_on_anything_else_and_inputs_stand_in_a_row(detail: Detail) -> None:
    names = ("resnet50", "resnet34", "preact_resnet20_cifar10", "seresnet50")
    picture = side_by_side(*names, detail=detail)
    assert overlapping(picture) == []
    assert crossings(picture) == []
    assert outside(picture) == []
    inputs = [node for node in picture.nodes if node.path.endswith(".input")]
    assert len({node.y - node.face.height / 2 for node in inputs}) == 1
    ends = [(min(box(node)[0] for node in own), max(box(node)[2] for node in own)) for own in _by_letter(picture)]
    assert all(right < left for (_, right), (left, _) in pairwise(ends))


def _by_letter(picture: Picture) -> list[list[Node]]:
    return [[node for node in picture.nodes if node.path.startswith(f"{letter}.")] for letter in "ABCD"]


@pytest.mark.parametrize("name", PRESETS)
def test_a_narrow_picture_has_the_same_words_and_covers_none_of_them(name: str) -> None:
    wide = draw(preset(name))
    slim = narrow(wide)
    assert sorted(note.text for note in slim.notes) == sorted(note.text for note in wide.notes)
    assert slim.width <= wide.width
    assert outside(slim) == []
    for note in slim.notes[ABOVE:]:
        width = text_width(note.text, note.size)
        left = note.x - {"start": 0, "middle": width / 2, "end": width}[note.anchor]
        for node in slim.nodes:
            a, b, c, d = box(node)
            assert not (left < c and a < left + width and b < note.y + 4 and note.y - 4 < d), (note.text, node.path)


def test_the_column_of_labels_is_what_a_narrow_picture_saves() -> None:
    wide = draw(preset("resnet50"))
    slim = narrow(wide)
    assert not any(note.x == LABELS for note in slim.notes)
    assert wide.width - slim.width > 100
    assert [note.text for note in slim.notes if note.stage == "layer1"] == ["conv2_x", "256x56x56"]


def test_a_picture_without_its_title_keeps_all_else_within() -> None:
    bare = untitled(narrow(draw(preset("resnet50"))))
    assert "resnet50" not in [note.text for note in bare.notes]
    assert outside(bare) == []


def test_a_picture_from_left_to_right_stays_as_it_is() -> None:
    across = draw(preset("resnet50"), horizontal=True)
    assert narrow(across) is across


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_holds_both_networks_and_the_marks(kind: str) -> None:
    written = export(side_by_side("resnet18", "resnet34"), kind)
    assert len(written) > len(export(draw(preset("resnet18")), kind))
    if kind in ("svg", "tex", "dot"):
        text = written.decode()
        assert "A: resnet18" in text
        assert "B: resnet34" in text
        assert SIGNS["changed"].colour.lower().lstrip("#") in text.lower()


def test_every_mark_has_a_sign_of_its_own() -> None:
    assert set(SIGNS) == {mark.value for mark in Mark}
    assert len({sign.lines for sign in SIGNS.values()}) == len(SIGNS)
    assert len({sign.colour for sign in SIGNS.values()}) == len(SIGNS)
