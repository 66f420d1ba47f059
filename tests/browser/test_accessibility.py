"""axe-core finds nothing serious or critical on any page, tab and dialogue, in light and in dark colours.

One visitor walks through all of them without loading a page again; what a tab does not change is looked at once.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Locator, Page, expect

from scripts.live import run_ended
from tests.browser.visitors import Visitors, follow

GRAVE = {"serious", "critical"}
ALLOWED: dict[tuple[str, str], str] = {}
"""What only Streamlit can mend: the rule and a part of the element's HTML, with the issue upstream."""
QUICK = {"resultTypes": ["violations"], "selectors": False, "preload": False, "iframes": False}
EVERYTHING = QUICK | {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "rules": {
        rule: {"enabled": True} for rule in ("heading-order", "page-has-heading-one", "label-content-name-mismatch")
    },
}
CONTRAST = QUICK | {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
ORDER = {"heading-order", "page-has-heading-one"}
"""Rules that axe takes for moderate, and we do not."""
WHOLE: dict[str, list[list[str]]] = {"include": [["body"]]}
MAIN = {"include": [["[data-testid=stMain]"]], "exclude": [["[data-testid=stDataFrame]"], [".js-plotly-plot"]]}
RUN = "([context, options]) => axe.run(context, options).then(found => found.violations)"
IS_DARK = """dark => {
    const ground = getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor;
    return ground.match(/\\d+/g).slice(0, 3).every(part => part < 128) === dark;
}"""
STILL = """
*, ::before, ::after { transition: none !important; animation: none !important }
[data-stale=true], [data-testid=stExpander], [data-testid=stExpander] > * { opacity: 1 !important }
"""
"""Colours on their way, and those of what is about to be drawn anew, are nobody's."""
DRAWN = ".stElementContainer"
OVER = {
    "/compare?net=resnet50&with=resnet34": ("Add a network", "Download"),
    "/laboratory?net=resnet50": ("Another net", "Settings", "Open a result"),
    "/?net=resnet50": ("Download", "Other depths and widths"),
}
"""What opens over a page, by the words on its button."""


def violations(page: Page, where: str, context: dict[str, list[list[str]]] = MAIN) -> list[str]:
    """Return what axe finds in light and dark colours, a line each; the page then has the other colours."""
    found = []
    dark = bool(page.evaluate(IS_DARK, True))
    for now, options in ((dark, EVERYTHING), (not dark, CONTRAST)):
        page.emulate_media(color_scheme="dark" if now else "light")
        page.wait_for_function(IS_DARK, arg=now)
        scheme = f"{where}, {'dark' if now else 'light'}"
        if lines := _grave(page, scheme, context, options):
            run_ended(page)  # what was pale while it was drawn anew is nobody's: a fault is there again
            again = _grave(page, scheme, context, options)
            found += [line for line in lines if line in again]
    return found


def _grave(page: Page, where: str, context: dict[str, list[list[str]]], options: dict[str, Any]) -> list[str]:
    return [
        _line(where, rule["id"], node)
        for rule in page.evaluate(RUN, [context, options])
        if rule["impact"] in GRAVE or rule["id"] in ORDER
        for node in rule["nodes"]
        if not _allowed(rule, node)
    ]


def _allowed(rule: dict[str, Any], node: dict[str, Any]) -> bool:
    return any(rule["id"] == name and part in node["html"] for name, part in ALLOWED)


def _line(where: str, rule: str, node: dict[str, Any]) -> str:
    checks = node["any"] or node["all"] or node["none"]
    return f"{where}: {rule}: {node['html'][:120]} ({checks[0]['message'][:120] if checks else ''})"


@pytest.fixture(scope="module")
def walker(visitors: Visitors) -> Iterator[Page]:
    """One visitor, who goes through all pages."""
    page = visitors.walkers_profile.new_page()
    page.goto("/history")
    run_ended(page).add_style_tag(content=STILL)
    page.evaluate(AXE_SCRIPT)
    yield page
    page.close()


def unfold(page: Page) -> None:
    """Open every expander of the page itself."""
    closed = page.locator("[data-testid=stMain] details:not([open]) > summary")
    for _ in range(closed.count()):
        closed.first.click()
        run_ended(page)


def opened_tabs(page: Page, within: Page | Locator) -> Iterator[tuple[str, dict[str, list[list[str]]]]]:
    """Open one tab of each row after the other, those on a tab too, and yield its name and panel; the first is open."""
    for tabs in within.get_by_role("tablist").all():
        for tab in tabs.get_by_role("tab").all()[1:]:
            tab.click()
            panel = f"[id='{tab.get_attribute('aria-controls')}']"
            expect(page.locator(f"{panel} {DRAWN}").first).to_be_attached()
            run_ended(page)
            yield tab.inner_text(), {"include": [["[role=tablist]"], [panel]], "exclude": MAIN["exclude"]}
            yield from opened_tabs(page, page.locator(panel))


@pytest.mark.parametrize(
    "path",
    [
        "/?net=resnet50",
        "/compare?net=resnet50&with=resnet34",
        "/module?net=resnet20_cifar10",
        "/learn?net=resnet50",
        "/learn?net=resnet50&lesson=block",
        "/learn?net=resnet50&lesson=dashed&step=2&present=1",
        "/design?net=resnet50",
        "/published?net=resnet50",
        "/laboratory?net=resnet50",
        "/profile?net=resnet18",
        "/history?net=resnet50",
    ],
)
def test_axe_finds_nothing_grave_on_any_page_and_tab(walker: Page, path: str) -> None:
    follow(walker, path)
    unfold(walker)
    found = violations(walker, path, WHOLE if path == "/?net=resnet50" else MAIN)
    for name, panel in opened_tabs(walker, walker):
        found += violations(walker, f"{path} {name}", panel)
    assert not found, "\n".join(found)


def test_axe_finds_nothing_grave_in_what_opens_over_a_page(walker: Page) -> None:
    found = []
    for path, names in OVER.items():
        follow(walker, path)
        for name in names:
            walker.get_by_test_id("stPopoverButton").filter(has_text=name).first.click()
            body = walker.get_by_test_id("stPopoverBody").last
            expect(body.locator(DRAWN).first).to_be_visible()  # which a run of its own draws
            run_ended(walker)
            found += violations(walker, f"{path} {name}", {"include": [["[data-testid=stPopoverBody]"]]})
            walker.keyboard.press("Escape")
            expect(body).to_have_count(0)
    walker.get_by_role("combobox", name="Preset").click()
    expect(walker.get_by_role("option", name="resnet34", exact=True)).to_be_visible()
    found += violations(walker, "the list of presets", {"include": [["[data-testid=stSidebar]"]]})
    assert not found, "\n".join(found)


def test_axe_finds_nothing_grave_in_a_run_and_the_question_before_it_is_deleted(walker: Page, file: Path) -> None:
    follow(walker, "/history?net=resnet18")
    unfold(walker)
    walker.locator("input[type=file]").set_input_files(file)
    expect(walker.get_by_text("Every run of this file is in the history.")).to_be_visible(timeout=60_000)
    run_ended(walker)
    table = walker.get_by_test_id("stDataFrame").locator("canvas").first
    table.click(position={"x": 15, "y": 52}, force=True)  # the box of the first row; a scroller lies over the canvas
    expect(walker.get_by_role("tab", name="Protocol and device")).to_be_visible()
    run_ended(walker)
    found = violations(walker, "a run")
    for name, panel in opened_tabs(walker, walker):
        found += violations(walker, f"a run, {name}", panel)
    walker.get_by_role("button", name="Delete").click()
    expect(walker.get_by_role("dialog").get_by_text("This cannot be undone.")).to_be_visible()
    found += violations(walker, "Delete", {"include": [["[role=dialog]"]]})
    assert not found, "\n".join(found)
