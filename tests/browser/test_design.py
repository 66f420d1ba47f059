"""The inverse question in a browser: limits are typed, the answer is opened, the link asks it again."""

from playwright.sync_api import expect

from scripts.live import run_ended
from tests.browser.conftest import OpenPage


def test_the_best_net_under_limits_is_asked_for_and_opened(open_page: OpenPage) -> None:
    page = open_page("/design?ranges=depths.3%3D2..12&max_params=25M")
    expect(page.get_by_text("11 configurations.")).to_be_visible()
    box = page.get_by_role("textbox", name="MACs at most", exact=True)
    box.fill("3.5G")
    box.press("Enter")
    expect(page.get_by_text("2 left")).to_have_count(2)
    run_ended(page)
    assert "max_macs=3.5G" in page.url
    expect(page.get_by_text("Most MACs: depths.3 = 3")).to_be_visible()
    page.get_by_role("link", name="Open in Explore").click()
    page.wait_for_url("**net=resnet50~depths~3-4-3-3*")
    expect(page.get_by_role("tab", name="Stages")).to_be_visible()
