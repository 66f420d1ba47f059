"""`resviz diagram` from a shell."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from resviz.cli import app
from resviz.diagram import VIEWS
from resviz.diagram.export import FORMATS


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["diagram", *words])
    return result.exit_code, result.output


@pytest.mark.parametrize("kind", FORMATS)
def test_diagram_is_written_in_the_format_of_its_suffix(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"net.{kind}"
    options = ("--detail", "layers", "--unfold", "layer3", "--horizontal", "--heat", "macs")
    code, said = run("resnet18", "-o", str(path), *options)
    assert (code, said.strip()) == (0, str(path))
    assert path.stat().st_size > 1000


@pytest.mark.parametrize(
    "options", [("--block", "layer2.0"), ("--twins",), ("--fold", "layer1"), ("--set", "depths=[1,1]")]
)
def test_other_pictures_are_drawn_too(options: tuple[str, ...], tmp_path: Path) -> None:
    if options[0] == "--set":
        options = (*options, "--set", "widths=[16,32]", "--set", "stage_strides=[1,2]")
    code, said = run("resnet18", "-o", str(tmp_path / "net.svg"), *options)
    assert code == 0, said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("resnet18", "-o", "net.gif"), "it can be as svg, png, pdf, dot, tex"),
        (("resnet18", "-o", "net.svg", "--unfold", "layer9"), "'layer9' does not exist"),
        (("resnet18", "-o", "net.svg", "--detail", "atoms"), "one of stages, blocks, layers, operations"),
        (("resnet18", "-o", "net.svg", "--heat", "love"), "heat 'love' does not exist"),
        (("resnet18", "-o", "net.svg", "--block", "layer7.0"), "block 'layer7.0' does not exist"),
        (
            ("resnet18", "-o", "net.svg", "--twins", "--heat", "nonsense"),
            "heat changes nothing in this picture. Plain and residual twin",
        ),
        (("resnet18", "-o", "net.svg", "--block", "layer2.0", "--twins"), "ask for one of them"),
        (("resnet18", "-o", "net.svg", "--block", ""), "block '' does not exist"),
        (("plain34", "-o", "net.svg", "--twins"), "plain net itself"),
        (("resnet1202_cifar10", "-o", "net.tex", "--detail", "operations"), "TeX measures no more than 16,000"),
        (("resnet1202_cifar10", "-o", "/", "--detail", "stages"), "A picture cannot be written as ''"),
        (("resnet34", "-o", "net.pdf", "--style", "poster"), "style 'poster' does not exist"),
        (("resnet34", "-o", "net.pdf", "--style", "paper", "--width", "3"), "width '3' does not exist"),
        (("resnet34", "-o", "net.pdf", "--style", "paper", "--only", "layer9"), "'layer9' does not exist"),
        (("resnet34", "-o", "net.pdf", "--width", "two"), "Take style paper"),
        (
            ("resnet34", "-o", "net.pdf", "--twins", "--only", "layer2"),
            "only changes nothing in this picture. Plain and residual twin",
        ),
        (("resnet34", "-o", "net.dot", "--style", "paper"), "write it as svg, png, pdf or tex"),
        (("resnet50", "-o", "net.pdf", "--style", "paper", "--detail", "layers"), "width two or detail blocks"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_code_2(
    words: tuple[str, ...], sentence: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    code, said = run(*words)
    assert code == 2
    assert sentence in said
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", ["svg", "png", "pdf", "tex"])
def test_papers_figure_is_written_with_what_is_chosen(kind: str, tmp_path: Path) -> None:
    whole, part = tmp_path / f"whole.{kind}", tmp_path / f"part.{kind}"
    asked = ("resnet34", "--style", "paper", "--detail", "layers", "--width", "two")
    assert run(*asked, "-o", str(whole))[0] == 0
    assert run(*asked, "--only", "layer2", "--only", "layer3.0", "-o", str(part))[0] == 0
    assert 1000 < part.stat().st_size < whole.stat().st_size


OPTIONS = {
    "detail": ("--detail", "layers"),
    "unfold": ("--unfold", "layer2"),
    "fold": ("--fold", "layer2"),
    "horizontal": ("--horizontal",),
    "heat": ("--heat", "macs"),
    "style": ("--style", "paper"),
}
CHOICES = {"network": (), "twins": ("--twins",), "orders": ("--orders",), "block": ("--block", "layer2.0")}


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("view", VIEWS)
def test_every_option_changes_the_picture_or_is_refused(view: str, option: str, tmp_path: Path) -> None:
    """At the level `layers` for `--fold`, where there is something to fold."""
    before, after = tmp_path / "before.svg", tmp_path / "after.svg"
    level = OPTIONS["detail"] if option == "fold" and view == "network" else ()
    assert run("resnet34", "-o", str(before), *CHOICES[view], *level)[0] == 0
    code, said = run("resnet34", "-o", str(after), *CHOICES[view], *level, *OPTIONS[option])
    if option in VIEWS[view].takes:
        assert code == 0, said
        assert before.read_text() != after.read_text()
    else:
        assert (code, after.exists()) == (2, False)
        assert f"{option} changes nothing in this picture" in said
