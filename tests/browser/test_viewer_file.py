"""The viewer in one file, opened from the disk of a machine that is offline; and the element on a page of one's own."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from resviz.arch import expand, preset
from resviz.diagram import Detail, Folding, beside, draw
from resviz.diagram.element import element_script
from resviz.diagram.layout import Layout
from resviz.diagram.levels import plan
from resviz.diagram.network_picture import network_picture
from resviz.diagram.search import search_index
from resviz.diagram.strips import common_look
from resviz.diagram.svg import SHEET_STYLE
from resviz.report.compare import compare
from tests.browser.conftest import OpenFile

RESNET50 = expand(preset("resnet50"))
PHONE = {"width": 360, "height": 780}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("file") / "net.html"
    draw(RESNET50).save(path)
    return path


def node(page: Page, path: str) -> Locator:
    return page.locator(f'.node[data-path="{path}"]')


def transform(page: Page) -> str:
    return str(page.locator(".view svg > g").get_attribute("transform"))


def test_it_moves_zooms_and_fits(open_file: OpenFile, file: Path) -> None:
    page = open_file(file)
    page.locator(".view").hover()
    first = transform(page)
    page.mouse.wheel(0, -300)
    expect(page.locator(".view svg > g")).not_to_have_attribute("transform", first)
    zoomed = transform(page)
    assert float(zoomed.split("scale(")[1][:-1]) > float(first.split("scale(")[1][:-1])
    page.mouse.down()
    page.mouse.move(500, 500, steps=3)
    page.mouse.up()
    assert transform(page) != zoomed
    page.get_by_role("button", name="Start", exact=True).click()
    assert transform(page) == first


def test_search_selects_and_the_details_say_what_the_app_says(open_file: OpenFile, file: Path) -> None:
    page = open_file(file)
    search = page.get_by_role("searchbox", name="Find a layer")
    search.fill("layer3.0.downsample.0: 1x1")
    search.press("Enter")
    expect(page.locator(".node.sel")).to_have_attribute("data-path", "layer3.0.downsample.0")
    expect(page.locator(".details")).to_contain_text("1·1·512·1024 = 524,288")
    search.fill("layer3.4.bn2")
    search.press("Enter")
    expect(page.locator(".details code")).to_have_text("layer3.4.bn2")
    expect(node(page, "layer3.1-5")).to_have_class(re.compile(r"\bsel\b"))


def test_keyboard_walks_selects_and_lets_go(open_file: OpenFile, file: Path) -> None:
    page = open_file(file)
    page.get_by_role("button", name="Full screen").focus()
    page.keyboard.press("Tab")
    expect(node(page, "input")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".details")).to_contain_text("7·7·3·64 = 9,408")
    page.keyboard.press("Escape")
    expect(page.locator(".details h2")).to_have_text("resnet50")


def test_a_shortcut_has_a_panel(open_file: OpenFile, file: Path) -> None:
    page = open_file(file)
    page.locator('.edge.skip.dashed[data-edge="layer2.0.shortcut"]').last.dispatch_event("click")
    expect(page.locator(".details h2")).to_have_text("shortcut")
    expect(page.locator(".details")).to_contain_text("dashed: the shape changes")


def test_every_level_of_detail_heat_direction_and_overlay(open_file: OpenFile, file: Path) -> None:
    page = open_file(file)
    for detail in ("Stages", "Layers", "Operations"):
        page.get_by_role("radio", name=detail).check(force=True)
        expect(page.locator(".node")).to_have_count(len(draw(RESNET50, detail.lower()).nodes))
    page.get_by_role("radio", name="Stages").check(force=True)
    page.get_by_role("button", name="Options").click()
    page.get_by_role("combobox", name="Colour by").select_option("macs")
    hot = draw(RESNET50, "stages", heat="macs")
    for each in hot.nodes:
        if each.heat is not None:
            expect(node(page, each.path)).to_have_class(re.compile(rf"\bheat h{each.heat}\b"))
    expect(page.locator(".scale")).to_have_text(hot.legend[-1].text)
    page.get_by_role("combobox", name="Colour by").select_option("")
    expect(page.locator(".node.heat")).to_have_count(0)
    expect(page.locator(".scale")).to_be_hidden()
    page.get_by_role("checkbox", name="Layer numbers").check()
    expect(node(page, "layer1").locator(".count text")).to_have_text("2–10")
    page.get_by_role("checkbox", name="Lines by tensor size").check()
    expect(page.locator(".flow path")).to_have_count(len([edge for edge in hot.edges if edge.role != "gate"]))
    page.get_by_role("combobox", name="Direction").select_option("right")
    expect(page.locator(".view svg")).to_have_attribute("aria-label", "Diagram of resnet50")
    wide = page.locator(".node rect").first.bounding_box(), page.locator(".node rect").last.bounding_box()
    assert wide[0] is not None
    assert wide[1] is not None
    assert abs(wide[0]["y"] + wide[0]["height"] / 2 - wide[1]["y"] - wide[1]["height"] / 2) < 1


def test_a_row_of_the_layer_table_leads_to_its_node(open_file: OpenFile, file: Path) -> None:
    page = open_file(file)
    page.get_by_role("tab", name="Layers").click()
    page.get_by_role("button", name="layer2.0.downsample.0", exact=True).click()
    expect(node(page, "layer2.0.downsample.0")).to_have_class(re.compile(r"\bsel\b"))
    expect(page.get_by_role("row", name=re.compile("^total"))).to_contain_text("25,557,032")


def test_details_are_a_sheet_on_a_phone_and_what_is_selected_lies_above_it(open_file: OpenFile, tmp_path: Path) -> None:
    path = tmp_path / "net.html"
    network_picture(RESNET50).starting("layer4.2").save(path)
    page = open_file(path, viewport=PHONE)

    def ends() -> list[float]:
        """Where what is selected ends and where the sheet begins, in pixels from the top."""
        expect(page.locator(".details")).to_be_visible()
        boxes = (page.locator(".node.sel").bounding_box(), page.locator(".details").bounding_box())
        return [box["y"] + add * box["height"] for box, add in zip(boxes, (1, 0), strict=True) if box]

    selected, sheet = ends()
    assert selected < sheet
    node(page, "input").dispatch_event("click")
    node(page, "layer1.1-2").click()  # in sight above the few words on the input, not above those on a block
    selected, sheet = ends()
    assert selected < sheet
    page.evaluate("""() => {
        const element = document.querySelector('resviz-diagram'), { shown } = element.document;
        element.document = { ...element.document, shown: { ...shown, node: "" } };
    }""")
    expect(page.locator(".details")).to_be_hidden()
    node(page, "conv1").click()
    expect(page.locator(".details")).to_be_visible()
    page.get_by_role("button", name="Close the details").click()
    expect(page.locator(".details")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_follow_the_system(open_file: OpenFile, file: Path, scheme: str) -> None:
    page = open_file(file, color_scheme=scheme)
    ground = page.locator(".frame").evaluate("frame => getComputedStyle(frame).backgroundColor")
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 23, 29)"}[scheme]


def test_element_takes_attributes_tells_events_and_says_what_it_cannot_read(
    open_file: OpenFile, tmp_path: Path
) -> None:
    path = tmp_path / "course.html"
    attributes = 'detail="stages" heat="params" direction="right" node="layer2"'
    start = '<!doctype html><meta charset="utf-8"><title>course</title>'
    picture = network_picture(RESNET50).starting("layer4.0", numbers=True, edges=True, highlights=["layer3"])
    element = re.sub("^<resviz-diagram", f"<resviz-diagram {attributes}", picture._repr_html_())
    path.write_text(start + element, encoding="utf-8")
    page = open_file(path)
    expect(node(page, "layer2")).to_have_class(re.compile(r"\bsel\b"))
    expect(page.locator(".details h2")).to_have_text("conv3_x")
    expect(page.locator(".node.heat")).not_to_have_count(0)
    expect(page.locator(".tables")).to_be_hidden()
    expect(node(page, "layer1").locator(".count text")).to_have_text("2–10")
    expect(page.locator(".flow path")).not_to_have_count(0)
    expect(node(page, "layer3")).to_have_class(re.compile(r"\blit\b"))
    page.get_by_role("button", name="Options").click()
    for name in ("Layer numbers", "Lines by tensor size"):
        expect(page.get_by_role("checkbox", name=name)).to_be_checked()
    page.get_by_role("checkbox", name="Lines by tensor size").uncheck()
    expect(page.locator(".flow")).to_have_count(0)
    heard = page.evaluate("""() => {
        const element = document.querySelector('resviz-diagram'), heard = [];
        const hear = ({ type, detail }) => heard.push([type.slice(7), detail.path ?? detail.detail ?? detail.name]);
        for (const name of ['select', 'change', 'ready']) element.addEventListener(`resviz-${name}`, hear);
        element.select('layer3');
        element.setAttribute('detail', 'blocks');
        element.setAttribute('node', 'fc');
        element.removeAttribute('node');
        element.document = element.document;
        return heard;
    }""")
    assert heard[:3] == [["select", "layer3"], ["change", "blocks"], ["select", "fc"]]
    assert heard[-2:] == [["select", "layer4.0"], ["ready", "resnet50"]]
    page.evaluate("document.querySelector('resviz-diagram').document = { format: 'resviz-diagram', version: 2 }")
    expect(page.get_by_role("alert")).to_have_text("The diagram's form is version 2; this viewer reads version 1.")
    assert "const READS = 1;" in element_script()


FOLDS = [
    ("blocks", ["unfold layer3.1-5", "unfold layer3.2", "fold layer2", "unfold layer1.0", "fold layer3.1-5"]),
    (
        "stages",
        ["unfold layer2", "unfold layer2.1-3", "unfold layer2.2", "fold layer2", "unfold layer4", "unfold layer4.0"],
    ),
    ("layers", ["fold layer1.1-2", "fold layer2.0", "fold layer3", "unfold layer2.0", "unfold layer3", "fold all"]),
    ("operations", ["fold layer1.0", "fold layer4.1-2", "unfold layer1.0", "unfold all", "fold layer3.1-5"]),
    ("blocks", ["unfold all", "unfold layer1.2", "fold layer3.1-5", "fold all", "unfold layer1"]),
    ("blocks", ["unfold layer1.1-2", "unfold layer1.0", "fold layer1.0"]),
    ("blocks", ["begin layer3.2", "fold layer3.1-5", "unfold layer3.1-5"]),
]
SPREAD = r'<g class="{kind} [^"]*" data-{name}="([^"]+)".*? transform="translate\(([-\d.e]+) ([-\d.e]+)\)"'


def spread(svg: str, kind: str, name: str) -> list[tuple[str, float, float]]:
    """What stands where in a picture: paths with x and y."""
    return [(path, float(x), float(y)) for path, x, y in re.findall(SPREAD.format(kind=kind, name=name), svg)]


def grounds(svg: str) -> list[list[float]]:
    return [
        [float(n) for n in re.findall(r'="([-\d.]+)"', it)] for it in re.findall(r'<rect class="rz-ground[^>]*>', svg)
    ]


def lines(svg: str) -> list[float]:
    """Where the lines, heads and dots of shortcuts run."""
    found = re.findall(r'<g class="edge skip.*?</g>', svg)
    return [float(number) for each in found for number in re.findall(r"-?[\d.]+(?= |[A-Z\"])", each)]


def texts(svg: str) -> list[str]:
    return sorted(re.findall(r"<text.*?>([^<]*)</text>", svg))


@pytest.mark.parametrize("horizontal", [False, True])
def test_whatever_is_folded_the_picture_is_the_one_that_python_lays_out(
    open_file: OpenFile, tmp_path: Path, horizontal: bool
) -> None:
    path = tmp_path / "net.html"
    draw(RESNET50, horizontal=horizontal).save(path)
    page = open_file(path)
    look = common_look(RESNET50, horizontal=horizontal)
    for detail, presses in FOLDS:
        folding = Folding()
        page.evaluate(
            """detail => {
                const element = document.querySelector('resviz-diagram');
                element.setAttribute('detail', detail);
                element.document = element.document;
            }""",
            detail,
        )
        for press in presses:
            action, what = press.split()
            if action == "begin":  # a document may begin anywhere
                folding, said = Folding(unfold=frozenset({what})), {}
                page.evaluate("path => document.querySelector('resviz-diagram').folding.unfold.add(path)", what)
            elif what == "all":
                folding = Folding.everything(RESNET50, Detail(detail), action)
                said = {"act": press}
            else:
                folding = folding.after(detail, what, action)
                said = {"act": "fold", "detail": detail, "path": what, "action": action}
            svg = page.evaluate(
                """said => {
                const element = document.querySelector('resviz-diagram');
                element.said(said);
                return element.folding.touched ? element.picture().svg : null;
            }""",
                said,
            )
            assert (svg is None) == (folding == Folding())
            if svg is None:
                continue
            plans = plan(RESNET50, Detail(detail), folding.unfold, folding.fold)
            laid = Layout(RESNET50, Detail(detail), plans, vertical=not horizontal, look=look).drawing(
                frozenset(), frozenset(), None
            )
            for kind, name in (("node", "path"), ("handle", "fold")):
                assert sorted(spread(svg, kind, name)) == [
                    (path, pytest.approx(x, abs=0.06), pytest.approx(y, abs=0.06))
                    for path, x, y in sorted(spread(laid.svg, kind, name))
                ], (detail, press)
            assert grounds(svg) == [pytest.approx(each, abs=0.06) for each in grounds(laid.svg)]
            assert lines(svg) == pytest.approx(lines(laid.svg), abs=0.06)
            assert texts(svg) == texts(laid.svg)
            assert SHEET_STYLE in svg
            assert f'viewBox="0 0 {laid.width:g} {laid.height:g}"' in svg
            shown = {each.path for each in laid.nodes}
            assert page.evaluate("() => document.querySelector('resviz-diagram').picture().search.words") == {
                host: words for host, words in search_index(RESNET50, laid).words.items() if host in shown
            }


def test_a_handle_folds_where_it_was_pressed_and_colours_follow(open_file: OpenFile, file: Path) -> None:
    page = open_file(file)
    page.locator('.handle[data-fold="layer3.1-5"]').dispatch_event("click")
    expect(node(page, "layer3.4")).to_be_attached()
    node(page, "layer3.4").dispatch_event("click")
    expect(page.locator(".details code")).to_have_text("layer3.4")
    page.locator("resviz-diagram").evaluate("element => element.setAttribute('heat', 'macs')")
    hot = draw(RESNET50, unfold=["layer3.1-5"], heat="macs")
    for each in hot.nodes[3:]:
        if each.heat is not None:
            expect(node(page, each.path)).to_have_class(re.compile(rf"\bheat h{each.heat}\b"))
    expect(page.locator(".scale")).to_have_text(hot.legend[-1].text)
    page.get_by_role("searchbox", name="Find a layer").fill("layer3.3")
    expect(page.get_by_text("found")).to_be_visible()
    page.locator('.handle.fold[data-fold="layer3.1-5"]').dispatch_event("click")
    expect(node(page, "layer3.1-5")).to_be_attached()


def test_several_networks_stand_side_by_side_and_move_as_one(open_file: OpenFile, tmp_path: Path) -> None:
    path = tmp_path / "both.html"
    beside(compare([expand(preset("resnet34")), RESNET50])).save(path)
    page = open_file(path)
    moved = page.locator(".view svg > g")
    before = moved.nth(0).get_attribute("transform")
    page.get_by_role("button", name="Zoom in").click()
    expect(moved.nth(1)).not_to_have_attribute("transform", str(before))
    assert moved.nth(0).get_attribute("transform") == moved.nth(1).get_attribute("transform")
    page.get_by_role("button", name="Next difference").click()
    expect(page.get_by_role("tooltip")).to_be_visible()
    page.get_by_role("radio", name="Layers").check(force=True)
    expect(page.locator(".node[data-path='layer1.0.conv3'].added")).to_have_count(1)
    page.get_by_role("tab", name="MACs").click()
    expect(page.get_by_role("row", name=re.compile("^total"))).to_contain_text("4,089,184,256")


def test_a_notebook_that_refuses_scripts_shows_the_picture(chromium: Browser, tmp_path: Path) -> None:
    path = tmp_path / "cell.html"
    path.write_text(draw(RESNET50)._repr_html_(), encoding="utf-8")
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    picture = page.get_by_role("img", name="Diagram of resnet50")
    expect(picture).to_be_visible()
    box = picture.bounding_box()
    assert box is not None
    assert box["height"] > 500
    context.close()
