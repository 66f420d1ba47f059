"""The first screen answers: the net's name, its totals and a readable piece of its diagram, without scrolling."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from scripts.live import run_ended
from tests.browser.conftest import OpenPage

PROJECTOR: ViewportSize = {"width": 853, "height": 480}
"""1280x720 at 150 %."""
PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1400, "height": 900}
PLACES = """view => {
    const box = view.getBoundingClientRect(), k = view.querySelector('svg > g').getCTM().a;
    const seen = [...view.querySelectorAll('.node')].filter(node => {
        const at = node.getBoundingClientRect();
        return at.top >= box.top && at.bottom <= Math.min(box.bottom, innerHeight) && at.right <= innerWidth;
    });
    return [seen.length, k];
}"""


@pytest.mark.parametrize("viewport", [PROJECTOR, PHONE, DESKTOP], ids=["projector", "phone", "desktop"])
def test_name_totals_and_diagram_are_on_the_first_screen(open_page: OpenPage) -> None:
    page = open_page("/?net=resnet50")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("resnet50")
    for shown in (
        heading,
        page.locator(".resviz-headline dd").first,
        page.get_by_role("searchbox", name="Find a layer"),
    ):
        expect(shown).to_be_in_viewport(ratio=1)
    expect(page.locator(".node").nth(2)).to_be_in_viewport()
    nodes, zoom = page.locator(".view").evaluate(PLACES)
    assert nodes >= 3
    assert zoom >= 0.55  # text of 12 pixels is then as large as a footnote's
    assert page.title() == "resnet50 - resviz"


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
def test_details_are_a_sheet_that_leaves_what_is_selected_in_sight(walk: OpenPage) -> None:
    page = walk("/?net=resnet50")
    sheet = page.get_by_role("region", name="Details")
    expect(sheet).to_be_hidden()
    node = page.locator('.node[data-path="layer1.0"]')
    node.click()
    expect(sheet).to_contain_text("layer1.0")
    expect(page.get_by_role("tooltip")).to_be_hidden()
    above, below = node.bounding_box(), sheet.bounding_box()
    assert above is not None
    assert below is not None
    assert above["y"] + above["height"] < below["y"]
    page.get_by_role("button", name="Close the details").click()
    expect(sheet).to_be_hidden()


@pytest.mark.parametrize("viewport", [PROJECTOR], ids=["projector"])
def test_the_toolbar_is_one_line_beside_an_open_sidebar(walk: OpenPage) -> None:
    page = walk("/?net=resnet50")
    bar, button = page.get_by_role("toolbar", name="Diagram"), page.get_by_role("button", name="Full screen")
    for width in (769, 800, 853, 1100, 1250, 1280, 1381, 1600):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function("width => innerWidth === width", arg=width)
        level = (
            page.get_by_role("combobox", name="Detail") if width < 1000 else page.get_by_role("radio", name="Blocks")
        )
        expect(level).to_be_visible()
        line, last = bar.bounding_box(), button.bounding_box()
        assert line is not None
        assert last is not None
        assert line["height"] < 2 * last["height"], width
        assert last["x"] + last["width"] <= line["x"] + line["width"], width
        direct = bar.get_by_role("button", name="Download")
        if not direct.is_visible():
            bar.get_by_role("button", name="Options").click()
            page.get_by_role("button", name="Download…").click()
        else:
            direct.click()
        expect(page.get_by_role("group", name="Download")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("group", name="Download")).to_be_hidden()


COLUMNS = """async (view, wanted) => {
    const left = (input) => Math.round(input.getBoundingClientRect().x);
    const columns = () => new Set([...view.querySelectorAll('.node[data-path$=".input"]')].map(left)).size;
    for (let frame = 0; frame < 300 && columns() !== wanted; frame++) await new Promise(requestAnimationFrame);
    return columns();
}"""
"""In how many columns the orders stand once they are arranged."""


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
def test_five_orders_are_a_list_on_a_phone_and_rows_in_a_window_none_of_them_out_of_sight(walk: OpenPage) -> None:
    page = walk("/?net=resnet50&view=orders")
    tall = page.locator(".st-key-explore[data-tall]")
    for width, columns in ((360, 1), (1400, 3)):
        page.set_viewport_size({"width": width, "height": 900})
        expect(tall).to_have_count(int(columns == 1))
        assert page.locator(".view").evaluate(COLUMNS, columns) == columns
        frame = page.locator(".view").bounding_box()
        assert frame is not None
        for place in (node.bounding_box() for node in page.locator('.node[data-path$=".output"]').all()):
            assert place is not None
            assert frame["x"] <= place["x"] < place["x"] + place["width"] <= frame["x"] + frame["width"]
            assert place["y"] + place["height"] <= frame["y"] + frame["height"]


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
def test_a_link_to_a_node_below_the_window_shows_it_above_its_details(open_page: OpenPage) -> None:
    page = open_page("/?net=resnet50&view=orders&node=full_preact.output")
    expect(page.locator(".resviz-title code")).to_have_text("full_preact.output")
    expect(page.locator(".resviz-facts")).to_contain_text("Full pre-activation")
    node, sheet = page.locator(".node.sel").bounding_box(), page.locator(".st-key-details").bounding_box()
    assert node is not None
    assert sheet is not None
    assert 0 < node["y"] < node["y"] + node["height"] < sheet["y"]


def test_a_picture_that_is_all_in_sight_stays_where_a_link_selects_its_last_node(open_page: OpenPage) -> None:
    page = open_page("/?net=resnet50&view=block&node=output")
    expect(page.locator(".node.sel")).to_be_attached()
    title, view = page.locator(".view .rz-title").first.bounding_box(), page.locator(".view").bounding_box()
    assert title is not None
    assert view is not None
    assert title["y"] > view["y"]


def test_a_link_holds_everything_on_the_screen(open_page: OpenPage) -> None:
    page = open_page("/?net=resnet34")
    page.get_by_role("radio", name="Layers").click()
    run_ended(page)
    page.locator('.handle[data-fold="layer1"]').dispatch_event("click")
    expect(page.locator('.node[data-path="layer1"]')).to_be_attached()
    page.locator('.node[data-path="conv1"]').dispatch_event("click")
    expect(page.locator(".resviz-title code")).to_have_text("conv1")
    page.get_by_role("button", name="Options").click()
    page.get_by_role("combobox", name="Colour by").select_option(label="Parameters")
    expect(page.locator(".node.heat").first).to_be_attached()
    page.get_by_role("button", name="Full screen").click()
    page.wait_for_url("**full=1**")
    fresh = open_page(f"/{page.url.split('/', 3)[-1]}")
    expect(fresh.get_by_role("radio", name="Layers")).to_be_checked()
    for path in ("layer1", "layer2.0.conv1"):
        expect(fresh.locator(f'.node[data-path="{path}"]')).to_be_attached()
    expect(fresh.locator('.node[data-path="conv1"]')).to_have_attribute("aria-selected", "true")
    expect(fresh.locator(".resviz-title code")).to_have_text("conv1")
    expect(fresh.locator(".node.heat").first).to_be_attached()
    assert covers_the_window(fresh)
    expect(fresh.get_by_role("button", name="Leave full screen (Esc)")).to_be_visible()
    fresh.keyboard.press("Escape")
    fresh.wait_for_url(lambda address: "full" not in address)
    assert not covers_the_window(fresh)


def covers_the_window(page: Page) -> bool:
    box = page.locator(".frame").bounding_box()
    assert box is not None
    return box["y"] == 0 and box["height"] == page.evaluate("innerHeight")


def test_the_diagram_is_reached_in_two_stops_and_is_one_itself(open_page: OpenPage) -> None:
    page = open_page("/?net=resnet50")
    expect(page.locator(".node").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the diagram")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator('.node[data-path="input"]')).to_be_focused()
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowLeft"):
        page.keyboard.press(key)
    handle = page.get_by_role("button", name="Unfold layer1.0", exact=True)
    expect(handle).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator('.node[data-path="layer1.0.conv1"]')).to_be_attached()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Start")).to_be_focused()


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
def test_on_a_phone_a_row_of_the_stage_table_is_a_card_with_every_cell_named(walk: OpenPage) -> None:
    page = walk("/?net=resnet50")
    table = page.locator(".resviz-table").first
    expect(table.locator("thead")).to_be_hidden()
    assert table.evaluate("table => table.scrollWidth <= table.clientWidth")
    labels = (
        table.locator("tbody tr")
        .nth(1)
        .locator("td")
        .evaluate_all("cells => cells.map(cell => [getComputedStyle(cell, '::before').content, cell.innerText])")
    )
    named = {label.strip('"'): text for label, text in labels}
    assert named["Blocks"] == "3"
    assert named["Output"] == "256x56x56"
