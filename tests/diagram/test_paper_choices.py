"""What of a network a paper's figure shows: what was chosen, at a level that fits, or a sentence that says why not."""

import re

import pytest

from resviz.arch import preset
from resviz.diagram import DrawError, draw
from tests.diagram.geometry import outside
from tests.diagram.papers import figure, paths, returns


@pytest.mark.parametrize(
    ("only", "shown"),
    [
        (["layer3.0"], ["…", "layer3.0.downsample.0", "layer3.0", "layer3.0.add", "…"]),
        (["layer3.2", "layer3.3"], ["…", "layer3.2-3", "layer3.2-3.add", "…"]),
        (["layer3.1-5"], ["…", "layer3.1-5", "layer3.1-5.add", "…"]),
        (["fc", "input"], ["input", "…", "fc"]),
        (["conv1", "layer1"], ["…", "conv1", "…", "layer1.0-2", "layer1.0-2.add", "…"]),
    ],
)
def test_only_what_is_chosen_is_drawn_and_dots_stand_for_the_rest(only: list[str], shown: list[str]) -> None:
    drawing = figure("resnet34", "blocks", "two", only)
    assert sorted(node.face.lines[0] if node.path.startswith("omitted") else node.path for node in drawing.nodes) == (
        sorted(shown)
    )


def test_dots_have_no_row_to_themselves_a_line_leads_in_and_out_instead() -> None:
    drawing = figure("resnet34", "operations", "one", ["layer2.0"])
    assert not [path for path in paths(drawing) if path.startswith("omitted")]
    assert len({node.y for node in drawing.nodes if node.trunk}) == 1
    first, last = (pick(node.x for node in drawing.nodes if node.trunk) for pick in (min, max))
    (inward,) = (edge for edge in drawing.edges if edge.role == "trunk" and not edge.tail)
    (outward,) = (edge for edge in drawing.edges if not edge.head)
    assert inward.points[0][0] < inward.points[-1][0] < first
    assert last < outward.points[0][0] < outward.points[-1][0] <= drawing.width
    assert drawing.shortcuts == (0, 1)
    assert [note.text for note in drawing.notes] == ["conv3_x, 128×28×28"]
    assert outside(drawing) == []


def test_dots_stay_where_they_share_a_row() -> None:
    drawing = figure("resnet34", "layers", "one", ["layer2"])
    assert len(returns(drawing)) == 2
    assert len([path for path in paths(drawing) if path.startswith("omitted")]) == 2


def test_chosen_block_is_taken_out_of_a_stage_that_is_drawn_as_one() -> None:
    assert "layer3.0.add" in paths(figure("resnet34", "stages", "two", ["layer3.0"]))
    assert "layer3.add" in paths(figure("resnet34", "stages", "two", ["layer3"]))


def test_legend_counts_what_is_chosen() -> None:
    assert [key.text for key in figure("resnet34", "blocks", "two", ["layer3"]).legend] == [
        "shortcut that keeps the shape (5)",
        "shortcut that changes the shape (1)",
    ]


def test_dots_say_the_shape_that_comes_from_what_is_left_out() -> None:
    drawing = figure("resnet34", "blocks", "two", ["layer3.0", "layer3.3", "fc"])
    at = {round(node.x): node.path for node in drawing.nodes if node.path.startswith("omitted")}
    assert [note.text for note in drawing.notes if round(note.x) in at] == ["128×28×28", "256×14×14", "512"]


@pytest.mark.parametrize(
    ("name", "detail", "width", "sentence"),
    [
        (
            "resnet50",
            "layers",
            "one",
            r"is 13\.\d in tall in 8 pt, and a page holds 8\.5; width two or detail blocks",
        ),
        ("resnet34", "operations", "one", r"is \d+\.\d in tall.*width two or detail layers would fit"),
        ("resnet1202_cifar10", "layers", "two", "rows, too many for a page; detail blocks or detail stages would fit"),
        (
            "seresnet50",
            "operations",
            "one",
            r"has a block \d\.\d in wide in 8 pt, and the figure is 3\.25; detail",
        ),
        ("nfnet_l0", "layers", "one", "detail blocks with width two or detail stages with width two would fit"),
        ("resnet34", "blocks", "three", "width 'three' does not exist; it is one of one, two"),
    ],
)
def test_what_does_not_fit_at_8_pt_is_refused_with_what_would(
    name: str, detail: str, width: str, sentence: str
) -> None:
    with pytest.raises(DrawError, match=sentence):
        figure(name, detail, width)


def test_what_is_said_to_fit_does() -> None:
    with pytest.raises(DrawError) as refused:
        figure("resnet50", "layers", "one")
    assert "width two" in str(refused.value)
    assert figure("resnet50", "layers", "two").nodes
    assert "detail blocks" in str(refused.value)
    assert figure("resnet50", "blocks", "one").nodes


def test_level_that_lacks_what_is_chosen_is_no_remedy() -> None:
    with pytest.raises(DrawError, match=r"the figure is 6\.875; take a coarser detail"):
        figure("seresnet50", "operations", "two", ["bn1", "layer1.1"])


@pytest.mark.parametrize("name", ["layer9", "layer1.0.conv1", "bn1"])
def test_node_that_the_level_does_not_show_is_refused(name: str) -> None:
    with pytest.raises(DrawError, match=f"'{name}' does not exist"):
        figure("resnet34", only=[name])


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            {"style": "paper", "heat": "macs"},
            "heat changes nothing in this picture. A paper's figure is black on white",
        ),
        ({"style": "paper", "horizontal": True}, "horizontal changes nothing in this picture"),
        ({"style": "poster"}, "style 'poster' does not exist; it is one of screen, paper"),
        ({"width": "two"}, "width changes nothing in this picture. Take style paper"),
        ({"only": ["layer2"]}, "only changes nothing in this picture. Take style paper"),
    ],
)
def test_option_that_would_change_nothing_is_refused(options: dict[str, object], sentence: str) -> None:
    with pytest.raises(DrawError, match=re.escape(sentence)):
        draw(preset("resnet34"), **options)  # type: ignore[arg-type]
