"""The live app in real Chromium. Everything in this folder carries the marker `browser`.

Each page is a new visitor's: a document, a session and an address of its own, and nothing stored. Only the tab and
what the browser has fetched and compiled are kept from one test to the next: a page takes a third of the time to open.
A second visitor in a test has a profile of his own, with other cookies. A test fails on a JavaScript error, on an
error in the console, and on a request to anywhere but this machine.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Route,
    ViewportSize,
    WebSocket,
    expect,
)

from scripts.live import HOST, launch, run_ended, serve
from tests.profiling.conftest import BRIEF, TINY

ColorScheme = Literal["light", "dark"]
LONG = 180_000  # milliseconds that what is computed may take on a busy machine; who waits for it goes on at once
expect.set_options(timeout=30_000)  # five seconds, Playwright's own, are too few where a machine has other work
NARROW = 769  # pixels of width, from which Streamlit leaves the sidebar beside the page
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
LOCAL_SCHEMES = {"about", "blob", "data"}  # addresses that no network sees


class OpenPage(Protocol):
    def __call__(self, path: str = "/") -> Page: ...


class OpenFile(Protocol):
    def __call__(self, path: Path, **more: Any) -> Page: ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of the live app; one server for each xdist worker."""
    with serve() as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for each xdist worker. Without one: skip, or fail under CI=true."""
    with ExitStack() as stack:
        try:
            browser = stack.enter_context(launch())
        except FileNotFoundError as error:
            missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
            missing(str(error))
        yield browser


@pytest.fixture
def color_scheme() -> ColorScheme:
    """Light, unless a test says `@pytest.mark.parametrize("color_scheme", ["light", "dark"])`."""
    return "light"


@pytest.fixture
def viewport() -> ViewportSize:
    """A desktop's, unless a test parametrizes `viewport`."""
    return DESKTOP


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
        page.evaluate(
            "document.fullscreenElement && document.exitFullscreen()"
        )  # a window of such a size takes no other
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


@pytest.fixture(scope="session")
def visitors(chromium: Browser, server: str) -> Iterator[Visitors]:
    visitors = Visitors(chromium, server)
    yield visitors
    visitors.close()


@pytest.fixture
def open_page(
    request: pytest.FixtureRequest, visitors: Visitors, color_scheme: ColorScheme, viewport: ViewportSize
) -> Iterator[OpenPage]:
    """`open_page(path)`: the app at `path` as a new visitor sees it, run_ended; once for each visitor."""
    pages: list[Page] = []
    failed = request.session.testsfailed
    with ExitStack() as watching:

        def open_page(path: str = "/") -> Page:
            page = visitors.tab(len(pages))
            pages.append(page)
            page.set_viewport_size(viewport)
            page.emulate_media(color_scheme=color_scheme)
            watching.enter_context(watched(page))
            page.goto(path)
            return run_ended(page)

        yield open_page
        for page in pages:
            if request.session.testsfailed > failed:
                page.close()  # nobody knows what it was left in
            elif not page.is_closed():
                visitors.leave(page)


@pytest.fixture
def walk(
    request: pytest.FixtureRequest, visitors: Visitors, color_scheme: ColorScheme, viewport: ViewportSize
) -> Iterator[OpenPage]:
    """`walk(path)`: the app at `path` as a visitor sees it who comes from another page, run_ended; once in a test.

    It takes a third of the computing of `open_page`, and is for claims on what a page does, not on how it opens: what
    is on it is drawn anew, but the sidebar and the session have seen other tests.
    """
    with walking(request, visitors, viewport, color_scheme) as walk:
        yield walk


@contextmanager
def walking(
    request: pytest.FixtureRequest, visitors: Visitors, viewport: ViewportSize, color_scheme: ColorScheme = "light"
) -> Iterator[OpenPage]:
    """Give `walk` for the visitor who walks, and see to it that he complains of nothing."""
    page = visitors.walker(viewport)
    failed = request.session.testsfailed
    with watched(page):

        def walk(path: str = "/") -> Page:
            page.set_viewport_size(viewport)
            page.emulate_media(color_scheme=color_scheme)
            follow(page, Visitors.LIGHTEST)
            page.mouse.move(-1, -1)
            # Explore keeps what was shown for those who come back, unless the address says something of it.
            return follow(page, f"{path}&detail=Blocks" if path.startswith("/?") and "detail=" not in path else path)

        yield walk
        if request.session.testsfailed > failed:
            page.close()  # nobody knows what it was left in


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


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of two runs of a tiny network, as `resviz profile --json` writes it."""
    from resviz.profiling import sweep

    path = tmp_path_factory.mktemp("runs") / "out.json"
    found = sweep(TINY, device="cpu", batches=(1, 2), protocol=BRIEF, breakdown=True)
    path.write_text(found.to_json(), encoding="utf-8")
    return path


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """The front page, run_ended."""
    return open_page()


@pytest.fixture
def open_file(chromium: Browser) -> Iterator[OpenFile]:
    """Open a file offline: every request but that for the file itself fails, and fails the test."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def open_file(path: Path, **more: Any) -> Page:
        def refuse(route: Route) -> None:
            if route.request.url == path.as_uri():
                route.continue_()
            else:
                complaints.append(f"asked for {route.request.url}")
                route.abort()

        context = chromium.new_context(offline=True, **{"viewport": DESKTOP, **more})
        contexts.append(context)
        context.route("**/*", refuse)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"JavaScript: {error}"))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(path.as_uri())
        page.locator(".node").first.wait_for()
        return page

    yield open_file
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)
