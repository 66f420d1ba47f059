"""Files: every format comes out whole, none needs a Graphviz program, and a wrong one is a sentence."""

import struct
from pathlib import Path

import pytest

from resviz.arch import expand, preset
from resviz.diagram import DrawError, draw
from resviz.diagram.export import FORMATS, ensure_writable, export, write

STARTS = {"svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF", "dot": b"digraph", "tex": b"\\documentclass"}


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_is_written_without_graphviz(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / f"net.{kind.upper()}"
    draw(preset("seresnet50"), heat="macs").save(path)
    assert path.read_bytes().startswith(STARTS[kind])


def test_png_has_the_pictures_proportions() -> None:
    drawing = draw(preset("resnet18"))
    width, height = struct.unpack(">II", export(drawing, "png", zoom=2)[16:24])
    assert (width, height) == pytest.approx((2 * drawing.width, 2 * drawing.height), abs=2)


def test_png_of_a_very_long_net_is_made_to_fit() -> None:
    width, height = struct.unpack(">II", export(draw(preset("preact_resnet1001_cifar10"), "layers"), "png")[16:24])
    assert width >= 1
    assert height <= 16_000


@pytest.mark.parametrize(
    ("name", "font"),
    [("残差网络", b"STSong-Light"), ("レズネット", b"HeiseiKakuGo-W5"), ("잔차", b"HYSMyeongJo-Medium")],
)
def test_pdf_sets_an_east_asian_name_in_a_font_that_has_it(name: str, font: bytes) -> None:
    pdf = export(draw(expand(preset("resnet18").with_(name=name))), "pdf")
    assert font in pdf
    assert font not in export(draw(preset("resnet18")), "pdf")


def test_pdf_is_one_page_of_the_pictures_size() -> None:
    drawing = draw(preset("resnet18"))
    pdf = export(drawing, "pdf")
    assert pdf.count(b"/Type /Page\n") == 1
    box = [float(number) for number in pdf.split(b"/MediaBox [")[1].split(b"]")[0].split()]
    assert box[2] / box[3] == pytest.approx(drawing.width / drawing.height, rel=0.01)


def test_page_of_a_very_long_net_is_made_to_fit() -> None:
    pdf = export(draw(preset("resnet1202_cifar10"), "stages", unfold=["layer1.0-199"]), "pdf")
    box = [float(number) for number in pdf.split(b"/MediaBox [")[1].split(b"]")[0].split()]
    assert 14_000 < box[3] <= 14_400


@pytest.mark.parametrize("path", ["net.gif", "net", "net.jpeg"])
def test_unknown_format_is_refused_with_a_sentence(path: str, tmp_path: Path) -> None:
    with pytest.raises(DrawError, match="it can be as svg, png, pdf, dot, tex"):
        draw(preset("resnet18")).save(tmp_path / path)


def test_unwritable_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DrawError, match="cannot be written"):
        draw(preset("resnet18")).save(tmp_path / "missing" / "net.svg")


@pytest.mark.parametrize("name", ["missing/net.html", "file/net.html", "", "a" * 300])
def test_what_cannot_be_written_is_refused_beforehand_with_the_same_sentence(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DrawError, match="cannot be written") as before:
        ensure_writable(tmp_path / name)
    with pytest.raises(DrawError) as after:
        write(b"", tmp_path / name)
    assert str(before.value) == str(after.value)


def test_what_can_be_written_is_left_as_it_is_until_then(tmp_path: Path) -> None:
    (tmp_path / "there").write_bytes(b"before")
    ensure_writable(tmp_path / "there")
    ensure_writable(tmp_path / "new")
    assert [each.name for each in tmp_path.iterdir()] == ["there"]
    assert (tmp_path / "there").read_bytes() == b"before"


def test_tikz_escapes_what_tex_would_read() -> None:
    source = draw(expand(preset("resnet18").with_(name=r"50% & \input{x} $y_1^2 #~"))).tikz
    assert r"50\% \& \textbackslash{}input\{x\} \$y\_1\textasciicircum{}2 \#\textasciitilde{}" in source


def test_tikz_dashes_what_changes_the_shape() -> None:
    net = expand(preset("resnet50"))
    assert draw(net, "layers").tikz.count("dash pattern") == 1 + 2 * net.shortcuts.dashed
