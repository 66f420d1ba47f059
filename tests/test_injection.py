"""What comes from outside stays text: every hostile name, through every exit, is seen and not obeyed.

`tests/corpus/names.json` holds the names. A picture or a file is held against that of a harmless name: apart from
the places where text may stand, both are the same.
"""

import csv
import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from resviz.arch import Network, ResNetConfig, expand, preset
from resviz.arch.links import MAX_LINK, decode, encode
from resviz.cli import app
from resviz.diagram import Drawing, charts, draw
from resviz.diagram.dot import digraph
from resviz.diagram.export import export
from resviz.profiling import charts as profiling_charts
from resviz.profiling.devices import Device
from resviz.profiling.protocol import Protocol
from resviz.profiling.result import Profile
from resviz.profiling.store import Store
from resviz.profiling.table import from_csv, to_csv
from resviz.report.compare import compare
from resviz.report.cost_tables import comparison_table
from resviz.report.tables import Form, Table, words, write
from resviz.ui.text import JOINER, file_name, plain
from tests.presets import on_each

NAMES: list[str] = json.loads(Path(__file__).with_name("corpus").joinpath("names.json").read_text(encoding="utf-8"))
HARMLESS = "harmless"
BASE = preset("resnet18").with_(depths=(1,), widths=(16,), stage_strides=(1,), input=(3, 32, 32))  # a name stands once
SMALL = preset("resnet20_cifar10")
every_name = on_each("name", NAMES, ascii)


@cache
def named(name: str) -> Network:
    return expand(BASE.with_(name=name))


@cache
def drawn(name: str) -> Drawing:
    return draw(named(name), "stages")


@cache
def coded(name: str) -> str:
    from resviz.nn.codegen import code

    return code(BASE.with_(name=name))


opened = cache(Store)


@pytest.fixture
def made() -> Callable[..., Profile]:
    """`made(config=…)`: a run that nobody measured."""

    def make(config: ResNetConfig = SMALL) -> Profile:
        return Profile(
            id=uuid4().hex,
            measured_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
            config=config,
            device=Device(id="cpu", name="A CPU", torch="2.13.0", system="Linux"),
            protocol=Protocol(name="brief", warmup=1, steps=3, batch=2),
            samples=(0.010, 0.012, 0.011),
        )

    return make


def tags(text: str) -> list[tuple[str, list[str]]]:
    """Every element of an HTML text with the names of its attributes."""
    found: list[tuple[str, list[str]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, [key for key, _ in attrs]))

    Reader().feed(text)
    return found


@cache
def skeletons(name: str) -> tuple[tuple[list[tuple[str, list[str]]], int], ...]:
    """The elements of a picture's SVG texts with the names of their attributes; how many a browser's page reads."""
    return tuple(
        ([(one.tag, sorted(one.attrib)) for one in ElementTree.fromstring(text).iter()], len(tags(text)))
        for text in (drawn(name).svg, export(drawn(name), "svg").decode())
    )


@every_name
def test_svg_holds_a_name_as_text_alone(name: str) -> None:
    assert skeletons(name) == skeletons(HARMLESS)


@every_name
def test_dot_holds_a_name_within_quotes(name: str) -> None:
    def skeleton(text: str) -> str:
        return re.sub(r"[\d.]+", "0", re.sub(r'"(?:[^"\\]|\\.)*"', "S", text, flags=re.DOTALL))

    assert skeleton(digraph(drawn(name)).source) == skeleton(digraph(drawn(HARMLESS)).source)


@every_name
def test_tex_holds_no_command_of_a_name(name: str) -> None:
    commands = re.compile(r"\\(?:[a-zA-Z]+|.)")
    ours = set(commands.findall(drawn(HARMLESS).tikz)) | {
        *(r"\textbackslash", r"\textasciicircum", r"\textasciitilde", r"\textless", r"\textgreater", r"\textbar"),
        *(r"\textquotedbl", r"\{", r"\}", r"\$", r"\&", r"\#", r"\%", r"\_", r"\times", r"\ifdefined", r"\fi"),
        *(r"\DeclareUnicodeCharacter", r"\fbox", r"\tiny"),
    }
    text = drawn(name).tikz
    assert set(commands.findall(text)) <= ours
    assert text.count("\n") - text.count("DeclareUnicodeCharacter{") <= drawn(HARMLESS).tikz.count("\n")
    bare = re.sub(r"\\.", "", text)
    assert bare.count("{") == bare.count("}")
    assert all(char in "\n" or char.isprintable() for char in text)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["pdflatex", "lualatex"])
@pytest.mark.parametrize("name", ["\\input{/etc/passwd}", "a\x85b\x00^^41%}{#1~_&$", "сеть 网络 \U0001f600 a\u0301"])
def test_tex_of_any_name_compiles(name: str, engine: str, tmp_path: Path) -> None:
    if not shutil.which(engine):
        pytest.skip(f"no {engine}")
    (tmp_path / "net.tex").write_text(drawn(name).tikz, encoding="utf-8")
    args = [engine, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "net.tex"]
    run = subprocess.run(args, cwd=tmp_path, capture_output=True, check=False)
    if b"standalone.cls' not found" in run.stdout:
        pytest.skip("this TeX has no class standalone")
    assert run.returncode == 0, run.stdout[-2000:].decode(errors="replace")


@every_name
def test_png_is_drawn_whatever_the_name(name: str) -> None:
    assert export(drawn(name), "png", zoom=0.2).startswith(b"\x89PNG")


@every_name
def test_pdf_is_drawn_whatever_the_name(name: str) -> None:
    data = export(drawn(name), "pdf")
    assert data.startswith(b"%PDF")
    assert not re.search(rb"/(?:URI|JavaScript|JS|Launch|OpenAction)\b", data)


@every_name
def test_tables_hold_a_name_as_text(name: str) -> None:
    def table(title: str) -> Table:
        side = comparison_table(compare([named(title), named("second")]), "macs")
        return Table((words(title), *side.columns[1:]), tuple((title, *row[1:]) for row in side.rows))

    hostile, harmless = table(name), table(HARMLESS)
    assert tags(write(hostile, Form.HTML)) == tags(write(harmless, Form.HTML))
    rows = list(csv.reader(io.StringIO(write(hostile, Form.CSV))))
    assert {len(row) for row in rows} == {len(harmless.columns)}
    assert len(rows) == len(harmless.rows) + 1
    assert not [cell for row in rows for cell in row if cell[:1] in "=+-@\t\r" and cell and not _number(cell)]
    for form in (Form.TEXT, Form.MARKDOWN, Form.LATEX):
        assert write(hostile, form).count("\n") == write(harmless, form).count("\n")
    markdown = write(hostile, Form.MARKDOWN)
    bars = {line.count("|") - line.count("\\|") for line in markdown.replace("\\\\", "").splitlines()}
    assert len(bars) == 1
    assert not re.search(r"(?<!\\)<", markdown.replace("\\\\", ""))


def _number(text: str) -> bool:
    return bool(re.fullmatch(r"[+-]?[\d.,]+", text))


def strings(data: Any) -> list[str]:
    if isinstance(data, str):
        return [data]
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return [text for each in inner for text in strings(each)]


@every_name
def test_charts_hold_a_name_as_text(name: str, made: Callable[..., Profile]) -> None:
    figures = (
        charts.bars(["conv2_x"], [charts.Series(name, (1,)), charts.Series("b", (2,))], "macs"),
        charts.bars(["conv2_x"], [charts.Series(name, (1,)), charts.Series("b", (2,))], "macs", stacked=True),
        charts.scatter((), "macs", own=(name, 1)),
        profiling_charts.spread_chart((made(config=made().config.with_(name=name)), made())),
    )
    for figure in figures:
        for text in strings(json.loads(figure.to_json())["data"]):
            assert not re.search(r"<(?!/?(?:b|br|extra)/?>)", text), text
    template = json.loads(figures[0].to_json())["data"][0]["hovertemplate"]
    assert re.findall(r"%\{(\w+)\}", template) == ["x", "customdata"]


@every_name
def test_markdown_of_the_page_holds_no_bare_address_and_no_mark(name: str) -> None:
    shown = plain(name)
    assert not re.search(r"(?i)https?:|www\.|[^\s\u2060]@", re.sub(r"\\(.)", r"\1", shown))
    assert not re.search(r"(?<!\\)[`*_\[\]<>#|~$:!]", shown.replace("\\\\", ""))
    assert "\n" not in shown
    assert (
        re.sub(r"\\(.)", r"\1", shown).replace(JOINER, "").split() == re.sub(r"[\0-\x1f\x7f-\x9f]", " ", name).split()
    )


@every_name
def test_a_terminal_gets_no_command_from_a_name(name: str, tmp_path: Path) -> None:
    path = tmp_path / "net.json"
    path.write_text(BASE.with_(name=name).to_json(), encoding="utf-8")
    for verb in (["summary"], ["table"], ["compare", "resnet18"]):
        result = CliRunner().invoke(app, [*verb, str(path)])
        assert result.exit_code == 0, result.output
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", result.stdout)


@every_name
def test_code_holds_a_name_as_a_comment_alone(name: str) -> None:
    written = coded(name)
    compile(written, "net.py", "exec")
    assert written.splitlines()[1:] == coded(HARMLESS).splitlines()[1:]


@every_name
def test_a_store_and_its_csv_give_a_run_of_any_name_back(
    name: str, made: Callable[..., Profile], tmp_path: Path
) -> None:
    run = made(config=made().config.with_(name=name))
    store = opened(f"sqlite:///{tmp_path / 'runs.db'}")  # one for all names
    before = len(store.rows())
    store.add(run, made())
    assert store.get(run.id) == (run,)
    assert len(store.rows()) == before + 2
    text = to_csv([run])
    assert from_csv(text) == (run,)
    cells = next(iter(list(csv.reader(io.StringIO(text)))[1:]))
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r") and not _number(cell)]


@every_name
def test_the_name_of_a_file_leads_nowhere(name: str, tmp_path: Path) -> None:
    shown = file_name(name)
    assert Path(shown).name == shown
    assert not re.search(r"[\x00-\x1f/\\:*?\"<>|]", shown)
    assert not shown.startswith((".", "-"))


@every_name
def test_an_address_holds_a_name_and_nothing_of_it_ends_the_parameter(name: str) -> None:
    config: ResNetConfig = BASE.with_(name=name)
    word = encode(config, "resnet18")
    assert re.fullmatch(r"[\w.~%-]+", word, re.ASCII)
    assert len(word) < MAX_LINK
    assert decode(word)[0].name == name or name == "resnet18"
