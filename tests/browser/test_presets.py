"""The preset's box: what people type finds what they mean."""

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from scripts.live import run_ended
from tests.browser.conftest import OpenPage


@pytest.fixture
def box_page(walk: OpenPage) -> Page:
    page = walk("/?net=resnet18")
    page.get_by_role("combobox", name="Preset").click()
    expect(page.get_by_role("option", name="resnet34", exact=True)).to_be_visible()
    return page


def test_what_people_type_finds_the_network_first(box_page: Page) -> None:
    box = box_page.get_by_role("combobox", name="Preset")
    first = box_page.get_by_role("listbox", name="Presets").get_by_role("option").first
    for typed, name in (
        ("ResNet-50", "resnet50"),
        ("resnet 50d", "resnet50d"),
        ("50 v1.5", "resnet50"),
        ("SE", "seresnet18"),
        ("pre-activation", "preact_resnet110_cifar10"),
    ):
        box.fill(typed)
        expect(first, typed).to_have_attribute("aria-label", name)
    expect(box_page.get_by_role("group", name="Pre-activation (timm v2)")).to_be_visible()
    box.fill("resnet-50")
    expect(first).to_have_attribute("aria-description", "25.6 M parameters, 4.09 G MACs")
    box.press("Enter")
    expect(box_page.get_by_role("heading", level=1)).to_have_text("resnet50")


def test_escape_leaves_the_network_and_the_box_as_they_were(box_page: Page) -> None:
    box = box_page.get_by_role("combobox", name="Preset")
    box.fill("50d")
    box.press("Escape")
    expect(box).to_have_value("resnet18")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box_page.get_by_role("heading", level=1)).to_have_text("resnet18")


def test_what_is_used_before_a_preset_is_on_the_screen_leaves_its_fields(open_page: OpenPage) -> None:
    sockets: list[tuple[WebSocketRoute, WebSocketRoute]] = []
    late: list[str | bytes] = []
    slow = False

    def through(browser: WebSocketRoute) -> None:
        server = browser.connect_to_server()
        browser.on_message(server.send)
        server.on_message(lambda message: late.append(message) if slow else browser.send(message))
        sockets.append((browser, server))

    page = open_page("/?net=resnet50&v=1")
    page.route_web_socket("**/_stcore/stream", through)
    page.reload()
    run_ended(page)
    box = page.get_by_role("combobox", name="Preset")
    box.click()
    box.fill("resnet18")
    option = page.get_by_role("option", name="resnet18", exact=True)
    option.wait_for()
    run_ended(page)
    slow = True
    option.click()
    page.get_by_role("tab", name="Layers", exact=True).click()
    slow = False
    for message in late:
        sockets[-1][0].send(message)
    page.wait_for_url("**/?net=resnet18&**tab=Layers**")
    run_ended(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("resnet18")
    expect(page.get_by_role("spinbutton", name="Blocks, conv4_x")).to_have_value("2")
