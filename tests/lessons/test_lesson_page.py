"""Every lesson as one HTML file: all that its steps say and show is in it, and nothing of it comes from elsewhere."""

import base64
import gzip
import json
import re
import tomllib
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from resviz.cli import app
from resviz.diagram.viewer_files import ASSETS
from resviz.lessons.controls import Settings
from resviz.lessons.experiments import EXPERIMENTS
from resviz.lessons.figures import MATH, filled
from resviz.lessons.lesson_assets import lesson_text
from resviz.lessons.lesson_page import NOT_RUN, RAN, lesson_page
from resviz.lessons.markdown import html, html_line
from resviz.lessons.reading import NAMES, lesson, parsed
from resviz.lessons.shown import Chart, Code, Diagram, Image, Rows

VALIDATOR = Draft202012Validator(json.loads(ASSETS.with_name("viewer.schema.json").read_text(encoding="utf-8")))
THEME = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text())["theme"]
NOT_TYPESET = ("$", "\\", "[[", "]]", "resviz:", "**")
SCRIPT = {
    "title": "Signals",
    "short": "Signals",
    "summary": "A test.",
    "sources": ["A < B, 2016"],
    "steps": [
        {
            "title": "Run",
            "text": "Press Run.",
            "experiment": "gradients",
            "settings": {"depth": "14", "norm": "batch", "start": "he"},
            "offers": ["depth"],
        }
    ],
}


class Read(HTMLParser):
    """What a reader of a page has: its words, its elements, the addresses that it would load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words, self.loads, self.depth = "", list[str](), 0
        self.count: dict[str, int] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.count[tag] = self.count.get(tag, 0) + 1
        self.depth += tag in ("script", "style", "code")
        loads = ("src", "action", "data", "poster", "srcset")
        self.loads += [value or "" for name, value in attrs if name in loads or (name == "href" and tag != "a")]

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag in ("script", "style", "code")

    def handle_data(self, data: str) -> None:
        self.words += "" if self.depth else data


def packed(data: str) -> Any:
    return json.loads(gzip.decompress(base64.b64decode(data)))


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_in_a_file_has_all_its_steps_typeset_and_loads_nothing(name: str) -> None:
    one = lesson(name)
    text = lesson_page(one)
    page = Read(text)
    shown = [EXPERIMENTS[step.experiment].show(Settings(step.settings)) for step in one.steps]
    parts = [part for what in shown for part in what.parts]
    kinds = {kind: sum(isinstance(part, kind) for part in parts) for kind in (Diagram, Rows, Chart, Image, Code)}
    assert page.count["section"] == len(one.steps)
    assert page.count.get("details", 0) == sum(step.question is not None for step in one.steps)
    formulas = sum(
        len(MATH.findall(words))
        for step in one.steps
        for words in (step.text, step.caption, *([step.question.ask, step.question.answer] if step.question else []))
    )
    assert page.count.get("math", 0) >= formulas
    assert not [mark for mark in NOT_TYPESET if mark in page.words]
    assert page.count.get("table", 0) == kinds[Rows]
    assert page.count.get("pre", 0) == kinds[Code]
    assert text.count('<figure class="chart"') == kinds[Chart]
    assert ('id="plotly"' in text) == bool(kinds[Chart])
    assert all(address.startswith("data:image/") for address in page.loads)
    for words in (one.title, *(step.title for step in one.steps), *one.sources):
        assert escape(words) in text
    documents = [packed(data) for data in re.findall(r'<resviz-diagram [^>]*packed="([^"]+)"', text)]
    assert len(documents) == kinds[Diagram]
    expected = [
        (part.picture, list(step.highlights))
        for step, what in zip(one.steps, shown, strict=True)
        for part in what.parts
        if isinstance(part, Diagram)
    ]
    for document, (picture, highlights) in zip(documents, expected, strict=True):
        VALIDATOR.validate(document)
        assert document["shown"]["highlights"] == highlights
        assert document["shown"]["unfold"] == sorted(picture.unfold)
        (level,) = document["pictures"].values()
        if not picture.unfold:
            assert level["right" if picture.horizontal else "down"] == picture.svg
    for step, what in zip(one.steps, shown, strict=True):
        if step.question:
            answer = html(filled(step.question.answer, what.facts)).split("</p>")[0].removeprefix("<p>")
            assert answer in text


def test_an_experiment_is_said_to_run_in_the_app_or_run_for_the_file() -> None:
    one = parsed("signals", SCRIPT)
    before, after = lesson_page(one), lesson_page(one, run=True)
    assert NOT_RUN in before
    assert "Depth: 14. The app lets you change this." in before
    assert '<figure class="chart"' not in before
    assert RAN in after
    assert '<figure class="chart"' in after
    assert "plain-14, gradient" in after
    assert "Sources: A &lt; B, 2016." in after


def test_what_a_step_tells_of_its_run_only_is_no_setting_of_what_stands_before_it() -> None:
    assert "Shown:" not in Read(lesson_page(lesson("shortcuts"))).words


def test_formulas_become_mathml_and_links_into_the_app_their_words() -> None:
    made = html("Of $25{,}557$ it is $f'(x)$; see [the lab](resviz:laboratory) or [here](http://a.test).\n\n$$x^2$$")
    assert "<mtext>25,557</mtext>" in made
    assert "<mi>f</mi><mo lspace='0' rspace='0'>&#x02032;</mo>" in made
    assert 'see the lab or <a href="http://a.test">here</a>' in made
    assert 'display="block"' in made
    assert html_line("<b>x</b> & `y`") == "&lt;b&gt;x&lt;/b&gt; &amp; <code>y</code>"


def test_charts_have_the_colours_of_the_apps_theme() -> None:
    style = lesson_text("lesson.css")
    found = re.findall(r"--charts: ([^;]+);", style)
    assert [colours.split() for colours in found] == [
        THEME[mode]["chartCategoricalColors"] for mode in ("light", "dark")
    ]
    for key, name in (("backgroundColor", "ground"), ("secondaryBackgroundColor", "raised"), ("textColor", "ink")):
        assert f"--{name}: light-dark({THEME['light'][key]}, {THEME['dark'][key]});" in style


def test_the_command_writes_a_lesson_and_refuses_another_name_or_ending(tmp_path: Path) -> None:
    path = tmp_path / "lesson.html"
    done = CliRunner().invoke(app, ["lesson", "convnext", "-o", str(path)])
    assert (done.exit_code, done.output.strip()) == (0, str(path))
    assert path.read_text(encoding="utf-8") == lesson_page(lesson("convnext"))
    for arguments, said in (
        (["nonsense", "-o", str(path)], "lesson 'nonsense' does not exist"),
        (["convnext", "-o", str(tmp_path / "lesson.pdf")], "A lesson is written as .html, not as 'lesson.pdf'."),
    ):
        done = CliRunner().invoke(app, ["lesson", *arguments])
        assert done.exit_code == 2
        assert said in " ".join(done.output.split())


def test_where_a_lesson_cannot_be_written_is_said_before_its_experiments_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("resviz.lessons.lesson_page.lesson_page", None)  # a call would be a TypeError
    done = CliRunner().invoke(app, ["lesson", "block", "--run", "-o", str(tmp_path / "no" / "x.html")])
    assert done.exit_code == 2
    assert "x.html cannot be written: No such file or directory." in " ".join(done.output.split())
