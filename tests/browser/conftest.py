"""The live app in real Chromium. Everything in this folder carries the marker `browser`.

Each page is a new visitor's: a document, a session and an address of its own, and nothing stored. Only the tab and
what the browser has fetched and compiled are kept from one test to the next: a page takes a third of the time to open.
A second visitor in a test has a profile of his own, with other cookies. A test fails on a JavaScript error, on an
error in the console, and on a request to anywhere but this machine.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Literal, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, ViewportSize, expect

from scripts.live import launch, run_ended, serve
from tests.browser.visitors import DESKTOP, Visitors, follow, watched
from tests.profiling.conftest import BRIEF, TINY

ColorScheme = Literal["light", "dark"]
LONG = 180_000  # milliseconds that what is computed may take on a busy machine; who waits for it goes on at once
expect.set_options(timeout=30_000)  # five seconds, Playwright's own, are too few where a machine has other work


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
        for number, page in enumerate(pages):
            if request.session.testsfailed > failed:
                page.close()  # nobody knows what it was left in
            visitors.leave(visitors.tab(number))


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
            run_ended(page)
            follow(page, Visitors.LIGHTEST)
            left = page.get_by_role("heading", name="History", level=1)
            expect(left).to_be_visible()
            page.mouse.move(-1, -1)
            # Explore keeps what was shown for those who come back, unless the address says something of it.
            follow(page, f"{path}&detail=Blocks" if path.startswith("/?") and "detail=" not in path else path)
            if not path.startswith("/history"):
                expect(left).to_have_count(0)
            return run_ended(page)

        yield walk
        if request.session.testsfailed > failed:
            page.close()  # nobody knows what it was left in
        else:
            page.evaluate("0")  # what it complained of before has then been heard


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
