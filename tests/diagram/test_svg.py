"""The SVG says what the drawing says, to a parser and to a screen reader, and never more than it should."""

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFont

from resviz.arch import PRESETS, ResNetConfig, expand, preset
from resviz.diagram import Detail, Drawing, draw
from resviz.diagram.line_paths import corners
from resviz.diagram.svg import file_svg
from resviz.diagram.text import font_file, text_width
from tests.presets import network, on_each
from tests.strategies import configs

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert('1')</script> \"&amp;\" ]]> --> \x07 \\N 残差网络"


def lines(root: ET.Element, kind: str) -> int:
    """For how many blocks the shortcuts of a kind stand, by the SVG alone."""
    groups = (group for group in root.iter(f"{SVG}g") if group.get("class", "").startswith(f"edge skip {kind}"))
    return sum(int(group.get("data-count", "0")) for group in groups)


def dashed_paths(root: ET.Element) -> int:
    return sum("stroke-dasharray" in path.attrib for path in root.iter(f"{SVG}path"))


@on_each("name", PRESETS)
def test_svg_has_the_solid_and_dashed_shortcuts_of_the_tree(name: str) -> None:
    root = ET.fromstring(draw(network(name)).svg)
    assert (lines(root, "solid"), lines(root, "dashed")) == network(name).shortcuts


@pytest.mark.parametrize("detail", Detail)
def test_svg_has_an_option_with_path_and_label_for_each_node(detail: Detail) -> None:
    drawing = draw(network("seresnet50"), detail)
    options = [group for group in ET.fromstring(drawing.svg).iter(f"{SVG}g") if group.get("role") == "option"]
    assert [option.get("data-path") for option in options] == [node.path for node in drawing.nodes]
    assert all(option.get("aria-label", "").startswith(f"{option.get('data-path')}: ") for option in options)


def test_label_of_a_node_tells_shapes_parameters_and_macs() -> None:
    svg = draw(network("resnet18"), "layers").svg
    assert (
        'aria-label="layer1.0.conv1: 3x3 conv, 64; in 64x56x56; out 64x56x56; '
        '36,864 parameters; 115,605,504 MACs"' in svg
    )


def test_legend_tells_the_trees_counts_and_only_what_there_is() -> None:
    texts = [text.text for text in ET.fromstring(draw(network("resnet50")).svg).iter(f"{SVG}text")]
    assert "shortcut that keeps the shape (12)" in texts
    assert "shortcut that changes the shape (4)" in texts
    assert "shortcut that" not in draw(network("plain34")).svg


def test_dashes_tell_shortcuts_apart_without_colour() -> None:
    net = network("resnet50")
    root = ET.fromstring(file_svg(draw(net, "layers")))
    in_legend = 1
    assert dashed_paths(root) == in_legend + 2 * net.shortcuts.dashed  # before and after each 1x1


@pytest.mark.parametrize("write", [lambda drawing: drawing.svg, file_svg], ids=["screen", "file"])
@pytest.mark.parametrize("picture", ["drawing", "horizontal", "heat"])
def test_hostile_name_comes_out_as_text(write: "type[str]", picture: str) -> None:
    net = expand(preset("resnet18").with_(name=HOSTILE))
    drawing = draw(net, horizontal=picture == "horizontal", heat="macs" if picture == "heat" else None)
    root = ET.fromstring(write(drawing))
    assert not list(root.iter(f"{SVG}script"))
    assert next(root.iter(f"{SVG}title")).text == HOSTILE.replace("\x07", "")


@given(configs(), st.sampled_from(Detail), st.booleans())
def test_any_configuration_gives_svg_that_parses_and_stays_in_its_view_box(
    config: ResNetConfig, detail: Detail, horizontal: bool
) -> None:
    drawing = draw(config, detail, horizontal=horizontal, heat="params")
    for root in (ET.fromstring(drawing.svg), ET.fromstring(file_svg(drawing))):
        assert [float(side) for side in root.get("viewBox", "").split()[2:]] == pytest.approx(
            (drawing.width, drawing.height), abs=0.1
        )
        for text in root.iter(f"{SVG}text"):
            if text.get("text-anchor") == "start":
                width = text_width(text.text or "", float(text.get("font-size", "0")))
                assert float(text.get("x", "0")) + width <= drawing.width + 1


def test_words_fit_their_boxes() -> None:
    for name in PRESETS:
        for node in draw(network(name), "stages").nodes + draw(network(name)).nodes:
            if node.face.shape != "circle":
                assert max(text_width(line, 12) for line in node.face.lines) <= node.face.width


@pytest.mark.parametrize("text", ["3x3 conv, 512, /2", "WWWWWW", "mmmmm", "残差网络", "(1 − g) x + g F(x)"])
def test_estimated_widths_are_never_less_than_a_wide_fonts(text: str) -> None:
    # Advance widths of DejaVu Sans at 2048 units an em, the widest common sans-serif; a square for Chinese.
    dejavu = {"3": 1303, "x": 1212, " ": 651, "c": 1126, "o": 1253, "n": 1298, "v": 1212, ",": 651, "5": 1303}
    dejavu |= {"1": 1303, "2": 1303, "/": 690, "W": 2025, "m": 1995, "(": 799, ")": 799, "−": 1716, "g": 1300}
    dejavu |= {"+": 1716, "F": 1178}
    wanted = sum(dejavu.get(char, 2048) for char in text) / 2048 * 12
    assert text_width(text, 12) >= wanted


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("text", ["3x3 conv, 512, /2", "× 12", "(1 − g) x + g F(x)", "café", "WAVE Toy"])
def test_widths_are_those_of_the_font_that_files_carry(text: str, bold: bool) -> None:
    font = ImageFont.truetype(font_file(bold=bold), 2048, layout_engine=ImageFont.Layout.BASIC)
    drawn = sum(font.getlength(char) for char in text) / 2048 * 12
    assert text_width(text, 12, bold=bold) == pytest.approx(drawn, abs=0.01)


def test_file_carries_its_colours_and_needs_no_style_sheet_marker_or_font() -> None:
    svg = file_svg(draw(network("resnet50"), "operations", heat="macs"))
    assert "<style" not in svg
    assert "marker" not in svg
    (families,) = re.findall(r'font-family="([^"]*)"', svg)
    assert families.split(", ")[0] == "'Bitstream Vera Sans'"  # what it was laid out for
    assert families.split(", ")[-1] == "sans-serif"  # whatever there is, East Asian characters included


def test_screen_picture_is_set_in_the_pages_own_font() -> None:
    assert "font-family" not in draw(network("resnet50")).svg


def test_screen_picture_takes_its_colours_from_the_page() -> None:
    body = re.sub(r"<style>.*</style>", "", draw(network("resnet50"), heat="macs").svg, flags=re.DOTALL)
    assert not re.search(r"#[0-9a-f]{6}", body)


def test_corners_are_cut_to_what_a_short_stretch_has() -> None:
    bends = corners(((0, 0), (10, 0), (10, 6), (0, 6)), 14)
    assert bends == [((7, 0), (10, 0), (10, 3)), ((10, 3), (10, 6), (7, 6))]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("resnet18", {"detail": "blocks"}),
        ("resnet34", {"detail": "layers"}),
        ("resnet50", {"detail": "stages", "horizontal": True}),
        ("seresnet18", {"detail": "operations", "heat": "macs"}),
        ("preact_resnet164_cifar10", {"detail": "blocks", "unfold": ["layer2.0"]}),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(map(str, value.values())),
)
def test_picture_is_the_one_we_looked_at(name: str, options: dict[str, object], golden) -> None:  # type: ignore[no-untyped-def]
    drawing: Drawing = draw(network(name), **options)  # type: ignore[arg-type]
    golden(f"diagram/{name}_{options['detail']}.svg", file_svg(drawing) + "\n")


def test_a_notebook_shows_the_picture_with_its_colours_filled_in() -> None:
    picture = draw(preset("resnet18"))
    assert picture._repr_svg_() == file_svg(picture)
