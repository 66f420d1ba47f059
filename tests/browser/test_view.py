"""What both viewers stand on: the picture fits until a person moves it; fingers share it with the page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from resviz.arch import expand, preset
from resviz.diagram import Drawing, close_up, draw, twins
from resviz.diagram.compared import panes
from resviz.report.compare import compare
from scripts.live import run_ended
from tests.browser.conftest import OpenPage, walking
from tests.browser.toolbar import choose
from tests.browser.visitors import Visitors

WIDE: ViewportSize = {"width": 1400, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 780}
PLACE = """view => {
    const { a: k, e: x, f: y } = view.querySelector('svg > g').getCTM();
    const { width, height } = view.getBoundingClientRect();
    return { x, y, k, width, height };
}"""
FITS = f"""([view, width, height, before]) => {{
    const now = ({PLACE})(view), k = Math.min(now.width / width, now.height / height, 1.5);
    return (before === null || Math.abs(now.width - before) > 20) && Math.abs(now.k - k) < 0.01
        && Math.abs(now.x - (now.width - width * k) / 2) < 1 && Math.abs(now.y - (now.height - height * k) / 2) < 1;
}}"""
MOVED = f"""([view, width, x]) => {{
    const now = ({PLACE})(view);
    return now.width < width - 20 && now.x !== x;
}}"""
SCROLLED = "view => view.getBoundingClientRect().top"
AT_END = "main => main.scrollTop + main.clientHeight > main.scrollHeight - 60"
IS_AT = """(handle, [x, y]) => {
    const box = handle.querySelector('path').getBoundingClientRect();
    const at = [box.left + box.width / 2 + x, box.top + box.height / 2 + y];
    return handle.getRootNode().elementFromPoint(...at)?.closest('.handle')?.dataset.fold;
}"""
OVERLAPS = """tip => {
    const at = tip.getBoundingClientRect();
    return [...tip.closest('.frame').querySelectorAll('.node')]
        .map(node => [node.dataset.path, node.getBoundingClientRect()])
        .filter(([, box]) => box.left < at.right && at.left < box.right && box.top < at.bottom && at.top < box.bottom)
        .map(([path]) => path);
}"""


def view(page: Page) -> Locator:
    return page.locator(".view").first


def place(page: Page) -> dict[str, float]:
    found: dict[str, float] = view(page).evaluate(PLACE)
    return found


def fits(page: Page, drawing: Drawing, before: float | None = None) -> None:
    """Wait until the picture is whole and in the middle; with ``before``, of a view no longer that wide."""
    picture = [view(page).element_handle(), drawing.width, drawing.height, before]
    page.wait_for_function(FITS, arg=picture)


def close_sidebar(page: Page) -> None:
    page.get_by_test_id("stSidebar").hover()  # its button shows then
    page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()


def touch(page: Page, *moves: tuple[tuple[float, float], ...]) -> None:
    """Put fingers down at the first places, move them along the others, and lift them."""
    session = page.context.new_cdp_session(page)
    for index, fingers in enumerate(moves):
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(fingers)]
        kind = "touchMove" if index else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.fixture(scope="module")
def phones(chromium: Browser, server: str) -> Iterator[Visitors]:
    """Visitors whose screen is 360 px wide and is touched."""
    phones = Visitors(chromium, server, viewport=PHONE, has_touch=True, is_mobile=True)
    yield phones
    phones.close()


@pytest.fixture
def phone(request: pytest.FixtureRequest, phones: Visitors) -> Iterator[OpenPage]:
    """`phone(path)`: as `walk(path)`, on such a screen."""
    with walking(request, phones, PHONE) as walk:
        yield walk


@pytest.mark.parametrize("viewport", [WIDE], ids=["1400"])
def test_picture_fits_at_first_and_again_whenever_its_room_changes(open_page: OpenPage) -> None:
    page, drawing = open_page("/?net=resnet50&detail=Stages"), draw(expand(preset("resnet50")), "stages")
    fits(page, drawing)
    for change in (
        lambda: page.set_viewport_size({"width": 900, "height": 900}),
        lambda: page.set_viewport_size(WIDE),
        lambda: close_sidebar(page),
        lambda: page.get_by_test_id("stExpandSidebarButton").click(),
        lambda: page.get_by_role("button", name="Full screen").click(),
        lambda: page.evaluate("document.exitFullscreen()"),
    ):
        before = place(page)["width"]
        change()
        fits(page, drawing, before)


def test_picture_fits_again_when_view_detail_or_network_changes(walk: OpenPage) -> None:
    page, network = walk("/?net=resnet34"), expand(preset("resnet34"))
    page.get_by_role("button", name="Fit", exact=True).click()
    fits(page, draw(network, "blocks"))
    page.get_by_role("radio", name="Layers").click()
    expect(page.locator('.node[data-path="layer1.0.conv1"]')).to_be_attached()
    fits(page, draw(network, "layers"))
    choose(page, "View", "One block")
    fits(page, close_up(network, "layer1.0"))
    choose(page, "View", "With plain twin")
    fits(page, twins(network, "layers"))
    page.get_by_role("combobox", name="Preset").fill("resnet18")
    page.get_by_role("option", name="resnet18", exact=True).click()
    expect(page.locator("svg text", has_text="resnet18").first).to_be_visible()
    fits(page, twins(expand(preset("resnet18")), "layers"))


@pytest.mark.parametrize("viewport", [WIDE], ids=["1400"])
def test_what_a_person_has_moved_stays_in_the_middle(walk: OpenPage) -> None:
    page = walk("/?net=resnet50&detail=Stages")
    page.get_by_role("button", name="Zoom in").click()
    before = place(page)
    page.set_viewport_size({"width": 900, "height": 900})
    page.wait_for_function(MOVED, arg=[view(page).element_handle(), before["width"], before["x"]])
    after = place(page)
    assert after["k"] == before["k"]
    assert after["x"] - before["x"] == pytest.approx((after["width"] - before["width"]) / 2, abs=1)


def test_what_a_person_has_moved_is_kept_in_sight_at_another_level_of_detail(walk: OpenPage) -> None:
    page = walk("/?net=resnet34")
    search = page.get_by_role("searchbox", name="Find a layer")
    search.fill("layer3.0")
    search.press("Enter")
    run_ended(page)
    zoom = place(page)["k"]
    page.get_by_role("radio", name="Operations").click()
    expect(page.locator('.node[data-path="layer3.0.conv1"]')).to_be_in_viewport()
    assert place(page)["k"] == zoom


@pytest.mark.parametrize(
    "path",
    [
        "/?net=resnet50&detail=Layers",
        "/?net=resnet34&direction=right",
        "/compare?net=resnet18&with=resnet34&question=Diagrams",
    ],
)
def test_a_tip_covers_no_node(walk: OpenPage, path: str) -> None:
    page = walk(path)
    nodes = page.locator(".view .node")
    expect(nodes.first).to_be_visible()
    for index in range(1, 4):
        nodes.nth(index).hover()
        expect(page.get_by_role("tooltip")).to_be_visible()
        assert page.get_by_role("tooltip").evaluate(OVERLAPS) == []


def test_pointed_at_focused_and_selected_look_different(walk: OpenPage) -> None:
    page = walk("/?net=resnet50")
    node = page.locator('.node[data-path="conv1"]')
    look = "node => { const s = getComputedStyle(node.querySelector('rect')), o = getComputedStyle(node);"
    look += " return [s.stroke, s.strokeWidth, o.outlineStyle].join(); }"
    looks = [node.evaluate(look)]
    page.locator('.node[data-path="input"]').focus()
    page.keyboard.press("ArrowDown")
    looks.append(node.evaluate(look))
    page.keyboard.press("ArrowUp")
    node.hover()
    looks.append(node.evaluate(look))
    node.click()
    page.mouse.move(1, 1)
    looks.append(node.evaluate(look))
    assert len(set(looks)) == 4


def test_typing_where_a_layer_is_sought_presses_no_key_of_the_page(walk: OpenPage) -> None:
    page = walk("/?net=resnet50")
    page.evaluate("() => { window.heard = []; for (const type of ['keydown', 'keypress', 'keyup'])"
                  " document.addEventListener(type, e => window.heard.push(e.key)); }")  # fmt: skip
    page.get_by_role("searchbox", name="Find a layer").press_sequentially("rc")
    expect(page.get_by_role("searchbox", name="Find a layer")).to_have_value("rc")
    assert page.evaluate("window.heard") == []
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("path", ["/?net=resnet50", "/compare?net=resnet18&with=resnet34&question=Diagrams"])
def test_one_finger_scrolls_the_page_and_two_move_and_pinch(phone: OpenPage, path: str) -> None:
    page = phone(path)
    view(page).scroll_into_view_if_needed()
    box = view(page).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, max(box["y"], 0) + 150
    start = place(page)
    touch(page, ((x - 40, y), (x + 40, y)), ((x - 30, y + 10), (x + 50, y + 10)), ((x - 10, y + 40), (x + 70, y + 40)))
    moved = place(page)
    assert (moved["x"] - start["x"], moved["y"] - start["y"]) == (pytest.approx(30, abs=1), pytest.approx(40, abs=1))
    touch(page, ((x - 30, y), (x + 30, y)), ((x - 40, y), (x + 40, y)), ((x - 60, y), (x + 60, y)))
    pinched = place(page)
    assert pinched["k"] > 1.5 * moved["k"]
    offset, at_end = view(page).evaluate(SCROLLED), page.get_by_test_id("stMain").evaluate(AT_END)
    way = 1 if at_end else -1
    touch(page, ((x, y),), ((x, y + 20 * way),), ((x, y + 60 * way),), ((x, y + 100 * way),))
    arguments = [view(page).element_handle(), offset]
    page.wait_for_function(f"([view, offset]) => Math.abs(({SCROLLED})(view) - offset) > 30", arg=arguments)
    after = place(page)
    assert {name: after[name] for name in "xyk"} == {name: pinched[name] for name in "xyk"}


def test_a_handle_is_large_enough_for_a_finger(phone: OpenPage) -> None:
    page = phone("/?net=resnet50")
    handle = page.locator('.handle[data-fold="layer1.1-2"]')
    handle.scroll_into_view_if_needed()
    for aside in ((11.5, 0), (-11.5, 0), (0, 11.5), (0, -11.5), (0, 0)):
        assert handle.evaluate(IS_AT, aside) == "layer1.1-2"


@pytest.mark.parametrize("viewport", [WIDE], ids=["1400"])
def test_compared_pictures_fit_again_when_their_room_changes(walk: OpenPage) -> None:
    page = walk("/compare?net=resnet50&with=resnet34&question=Diagrams")
    page.get_by_role("button", name="Fit", exact=True).click()
    before = place(page)
    page.set_viewport_size({"width": 1000, "height": 900})
    page.wait_for_function(MOVED, arg=[view(page).element_handle(), before["width"], before["x"]])
    compared = panes(compare([expand(preset(name)) for name in ("resnet50", "resnet34")]))
    width, height = (max(getattr(pane.slim, side) for pane in compared) for side in ("width", "height"))
    page.wait_for_function(FITS, arg=[view(page).element_handle(), width, height, None])


@pytest.mark.parametrize("viewport", [{"width": 800, "height": 900}, PHONE], ids=["800", "360"])
def test_compared_pictures_are_never_cut_but_swiped(walk: OpenPage) -> None:
    page = walk("/compare?net=resnet50&with=resnet34&with=resnet18&with=resnet101&question=Diagrams")
    expect(page.locator(".pane .node").first).to_be_visible()
    widths = page.locator(".panes").evaluate("row => [row, ...row.children].map(each => each.clientWidth)")
    assert len(widths) == 5
    shares = [width / widths[0] for width in widths[1:]]  # two in a row, or one and the edge of the next
    assert shares == [pytest.approx(0.5, abs=0.01)] * 4 or shares == [pytest.approx(0.92, abs=0.01)] * 4


def test_folding_leaves_the_picture_fitted_across(phone: OpenPage) -> None:
    page = phone("/?net=resnet50")
    page.locator('.handle[data-fold="layer1.1-2"]').tap()
    expect(page.locator('.node[data-path="layer1.2"]')).to_be_attached()
    now, drawing = place(page), draw(expand(preset("resnet50")), "blocks", unfold=["layer1.1-2"])
    assert now["x"] == pytest.approx((now["width"] - drawing.width * now["k"]) / 2, abs=1)


def test_of_two_handles_side_by_side_a_finger_presses_the_nearer(phone: OpenPage) -> None:
    page = phone("/?net=resnet50")
    page.locator('.handle[data-fold="layer1.1-2"]').tap()
    both = page.locator('.handle[data-fold="layer1.1"], .handle[data-fold="layer1.1-2"]')
    expect(both).to_have_count(2)
    run_ended(page)
    one = page.locator('.handle[data-fold="layer1.1"]')
    assert one.evaluate(IS_AT, (0, 0)) == "layer1.1-2"  # whose area lies over it
    box = one.locator("path").bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator('.node[data-path="layer1.1.conv1"]')).to_be_attached()
