"""Who visits the app in a test: somebody new, who loads a page, or somebody who walks from page to page."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request, ViewportSize, WebSocket

from scripts.live import HOST, run_ended

DESKTOP: ViewportSize = {"width": 1280, "height": 900}
LOCAL_SCHEMES = {"about", "blob", "data"}  # addresses that no network sees
NARROW = 769  # pixels of width, from which Streamlit leaves the sidebar beside the page


class Visitors:
    """The visitors of one worker's app: each has a profile of his own and goes in one tab from test to test."""

    EMPTY = "/_stcore/health"
    """A page of the app's origin with nothing on it."""
    LIGHTEST = "/history?net=resnet18"
    """The page of the app with the least on it."""

    def __init__(self, chromium: Browser, server: str, **more: Any) -> None:
        self._server = server
        self._new: dict[str, Any] = {"base_url": server, "viewport": DESKTOP, **more}
        self._chromium = chromium
        self._profiles: list[BrowserContext] = []  # each with a tab that keeps the compiled scripts alive
        self._tabs: list[Page] = []
        self._walkers: dict[bool, Page] = {}

    def tab(self, number: int) -> Page:
        """The tab of a visitor, who has seen nothing yet."""
        if number == len(self._tabs):
            self._tabs.append(self._new_profile().new_page())
        if self._tabs[number].is_closed():
            self._tabs[number] = self._tabs[number].context.new_page()
        return self._tabs[number]

    def leave(self, page: Page) -> None:
        """Have a visitor forget what he has seen and stored; not what his browser has cached."""
        page.evaluate("document.fullscreenElement && document.exitFullscreen()")  # such a window takes no size
        page.goto(self.EMPTY)
        page.mouse.move(-1, -1)
        session = page.context.new_cdp_session(page)
        types = "cookies,local_storage,indexeddb"
        session.send("Storage.clearDataForOrigin", {"origin": self._server, "storageTypes": types})
        session.detach()
        page.evaluate("sessionStorage.clear()")

    def walker(self, viewport: ViewportSize) -> Page:
        """The tab of a visitor who goes from page to page of the app and loads none again; a phone's is another."""
        phone = viewport["width"] < NARROW
        page = self._walkers.get(phone)
        if page is None or page.is_closed():
            page = self._walkers[phone] = self.walkers_profile.new_page()
            page.set_viewport_size(viewport)
            page.goto(self.LIGHTEST)
            run_ended(page)
        return page

    @cached_property
    def walkers_profile(self) -> BrowserContext:
        """The profile of the visitor who walks: his cookies outlive those of the others."""
        return self._new_profile()

    def _new_profile(self) -> BrowserContext:
        profile = self._chromium.new_context(**self._new)
        profile.new_page().goto(self.EMPTY)
        self._profiles.append(profile)
        return profile

    def close(self) -> None:
        for profile in self._profiles:
            profile.close()


def follow(page: Page, path: str) -> Page:
    """Go to an address of the app, without a `v`, as the Back button does: in the same document and session."""
    page.evaluate(
        """path => {
            History.prototype.pushState.call(history, null, "", path);
            dispatchEvent(new PopStateEvent("popstate"));
        }""",
        path,
    )
    page.wait_for_url(lambda address: "&v=" in address)  # which a run writes last
    return run_ended(page)


@contextmanager
def watched(page: Page) -> Iterator[None]:
    """Fail at the end where a page broke, complained, or asked for anything on another machine."""
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # At a page's own address Streamlit first asks below that page, is told 404, and asks at the root.
        probe = "404" in message.text and "/_stcore/" in message.location["url"]
        if message.type == "error" and not probe:
            complaints.append(f"console: {message.text}")

    def watch(asked: Request | WebSocket) -> None:
        parts = urlsplit(asked.url)
        if parts.scheme not in LOCAL_SCHEMES and parts.hostname != HOST:
            complaints.append(f"left this machine: {asked.url}")

    def broke(error: Error) -> None:
        complaints.append(f"JavaScript: {error}")

    def crashed(_: Page) -> None:
        complaints.append("the page crashed")

    page.on("request", watch)
    page.on("websocket", watch)
    page.on("console", hear)
    page.on("pageerror", broke)
    page.on("crash", crashed)
    yield
    page.remove_listener("request", watch)
    page.remove_listener("websocket", watch)
    page.remove_listener("console", hear)
    page.remove_listener("pageerror", broke)
    page.remove_listener("crash", crashed)
    assert not complaints, "\n".join(complaints)
