"""The app under a path of its own, as behind a proxy that serves several: every page opens and every link stays in."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from scripts.live import run_ended, serve

BASE = "some/course"


@pytest.fixture(scope="module")
def under() -> Iterator[str]:
    with serve(base=BASE) as address:
        yield address


@pytest.fixture
def visitor(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


PATHS = ("", "learn", "compare", "design", "published", "module", "laboratory", "profile", "history")


def test_every_page_opens_under_the_path(under: str, visitor: Page) -> None:
    for path in PATHS:
        visitor.goto(f"{under}/{path}?net=resnet18&v=1")
        run_ended(visitor)
        assert f"/{BASE}/{path}?" in visitor.url
        assert "net=resnet18" in visitor.url


def test_the_link_on_a_card_opens_the_network_under_the_path(under: str, visitor: Page) -> None:
    visitor.goto(f"{under}/compare?net=resnet18&v=1&with=resnet34")
    run_ended(visitor)
    link = visitor.get_by_role("link", name="open ↗")
    assert (link.get_attribute("href") or "").startswith(f"/{BASE}/?net=resnet34")
    visitor.goto(f"{under.removesuffix(f'/{BASE}')}{link.get_attribute('href')}")
    run_ended(visitor)
    assert visitor.locator(".resviz-headline dd").filter(has_text="21.80 M").count() == 1
