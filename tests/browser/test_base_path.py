"""The app under a path of its own, as behind a proxy that serves several: every page opens and every link stays in."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from scripts.live import run_ended, serve
from tests.browser.visitors import DESKTOP

BASE = "some/course"


@pytest.fixture(scope="module")
def under() -> Iterator[str]:
    with serve(base=BASE) as address:
        yield address


@pytest.fixture(scope="module")
def visitor(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport=DESKTOP)
    yield context.new_page()
    context.close()


PATHS = ("learn", "compare", "design", "published", "module", "laboratory", "profile", "history", "")


def test_every_page_is_served_under_the_path_and_opened_there_by_its_link(under: str, visitor: Page) -> None:
    visitor.goto(f"{under}/published?net=resnet18&v=1")
    run_ended(visitor)
    assert f"/{BASE}/published?" in visitor.url
    document = visitor.request.get(f"{under}/").text()
    for path in PATHS:
        assert visitor.request.get(f"{under}/{path}?net=resnet18&v=1").text() == document, path
        link = visitor.locator(f"[data-testid=stTopNavLink][href='{under}/{path}']")
        link.click()
        expect(link, path).to_have_attribute("aria-current", "page")
        visitor.wait_for_url(lambda address, path=path: f"/{BASE}/{path}?" in address and "net=resnet18" in address)
        run_ended(visitor)


def test_the_link_on_a_card_opens_the_network_under_the_path(under: str, visitor: Page) -> None:
    visitor.goto(f"{under}/compare?net=resnet18&v=1&with=resnet34")
    run_ended(visitor)
    link = visitor.get_by_role("link", name="open ↗")
    assert (link.get_attribute("href") or "").startswith(f"/{BASE}/?net=resnet34")
    visitor.goto(f"{under.removesuffix(f'/{BASE}')}{link.get_attribute('href')}")
    run_ended(visitor)
    assert visitor.locator(".resviz-headline dd").filter(has_text="21.80 M").count() == 1
