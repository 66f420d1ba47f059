"""How far the makers' figures were checked: every row says so, and so does what is shown of them."""

import csv
import json
from importlib.resources import files
from pathlib import Path

import pytest
from typer.testing import CliRunner

from resviz.arch import preset
from resviz.cli import app
from resviz.profiling import estimate_views as views
from resviz.profiling.agreement import FIGURES, UNCHECKED, Agreement
from resviz.profiling.chips import Chip, chip, chips
from resviz.profiling.data_sheet import mark, sheet, sources
from resviz.profiling.estimate import estimate

EACH = ("multiprocessors", "cache")


def rows(name: str) -> list[dict[str, str]]:
    text = files("resviz.profiling").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@pytest.mark.parametrize("name", ["peaks.csv", "chips.csv"])
def test_every_row_names_a_page_that_prints_the_same_or_carries_the_mark(name: str) -> None:
    for row in rows(name):
        own = EACH if name == "chips.csv" else ("fp32", "tf32", "half", "bandwidth")
        found = Agreement.read(row["agrees"], own)
        assert (row["agrees"] == UNCHECKED) is not bool(found.pages)
        assert all("." in page for page, _ in found.pages)


@pytest.mark.parametrize("found", chips().values(), ids=chips())
def test_every_figure_of_a_chip_is_printed_elsewhere_or_marked(found: Chip) -> None:
    table = sheet(found)
    assert {row[0] for row in table.rows} >= {FIGURES[name] for name in ("fp32", "half", "bandwidth", *EACH)}
    at = {label: name for name, label in FIGURES.items()}
    for label, _, word in table.rows:
        missing = at[label] in found.peak.agreement.unchecked + found.agreement.unchecked
        assert (word == UNCHECKED) is missing
    rates, others = sources(found)
    assert found.peak.source in rates
    assert found.source in others
    assert all(page in rates + others for page, _ in (*found.peak.agreement.pages, *found.agreement.pages))


def test_a_figure_that_nobody_prints_is_marked_where_an_estimate_rests_on_it() -> None:
    ti = chip("RTX 5070 Ti")
    assert ti.unchecked("amp") == ("cache",)
    assert mark(ti, "amp") == "Unchecked of RTX 5070 Ti's data sheet: cache."
    assert views.basis(estimate(preset("resnet18"), "RTX 5070 Ti")).endswith(mark(ti, "amp"))
    assert mark(chip("RTX 4060"), "tf32") == "Unchecked of RTX 4060's data sheet: TF32 rate."
    assert not mark(chip("RTX 4060"), "fp32")
    assert "nchecked" not in views.basis(estimate(preset("resnet18"), "A100"))


def test_the_verbs_tell_what_is_unchecked() -> None:
    asked = ["--gpu", "RTX 5070 Ti", "--json"]
    for words in (["estimate", "resnet18", *asked], ["search", "resnet18", "--vary", "depths.1=1,2", *asked]):
        printed = CliRunner().invoke(app, words)
        assert json.loads(printed.stdout)["unchecked"] == ["cache"]
    told = CliRunner().invoke(app, ["search", "resnet18", "--vary", "depths.1=1,2", "--gpu", "RTX 5070 Ti"])
    assert "Unchecked of RTX 5070 Ti's data sheet: cache." in told.stdout


def test_figures_agree_by_page_and_a_word_that_is_no_figure_is_refused() -> None:
    found = Agreement.read("a.org: fp32 half; b.org: half", ("fp32", "tf32", "half", "bandwidth"))
    assert found.unchecked == ("tf32", "bandwidth")
    assert found.printed_by("half") == ("a.org", "b.org")
    assert found.sentence.endswith("a.org (FP32 rate, FP16 rate); b.org (FP16 rate). Unchecked: TF32 rate, bandwidth.")
    assert Agreement.read(UNCHECKED, EACH).unchecked == EACH
    assert Agreement.read("a.org: all", EACH).unchecked == ()
    for text in ("a.org: fp16", ": all", "a.org"):
        with pytest.raises(ValueError, match=r"."):
            Agreement.read(text, EACH)


def test_the_document_lists_what_is_unchecked() -> None:
    text = " ".join((Path(__file__).parents[2] / "docs" / "estimates.md").read_text(encoding="utf-8").split())
    for name, found in chips().items():
        figures = found.peak.agreement.unchecked + found.agreement.unchecked
        listed = f"{name} ({', '.join(FIGURES[each] for each in figures)})"
        assert (listed in text) is bool(figures)
