import pytest
from playwright.sync_api import Page

from scripts.live import run_ended
from tests.browser.conftest import OpenPage

BACKGROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 23, 29)"}  # .streamlit/config.toml
SIZES = [{"width": 1280, "height": 900}, {"width": 390, "height": 844}]


@pytest.mark.parametrize("color_scheme", list(BACKGROUNDS))
def test_app_follows_the_color_scheme(page: Page, color_scheme: str) -> None:
    app = page.get_by_test_id("stApp")
    assert app.evaluate("app => getComputedStyle(app).backgroundColor") == BACKGROUNDS[color_scheme]


@pytest.mark.parametrize("viewport", SIZES, ids=["desktop", "phone"])
def test_page_does_not_scroll_sideways(walk: OpenPage) -> None:
    root = walk("/?net=resnet50").locator("html")
    assert root.evaluate("root => root.scrollWidth <= root.clientWidth")


def test_app_survives_a_reload(page: Page) -> None:
    page.reload()
    assert run_ended(page).title()
