"""The Profile and History pages in a browser: a measurement outlives a reload, files come and go."""

import json
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from resviz.profiling.result import Sweep
from resviz.ui.visitor import COOKIE
from scripts.live import run_ended
from scripts.sessions import Session, visited
from tests.browser.conftest import LONG, OpenPage

NET = "resnet20_cifar10"


def show(page: Page, view: str) -> None:
    page.get_by_role("tab", name=view, exact=True).click()
    run_ended(page)


def test_a_measurement_outlives_a_reload(open_page: OpenPage) -> None:
    page = open_page(f"/profile?net={NET}")
    page.get_by_role("button", name="Measure").click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible(timeout=LONG)
    assert "job=" in page.url
    page.reload()
    expect(page.get_by_text("Time per step", exact=True).first).to_be_visible(timeout=LONG)
    run_ended(page)
    expect(page.get_by_text(f"{NET}, forward pass, batch 1, on")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="JSON", exact=True).click()
    (run,) = Sweep.from_json(Path(download.value.path()).read_text(encoding="utf-8")).runs
    assert (run.config.name, len(run.samples)) == (NET, 20)


async def seen_by_a_stranger(server: str, address: str, cookie: str = "") -> tuple[bytes, bool]:
    """What a browser with other cookies, or these, is sent that opens an address, and whether it is offered a Stop."""
    parts = urlsplit(address)
    if not cookie:
        with urlopen(f"{server}/_stcore/health") as answer:
            cookie = answer.headers["Set-Cookie"].partition(";")[0]
    async with Session(server, parts.query, parts.path.strip("/"), keep=True, cookie=cookie) as session:
        await session.run()
    assert not session.exceptions
    return b"".join(session.received), session.knows("Stop")


def own(page: Page) -> str:
    """The cookie that a browser is known by."""
    (cookie,) = (each for each in page.context.cookies() if each.get("name") == COOKIE)
    return f"{COOKIE}={cookie['value']}"


def test_a_running_measurement_is_found_again_after_other_pages_and_stopped(open_page: OpenPage, server: str) -> None:
    page = open_page(f"/profile?net={NET}")
    page.get_by_text("Protocol in detail").click()
    steps = page.get_by_role("spinbutton", name="Timed steps")
    steps.fill("100000")
    steps.press("Enter")
    expect(page.get_by_text("100000 timed steps")).to_be_visible()
    run_ended(page)
    page.get_by_role("button", name="Measure").click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible(timeout=LONG)
    page.get_by_role("link", name="History", exact=True).click()
    expect(page.get_by_role("heading", name="History", level=1)).to_be_visible()
    page.get_by_role("link", name="Profile", exact=True).click()
    expect(page.get_by_role("progressbar")).to_be_visible(timeout=LONG)
    expect(page.get_by_role("button", name="Stop")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("before yours")).to_have_count(0)
    shown, buttons = visited(seen_by_a_stranger(server, page.url))
    assert b"Only the person who started it can stop it." in shown
    assert not buttons
    assert visited(seen_by_a_stranger(server, page.url, own(page)))[1]
    page.reload()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped before the first result.")).to_be_visible(timeout=LONG)


def test_a_run_is_deleted_after_a_question(walk: OpenPage, file: Path) -> None:
    page = walk("/history?net=resnet18")
    page.get_by_text("Import a file").click()
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("Every run of this file is in the history.")).to_be_visible(timeout=LONG)
    expect(page.get_by_role("button", name="Delete")).to_be_disabled()
    run_ended(page)
    table = page.get_by_test_id("stDataFrame").locator("canvas").first
    table.click(position={"x": 15, "y": 52}, force=True)  # the box of the first row; a scroller lies over the canvas
    expect(page.get_by_role("button", name="Delete")).to_be_enabled(timeout=LONG)
    run_ended(page)
    page.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("This cannot be undone.")).to_be_visible()
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("1 run deleted.")).to_be_visible(timeout=LONG)
    expect(dialog).to_have_count(0)


def test_every_view_of_a_file_is_drawn(walk: OpenPage, file: Path) -> None:
    page = walk("/profile?net=resnet18")
    page.get_by_text("Open a JSON file").click()
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("tiny, forward pass, batch 2, on")).to_be_visible(timeout=LONG)
    for view in ("Steps", "Batch sizes", "Blocks", "Roofline"):
        show(page, view)
        expect(page.get_by_role("tabpanel", name=view, exact=True).locator(".js-plotly-plot:visible")).to_have_count(1)
    show(page, "Protocol and device")
    expect(page.get_by_text("1 warm-up and 3 timed steps, batch 2, FP32 (IEEE), NCHW, eager")).to_be_visible()


def test_runs_are_imported_listed_and_exported(walk: OpenPage, file: Path) -> None:
    page = walk("/history?net=resnet18")
    page.get_by_text("Import a file").click()
    page.locator("input[type=file]").set_input_files(file)
    # Other tests' runs may be listed already: wait for what only the import says.
    expect(page.get_by_text("Every run of this file is in the history.")).to_be_visible(timeout=LONG)
    expect(page.get_by_test_id("stDataFrame")).to_be_visible(timeout=LONG)
    run_ended(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="JSON", exact=True).click()
    document = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert {run["config"]["name"] for run in document["runs"]} >= {"tiny"}


@pytest.mark.parametrize("viewport", [{"width": 390, "height": 844}], ids=["phone"])
@pytest.mark.parametrize("path", ["/profile?net=resnet50", "/history?net=resnet50"])
def test_pages_do_not_scroll_sideways_on_a_phone(walk: OpenPage, path: str) -> None:
    root = walk(path).locator("html")
    assert root.evaluate("root => root.scrollWidth <= root.clientWidth")


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_an_estimate_is_a_table_a_diagram_and_a_picture_of_the_fit(walk: OpenPage) -> None:
    page = walk(f"/profile?net={NET}&section=Estimated+elsewhere")
    expect(page.get_by_text("Mostly bound by")).to_be_visible(timeout=LONG)
    show(page, "Time in the diagram")
    expect(page.get_by_text("estimated time of a forward pass on")).to_be_visible(timeout=LONG)
    show(page, "Estimated against published")
    expect(
        page.get_by_role("tabpanel", name="Estimated against published").locator(".js-plotly-plot:visible")
    ).to_have_count(1)
    expect(page.get_by_text("510 of 510")).to_be_visible()
