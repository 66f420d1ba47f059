"""The inverse question in a browser: limits are typed, the answer is opened, the link asks it again."""

from playwright.sync_api import Locator, Page, expect

from scripts.live import run_ended
from tests.browser.conftest import OpenPage


def test_the_best_net_under_limits_is_asked_for_and_opened(walk: OpenPage) -> None:
    page = walk("/design?net=resnet50&ranges=depths.3%3D2..12&max_params=25M")
    expect(page.get_by_text("11 configurations.")).to_be_visible()
    box = page.get_by_role("textbox", name="MACs at most", exact=True)
    box.fill("3.5G")
    box.press("Enter")
    expect(page.get_by_text("2 left")).to_have_count(2)
    run_ended(page)
    assert "max_macs=3.5G" in page.url
    expect(page.get_by_text("Highest MACs: depths.3 = 3")).to_be_visible()

    # Ranges on the lines' axes and what is picked in the chart hold together; one button chooses all again.
    drag(page, *corners(page))
    expect(page.get_by_text("2 of 2 networks chosen, by what was picked in the chart.")).to_be_visible()
    page.get_by_role("tab", name="Lines").click()
    fewest = page.get_by_role("slider", name="depths.3, at most")
    fewest.press("Home")
    expect(page.get_by_text("1 of 2 networks chosen, by 1 range on the lines' axes and what was")).to_be_visible()
    run_ended(page)
    assert "within=depths.3%3A2..2" in page.url
    expect(page.get_by_text("Highest MACs: depths.3 = 2")).to_be_visible()
    axis = page.locator(".axis").first
    axis.scroll_into_view_if_needed()
    axis.dblclick(position={"x": 16, "y": 100})
    expect(page.get_by_text("Highest MACs: depths.3 = 3")).to_be_visible()
    pick(page, "Pareto front", 0)
    expect(page.get_by_text("1 of 2 networks chosen, by what was picked in the chart.")).to_be_visible()
    expect(page.get_by_text("Highest MACs: depths.3 = 2")).to_be_visible()
    expect(page.get_by_role("link", name="Open in Explore")).to_have_count(2)  # beside the chart and beside the best
    draw_range(page, axis, 0.9, 0.2)
    expect(
        page.get_by_text("0 of 2 networks chosen, by 1 range on the lines' axes and what was picked")
    ).to_be_visible()
    page.get_by_role("button", name="Choose all").click()
    expect(page.get_by_text("Highest MACs: depths.3 = 3")).to_be_visible()
    run_ended(page)
    assert "within" not in page.url

    page.get_by_role("link", name="Open in Explore").first.click()
    page.wait_for_url("**net=resnet50~depths~3-4-3-3*")
    expect(page.get_by_role("tab", name="Stages")).to_be_visible()


def pick(page: Page, trace: str, number: int) -> None:
    """Click a point of the scatter, where it is drawn, once the chart has seen the mouse over it."""
    chart = page.locator(".js-plotly-plot").first
    chart.scroll_into_view_if_needed()
    point = chart.evaluate(
        """(plot, [name, number]) => {
            const { xaxis, yaxis } = plot._fullLayout, full = plot._fullData.find((each) => each.name === name);
            return [xaxis._offset + xaxis.d2p(full.x[number]), yaxis._offset + yaxis.d2p(full.y[number])];
        }""",
        [trace, number],
    )
    box = chart.bounding_box()
    assert box is not None
    x, y = box["x"] + point[0], box["y"] + point[1]
    page.mouse.move(x - 20, y)
    page.mouse.move(x, y, steps=4)
    expect(chart.locator(".hoverlayer .hovertext")).to_be_visible()
    page.mouse.click(x, y)


def corners(page: Page) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return two corners of the scatter's plot, on the screen."""
    chart = page.locator(".js-plotly-plot").first
    chart.scroll_into_view_if_needed()
    box, size = chart.bounding_box(), chart.evaluate("(plot) => plot._fullLayout._size")
    assert box is not None
    left, top = box["x"] + size["l"], box["y"] + size["t"]
    return (left + 3, top + 3), (left + size["w"] - 3, top + size["h"] - 3)


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=3)
    page.mouse.up()


def draw_range(page: Page, axis: Locator, start: float, end: float) -> None:
    """Drag along an axis that stands, between shares of its height from above."""
    axis.scroll_into_view_if_needed()
    box = axis.bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2
    drag(page, (middle, box["y"] + start * box["height"]), (middle, box["y"] + end * box["height"]))
