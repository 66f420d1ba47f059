"""The address bar and the Back button."""

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from scripts.live import run_ended
from tests.browser.conftest import OpenPage

PAGES = ("Compare", "Published", "Module", "Profile", "History")


def test_back_leaves_each_page_with_one_press_and_what_was_selected_still_is(open_page: OpenPage) -> None:
    page = open_page("/?net=resnet34&v=1")
    page.locator('.node[data-path="fc"]').dispatch_event("click")
    page.wait_for_url("**/?net=resnet34&v=1&node=fc")
    for name in PAGES:
        page.get_by_role("link", name=name, exact=True).click()
        page.wait_for_url(f"**/{name.lower()}?**net=resnet34**")
        run_ended(page)
        page.go_back()
        expect(page.get_by_role("heading", name="resnet34", level=1), name).to_be_visible()
        expect(page.locator(".node[aria-selected=true]"), name).to_have_attribute("data-path", "fc")
        run_ended(page)
        assert page.url.endswith("/?net=resnet34&v=1&node=fc"), name


def test_back_undoes_an_edit(open_page: OpenPage) -> None:
    page = open_page("/?net=resnet34&v=1")
    page.get_by_role("combobox", name="Preset").fill("resnet18")
    page.get_by_role("option", name="resnet18", exact=True).click()
    page.wait_for_url("**/?net=resnet18**")
    run_ended(page)
    page.go_back()
    expect(page.get_by_role("combobox", name="Preset")).to_have_value("resnet34")


def test_an_address_that_describes_no_network_is_said_when_the_app_opens(open_page: OpenPage) -> None:
    said_that_it_describes_none(open_page("/?net=nonsense"))


@pytest.mark.parametrize("name", PAGES)
def test_an_address_that_describes_no_network_is_said_on_every_page(walk: OpenPage, name: str) -> None:
    said_that_it_describes_none(walk(f"/{name.lower()}?net=nonsense"))


def said_that_it_describes_none(page: Page) -> None:
    expect(page.get_by_text("The address does not describe a network")).to_be_visible()
    expect(page.get_by_text("resnet50 is shown instead.")).to_be_visible()


def test_a_refused_preset_leaves_its_box_and_is_said_once(walk: OpenPage) -> None:
    page = walk("/?net=resnet34")
    box = page.get_by_role("combobox", name="Preset")
    box.fill("nonsense")
    box.press("Enter")
    refused = page.get_by_text("'nonsense' does not exist")
    expect(refused).to_have_count(1)
    run_ended(page)
    expect(box).to_have_value("resnet34")
    page.get_by_role("button", name="Other depths and widths").click()
    run_ended(page)
    expect(refused).to_have_count(0)


def test_a_refused_network_of_compare_leaves_its_box_and_is_said_once(walk: OpenPage) -> None:
    page = walk("/compare?net=resnet50&with=resnet34&question=Diagrams")
    page.get_by_role("button", name="Add a network").click()
    box = page.get_by_test_id("stSelectbox").get_by_role("combobox", name="Preset")
    box.fill("nonsense")
    box.press("Enter")
    run_ended(page)
    page.get_by_role("button", name="Add", exact=True).click()
    refused = page.get_by_text("'nonsense' does not exist")
    expect(refused).to_have_count(1)
    expect(box).to_have_value("")
    page.get_by_role("link", name="Published", exact=True).click()
    expect(page.get_by_role("heading", name="Published figures, recomputed")).to_be_visible()
    page.get_by_role("link", name="Compare", exact=True).click()
    expect(page.get_by_role("strong").filter(has_text="B: resnet34")).to_be_visible()
    run_ended(page)
    expect(refused).to_have_count(0)


def test_a_page_whose_websocket_is_lost_comes_back_and_goes_on(open_page: OpenPage) -> None:
    sockets: list[WebSocketRoute] = []

    def through(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        socket.connect_to_server()

    page = open_page("/?net=resnet34~depths~3-4-7-3&v=1")
    page.route_web_socket("**/_stcore/stream", through)
    page.reload()
    run_ended(page)
    sockets[-1].close()
    page.wait_for_function("document.querySelector('[data-testid=stApp]').dataset.testConnectionState !== 'CONNECTED'")
    run_ended(page)
    assert len(sockets) == 2
    assert "net=resnet34~depths~3-4-7-3" in page.url
    field = page.get_by_role("spinbutton", name="Blocks, conv4_x")
    expect(field).to_have_value("7")
    field.fill("9")
    field.press("Enter")
    page.wait_for_url("**/?net=resnet34~depths~3-4-9-3**")
    run_ended(page)
    page.close()  # what goes through stays in the tab


def test_back_returns_to_the_open_tab_the_lesson_and_the_networks_of_the_page_before(open_page: OpenPage) -> None:
    page = open_page("/profile?net=resnet50&v=1&section=Memory")
    for name, left in (
        ("Published", "/profile?net=resnet50&v=1&section=Memory"),
        ("Learn", "/published?net=resnet50&v=1&printed=Error+against+cost"),
        ("Module", "/learn?net=resnet50&v=1&lesson=bottleneck&step=2"),
    ):
        if not page.url.endswith(left):
            page.goto(left)
            run_ended(page)
        page.get_by_role("link", name=name, exact=True).click()
        page.wait_for_url(f"**/{name.lower()}?**net=resnet50**")
        run_ended(page)
        page.go_back()
        page.wait_for_url(f"**{left.partition('?')[0]}?**")
        run_ended(page)
        assert page.url.endswith(left), name
