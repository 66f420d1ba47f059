"""The preset's box: what people type finds what they mean."""

import pytest
from playwright.sync_api import Page, expect

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
