"""The Compare and Published pages as a person uses them."""

import re

import pytest
from playwright.sync_api import Page, expect

from scripts.live import run_ended
from tests.browser.conftest import OpenPage

TRANSFORM = "views => views.map(view => view.querySelector('svg > g').getAttribute('transform'))"


def views(page: Page) -> list[str]:
    """Return where each picture stands; fail unless there are pictures."""
    expect(page.locator(".pane .node").first).to_be_visible()
    found: list[str] = page.locator(".pane .view").evaluate_all(TRANSFORM)
    return found


def test_differing_blocks_carry_a_colour_and_a_sign(walk: OpenPage) -> None:
    page = walk("/compare?question=Diagrams&net=resnet50&with=resnet50_v1")
    views(page)
    for pane in page.locator(".pane").all():
        marked = pane.locator(".node.changed")
        assert marked.evaluate_all("all => all.map(node => node.dataset.path)") == ["layer2.0", "layer3.0", "layer4.0"]
        assert marked.locator(".badge text").all_text_contents() == ["≠"] * 3
        expect(pane.locator('.view text[font-size="12"]').first).to_have_css("font-size", "14px")
    plain = page.locator('.pane .node[data-path="layer1.0"] rect').first
    page.get_by_role("button", name="Next difference").click()
    tip = page.get_by_role("tooltip")
    expect(tip).to_contain_text("layer2.0")
    expect(tip).to_contain_text("conv1: in B stride 2, was 1")
    page.locator(".pane .view").first.focus()
    page.keyboard.press("n")
    expect(tip).to_contain_text("layer3.0")
    stroke = "element => getComputedStyle(element).stroke"
    assert marked.locator("rect").first.evaluate(stroke) != plain.evaluate(stroke)


def test_pictures_move_and_zoom_together(walk: OpenPage) -> None:
    page = walk("/compare?question=Diagrams&net=resnet50&with=resnet34&with=resnet101")
    start = views(page)
    assert len(start) == 3
    assert len(set(start)) == 1
    page.get_by_role("button", name="Zoom in").click()
    nearer = views(page)
    assert len(set(nearer)) == 1
    assert nearer != start
    pane = page.locator(".pane .view").nth(1)
    pane.scroll_into_view_if_needed()
    box = pane.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + 60
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y + 40)
    page.mouse.up()
    moved = views(page)
    assert len(set(moved)) == 1
    assert moved != nearer


def test_arrow_keys_move_the_pictures(walk: OpenPage) -> None:
    page = walk("/compare?question=Diagrams&net=resnet18&with=resnet34")
    start = views(page)
    page.locator(".pane .view").first.focus()
    page.keyboard.press("ArrowDown")
    assert views(page) != start


def test_pointing_at_a_layer_finds_its_twin(walk: OpenPage) -> None:
    page = walk("/compare?question=Diagrams&net=resnet18&with=resnet34")
    views(page)
    page.locator('.pane .node[data-path="conv1"]').first.hover()
    expect(page.locator(".node.twin")).to_have_count(2)
    expect(page.get_by_role("tooltip").filter(has_text="7x7 conv")).to_be_visible()


def test_a_copy_with_one_change_survives_a_link_to_a_fresh_browser(open_page: OpenPage) -> None:
    page = open_page("/compare?question=Diagrams&net=resnet50&with=resnet34")
    page.get_by_role("button", name="Add a network").click()
    page.get_by_role("radio", name="A copy with one change").click()
    run_ended(page)
    page.get_by_role("textbox", name="to", exact=True).fill("3, 4, 7, 3")
    page.get_by_role("textbox", name="to", exact=True).press("Enter")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name="C: resnet50, depths 3-4-7-3")).to_be_visible()
    run_ended(page)
    fresh = open_page(f"/{page.url.split('/', 3)[-1]}")
    expect(fresh.get_by_role("heading", name="C: resnet50, depths 3-4-7-3")).to_be_visible()
    assert len(views(fresh)) == 3


def test_a_broken_link_shows_its_sentence_beside_the_rest(open_page: OpenPage) -> None:
    page = open_page("/compare?question=Diagrams&net=resnet50&with=%3Cimg%20src%3Dx%3E&with=resnet34")
    expect(page.get_by_text("does not exist")).to_be_visible()
    assert len(views(page)) == 2


def test_the_sidebar_changes_the_first_network(walk: OpenPage) -> None:
    page = walk("/compare?question=Diagrams&net=resnet50&with=resnet34")
    page.get_by_role("combobox", name="Preset").fill("resnet18")
    page.get_by_role("option", name="resnet18", exact=True).click()
    expect(page.get_by_role("heading", name="A: resnet18")).to_be_visible()
    run_ended(page)
    assert re.search(r"net=resnet18&.*with=resnet34", page.url)


@pytest.mark.parametrize(("color_scheme", "first"), [("light", "rgb(0, 114, 178)"), ("dark", "rgb(86, 180, 233)")])
def test_charts_take_the_themes_colours(walk: OpenPage, first: str) -> None:
    page = walk("/published?net=resnet50&printed=Error+against+cost")
    point = page.locator(".js-plotly-plot .scatterlayer .points path").first
    expect(point).to_be_visible()
    assert point.evaluate("path => getComputedStyle(path).fill") == first


@pytest.mark.parametrize(
    "path",
    ["/compare?question=Diagrams&net=resnet50&with=resnet34&with=resnet18&with=resnet101", "/published?net=resnet50"],
)
@pytest.mark.parametrize(
    "viewport", [{"width": 1400, "height": 900}, {"width": 390, "height": 844}], ids=["1400", "390"]
)
def test_page_does_not_scroll_sideways(walk: OpenPage, path: str) -> None:
    root = walk(path).locator("html")
    assert root.evaluate("root => root.scrollWidth <= root.clientWidth")


def test_the_networks_wait_while_another_page_is_open(walk: OpenPage) -> None:
    page = walk("/compare?question=Diagrams&net=resnet50&with=resnet18&with=resnet101")
    views(page)
    page.get_by_role("link", name="Published").click()
    expect(page.get_by_role("heading", name="Published figures, recomputed")).to_be_visible()
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_role("strong").filter(has_text="C: resnet101")).to_be_visible()
    run_ended(page)
    assert "with=resnet18&with=resnet101" in page.url
