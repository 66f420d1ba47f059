"""The elements on a page of one's own: what they do without a document, with a broken one, and beside each other."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Locator, Page, Route, expect

from resviz.arch import expand, preset
from resviz.diagram import beside, draw
from resviz.diagram.comparison_document import comparison_document
from resviz.diagram.element import element_script, written
from resviz.diagram.viewer_document import document
from resviz.report.compare import compare
from tests.browser.conftest import OpenFile
from tests.browser.test_accessibility import CONTRAST, EVERYTHING, GRAVE, ORDER, RUN
from tests.browser.visitors import DESKTOP

Course = Callable[[str], Page]
SITE = "http://course.test/"
RESNET18, RESNET34 = (expand(preset(name)) for name in ("resnet18", "resnet34"))
CONV1 = '.node[data-path="conv1"]'
REFUSED = "Element.prototype.requestFullscreen = () => Promise.reject(new TypeError('not here'));"


@pytest.fixture(scope="module")
def site() -> dict[str, str]:
    """What stands on the page's server, by name."""
    return {
        "resviz.js": element_script(),
        "net.json": written(document(RESNET18)),
        "other.json": written(document(RESNET34)),
        "both.json": written(comparison_document(compare([RESNET18, RESNET34, RESNET18]))),
        "same.json": written(comparison_document(compare([RESNET18, RESNET18]))),
        "broken.json": "{",
    }


@pytest.fixture
def course(chromium: Browser, site: dict[str, str]) -> Iterator[Course]:
    """Open a page with these elements, where a full screen is refused; an error of JavaScript fails the test."""
    errors: list[str] = []
    context = chromium.new_context(viewport=DESKTOP)
    context.add_init_script(REFUSED)

    def course(elements: str) -> Page:
        start = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>course</title>{elements}'
        files = site | {"": f'{start}<script src="resviz.js"></script>'}

        def answer(route: Route) -> None:
            text = files.get(route.request.url.removeprefix(SITE))
            kind = "text/html" if route.request.url == SITE else "text/javascript"
            route.fulfill(status=404) if text is None else route.fulfill(body=text, content_type=kind)

        context.route("**/*", answer)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(SITE)
        return page

    yield course
    context.close()
    assert not errors, "\n".join(errors)


def test_two_elements_on_a_page_are_two(course: Course) -> None:
    page = course(
        '<resviz-diagram src="net.json" tables></resviz-diagram><resviz-diagram src="other.json"></resviz-diagram>'
    )
    one, other = page.locator("resviz-diagram").all()
    expect(other.locator(CONV1)).to_be_visible()
    one.locator(CONV1).click()
    one.get_by_role("radio", name="Layers").check(force=True)
    expect(one.locator(".node.sel")).to_have_count(1)
    expect(one.locator(".node")).to_have_count(len(draw(RESNET18, "layers").nodes))
    expect(other.locator(".node.sel")).to_have_count(0)
    expect(other.locator(".node")).to_have_count(len(draw(RESNET34).nodes))
    expect(other.locator(".details h2")).to_have_text("resnet34")
    expect(other.get_by_role("radio", name="Blocks")).to_be_checked()
    expect(other.locator(".tables")).to_be_hidden()
    expect(one).to_have_attribute("data-lm-suppress-shortcuts", "true")  # a `b` is no new cell of JupyterLab


def test_without_a_document_nothing_is_shown_and_a_selection_waits_for_one(
    course: Course, site: dict[str, str]
) -> None:
    page = course('<resviz-diagram node="fc"></resviz-diagram><resviz-comparison></resviz-comparison>')
    for name in ("resviz-diagram", "resviz-comparison"):
        assert page.locator(name).evaluate("element => element.getBoundingClientRect().height") == 0
    element = page.locator("resviz-diagram")
    element.evaluate("element => { element.select('layer2'); element.setAttribute('detail', 'stages'); }")
    heard = element.evaluate(
        """(element, data) => {
            const heard = [];
            element.addEventListener('resviz-ready', () => heard.push('ready'));
            element.addEventListener('resviz-select', ({ detail }) => heard.push(detail.path));
            element.document = data;
            return heard;
        }""",
        json.loads(site["net.json"]),
    )
    assert heard == ["layer2", "ready"]
    expect(element.locator('.node.sel[data-path="layer2"]')).to_be_visible()
    expect(element.locator(".details h2")).to_have_text("conv3_x")


@pytest.mark.parametrize(
    ("attribute", "said"),
    [
        ('src="away.json"', "away.json cannot be read: 404."),
        ('src="broken.json"', "broken.json is not JSON."),
        ('packed="AAAA"', "What “packed” holds cannot be unpacked: it takes a document as gzip in base64."),
        ('packed="%"', "What “packed” holds cannot be unpacked: it takes a document as gzip in base64."),
    ],
)
def test_a_source_that_cannot_be_read_gets_its_sentence(course: Course, attribute: str, said: str) -> None:
    page = course(f"<resviz-diagram {attribute}></resviz-diagram>")
    expect(page.get_by_role("alert")).to_have_text(said)
    expect(page.locator(".outer")).to_be_hidden()
    page.evaluate("document.querySelector('resviz-diagram').setAttribute('src', 'net.json')")
    if "src" in attribute:
        expect(page.locator(CONV1)).to_be_visible()
        expect(page.get_by_role("alert")).to_be_hidden()


def without(data: dict[str, Any], *way: str) -> dict[str, Any]:
    """Return a copy of a document that lacks what this way leads to."""
    copy = json.loads(json.dumps(data))
    *above, last = way
    at = copy
    for name in above:
        at = at[name]
    del at[last]
    return dict(copy)


def test_a_document_that_lacks_parts_gets_one_sentence_and_a_whole_one_is_shown_after_it(
    course: Course, site: dict[str, str]
) -> None:
    page = course("<resviz-diagram></resviz-diagram>")
    element, whole = page.locator("resviz-diagram"), json.loads(site["net.json"])
    give = "(element, data) => { element.document = data; }"
    for way, said in (
        (["heat"], "This document cannot be read: it has no “heat”."),
        (["details"], "This document cannot be read: it has no “details”."),
        (["pictures", "blocks", "down"], "This document cannot be read."),
        (["choices", "detail"], "This document cannot be read."),
    ):
        element.evaluate(give, without(whole, *way))
        expect(page.get_by_role("alert")).to_have_text(said)
        expect(page.locator(".outer")).to_be_hidden()
        element.evaluate("element => { element.setAttribute('heat', 'macs'); element.setAttribute('node', 'fc'); }")
        element.evaluate("element => { element.removeAttribute('heat'); element.removeAttribute('node'); }")
        element.evaluate(give, whole)
        expect(page.get_by_role("alert")).to_be_hidden()
        expect(page.locator(CONV1)).to_be_visible()


def test_a_source_that_changed_while_the_element_was_away_is_loaded_on_its_return(course: Course) -> None:
    page = course('<resviz-diagram src="net.json"></resviz-diagram>')
    expect(page.locator(".details h2")).to_have_text("resnet18")
    page.evaluate("""() => {
        const element = document.querySelector('resviz-diagram');
        element.remove();
        element.setAttribute('src', 'other.json');
        document.body.append(element);
    }""")
    expect(page.locator(".details h2")).to_have_text("resnet34")


def test_switches_are_on_where_they_stand_and_a_path_that_is_none_selects_nothing(course: Course) -> None:
    page = course('<resviz-diagram src="net.json" numbers edges node="nonsense"></resviz-diagram>')
    expect(page.locator('.node[data-path="conv1"] .count')).to_be_visible()
    expect(page.locator(".flow path")).not_to_have_count(0)
    expect(page.locator(".details h2")).to_have_text("resnet18")
    element = page.locator("resviz-diagram")
    assert element.evaluate("element => element.state.node") == ""
    heard = element.evaluate("""element => {
        const heard = [];
        element.addEventListener('resviz-select', ({ detail }) => heard.push(detail));
        for (const path of ['fc', 'constructor']) element.select(path);
        for (const name of ['numbers', 'edges']) element.removeAttribute(name);
        return heard;
    }""")
    assert heard[0]["path"] == heard[0]["details"]["path"] == "fc"
    assert heard[1:] == [{"path": None, "details": None}]
    expect(page.locator(".node.sel")).to_have_count(0)
    expect(page.locator(":is(.count, .flow)")).to_have_count(0)


def test_an_arrow_key_goes_one_tab_on(course: Course) -> None:
    page = course('<resviz-diagram src="net.json" tables></resviz-diagram>')
    page.get_by_role("tab", name="Stages").wait_for()
    page.get_by_role("tab", name="Stages").press("ArrowRight")
    expect(page.get_by_role("tab", name="Layers")).to_be_focused()


def test_a_comparison_fills_the_window_where_a_full_screen_is_refused(course: Course) -> None:
    page = course('<h1>Course</h1><resviz-comparison src="both.json"></resviz-comparison><p>More</p>')
    page.get_by_role("button", name="Full screen").click()
    frame = page.locator(".frame")
    assert frame.bounding_box() == {"x": 0, "y": 0, **DESKTOP}
    page.keyboard.press("Escape")
    expect(frame).not_to_have_css("height", f"{DESKTOP['height']}px")


def test_a_page_sets_the_height_of_all_its_elements(course: Course) -> None:
    sources = '<resviz-diagram src="net.json"></resviz-diagram><resviz-comparison src="both.json"></resviz-comparison>'
    page = course(f"<style>body {{ --resviz-height: 400px }}</style>{sources}")
    for name in ("resviz-diagram", "resviz-comparison"):
        expect(page.locator(f"{name} .frame")).to_have_css("height", "400px")
    expect(page.locator(".details")).to_have_css("max-height", "400px")
    page.locator("resviz-comparison").evaluate("element => element.setAttribute('height', 'fill')")
    expect(page.locator("resviz-comparison .frame")).not_to_have_css("height", "400px")


def test_equal_networks_say_that_nothing_differs(course: Course) -> None:
    page = course('<resviz-comparison src="same.json"></resviz-comparison>')
    page.get_by_role("button", name="Next difference").click()
    status = page.get_by_role("status")
    expect(status).to_have_text("Nothing differs here.")
    box = status.bounding_box()
    assert box is not None
    assert box["width"] > 100
    page.locator(".view").first.hover()
    expect(status).not_to_have_class("told seen")


def test_texts_of_a_comparison_are_as_large_as_they_were_laid_out_for(course: Course) -> None:
    page = course('<resviz-comparison src="both.json"></resviz-comparison>')
    expect(page.locator('.pane .view text[font-size="12"]').first).to_have_css("font-size", "12px")


OUTSIDE = """views => views.flatMap(view => {
    const room = view.getBoundingClientRect(), { innerWidth } = window;
    return [...view.querySelectorAll('.node')].filter(node => {
        const box = node.getBoundingClientRect();
        return box.left < room.left - 1 || box.right > Math.min(room.right, innerWidth) + 1
            || box.top < room.top - 1 || box.bottom > room.bottom + 1;
    }).map(node => node.dataset.path);
})"""


def test_paper_shows_all_of_every_picture_of_a_comparison(course: Course) -> None:
    page = course('<resviz-comparison src="both.json" detail="layers" height="420" theme="dark"></resviz-comparison>')
    page.set_viewport_size({"width": 660, "height": 800})  # where of three only two are in sight
    views = page.locator(".view")
    expect(page.locator(".node").last).to_be_attached()
    assert views.evaluate_all(OUTSIDE)
    before = page.locator(".view svg > g").first.get_attribute("transform")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert views.evaluate_all(OUTSIDE) == []
    assert len({box["y"] for box in map(Locator.bounding_box, page.locator(CONV1).all()) if box}) == 1  # one scale
    expect(page.locator(".outer")).to_have_css("background-color", "rgb(255, 255, 255)")
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".view svg > g").first).to_have_attribute("transform", str(before))


@pytest.mark.parametrize("several", [False, True], ids=["one", "several"])
def test_axe_finds_nothing_grave_in_a_file(open_file: OpenFile, tmp_path: Path, several: bool) -> None:
    path = tmp_path / "net.html"
    (beside(compare([RESNET18, RESNET34])) if several else draw(RESNET18)).save(path)
    page = open_file(path)
    page.evaluate(AXE_SCRIPT)
    found = []
    for scheme, options in (("light", EVERYTHING), ("dark", CONTRAST)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # a literal, by the tuple above
        for rule in page.evaluate(RUN, [{"include": [["html"]]}, options]):
            if rule["impact"] in GRAVE or rule["id"] in ORDER:
                found += [f"{scheme}: {rule['id']}: {node['html'][:160]}" for node in rule["nodes"]]
    assert not found, "\n".join(found)
