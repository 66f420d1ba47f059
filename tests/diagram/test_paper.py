"""A paper's figure: it fits its column at 8 pt and says all in black on white."""

import re
import subprocess
from collections import Counter
from io import BytesIO
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader

from resviz.arch import expand, preset
from resviz.diagram import Drawing, draw
from resviz.diagram.drawing import Note
from resviz.diagram.export import export
from resviz.diagram.line_paths import bracket
from resviz.diagram.png import rasterised
from resviz.diagram.svg import file_svg
from resviz.diagram.text import text_width
from tests.diagram.geometry import box, crossings, outside, overlapping
from tests.diagram.papers import figure, paths, returns
from tests.diagram.programs import TEX, tex

INCHES = {"one": 3.25, "two": 6.875}
POINTS = 8 / 11
"""Points of a pixel: the smallest text has 11."""
FIGURES = [
    ("resnet34", "layers", "one"),
    ("plain34", "layers", "one"),
    ("resnet34", "layers", "two"),
    ("resnet34", "stages", "two"),
    ("resnet50", "blocks", "one"),
    ("resnext50_32x4d", "layers", "two"),
    ("preact_resnet110_cifar10", "blocks", "one"),
    ("resnet110_cifar10_exclusive_gate", "blocks", "two"),
    ("res2net50_26w_4s", "blocks", "two"),
    ("convnext_tiny", "blocks", "two"),
]


def height(drawing: Drawing) -> float:
    """Inches in print."""
    return drawing.height * POINTS / 72


@pytest.mark.parametrize(("name", "detail", "width"), FIGURES)
def test_figure_holds_the_network_within_its_column_and_its_page(name: str, detail: str, width: str) -> None:
    drawing, network = figure(name, detail, width), expand(preset(name))
    assert drawing.width * POINTS / 72 == pytest.approx(INCHES[width])
    assert height(drawing) <= 8.5
    assert Counter(paths(drawing)) == Counter(paths(draw(network, detail)))
    assert (outside(drawing), overlapping(drawing), crossings(drawing)) == ([], [], [])
    assert drawing.shortcuts == (network.shortcuts.solid, network.shortcuts.dashed)


Box = tuple[float, float, float, float]


def crossed(drawing: Drawing) -> list[str]:
    """The words beside the nodes that a line, a bracket, a node or other words run into."""
    lines = [(*start, *end) for edge in drawing.edges for start, end in zip(edge.points, edge.points[1:], strict=False)]
    lines += [(*start, *end) for band in drawing.bands for start, end in bracket(band)]
    things = [(min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y)) for x, y, to_x, to_y in lines]
    for node in drawing.nodes:
        sheet = 3 if node.face.count > 1 else 0  # a second one behind the first
        left, top, right, bottom = box(node)
        things.append((left, top, right + sheet, bottom + sheet))
    words = [(note.text, extent(note)) for note in drawing.notes]
    found = [text for text, area in words for thing in things if meet(area, thing)]
    return found + [one for index, (one, area) in enumerate(words) for _, other in words[:index] if meet(area, other)]


def extent(note: Note) -> Box:
    """The room that words take: letters, and a pixel of air."""
    width = text_width(note.text, note.size) + 2
    assert note.anchor == "middle"
    return note.x - width / 2, note.y - 0.5 * note.size, note.x + width / 2, note.y + 0.5 * note.size


def meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@pytest.mark.parametrize(("name", "detail", "width"), FIGURES)
def test_words_stand_clear_of_lines_nodes_and_each_other(name: str, detail: str, width: str) -> None:
    drawing = figure(name, detail, width)
    assert drawing.notes
    assert crossed(drawing) == []


@pytest.mark.parametrize(("name", "detail", "width"), FIGURES)
def test_rows_stand_in_the_middle_of_the_column(name: str, detail: str, width: str) -> None:
    drawing = figure(name, detail, width)
    lines = [x for edge in drawing.edges for x, _ in edge.points]
    right = max(*lines, *(box(node)[2] for node in drawing.nodes))
    assert min(lines) == pytest.approx(drawing.width - right, abs=10)  # no line turns down behind the last row


@pytest.mark.parametrize(("name", "detail", "width"), FIGURES)
def test_rows_are_read_as_lines_of_text_are(name: str, detail: str, width: str) -> None:
    """The main path runs to the right within a row; from its end one line leads to where the next begins."""
    drawing = figure(name, detail, width)
    led = returns(drawing)
    for edge in drawing.edges:
        if edge not in led:  # a shortcut that a row begins with leaves the line that led there
            along = [x for x, _ in edge.points]
            assert along == sorted(along), edge
    for edge in led:
        (x, y), (turn, _), *_, (left, _), (tip, last) = edge.points
        assert x < turn <= drawing.width
        assert left < tip
        assert y < last
        assert edge.radius
    trunk = {(node.y, node.path) for node in drawing.nodes if node.trunk}
    assert len(led) == len({y for y, _ in trunk}) - 1


def test_resnet34_takes_a_column_beside_the_plain_net_or_half_a_page_across_both() -> None:
    assert height(figure("resnet34", "layers", "one")) < 8.1
    assert height(figure("plain34", "layers", "one")) < 4.5
    assert height(figure("resnet34", "layers", "two")) < 3.6


def sizes(data: bytes) -> set[float]:
    """The points of each text of a PDF, as they are on its page."""
    found: set[float] = set()

    def text(words: str, page: list[float], line: list[float], font: object, size: float) -> None:
        if words.strip():
            found.add(round(size * abs(line[0] * page[0]), 2))

    for page in PdfReader(BytesIO(data)).pages:
        page.extract_text(visitor_text=text)
    return found


@pytest.mark.parametrize("width", INCHES)
def test_pdf_has_the_width_of_the_column_and_no_text_below_8_pt(width: str) -> None:
    data = export(figure("resnet34", "layers", width), "pdf")
    page = PdfReader(BytesIO(data)).pages[0]
    assert float(page.mediabox.width) == pytest.approx(72 * INCHES[width], abs=0.1)
    assert sizes(data)
    assert min(sizes(data)) >= 8


def test_png_says_its_size_in_print() -> None:
    image = Image.open(BytesIO(export(figure("resnet34"), "png")))
    dots = image.info["dpi"][0]
    assert dots == pytest.approx(600, abs=1)
    assert image.width / dots == pytest.approx(3.25, abs=0.01)


def test_svg_says_its_size_in_print() -> None:
    found = re.search(r'width="([\d.]+)"', file_svg(figure("resnet34", width="two")))
    assert found
    assert float(found[1]) / 96 == pytest.approx(6.875)


def test_figure_is_black_on_white() -> None:
    drawing = figure("seresnet50", "layers", "two", ["layer1", "layer2.0"])
    svg = file_svg(drawing)
    assert set(re.findall(r'(?:fill|stroke)="([^"]*)"', svg)) == {"#000000", "#ffffff", "none"}
    assert set(re.findall(r"(?:fill|draw|text)=(\w+)", drawing.tikz)) == {"black", "white"}
    assert "definecolor" not in drawing.tikz
    pixels = np.asarray(Image.open(BytesIO(rasterised(svg, 900))).convert("RGB"), dtype=int)
    assert (pixels.max(axis=2) == pixels.min(axis=2)).all()
    assert pixels.min() == 0


def test_dashes_are_the_shortcuts_that_change_the_shape_and_the_legend_says_so() -> None:
    drawing = figure("resnet34", "layers", "two")
    dashed = {edge.head for edge in drawing.edges if edge.role == "skip" and edge.dashed and edge.blocks}
    assert dashed == {"layer2.0.add", "layer3.0.add", "layer4.0.add"}
    assert [(key.sample, key.text) for key in drawing.legend] == [
        ("solid", "shortcut that keeps the shape (13)"),
        ("dashed", "shortcut that changes the shape (3)"),
    ]
    halves = 2 * len(dashed)  # to the projection and from it
    assert file_svg(drawing).count("stroke-dasharray") == drawing.tikz.count("dash pattern") == halves + 1
    assert figure("plain34", "layers").legend == ()


def test_legend_is_one_line_where_there_is_room() -> None:
    lines = {width: {key.y for key in figure("resnet34", width=width).legend} for width in INCHES}
    assert {width: len(rows) for width, rows in lines.items()} == {"one": 2, "two": 1}


def test_normalisation_and_activation_are_as_large_as_the_rest() -> None:
    svg = file_svg(figure("seresnet18", "operations", "two", ["bn1", "layer1.1"]))
    assert set(re.findall(r'font-size="([\d.]+)"', svg)) == {"11"}


def test_heading_is_left_out() -> None:
    drawing = figure("resnet34")
    assert "parameters" not in drawing.tikz
    assert not [note for note in drawing.notes if "title" in note.classes or drawing.title in note.text]


def test_each_stage_is_named_in_each_row_with_its_map_in_the_first() -> None:
    notes = [note.text for note in figure("resnet34", "layers", "one").notes if note.stage == "layer3"]
    assert notes[0] == "conv4_x, 256×14×14"
    assert set(notes[1:]) == {"conv4_x"}


PAGE = r"""\documentclass[twocolumn]{article}
\usepackage[T1]{fontenc}\usepackage{lmodern}
\usepackage[letterpaper,textwidth=6.875in,columnsep=0.375in,textheight=9in]{geometry}
\usepackage{graphicx,standalone,tikz}\usetikzlibrary{arrows.meta}
\setlength{\parindent}{0pt}\pagestyle{empty}
\begin{document}
LEFT\newpage RIGHT
\end{document}
"""
"""Columns of 3.25 in."""


@tex
@pytest.mark.parametrize("kind", ["tex", "pdf"])
def test_page_of_two_columns_holds_resnet34_beside_the_plain_net(kind: str, tmp_path: Path) -> None:
    """Compiled as a paper would be, from TikZ with the paper's fonts and from PDF; its text is read back."""
    assert TEX is not None
    source = PAGE
    for place, name in (("LEFT", "resnet34"), ("RIGHT", "plain34")):
        drawing = figure(name, "layers", "one")
        (tmp_path / f"{name}.{kind}").write_bytes(export(drawing, kind))
        source = source.replace(place, f"\\{'input' if kind == 'tex' else 'includegraphics'}{{{name}.{kind}}}")
    (tmp_path / "page.tex").write_text(source, encoding="utf-8")
    command = [TEX, *(["-interaction=nonstopmode", "-halt-on-error"] if "pdflatex" in TEX else []), "page.tex"]
    said = subprocess.run(
        command, cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=False
    )
    log = said.stdout.decode(errors="replace")
    assert said.returncode == 0, log
    assert not re.findall(r"Missing character.*|Overfull.*", log)
    data = (tmp_path / "page.pdf").read_bytes()
    pages = PdfReader(BytesIO(data)).pages
    assert len(pages) == 1
    assert min(sizes(data)) >= 8
    assert "conv5_x" in pages[0].extract_text()
    ink = np.asarray(pypdfium2.PdfDocument(data)[0].render(scale=2).to_pil().convert("L")) < 128
    columns = np.flatnonzero(ink.any(axis=0)) / 2 / 72
    margin = (8.5 - 6.875) / 2
    assert columns[0] >= margin - 0.01
    assert columns[-1] <= 8.5 - margin + 0.01
    gutter = (columns > margin + 3.25 + 0.01) & (columns < margin + 3.625 - 0.01)
    assert not gutter.any()
    assert (columns < margin + 3.25).any()
    assert (columns > margin + 3.625).any()
