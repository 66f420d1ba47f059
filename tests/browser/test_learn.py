"""A lesson as a reader plays it, in real Chromium."""

from playwright.sync_api import Page, expect

from resviz.lessons.reading import lesson
from scripts.live import run_ended
from tests.browser.conftest import OpenPage


def at(page: Page, step: int, title: str) -> None:
    expect(page.get_by_role("heading", name=f"{step}. {title}", exact=True)).to_be_visible()
    run_ended(page)


def test_a_lesson_is_played_by_arrow_keys_with_its_formulas_typeset(open_page: OpenPage) -> None:
    steps = lesson("bottleneck").steps
    page = open_page("/learn?lesson=bottleneck")
    for number, step in enumerate(steps, 1):
        at(page, number, step.title)
        assert page.locator(".katex-error").count() == 0
        assert page.locator(".katex").count() > 0 or "$" not in step.text
        if step.highlights:
            assert page.locator(".node.lit").count() == len(step.highlights)
        if step.question:
            page.get_by_text(step.question.choices[step.question.right], exact=True).click()
            expect(page.get_by_text("Right.", exact=True)).to_be_visible()
            page.get_by_role("heading", name=step.title).click()
        if number < len(steps):
            page.keyboard.press("ArrowRight")
    assert f"step={len(steps)}" in page.url

    # In the diagram the arrow keys are the diagram's.
    page.locator(".view .node").first.focus()
    page.keyboard.press("ArrowLeft")
    at(page, len(steps), steps[-1].title)
    page.locator(".view .node").first.blur()
    page.keyboard.press("ArrowLeft")
    at(page, len(steps) - 1, steps[-2].title)

    page.get_by_role("button", name="Present").click()
    expect(page.get_by_role("button", name="Leave")).to_be_visible()
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_dashed_shortcuts_are_found_in_the_picture(open_page: OpenPage) -> None:
    page = open_page("/learn?lesson=dashed&step=4&dashed-4-net=resnet18")
    for found, path in enumerate(("layer2.0", "layer3.0", "layer4.0"), 1):
        page.locator(f'.node[data-path="{path}"]').dispatch_event("click")
        expect(page.get_by_text(f"Found {found} of 3.")).to_be_visible()
    expect(page.get_by_text("all others keep it")).to_be_visible()
