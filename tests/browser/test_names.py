"""Names from strangers in real Chromium: they are read, they are no links, pictures, lists or formulas."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from resviz.arch import preset
from resviz.arch.links import encode
from scripts.live import run_ended, serve
from tests.browser.conftest import OpenPage

HERE = Path(__file__).parent
NAMES: list[str] = json.loads((HERE.parent / "corpus" / "names.json").read_text(encoding="utf-8"))
MARKS = "a, img, ul, ol, h1, h2, h3, hr, table, blockquote, code, pre, strong, em, del, svg, script, .katex, iframe"
BOXES = "[data-testid=stMarkdownContainer]"
LIVE = "https://example.org/x www.example.org a@example.org <a href=//example.org>b</a>"
PAGES = ("", "compare", "published", "module", "profile", "history")


@pytest.fixture
def names_page(chromium: Browser) -> Iterator[Page]:
    with serve(HERE / "names_app.py") as address:
        context = chromium.new_context()
        page = context.new_page()
        page.goto(address)
        yield run_ended(page)
        context.close()


def test_no_name_of_the_corpus_is_more_than_text(names_page: Page) -> None:
    boxes = names_page.locator(BOXES)
    assert boxes.count() >= 3 * len(NAMES)
    marked = boxes.evaluate_all(
        "(boxes, marks) => boxes.filter(box => box.querySelector(marks)).map(box => box.innerHTML)", MARKS
    )
    assert marked == []
    shown = {text.replace("\u2060", "").strip() for text in boxes.all_inner_texts()}
    for name in (
        "https://example.org/",
        "www.example.org",
        "mail@example.org",
        "- item",
        "[x](https://example.org)",
        "$x^2$",
    ):
        assert name in shown


@pytest.mark.parametrize("path", PAGES)
def test_a_network_called_like_an_address_makes_no_link(walk: OpenPage, path: str) -> None:
    word = encode(preset("resnet18").with_(name=LIVE), "resnet18")
    page = walk(f"/{path}?net={quote(word)}&with={quote(word)}&tab=Configuration")
    assert "example" in page.locator("body").inner_text() or path in ("published", "history")
    links = page.locator("a").evaluate_all(
        "all => all.map(a => a.getAttribute('href') ?? a.getAttribute('xlink:href'))"
    )
    assert not [link for link in links if link and "//" in link and "example.org" in link.partition("?")[0]]
    assert not [link for link in links if link and link.startswith("mailto:")]
