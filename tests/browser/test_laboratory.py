"""The Laboratory page in a browser: a run grows, outlives a reload and is looked into."""

from playwright.sync_api import Page, expect

from scripts.live import run_ended
from tests.browser.conftest import LONG, OpenPage

TINY = "epochs~1~seeds~0~rate~0.1~batch~256~~plain-8-w4~~residual-8-w4"


def drawn(page: Page, charts: int) -> None:
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible(timeout=LONG)
    expect(page.locator(".js-plotly-plot")).to_have_count(charts, timeout=LONG)


def test_nets_are_trained_found_again_and_looked_into(open_page: OpenPage) -> None:
    page = open_page(f"/laboratory?experiment={TINY}")
    expect(page.get_by_text("A recorded run of the classic experiment")).to_be_visible()
    drawn(page, 1)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_role("cell", name="residual-8-w4")).to_be_visible(timeout=LONG)
    expect(page.get_by_role("button", name="Stop")).to_have_count(0, timeout=LONG)
    run_ended(page)
    assert "job=" in page.url
    page.reload()
    expect(page.get_by_role("cell", name="residual-8-w4")).to_be_visible(timeout=LONG)
    run_ended(page)
    page.get_by_role("button", name="Measure the gradients").click()
    expect(page.get_by_role("cell", name="at initialisation").first).to_be_visible(timeout=LONG)
    drawn(page, 3)
    root = page.locator("html")
    assert root.evaluate("root => root.scrollWidth <= root.clientWidth")
