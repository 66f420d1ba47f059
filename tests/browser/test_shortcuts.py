"""A shortcut answers to the mouse, the keyboard and a screen reader, and says why it is dashed."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage

NAME = "dashed shortcut: 64 to 256 channels, 56x56 kept, projection"
WHY = "dashed: the shape changes, from 64 to 256 channels; the map stays 56x56"
ON_LINE = """edge => {
    const line = edge.querySelector('.rz-line'), { x, y } = line.getPointAtLength(line.getTotalLength() / 2);
    const { a, e, f } = line.getScreenCTM();
    return [x * a + e, y * a + f];
}"""


def shortcut(page: Page, path: str) -> Locator:
    return page.locator(f'.edge[data-edge="{path}"]').last


def test_a_dashed_shortcut_is_named_and_says_why_it_is_dashed_and_what_each_way_costs(walk: OpenPage) -> None:
    page = walk("/?net=resnet50")
    expect(page.get_by_role("option", name=NAME)).to_have_count(1)
    page.get_by_role("option", name=NAME).dispatch_event("click")
    facts = page.locator(".resviz-facts")
    expect(facts).to_contain_text(WHY)
    a, b = "A: subsample and pad.*no parameters, no MACs", "B: projection where the shape changes.*16,896 parameters"
    expect(facts).to_contain_text(re.compile(rf"{a}\s*{b}[^\n]*used here\s*C:", re.DOTALL))
    typeset = [r"y = F(x) + [x,\ 0]", r"y = F(x) + W_s\,x", r"y = F(x) + W_s\,x"]
    assert facts.locator(".katex annotation").all_text_contents() == typeset
    expect(page.locator(".edge.sel")).to_have_count(2)  # before and after the 1x1


def test_a_shortcut_is_hit_five_pixels_beside_its_line_at_any_zoom(walk: OpenPage) -> None:
    page = walk("/?net=resnet50")
    for _ in range(2):
        x, y = shortcut(page, "layer1.1-2.shortcut").evaluate(ON_LINE)
        page.mouse.move(x + 5, y)
        expect(page.get_by_role("tooltip")).to_contain_text("256 channels kept, 56x56 kept, identity")
        page.mouse.move(x + 9, y)
        expect(page.get_by_role("tooltip")).to_be_hidden()
        page.mouse.click(x - 5, y)
        expect(page.locator(".edge.sel")).to_have_count(1)
        page.mouse.click(x + 40, y)
        expect(page.locator(".edge.sel")).to_have_count(0)
        page.get_by_role("button", name="Zoom out").click()


def test_arrow_keys_reach_a_shortcut(walk: OpenPage) -> None:
    page = walk("/?net=resnet50")
    page.locator('.node[data-path="input"]').focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    expect(page.get_by_role("option", name=NAME)).to_be_focused()
    expect(page.get_by_role("tooltip")).to_contain_text("64 to 256 channels")
    page.keyboard.press("Enter")
    expect(page.locator(".resviz-facts")).to_contain_text(WHY)
    page.keyboard.press("Escape")
    expect(page.locator(".edge.sel")).to_have_count(0)


def test_the_shortcuts_of_a_folded_stage_answer_too(walk: OpenPage) -> None:
    page = walk("/?net=resnet34&detail=Stages")
    page.get_by_role("option", name="3 solid shortcuts: 128 channels kept, 28x28 kept, identity").dispatch_event(
        "click"
    )
    expect(page.locator(".resviz-facts")).to_contain_text("from 64 to 128 channels and from a map of 56x56 to 28x28")
