"""Files that people take away, rendered and read back: what should stand in a picture is there to be seen.

A text's box follows from the widths that the layout reckons with, so ink that fills its box, and no more, says
that the picture is set in the very font that it was laid out for.
"""

import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader

from resviz.arch import expand, preset
from resviz.diagram import DrawError, Drawing, close_up, draw, twins
from resviz.diagram.export import export
from resviz.diagram.png import rasterised
from resviz.diagram.svg import file_svg
from resviz.diagram.text import text_width
from tests.diagram.programs import TEX, graphviz, tex

SVG = "{http://www.w3.org/2000/svg}"
ZOOM = 2
PICTURES = {
    "folded": lambda: draw(preset("resnet50")),
    "sideways": lambda: draw(preset("resnet34"), "layers", horizontal=True),
    "hot": lambda: draw(preset("seresnet18"), "operations", heat="macs"),
    "stages": lambda: draw(preset("resnext50_32x4d"), "stages", unfold=["layer2.1-3"]),
    "gated": lambda: draw(preset("resnet110_cifar10_exclusive_gate")),
    "near": lambda: close_up(expand(preset("resnet110_cifar10_shortcut_gate")), "layer2.0"),
    "twins": lambda: twins(expand(preset("resnet34"))),
    "paper": lambda: draw(preset("resnet34"), style="paper"),
}


@pytest.fixture(scope="module", params=PICTURES)
def drawing(request: pytest.FixtureRequest) -> Drawing:
    return PICTURES[request.param]()


@pytest.fixture(scope="module")
def png(drawing: Drawing) -> np.ndarray:
    """The picture's pixels, as the file has them."""
    return pixels(export(drawing, "png", zoom=ZOOM))


class Words(NamedTuple):
    """A text and its box in the picture's pixels; ``frame`` is its node's box, if it has one."""

    text: str
    size: float
    box: tuple[float, float, float, float]
    frame: tuple[float, float, float, float] | None


def words(drawing: Drawing) -> list[Words]:
    return list(_words(ET.fromstring(file_svg(drawing)), (0.0, 0.0), None))


def _words(element: ET.Element, at: tuple[float, float], frame: Any) -> Iterator[Words]:
    if moved := re.match(r"translate\((\S+) (\S+)\)", element.get("transform", "")):
        at = at[0] + float(moved[1]), at[1] + float(moved[2])
        rectangles = element.findall(f"{SVG}rect")
        if rectangles:
            left, top, width, height = (float(rectangles[-1].get(side, "")) for side in ("x", "y", "width", "height"))
            frame = (at[0] + left, at[1] + top, at[0] + left + width, at[1] + top + height)
    if element.tag == f"{SVG}text":
        text, size = element.text or "", float(element.get("font-size", ""))
        width = text_width(text, size, bold=element.get("font-weight") == "bold")
        left = (
            at[0]
            + float(element.get("x", ""))
            - width * {"start": 0, "middle": 0.5, "end": 1}[element.get("text-anchor", "")]
        )
        base = at[1] + float(element.get("y", ""))
        yield Words(text, size, (left, base - 0.8 * size, left + width, base + 0.25 * size), frame)
    for inner in element:
        yield from _words(inner, at, frame)


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(data)).convert("RGB"), dtype=np.int16)


def differs(whole: np.ndarray, drawing: Drawing, kind: str) -> np.ndarray:
    """Where a picture looks otherwise without its texts (`text`) or its lines (`edge`)."""
    rest = pixels(rasterised(without(file_svg(drawing), kind), int(drawing.width * ZOOM)))
    return np.abs(whole - rest).sum(axis=2, dtype=np.int16) > 60


def without(svg: str, kind: str) -> str:
    """An SVG without its texts (`text`) or its lines (`edge`)."""
    root = ET.fromstring(svg)
    for parent in list(root.iter()):
        for child in list(parent):
            if kind in (child.tag.removeprefix(SVG), child.get("class", "").split(" ")[0]):
                parent.remove(child)
    ET.register_namespace("", SVG.strip("{}"))
    return ET.tostring(root, encoding="unicode")


def part(image: np.ndarray, box: tuple[float, float, float, float], grow: float = 0.0) -> np.ndarray:
    left, top, right, bottom = box
    rows = slice(max(round((top - grow) * ZOOM), 0), round((bottom + grow) * ZOOM))
    return image[rows, max(round((left - grow) * ZOOM), 0) : round((right + grow) * ZOOM)]


def test_text_of_a_png_fills_its_box_and_leaves_it_nowhere(drawing: Drawing, png: np.ndarray) -> None:
    ink = differs(png, drawing, "text")
    for found in words(drawing):
        columns = np.flatnonzero(part(ink, found.box, grow=1).any(axis=0))
        assert columns.size, f"{found.text!r} cannot be seen"
        shown = (columns[-1] - columns[0] + 1) / ZOOM
        assert shown == pytest.approx(found.box[2] - found.box[0], abs=0.35 * found.size), found.text
    for found in words(drawing):
        part(ink, found.box, grow=1)[:] = False
    assert not ink.any(), "a text leaves its box"


def test_nothing_crosses_a_text_or_a_node_of_a_png(drawing: Drawing, png: np.ndarray) -> None:
    lines = differs(png, drawing, "edge")
    assert lines.any()
    for found in words(drawing):
        assert not part(lines, found.box).any(), f"a line crosses {found.text!r}"
        if found.frame is not None:
            assert _holds(found.frame, found.box), f"{found.text!r} leaves its node"
            assert not part(lines, found.frame, grow=-1).any(), f"a line crosses the node of {found.text!r}"
    assert not _overlaps(words(drawing))


def _holds(outer: tuple[float, float, float, float], inner: tuple[float, float, float, float]) -> bool:
    sides = (inner[0] - outer[0] - 2, outer[2] - inner[2] - 2, inner[1] - outer[1], outer[3] - inner[3])
    return min(sides) >= 0


def _overlaps(texts: list[Words]) -> list[tuple[str, str]]:
    """Texts that share pixels sideways on rows that would blur; boxes reach a little above and below the letters."""
    return [
        (one.text, two.text)
        for index, one in enumerate(texts)
        for two in texts[index + 1 :]
        if one.box[0] < two.box[2]
        and two.box[0] < one.box[2]
        and one.box[1] + 0.25 * one.size < two.box[3]
        and two.box[1] + 0.25 * two.size < one.box[3]
    ]


def test_png_needs_no_font_of_the_system(tmp_path: Path) -> None:
    program = (
        "from hashlib import sha256; from resviz.arch import preset; from resviz.diagram import draw;"
        "from resviz.diagram.export import export; print(sha256(export(draw(preset('resnet18')), 'png')).hexdigest())"
    )
    hide = "".join(
        f"[ ! -d {folder} ] || mount -t tmpfs none {folder} && "
        for folder in ("/usr/share/fonts", "/usr/local/share/fonts")
    )
    if (
        not shutil.which("unshare")
        or subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("no `unshare` that may mount an empty folder over the system's fonts")
    environment = os.environ | {"HOME": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2])}
    bare = ["unshare", "-rm", "sh", "-c", f'{hide}ls /usr/share/fonts && exec "$0" -c "$1"', sys.executable, program]
    with_fonts, without_fonts = (
        subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=120).stdout
        for command in ([sys.executable, "-c", program], bare)
    )
    assert with_fonts == without_fonts


def fonts(reader: PdfReader) -> dict[str, tuple[str, bool]]:
    """Each font's kind, and whether its letters are in the file."""
    found = {}
    for entry in reader.pages[0]["/Resources"]["/Font"].values():  # type: ignore[index]
        font = entry.get_object()
        descriptor = font.get("/FontDescriptor", {})
        found[font["/BaseFont"]] = font["/Subtype"], any(name.startswith("/FontFile") for name in descriptor)
    return found


def rendered(pdf: bytes, drawing: Drawing) -> np.ndarray:
    page = pypdfium2.PdfDocument(pdf)[0]
    assert page.get_height() / page.get_width() == pytest.approx(drawing.height / drawing.width, rel=0.01)
    return np.asarray(page.render(scale=ZOOM * drawing.width / page.get_width()).to_pil().convert("L"), dtype=int)


def assert_each_text_shows(image: np.ndarray, drawing: Drawing) -> None:
    for found in words(drawing):
        shown = part(image, found.box)
        assert shown.max() - shown.min() > 60, f"{found.text!r} cannot be seen"


def test_pdf_carries_its_fonts_its_title_and_no_author(drawing: Drawing) -> None:
    reader = PdfReader(BytesIO(export(drawing, "pdf")))
    assert {name.split("+")[-1] for name in fonts(reader)} == {"BitstreamVeraSans-Roman", "BitstreamVeraSans-Bold"}
    assert all(embedded for _, embedded in fonts(reader).values())
    assert reader.metadata is not None
    assert reader.metadata.title == drawing.title
    assert not reader.metadata.author


def test_text_of_a_pdf_can_be_taken_out_and_seen(drawing: Drawing) -> None:
    data = export(drawing, "pdf")
    taken = Counter(PdfReader(BytesIO(data)).pages[0].extract_text().split())
    assert taken == Counter(" ".join(found.text for found in words(drawing)).split())
    assert_each_text_shows(rendered(data, drawing), drawing)


@tex
def test_tex_compiles_to_scalable_fonts_and_every_text_shows(drawing: Drawing, tmp_path: Path) -> None:
    (tmp_path / "net.tex").write_text(drawing.tikz, encoding="utf-8")
    assert TEX is not None
    command = [TEX, *(["-interaction=nonstopmode", "-halt-on-error"] if "pdflatex" in TEX else []), "net.tex"]
    said = subprocess.run(
        command, cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=False
    )
    log = said.stdout.decode(errors="replace")
    assert said.returncode == 0, log
    assert not re.findall(r"Missing character.*|LaTeX Font Warning.*|Overfull.*", log)
    data = (tmp_path / "net.pdf").read_bytes()
    kinds = fonts(PdfReader(BytesIO(data)))
    assert all(kind != "/Type3" and embedded for kind, embedded in kinds.values()), kinds
    assert_each_text_shows(rendered(data, drawing), drawing)


@graphviz
@pytest.mark.parametrize("program", [["dot"], ["neato", "-n2"]], ids=["dot", "neato"])
def test_dot_shows_each_line_of_each_node_without_complaint(drawing: Drawing, program: list[str]) -> None:
    if drawing.style == "paper":
        with pytest.raises(DrawError, match="which DOT knows nothing of"):
            drawing.dot  # noqa: B018
        return
    done = subprocess.run([*program, "-Tsvg"], input=drawing.dot.encode(), capture_output=True, check=True, timeout=120)
    assert not done.stderr, done.stderr.decode()  # it complains of a label that is too large for its node
    shown = Counter(" ".join(text.text or "" for text in ET.fromstring(done.stdout).iter(f"{SVG}text")).split())
    wanted = Counter(" ".join(line for node in drawing.nodes for line in node.face.lines).split())
    assert not wanted - shown
