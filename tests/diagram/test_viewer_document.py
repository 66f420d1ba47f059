"""What the viewer shows without the app: a document of a published form, in one file, in a notebook."""

import base64
import gzip
import json
import re
import subprocess
import sys
import tomllib
from html.parser import HTMLParser
from math import ceil
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError
from typer.testing import CliRunner

from resviz.arch import Network, expand, preset
from resviz.arch.families import find
from resviz.arch.stems import STEMS
from resviz.cli import app
from resviz.diagram import Detail, Heat, NetworkPicture, Picture, beside, close_up, draw, facts, twins
from resviz.diagram.comparison_document import comparison_document
from resviz.diagram.differences import node_marks
from resviz.diagram.element import SHARED, element_script, page
from resviz.diagram.heat import HEATS, STEPS
from resviz.diagram.narrow import narrow, untitled
from resviz.diagram.network_picture import network_picture
from resviz.diagram.still_document import still_document
from resviz.diagram.viewer_document import document
from resviz.diagram.viewer_files import ASSETS
from resviz.errors import DrawError
from resviz.report.compare import compare
from resviz.report.headline import crowded

SCHEMA = json.loads(ASSETS.with_name("viewer.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
RESNET50 = expand(preset("resnet50"))
THEME = Path(__file__).parents[2] / ".streamlit" / "config.toml"
NETWORKS = [
    "resnet18",
    "resnet152",
    "plain34",
    "preact_resnet164_cifar10",
    "resnest50d",
    "res2net50_26w_4s",
    "gcresnet50t",
]


def net(name: str) -> Network:
    return expand(find(name).config)


def plain(value: Any) -> Any:
    """The document as a reader of its JSON has it."""
    return json.loads(json.dumps(value))


def packed(text: str) -> Any:
    found = re.search(r'packed="([^"]+)"', text)
    assert found
    return json.loads(gzip.decompress(base64.b64decode(found[1])))


def test_schema_is_itself_valid() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", NETWORKS)
def test_document_is_of_the_published_form(name: str) -> None:
    VALIDATOR.validate(plain(document(net(name))))


@pytest.mark.parametrize("key", ["version", "name", "pictures", "details"])
def test_schema_refuses_a_document_without(key: str) -> None:
    broken = plain(document(net("resnet18")))
    del broken[key]
    with pytest.raises(ValidationError):
        VALIDATOR.validate(broken)


def test_pictures_are_those_that_are_drawn_of_the_network() -> None:
    pictures = document(RESNET50)["pictures"]
    assert list(pictures) == list(Detail)
    for detail, level in pictures.items():
        assert level["down"] == draw(RESNET50, detail).svg
        assert level["right"] == draw(RESNET50, detail, horizontal=True).svg


@pytest.mark.parametrize("heat", HEATS)
def test_values_of_a_heat_give_the_steps_of_a_picture_drawn_with_it(heat: str) -> None:
    known = document(RESNET50)["heat"][heat]
    for detail in Detail:
        drawn = draw(RESNET50, detail, heat=heat)
        places = [known["paths"].get(node.path) for node in drawn.nodes]
        top, words = known["scale"][max(place for place in places if place is not None)]
        steps = [None if place is None else ceil(known["scale"][place][0] / top * STEPS) for place in places]
        assert steps == [node.heat for node in drawn.nodes]
        assert words == drawn.legend[-1].text


@pytest.mark.parametrize("name", ["resnet50", "resnest50d", "plain34"])
def test_everything_that_can_be_selected_is_explained_as_in_the_app(name: str) -> None:
    network = net(name)
    made = document(network)
    for level in made["pictures"].values():
        paths = re.findall(r'data-path="([^"]+)"', level["down"]) + [
            place["path"] for place in level["search"]["places"]
        ]
        assert set(paths) <= set(made["details"])
    for path in list(made["details"])[::7]:
        known = facts(network, path)
        assert known is not None
        assert made["details"][path]["rows"] == [[row.label, row.text] for row in known.rows]


def test_rows_of_tables_name_paths_that_are_explained() -> None:
    made = document(RESNET50)
    stages, layers = made["tables"]
    assert stages["paths"] == [None, "layer1", "layer2", "layer3", "layer4", None, None]
    assert layers["paths"][:2] == ["conv1", "bn1"]
    assert layers["paths"][-1] is None
    for table in (stages, layers):
        assert {path for path in table["paths"] if path} <= set(made["details"])
        assert {len(row) for row in table["rows"]} == {len(table["headers"])} == {len(table["right"])}
        assert len(table["rows"]) == len(table["paths"])


def test_file_begins_with_what_the_picture_shows() -> None:
    picture = draw(RESNET50, "layers", horizontal=True, heat="macs", fold=["layer2"])
    shown = {"detail": "layers", "direction": "right", "heat": "macs", "unfold": [], "fold": ["layer2"]}
    shown |= {"node": "", "numbers": False, "edges": False, "highlights": []}
    assert packed(picture.export("html").decode())["shown"] == shown
    assert json.loads(picture.export("json"))["shown"] == shown


def test_file_begins_with_what_stands_on_the_picture() -> None:
    picture = network_picture(RESNET50, "stages")
    asked = picture.starting("layer3.0.conv2", numbers=True, edges=True, highlights=["layer2.0.shortcut"])
    made = plain(asked.document)
    VALIDATOR.validate(made)
    begins = {"node": "layer3.0.conv2", "numbers": True, "edges": True, "highlights": ["layer2.0.shortcut"]}
    assert begins.items() <= made["shown"].items()
    assert asked == picture
    for name in begins:  # a document of before says none of it
        del made["shown"][name]
    VALIDATOR.validate(made)


@pytest.mark.parametrize("name", ["node", "highlights"])
def test_what_a_network_does_not_have_cannot_stand_out(name: str) -> None:
    asked: Any = {"node": "layer9.0"} if name == "node" else {"highlights": ["layer1", "layer9.0"]}
    with pytest.raises(DrawError, match=rf"^{name} 'layer9.0' does not exist in resnet50; it is the path of"):
        network_picture(RESNET50).starting(**asked)


@pytest.mark.parametrize(
    "picture",
    [
        draw(RESNET50, "layers", horizontal=True, fold=["layer2"]),
        draw(RESNET50, "stages", heat="macs"),
        close_up(RESNET50, "layer2.0"),
        twins(RESNET50),
    ],
    ids=["network", "heat", "block", "twins"],
)
def test_one_picture_is_a_document_that_offers_no_other(picture: Picture) -> None:
    made = plain(still_document(picture, RESNET50, ["layer2.0"]))
    VALIDATOR.validate(made)
    assert {name: len(choice) for name, choice in made["choices"].items()} == {"detail": 1, "direction": 1, "heat": 1}
    assert made["shown"].items() >= {"highlights": ["layer2.0"], "fold": sorted(picture.fold)}.items()
    (level,) = made["pictures"].values()
    svg = level["right" if picture.horizontal else "down"]
    if isinstance(picture, NetworkPicture):
        assert svg == draw(RESNET50, picture.detail, horizontal=picture.horizontal).svg
        assert made["strips"]
    else:
        assert (svg, made["strips"]) == (picture.svg, None)
    coloured = {node.path for node in picture.nodes if node.heat is not None}
    assert coloured <= set(made["heat"].get("given", {"paths": ()})["paths"])


def test_measured_heat_goes_with_the_picture_that_shows_it() -> None:
    heat = Heat("time", {"conv1": 1.0, "layer1": 2.0}, lambda value: f"{value:g} s")
    made = draw(RESNET50, "stages", heat=heat).document
    VALIDATOR.validate(plain(made))
    assert made["shown"]["heat"] == "given"
    assert made["heat"]["given"]["scale"] == [[0, "time: 0 to 0 s"], [1, "time: 0 to 1 s"], [2, "time: 0 to 2 s"]]


def test_a_net_too_large_to_list_has_the_levels_that_can_be_drawn() -> None:
    network = expand(preset("resnet50").with_(depths=(3, 4, 600, 3)))
    assert crowded(network)
    made = draw(network, "layers").document
    assert made["shown"]["detail"] == "blocks"
    VALIDATOR.validate(plain(made))
    assert list(made["pictures"]) == ["stages", "blocks"]
    assert made["strips"] is None
    assert [table["name"] for table in made["tables"]] == ["Stages"]


@pytest.mark.parametrize("name", ["resnet18", "resnet50", "resnet152"])
def test_file_is_small(name: str) -> None:
    assert len(draw(net(name)).export("html")) < 1_000_000


class _Addresses(HTMLParser):
    """The addresses that a page would load."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("src", "href", "action", "data", "poster")]


def test_file_loads_nothing_and_forbids_that_anything_is_loaded() -> None:
    text = page(document(RESNET50))
    parser = _Addresses()
    parser.feed(text)
    assert parser.found == []
    assert "default-src &#x27;none&#x27;" in text


def test_script_ends_where_its_element_does() -> None:
    assert "</script" not in element_script()
    assert "<!--" not in element_script()


def test_a_name_from_a_stranger_stays_text_in_a_file_and_a_notebook() -> None:
    name = '</script><img src=x onerror="alert(1)">'
    network = expand(preset("resnet18").with_(name=name))
    for text in (
        page(document(network)),
        draw(network)._repr_html_(),
        beside(compare([network, network]))._repr_html_(),
    ):
        assert name not in text
        assert "<img src=x" not in text
    assert name not in network._repr_html_()


def test_notebook_gets_the_viewer_and_a_picture_where_scripts_are_refused() -> None:
    picture = draw(RESNET50)
    text = picture._repr_html_()
    inside = re.search(
        r'<resviz-diagram packed="[^"]+"><img [^>]*src="data:image/svg\+xml;base64,([^"]+)"></resviz-diagram>', text
    )
    assert inside
    assert base64.b64decode(inside[1]).decode() == picture._repr_svg_()
    assert text.endswith(f"<script>{element_script()}</script>")
    assert packed(text)["name"] == "resnet50"
    assert (
        repr(picture)
        == f"<picture of resnet50: blocks, {len(picture.nodes)} nodes, {picture.width:g} x {picture.height:g}>"
    )


def test_network_shows_itself_as_a_table() -> None:
    lines = [line.split() for line in repr(RESNET50).splitlines()]
    assert lines[:2] == [["resnet50"], ["Stage", "Output", "Blocks", "Parameters", "MACs"]]
    assert [line[0] for line in lines[2:]] == ["stem", "conv2_x", "conv3_x", "conv4_x", "conv5_x", "head", "total"]
    assert lines[4] == ["conv3_x", "512x28x28", "4", f"{RESNET50.stages[1].params:,}", f"{RESNET50.stages[1].macs:,}"]
    for column in (-1, -2):
        *parts, total = [int(line[column].replace(",", "")) for line in lines[2:]]
        assert sum(parts) == total
    cells = re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", RESNET50._repr_html_())
    assert [cell for cell in cells if cell] == [cell for line in lines[1:] for cell in line]


@pytest.mark.parametrize("stem", STEMS)
def test_network_with_any_stem_or_none_shows_itself(stem: str) -> None:
    network = expand(preset("resnet20_cifar10").with_(stem=stem))
    rows = [line.split()[0] for line in repr(network).splitlines()[2:]]
    assert rows == [*(["stem"] if network.stem else []), "conv2_x", "conv3_x", "conv4_x", "head", "total"]
    assert network._repr_html_().count("<tr>") == len(rows) + 1


def test_comparison_shows_itself_in_a_notebook_at_any_level() -> None:
    compared = compare([net("resnet18"), net("resnet34")])
    assert beside(compared, "layers")._repr_html_().startswith("<resviz-comparison")
    assert beside(compared, "operations")._repr_html_().startswith("<svg")


def test_viewer_is_made_of_the_scripts_of_the_app() -> None:
    from resviz.ui import diagram, panes

    used = "".join(Path(str(module.__file__)).read_text(encoding="utf-8") for module in (diagram, panes))
    for name in SHARED:
        assert f'"{name}"' in used
        assert (ASSETS / name).read_text(encoding="utf-8") in element_script()


def test_element_has_the_colours_of_the_apps_theme() -> None:
    theme = tomllib.loads(THEME.read_text())["theme"]
    style = (ASSETS / "element.css").read_text(encoding="utf-8")
    names = {
        "backgroundColor": "background",
        "secondaryBackgroundColor": "secondary-background",
        "textColor": "text",
        "primaryColor": "primary",
        "borderColor": "border",
    }
    for key, name in names.items():
        assert f"--st-{name}-color: light-dark({theme['light'][key]}, {theme['dark'][key]});" in style


@pytest.mark.parametrize("kind", ["html", "json"])
def test_command_writes_the_file(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"net.{kind}"
    result = CliRunner().invoke(app, ["diagram", "resnet18", "-o", str(path), "--detail", "layers"])
    assert (result.exit_code, result.output.strip()) == (0, str(path))
    text = path.read_text(encoding="utf-8")
    assert (packed(text) if kind == "html" else json.loads(text))["shown"]["detail"] == "layers"


def test_command_says_what_the_viewer_begins_with(tmp_path: Path) -> None:
    path, starts = tmp_path / "net.json", ["--node", "layer2.0.conv1", "--numbers", "--edges"]
    result = CliRunner().invoke(app, ["diagram", "resnet18", "-o", str(path), *starts])
    assert result.exit_code == 0, result.output
    shown = json.loads(path.read_text(encoding="utf-8"))["shown"]
    assert (shown["node"], shown["numbers"], shown["edges"]) == ("layer2.0.conv1", True, True)


@pytest.mark.parametrize(("suffix", "more"), [("svg", []), ("html", ["--style", "paper"])])
@pytest.mark.parametrize("start", ["--numbers", "--edges", "--node=fc"])
def test_command_refuses_a_start_of_what_is_no_viewer(suffix: str, more: list[str], start: str, tmp_path: Path) -> None:
    path = tmp_path / f"net.{suffix}"
    result = CliRunner().invoke(app, ["diagram", "resnet18", "-o", str(path), start, *more])
    assert result.exit_code == 2
    said = f"{start[2:].removesuffix('=fc')} is for what the viewer shows: write .html or .json, and no paper's figure."
    assert said in " ".join(result.output.split())
    assert not path.exists()


def test_command_writes_the_elements_script(tmp_path: Path) -> None:
    path = tmp_path / "resviz-diagram.js"
    assert CliRunner().invoke(app, ["element", "-o", str(path)]).exit_code == 0
    assert 'customElements.define("resviz-diagram"' in path.read_text(encoding="utf-8")


def test_one_block_is_refused_as_a_viewer(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["diagram", "resnet18", "-o", str(tmp_path / "net.html"), "--block", "layer2.0"])
    assert result.exit_code == 2
    assert "A picture cannot be written as 'html'" in result.output


def test_drawing_loads_neither_streamlit_nor_torch() -> None:
    draws = "import sys, resviz; resviz.draw(resviz.preset('resnet18'))._repr_html_()"
    code = f"{draws}; print([name for name in ('streamlit', 'torch', 'pandas') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


COMPARISON = json.loads(ASSETS.with_name("comparison.schema.json").read_text(encoding="utf-8"))


def test_comparison_is_of_its_published_form_and_holds_what_compare_marks() -> None:
    networks = [net("resnet34"), RESNET50, net("resnet18")]
    made = plain(comparison_document(compare(networks), "layers"))
    Draft202012Validator.check_schema(COMPARISON)
    Draft202012Validator(COMPARISON).validate(made)
    assert made["name"] == "resnet34, resnet50 and resnet18"
    assert made["names"] == ["A: resnet34", "B: resnet50", "C: resnet18"]
    compared = compare(networks)
    for pane, network, marks in zip(
        made["pictures"]["layers"], networks, (compared.base_marks, *compared.marks[1:]), strict=True
    ):
        drawn = draw(network, "layers")
        assert pane["svg"] == untitled(narrow(drawn)).svg
        expected = node_marks([node.path for node in drawn.nodes], network, marks)
        assert {path: mark for path, (mark, _, _) in pane["marks"].items()} == expected
    assert made["pictures"]["layers"][1]["marks"]["layer1.0.conv1"][2] == "kernel 1x1, was 3x3"
    assert [table["name"] for table in made["tables"]] == ["B against A", "C against A", "Parameters", "MACs"]
    assert made["tables"][2]["rows"][-1][1] == f"{networks[0].params:,}"


def test_several_networks_are_compared_at_three_levels(tmp_path: Path) -> None:
    path = tmp_path / "both.html"
    result = CliRunner().invoke(app, ["compare", "resnet18", "resnet34", "-o", str(path), "--detail", "operations"])
    assert result.exit_code == 2
    assert "it is one of stages, blocks, layers" in result.output
    assert not path.exists()


def test_several_networks_are_written_side_by_side(tmp_path: Path) -> None:
    path, both = tmp_path / "both.html", beside(compare([net("resnet18"), net("resnet34")]), "stages")
    result = CliRunner().invoke(app, ["compare", "resnet18", "resnet34", "-o", str(path), "--detail", "stages"])
    assert result.exit_code == 0, result.output
    assert path.read_bytes() == both.export("html")
    assert both.document["shown"] == {"detail": "stages"}


@pytest.mark.parametrize(("name", "schema"), [("diagram", SCHEMA), ("comparison", COMPARISON)])
def test_viewer_refuses_a_document_without_what_the_schema_requires(name: str, schema: dict[str, Any]) -> None:
    script = (ASSETS / f"{name}_element.js").read_text(encoding="utf-8")
    found = re.search(r"get needs\(\) \{ return (\[.+?\]);", script)
    assert found
    assert {"format", "version", *json.loads(found[1])} == set(schema["required"])
