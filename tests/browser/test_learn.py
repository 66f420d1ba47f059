"""Every lesson as a reader plays it, in real Chromium: on one page, from the first step to the last."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Page, expect

from resviz.lessons.figures import MATH
from resviz.lessons.lesson import Question
from resviz.lessons.lesson_page import lesson_page
from resviz.lessons.reading import lesson, lessons
from scripts.live import run_ended
from scripts.sessions import Session, visited
from tests.browser.conftest import OpenFile, OpenPage
from tests.browser.visitors import DESKTOP

READ = """() => {
    const body = document.querySelector('[class*="st-key-learn-body"]'), words = body.cloneNode(true);
    for (const one of words.querySelectorAll('.katex, code')) one.remove();
    return {
        failed: body.querySelectorAll('.katex-error, .katex mstyle[mathcolor]').length,  // colour: an unknown command
        formulas: body.querySelectorAll('[class*="st-key-learn-text"] .katex').length,
        words: words.textContent,
        links: [...body.querySelectorAll('a[href]')].map((link) => link.href),
        wide: document.documentElement.scrollWidth > innerWidth,
    };
}"""
NOT_TYPESET = ("$", "\\", "[[", "]]", "resviz:", "**")


def at(page: Page, step: int, title: str) -> None:
    heading = '[class*="st-key-learn-text"] h3'
    page.wait_for_function(  # asks at each frame, where `expect` waits longer each time
        "([where, title]) => document.querySelector(where)?.textContent === title", arg=[heading, f"{step}. {title}"]
    )
    run_ended(page)


def guess(page: Page, question: Question) -> None:
    """Answer a question, rightly where it has choices, and wait until the answer is told."""
    box = page.locator('[class*="st-key-learn-ask"]')
    if question.in_picture:
        box.get_by_text("Show the answer").click()
    elif question.choices:
        box.get_by_role("radio").nth(question.right).dispatch_event("click")
    else:
        box.get_by_role("spinbutton").fill("1")
        box.get_by_role("spinbutton").press("Enter")
    told = "Right." if question.choices else "It is" if question.number else "layer"
    page.wait_for_function(
        "told => document.querySelector('[data-testid=stAlertContainer]')?.textContent.includes(told)", arg=told
    )
    run_ended(page)
    page.evaluate("document.activeElement?.blur()")  # a choice takes the arrow keys for itself


async def follow(server: str, links: list[str]) -> dict[str, str]:
    """Open links as visitors of the server; return what is wrong, by link."""
    wrong = {}
    for link in links:
        parts = urlsplit(link)
        async with Session(server, parts.query, parts.path.strip("/"), keep=True) as session:
            await session.run()
        shown = b"".join(session.received).decode(errors="ignore")
        given = dict(parse_qsl(parts.query))
        if session.exceptions:
            wrong[link] = session.exceptions[0]
        elif any(words in shown for words in ("does not describe", "does not exist", "Page not found")):
            wrong[link] = "the address is not understood"
        elif parts.path == "/learn" and lesson(given["lesson"]).steps[int(given["step"]) - 1].title not in shown:
            wrong[link] = "another step is shown"
    return wrong


def test_every_lesson_is_played_by_arrow_keys_with_formulas_typeset_questions_answered_and_links_followed(
    open_page: OpenPage, server: str
) -> None:
    page = open_page("/learn?lesson=deeper")
    links: set[str] = set()
    for one in lessons():
        for number, step in enumerate(one.steps, 1):
            where = f"{one.name}, step {number}"
            at(page, number, step.title)
            if step.question:
                guess(page, step.question)
            seen: dict[str, Any] = page.evaluate(READ)
            assert not seen["failed"], f"{where}: a formula failed to typeset"
            assert seen["formulas"] >= len(MATH.findall(step.text)), f"{where}: a formula is left as it was typed"
            assert not [mark for mark in NOT_TYPESET if mark in seen["words"]], f"{where}: {seen['words']}"
            if step.highlights:
                expect(page.locator(".lit").nth(len(step.highlights) - 1), f"{where}: not all is lit").to_be_attached()
                lit, view = (page.locator(name).first.bounding_box() for name in (".lit", ".view"))
                assert lit
                assert view
                assert view["y"] <= lit["y"] + lit["height"] / 2 <= view["y"] + view["height"], f"{where}: out of sight"
            assert not seen["wide"], f"{where} scrolls sideways"
            links.update(seen["links"])
            page.keyboard.press("ArrowRight")
    assert dict(parse_qsl(urlsplit(page.url).query))["step"] == str(len(one.steps))  # the last step has no next
    assert {urlsplit(link).netloc for link in links} == {urlsplit(server).netloc}
    assert {urlsplit(link).path for link in links} >= {
        "/",
        "/learn",
        "/compare",
        "/laboratory",
        "/published",
        "/profile",
    }
    assert visited(follow(server, sorted(links))) == {}


def test_a_lesson_in_a_file_is_read_by_arrow_keys_answers_and_prints_all_of_it(
    open_file: OpenFile, tmp_path: Path
) -> None:
    path = tmp_path / "paths.html"
    path.write_text(lesson_page(lesson("paths")), encoding="utf-8")
    page = open_file(path, viewport={"width": 360, "height": 780})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size(DESKTOP)
    first, second = page.locator("section").nth(0), page.locator("section").nth(1)
    expect(second).to_be_hidden()
    expect(first.locator(".node").first).to_be_visible()
    expect(first.locator(".choices")).to_be_hidden()
    for formula in first.locator(".text > p math, .text > .math math").all():
        box = formula.bounding_box()
        assert box
        assert min(box["width"], box["height"]) > 4
    first.get_by_text("Show the answer").click()
    expect(first.get_by_text("It is 1,024.")).to_be_visible()
    page.keyboard.press("ArrowRight")  # the question's own key
    expect(first).to_be_visible()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowRight")
    expect(first).to_be_hidden()
    expect(second.locator(".chart .barlayer path").nth(27)).to_be_visible()
    assert page.url.endswith("#step-2")
    third = page.locator("section").nth(2)
    page.get_by_role("button", name="Next step").click()
    expect(third).to_be_visible()
    expect(third.locator(".node.lit")).to_have_count(2)
    for event, shown in (("beforeprint", 6), ("afterprint", 1)):
        page.evaluate("event => window.dispatchEvent(new Event(event))", event)
        expect(page.locator("section:visible")).to_have_count(shown)
    page.get_by_role("link", name="All").click()
    expect(page.locator("section:visible")).to_have_count(6)


def test_arrow_keys_are_the_diagrams_within_it_and_the_presenter_has_the_screen(open_page: OpenPage) -> None:
    steps = lesson("bottleneck").steps
    page = open_page("/learn?lesson=bottleneck&step=6")
    page.locator(".view .node").first.focus()
    page.keyboard.press("ArrowLeft")
    at(page, 6, steps[5].title)
    page.locator(".view .node").first.blur()
    page.keyboard.press("ArrowLeft")
    at(page, 5, steps[4].title)

    # On paper a picture is whole, and afterwards what it was.
    svg = page.locator(".view svg").first
    for event, whole in (("beforeprint", True), ("afterprint", False)):
        page.evaluate("event => window.dispatchEvent(new Event(event))", event)
        assert (svg.get_attribute("viewBox") is not None) is whole
        assert (svg.locator("> g").get_attribute("transform") is None) is whole

    page.get_by_role("button", name="Present").click()
    expect(page.get_by_role("button", name="Leave")).to_be_visible()
    expect(page.get_by_text(lesson("bottleneck").title, exact=True)).to_be_visible()
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_dashed_shortcuts_are_found_in_the_picture(walk: OpenPage) -> None:
    page = walk("/learn?net=resnet50&lesson=dashed&step=4&dashed-4-net=resnet18")
    for found, path in enumerate(("layer2.0", "layer3.0", "layer4.0"), 1):
        page.locator(f'.node[data-path="{path}"]').dispatch_event("click")
        expect(page.get_by_text(f"Found {found} of 3.")).to_be_visible()
    expect(page.get_by_text("all others keep it")).to_be_visible()
