"""The Explore page as a person uses it."""

import re
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from playwright.sync_api import Page, expect

from resviz.ui.text import JOINER
from scripts.live import run_ended
from scripts.sessions import Session, visited
from tests.browser.conftest import OpenPage


def pick(page: Page, name: str) -> None:
    page.get_by_role("combobox", name="Preset").fill(name)
    page.get_by_role("option", name=name, exact=True).click()


def legend(page: Page, words: str) -> int:
    text = page.locator("svg text", has_text=words).first.text_content() or ""
    return int(re.findall(r"\((\d+)\)", text)[0])


def test_resnet34_deepened_survives_a_link_to_a_fresh_browser(open_page: OpenPage) -> None:
    page = open_page()
    pick(page, "resnet34")
    expect(page.locator("svg text", has_text="resnet34").first).to_be_visible()
    run_ended(page)
    assert legend(page, "changes the shape") == 3
    expect(page.get_by_text("21,797,672").first).to_be_visible()

    blocks = page.get_by_role("spinbutton", name="Blocks, conv4_x")
    blocks.fill("7")
    blocks.press("Enter")
    expect(page.locator("svg text", has_text="custom, from resnet34").first).to_be_visible()
    run_ended(page)
    address = page.url.split("/", 3)[-1]
    assert "net=resnet34~depths~3-4-7-3" in address
    total = page.locator(".resviz-table tr").last.inner_text()

    fresh = open_page(f"/{address}")
    assert fresh.locator(".resviz-table tr").last.inner_text() == total
    assert fresh.get_by_role("spinbutton", name="Blocks, conv4_x").input_value() == "7"
    assert legend(fresh, "changes the shape") == 3
    assert legend(fresh, "keeps the shape") == 14


def test_layer_selected_in_the_diagram_is_explained(walk: OpenPage) -> None:
    page = walk("/?net=resnet50&detail=Layers")
    page.locator('.node[data-path="layer1.0.conv2"]').dispatch_event("click")
    expect(page.get_by_text("3·3·64·64·56·56 = 115,605,504")).to_be_visible()
    expect(page.get_by_text("nn.Conv2d(64, 64, kernel_size=3, padding=1, bias=False)")).to_be_visible()


def test_impossible_number_says_so_and_keeps_the_picture(walk: OpenPage) -> None:
    page = walk("/?net=resnet50")
    planes = page.get_by_role("spinbutton", name="Planes, conv3_x")
    planes.fill("0")
    planes.press("Enter")
    expect(page.get_by_text("widths[1] 0 is not possible: it must be at least 1.")).to_be_visible()
    expect(page.locator("svg text", has_text="resnet50").first).to_be_visible()


def test_broken_query_shows_the_default_and_no_traceback(open_page: OpenPage) -> None:
    page = open_page("/?net=%3Cscript%3Ealert(1)%3C/script%3E&tab=Nothing")
    expect(page.locator("svg text", has_text="resnet50").first).to_be_visible()


@pytest.mark.parametrize("query", ["net=resnet50~depths~9999999999", "net=~~~", "v=7", "tab=Nothing&detail=None"])
def test_a_visitor_with_a_broken_query_is_sent_the_default_and_no_traceback(server: str, query: str) -> None:
    async def visit() -> Session:
        async with Session(server, query, keep=True) as session:
            await session.run()
        return session

    session = visited(visit())
    assert not session.exceptions
    assert {"net": "resnet50", "v": "1"}.items() <= dict(parse_qsl(session.query)).items()
    assert b"Diagram of resnet50" in b"".join(session.received)


def test_tables_and_configuration_can_be_downloaded(walk: OpenPage) -> None:
    page = walk("/?net=resnet18")
    page.get_by_test_id("stPopover").get_by_role("button", name="Download").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    assert "conv2_x" in download.value.path().read_text()
    page.get_by_role("tab", name="Configuration").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download YAML").click()
    assert "block: basic" in download.value.path().read_text()


def test_uploaded_configuration_is_shown_and_a_broken_one_explained(walk: OpenPage) -> None:
    page = walk("/?net=resnet18&tab=Configuration")
    upload = page.locator("input[type=file]")
    upload.set_input_files(
        {"name": "net.yaml", "mimeType": "text/yaml", "buffer": b"block: basic\ndepths: [1, 1, 1, 0]"}
    )
    expect(page.get_by_text("net.yaml: depths[3] 0 is not possible")).to_be_visible()
    upload.set_input_files(
        {"name": "net.yaml", "mimeType": "text/yaml", "buffer": b"name: mine\nblock: basic\ndepths: [1, 1, 1, 1]"}
    )
    expect(page.locator("svg text", has_text="mine").first).to_be_visible()


PICTURE = "![x](http://example.com/x.png) <b>bold</b> $x$"
SHOWN = PICTURE.replace("http", f"http{JOINER}")
"""The same with what keeps an address from becoming a link."""


def test_names_and_values_from_a_link_are_text_and_fetch_nothing(open_page: OpenPage) -> None:
    page = open_page(f"/?{urlencode({'net': f'resnet50~name~{quote(PICTURE)}'})}")
    expect(page.get_by_role("heading", name=PICTURE, level=1)).to_be_visible()
    page = open_page(f"/?{urlencode({'net': PICTURE})}")
    expect(page.get_by_text(SHOWN).first).to_be_visible()
