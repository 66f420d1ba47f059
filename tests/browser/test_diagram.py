"""The diagram answers to mouse, wheel and keyboard, and stays where it is when the page changes around it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from resviz.diagram import VIEWS
from scripts.live import run_ended
from tests.browser.conftest import OpenPage
from tests.browser.toolbar import choose

RESNET50 = "/?net=resnet50"
CONTRAST = """node => {
    const paint = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const light = (colour) => {
        paint.clearRect(0, 0, 1, 1); paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3)
            .map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const [a, b] = ['rect', 'text'].map(name => light(getComputedStyle(node.querySelector(name)).fill));
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""


def node(page: Page, path: str) -> Locator:
    return page.locator(f'.node[data-path="{path}"]')


def handle(page: Page, path: str) -> Locator:
    return page.locator(f'.handle[data-fold="{path}"]')


def transform(page: Page) -> str:
    return str(page.locator(".view svg > g").get_attribute("transform"))


def zoom(page: Page) -> float:
    return float(transform(page).split("scale(")[1].rstrip(")"))


def test_click_selects_a_node_and_explains_it(open_page: OpenPage) -> None:
    page = open_page(RESNET50)
    node(page, "layer1.0").click()
    expect(node(page, "layer1.0")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".resviz-facts")).to_contain_text("[1x1, 64; 3x3, 64; 1x1, 256]")


def test_keyboard_alone_reaches_and_selects_a_node(walk: OpenPage) -> None:
    page = walk(RESNET50)
    page.get_by_role("button", name="Full screen").focus()
    page.keyboard.press("Tab")
    expect(node(page, "input")).to_be_focused()
    for path in ("conv1", "maxpool", "layer1.0"):
        page.keyboard.press("ArrowDown")
        expect(node(page, path)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(node(page, "layer1.0.downsample.0")).to_be_focused()
    expect(page.get_by_role("tooltip")).to_contain_text("16,384 parameters")
    page.keyboard.press("Enter")
    expect(page.locator(".resviz-facts")).to_contain_text("1·1·64·256 = 16,384")
    page.keyboard.press("Escape")
    expect(page.locator(".node[aria-selected=true]")).to_have_count(0)


def test_nodes_have_roles_and_labels_for_a_screen_reader(walk: OpenPage) -> None:
    page = walk(RESNET50)
    expect(page.get_by_role("listbox", name="Layers of resnet50")).to_be_attached()
    expect(page.get_by_role("option", name=re.compile(r"^conv1: 7x7 conv, 64, .2; in 3x224x224"))).to_have_count(1)
    expect(page.get_by_role("button", name="Unfold layer3.1-5")).to_have_count(1)


def test_hover_tells_shapes_parameters_and_macs(walk: OpenPage) -> None:
    page = walk(RESNET50)
    node(page, "conv1").hover()
    tip = page.get_by_role("tooltip")
    for words in ("conv1", "in 3x224x224", "out 64x112x112", "9,408 parameters", "118,013,952 MACs"):
        expect(tip).to_contain_text(words)


def test_run_unfolds_where_it_was_pressed_and_folds_again(walk: OpenPage) -> None:
    page = walk(RESNET50)
    before = handle(page, "layer1.1-2").bounding_box()
    handle(page, "layer1.1-2").click()
    expect(node(page, "layer1.2")).to_be_attached()
    run_ended(page)
    after = handle(page, "layer1.1-2").bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) < 20
    handle(page, "layer1.1-2").click()
    expect(node(page, "layer1.1-2")).to_be_attached()


def test_unrelated_change_keeps_the_very_picture_and_the_view(walk: OpenPage) -> None:
    page = walk(RESNET50)
    page.get_by_role("button", name="Zoom in").click()
    node(page, "layer1.0").dispatch_event("click")
    expect(page.locator(".resviz-title code").filter(has_text="layer1.0")).to_be_visible()
    run_ended(page)
    page.locator(".view svg").evaluate("svg => { svg.mark = 'the same'; }")
    before = transform(page)
    page.get_by_role("tab", name="Configuration").click()
    expect(page.get_by_role("tab", name="Configuration")).to_have_attribute("aria-selected", "true")
    run_ended(page)
    assert page.locator(".view svg").evaluate("svg => svg.mark") == "the same"
    assert transform(page) == before
    expect(node(page, "layer1.0")).to_have_class(re.compile(r"\bsel\b"))


def test_wheel_zooms_at_the_pointer_drag_moves_and_fit_shows_all(walk: OpenPage) -> None:
    page = walk(RESNET50)
    page.locator(".view").hover()
    before, first = zoom(page), transform(page)
    page.mouse.wheel(0, -300)
    expect(page.locator(".view svg > g")).not_to_have_attribute("transform", first)
    assert zoom(page) > before
    shown = transform(page)
    page.mouse.down()
    page.mouse.move(600, 500, steps=4)
    page.mouse.up()
    assert transform(page) != shown
    page.get_by_role("button", name="Fit", exact=True).click()
    view, last = page.locator(".view").bounding_box(), node(page, "fc").bounding_box()
    assert view is not None
    assert last is not None
    assert view["y"] <= last["y"] <= view["y"] + view["height"] - last["height"]


def test_drag_across_a_node_selects_nothing(walk: OpenPage) -> None:
    page = walk(RESNET50)
    node(page, "conv1").hover()
    page.mouse.down()
    page.mouse.move(700, 600, steps=4)
    page.mouse.up()
    assert page.locator(".node[aria-selected=true]").count() == 0


def test_search_finds_by_name_and_enter_goes_from_hit_to_hit(walk: OpenPage) -> None:
    page = walk(f"{RESNET50}&detail=Layers")
    search = page.get_by_role("searchbox", name="Find a layer")
    search.fill("layer4.2.conv")
    expect(page.get_by_text("3 found")).to_be_visible()
    search.press("Enter")
    expect(page.get_by_text("1 of 3")).to_be_visible()
    expect(node(page, "layer4.2.conv1")).to_have_attribute("aria-selected", "true")
    expect(node(page, "layer4.2.conv1")).to_be_in_viewport()
    expect(page.locator(".resviz-facts")).to_contain_text("2048x7x7")
    search.fill("nothing of that name")
    expect(page.get_by_text("nothing found")).to_be_visible()


SEARCHES = (
    ("conv4", 1, "layer3"),
    ("dashed", 4, "layer1"),
    ("conv4_x", 1, "layer3"),
    ("projection", 4, "layer1"),
    ("layer3.4.bn2", 1, "layer3.4.bn2"),
)
"""What is typed, how many nodes that finds, and what is then selected: another thing than before each time."""


@pytest.mark.parametrize("detail", ["Stages", "Blocks", "Layers"])
def test_search_finds_what_is_on_the_screen_and_what_is_folded(walk: OpenPage, detail: str) -> None:
    page = walk(f"{RESNET50}&detail={detail}")
    search = page.get_by_role("searchbox", name="Find a layer")
    for words, found, selected in SEARCHES:
        search.fill(words)
        expect(page.get_by_text(f"{found} found")).to_be_visible()
        expect(page.locator(".node.hit").first).to_be_in_viewport()
        search.press("Enter")
        expect(page.locator(".resviz-title code").filter(has_text=selected)).to_be_visible()


def test_search_for_a_folded_block_finds_what_stands_for_it_and_explains_that_block(walk: OpenPage) -> None:
    page = walk(RESNET50)
    search = page.get_by_role("searchbox", name="Find a layer")
    search.fill("layer3.4")
    expect(page.get_by_text("1 found")).to_be_visible()
    search.press("Enter")
    expect(node(page, "layer3.1-5")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_text("layer3.4", exact=True)).to_be_visible()
    search.fill("BN")
    expect(page.get_by_text("13 found")).to_be_visible()  # the stem's, each of 8 boxes and each of 4 projections
    search.fill("layer3.6")
    expect(page.get_by_text("nothing found")).to_be_visible()


def test_found_shortcut_lights_up_and_is_explained(walk: OpenPage) -> None:
    page = walk(f"{RESNET50}&detail=Layers")
    search = page.get_by_role("searchbox", name="Find a layer")
    search.fill("dashed")
    expect(page.locator(".edge.hit")).to_have_count(8)  # before and after each 1x1
    expect(page.locator(".node.hit")).to_have_count(4)
    search.press("Enter")
    expect(page.locator(".edge.sel")).to_have_count(2)
    expect(page.locator(".resviz-facts")).to_contain_text("dashed: the shape changes")


def test_fold_by_keyboard_keeps_the_focus(walk: OpenPage) -> None:
    page = walk(RESNET50)
    for action, path in (("unfold", "layer1.1-2"), ("fold", "layer1.1-2"), ("fold", "layer2"), ("unfold", "layer2")):
        knob = page.locator(f'.handle[data-fold="{path}"][data-action="{action}"]')
        knob.focus()
        page.keyboard.press("Enter")
        expect(knob).to_have_count(0)
        expect(handle(page, path)).to_be_focused()


def test_focus_stays_on_a_node_that_another_picture_has_too(walk: OpenPage) -> None:
    page = walk(RESNET50)
    node(page, "input").focus()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    expect(node(page, "maxpool")).to_be_focused()
    handle(page, "layer1.1-2").dispatch_event("click")
    expect(node(page, "layer1.2")).to_be_attached()
    expect(node(page, "maxpool")).to_be_focused()


def test_click_on_the_empty_canvas_deselects_and_a_drag_does_not(walk: OpenPage) -> None:
    page = walk(RESNET50)
    node(page, "conv1").click()
    expect(page.locator(".resviz-title code")).to_be_visible()
    view = page.locator(".view").bounding_box()
    assert view is not None
    x, y = view["x"] + view["width"] - 20, view["y"] + 150
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 30, y + 30, steps=3)
    page.mouse.up()
    expect(node(page, "conv1")).to_have_attribute("aria-selected", "true")
    page.mouse.click(x, y)
    expect(page.locator(".node[aria-selected=true]")).to_have_count(0)
    expect(page.locator(".resviz-title code")).to_have_count(0)


def test_heat_colours_the_nodes_and_shows_its_scale(walk: OpenPage) -> None:
    page = walk(RESNET50)
    choose(page, "Colour by", "MACs")
    expect(page.locator(".view svg")).to_contain_text("MACs for one image: 0 to 1.09 G")
    expect(node(page, "layer3.1-5")).to_have_class(re.compile(r"\bh8\b"))
    cold, hot = (node(page, path).locator("rect").last.evaluate("box => getComputedStyle(box).fill")
                 for path in ("maxpool", "layer3.1-5"))  # fmt: skip
    assert cold != hot


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("heat", ["", "Parameters"])
def test_text_on_every_node_can_be_read_in_both_themes(walk: OpenPage, heat: str) -> None:
    page = walk("/?net=seresnet18&detail=Operations")
    if heat:
        choose(page, "Colour by", heat)
        expect(page.locator(".node.heat").first).to_be_attached()
    nodes = page.locator(".node:has(text)")
    ratios = [nodes.nth(index).evaluate(CONTRAST) for index in range(0, nodes.count(), 3)]
    assert min(ratios) >= 4.5


def test_theme_is_followed_live(walk: OpenPage) -> None:
    page = walk(RESNET50)

    def fill() -> str:
        return str(node(page, "conv1").locator("text").evaluate("text => getComputedStyle(text).fill"))

    light = fill()
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("light => { const all = (root, found = []) => { for (const e of root.querySelectorAll('*'))"
                           " { found.push(e); if (e.shadowRoot) all(e.shadowRoot, found); } return found; };"
                           " const text = all(document).find(e => e.matches('.node text'));"
                           " return getComputedStyle(text).fill !== light; }", arg=light)  # fmt: skip
    assert fill() != light


def test_picture_is_downloaded_as_it_stands(walk: OpenPage) -> None:
    page = walk(f"{RESNET50}&detail=Stages")
    for kind, start in (
        ("SVG", b"<svg"),
        ("PNG", b"\x89PNG"),
        ("PDF", b"%PDF"),
        ("DOT", b"digraph"),
        ("HTML", b"<!doctype html>"),
    ):
        offer = page.get_by_role("button", name=re.compile(f"^{kind}, "))
        if not offer.is_visible():
            page.get_by_role("toolbar").get_by_role("button", name="Download").click()
        with page.expect_download() as waiting:
            offer.click()
        download = waiting.value
        assert download.suggested_filename == f"resnet50.{kind.lower()}"
        assert Path(download.path()).read_bytes().startswith(start)


def test_full_screen_fills_the_screen(open_page: OpenPage) -> None:
    page = open_page(RESNET50)
    page.get_by_role("button", name="Full screen").click()
    page.wait_for_function("() => document.fullscreenElement !== null")
    page.locator(".frame").evaluate(
        "frame => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    frame = page.locator(".frame").bounding_box()
    assert frame is not None
    assert frame["height"] >= 890
    page.wait_for_url(lambda address: "full=1" in address)
    page.get_by_role("button", name="Full screen").click()
    page.wait_for_function("() => document.fullscreenElement === null")
    page.wait_for_url(lambda address: "full" not in address)


def test_block_from_near_and_twins_are_shown(walk: OpenPage) -> None:
    page = walk("/?net=resnet34")
    choose(page, "View", "One block")
    expect(page.locator(".view svg")).to_contain_text("F(x) + x")
    choose(page, "View", "With plain twin")
    expect(node(page, "plain.layer1.0-2")).to_be_attached()


def test_controls_that_would_change_nothing_are_dead_or_gone_and_the_bar_says_why(walk: OpenPage) -> None:
    page = walk("/?net=resnet34")
    controls = {
        "detail": page.get_by_role("radio", name="Layers"),
        "horizontal": page.get_by_role("combobox", name="Direction"),
        "heat": page.get_by_role("combobox", name="Colour by"),
    }
    for name, view in VIEWS.items():
        if name != "network":
            choose(page, "View", view.label)
            expect(page.get_by_text(view.why)).to_be_visible()
        run_ended(page)
        page.get_by_role("button", name="Options").click()
        for option, control in controls.items():
            if option in view.takes:
                expect(control).to_be_enabled()
            elif option == "detail":  # it stands in the bar, where there is no room for what does nothing
                expect(control).to_be_hidden()
            else:
                expect(control).to_be_disabled()
        page.keyboard.press("Escape")


def test_pinch_zooms(walk: OpenPage) -> None:
    page = walk(RESNET50)
    view = page.locator(".view").bounding_box()
    assert view is not None
    x, y = view["x"] + view["width"] / 2, view["y"] + view["height"] / 2
    before, touch = zoom(page), page.context.new_cdp_session(page)
    for kind, apart in (("touchStart", 40), ("touchMove", 60), ("touchMove", 90), ("touchMove", 120)):
        points = [{"x": x - apart, "y": y, "id": 0}, {"x": x + apart, "y": y, "id": 1}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert zoom(page) > 1.5 * before


def test_row_picked_in_the_layer_table_lights_up_and_a_click_takes_over(walk: OpenPage) -> None:
    page = walk(f"{RESNET50}&detail=Layers&tab=Layers")
    table = page.locator("[data-testid=stDataFrame] .dvn-scroller").first
    table.scroll_into_view_if_needed()
    table.click(position={"x": 16, "y": 160})  # the box that picks the fourth row or so
    expect(page.locator(".resviz-facts")).to_contain_text("Receptive field")
    expect(page.locator(".node[aria-selected=true]")).to_have_count(1)
    node(page, "fc").dispatch_event("click")
    expect(page.locator(".resviz-facts")).to_contain_text("2048·1000")
    expect(node(page, "fc")).to_have_attribute("aria-selected", "true")
