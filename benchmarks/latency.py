"""From the click to the finished picture, in a real browser, beside the trivial app: median of 20 changes.

    python -m benchmarks.latency [--changes 20]

Timed are another preset picked in the sidebar, another number of blocks entered, a run unfolded or folded, another tab
and another level of detail; each page opened by its name in the navigation, and another preset on each page that shows
the network; and a preset picked in `benchmarks/trivial_app.py`, which has one box and one line of text.
The trivial app is asked in turn with each, so that both meet the same machine; the ratio is that of the medians. The
clock is the browser's. It starts with the event that commits the change and stops at the second frame after the page
shows what was asked for, so that what it drew has been painted. Last, what a change sends.
"""

import argparse
from collections.abc import Callable
from functools import partial
from itertools import cycle
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Page

from scripts.live import launch, run_ended, serve

PRESETS = ("resnet34", "resnet50", "resnet101", "resnet18", "resnet152")
WARM_UP = 3
TRIVIAL = Path(__file__).with_name("trivial_app.py")

# Waits in the page itself, frame by frame: a clock on this side would add the way there and back.
ARM = """([event, selector, text, gone]) => {
    const all = (root, found = []) => {
        for (const element of root.querySelectorAll('*')) {
            found.push(element);
            if (element.shadowRoot) all(element.shadowRoot, found);
        }
        return found;
    };
    const shown = () => !document.querySelector('[data-stale=true]') && all(document).some(element =>
        element.matches(selector) && (element.textContent.includes(text) || element.getAttribute('aria-label') === text)
    ) !== gone;
    window.took = new Promise(done => {
        document.body.addEventListener(event, () => {
            const start = performance.now();
            const look = () => shown()
                ? requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)))
                : requestAnimationFrame(look);
            look();
        }, { once: true, capture: true });
    });
}"""


def timed(page: Page, event: str, act: Callable[[], None], selector: str, text: str) -> float:
    """Act, with the event that commits it; return the milliseconds until an element of the selector has the text."""
    page.evaluate(ARM, [event, selector, text, False])
    act()
    took = float(page.evaluate("window.took"))
    run_ended(page)
    return took


def pick(page: Page, name: str, selector: str = "svg") -> float:
    """Pick a preset; return the milliseconds until it is on the screen."""
    box = page.get_by_role("combobox", name="Preset")
    box.click()
    box.fill(name)
    option = page.get_by_role("option", name=name, exact=True)
    option.wait_for()
    return timed(page, "click", option.click, selector, name)


def deepen(page: Page, blocks: int) -> float:
    """Enter a number of blocks for conv4_x of ResNet-50; return the milliseconds until the picture has them."""
    field = page.get_by_role("spinbutton", name="Blocks, conv4_x")
    field.fill(str(blocks))
    return timed(page, "keydown", lambda: field.press("Enter"), ".handle", f"Unfold layer3.1-{blocks - 1}")


def fold(page: Page, path: str) -> float:
    """Unfold a run or fold it again; return the milliseconds until the handle says the opposite."""
    handle = page.locator(f'.handle[data-fold="{path}"]').first
    other = {"unfold": "Fold", "fold": "Unfold"}[str(handle.get_attribute("data-action"))]
    return timed(page, "click", lambda: handle.dispatch_event("click"), ".handle", f"{other} {path}")


def tab(page: Page, name: str) -> float:
    """Open a tab; return the milliseconds until it shows its content."""
    text = {"Stages": "conv2_x", "Configuration": "Download YAML"}[name]
    selector = ".resviz-table td" if name == "Stages" else "button"
    return timed(page, "click", page.get_by_role("tab", name=name).click, selector, text)


def detail(page: Page, name: str) -> float:
    """Choose a level of detail; return the milliseconds until the picture has it."""
    path = {"Blocks": "layer1.1-2", "Layers": "layer1.0.conv1", "Stages": "layer1"}[name]
    return timed(page, "click", page.get_by_role("radio", name=name).click, f'.node[data-path="{path}"]', "")


WHOLE = "[data-test-script-state=notRunning]"
"""The app once all of a page has come."""
PAGES = {
    "Learn": "Learn",
    "Compare": "Compare",
    "Design space": "Design space",
    "Published": "Published figures, recomputed",
    "Module": "PyTorch module",
    "Laboratory": "Laboratory",
    "Profile": "Time and memory of a step",
    "History": "History",
}
"""Each page but the first by its name, with its heading."""
OF_A_NETWORK = ("Compare", "Design space", "Published", "Module", "Profile")
"""Those that name the network in their text."""


def go(page: Page, name: str, selector: str, text: str) -> float:
    """Open a page by its name in the navigation; return the milliseconds until it shows a text."""
    link = page.get_by_test_id("stTopNavLink").filter(has_text=name)
    return timed(page, "click", link.click, selector, text)


def opened(page: Page, name: str) -> float:
    """Open a page from Explore."""
    go(page, "Explore", "svg", "")
    return go(page, name, f"{WHOLE} h1", PAGES[name])


def picked_on(page: Page, name: str, where: str) -> float:
    """Pick a preset on a page, opened where it is not."""
    if not page.locator("h1", has_text=PAGES[where]).count():
        go(page, where, "h1", PAGES[where])
    return pick(page, name, f"{WHOLE} strong")


CHANGES: dict[str, tuple[Callable[[Page, str], float], tuple[str, ...]]] = {
    "another preset": (pick, PRESETS),
    "another depth": (lambda page, blocks: deepen(page, int(blocks)), ("7", "8", "9", "10", "11")),
    "a fold": (fold, ("layer1.1-2",)),
    "a tab": (tab, ("Configuration", "Stages")),
    "a level of detail": (detail, ("Stages", "Layers", "Blocks")),
    **{f"{name} opened": (opened, (name,)) for name in PAGES},
    **{f"another preset on {name}": (partial(picked_on, where=name), PRESETS) for name in OF_A_NETWORK},
}


def compare(page: Page, trivial: Page, change: str, count: int) -> None:
    """Time a change and the trivial app's, in turn; print both medians and their ratio."""
    act, values = CHANGES[change]
    ours, least = [], []
    for _, value, name in zip(range(WARM_UP + count), cycle(values), cycle(PRESETS), strict=False):
        page.bring_to_front()  # a page behind draws no frames
        ours.append(act(page, value))
        trivial.bring_to_front()
        least.append(pick(trivial, name, "h1"))
    ours, least = ours[WARM_UP:], least[WARM_UP:]
    twentieths = quantiles(ours, n=20, method="inclusive")
    spread = f"5th to 95th percentile {twentieths[0]:.0f} to {twentieths[-1]:.0f}"
    ratio = median(ours) / median(least)
    print(
        f"{change}: median {median(ours):.0f} ms, {spread}, n = {count}; trivial {median(least):.0f}; ratio {ratio:.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--changes", type=int, default=20, help="changes of each kind that count")
    parser.add_argument("--only", default="", help="the kinds of change whose name holds this")
    options = parser.parse_args()
    count = options.changes
    with serve() as address, serve(TRIVIAL) as least, launch() as browser:
        trivial = browser.new_page()
        trivial.goto(least)
        run_ended(trivial)
        for change in (each for each in CHANGES if options.only in each):
            page = browser.new_page(viewport={"width": 1400, "height": 900})
            received: list[int] = []
            page.on(
                "websocket", lambda socket, kept=received: socket.on("framereceived", lambda it: kept.append(len(it)))
            )
            page.goto(f"{address}/?net=resnet50")
            run_ended(page)
            received.clear()
            compare(page, trivial, change, count)
            changes, size = count + WARM_UP, sum(received) / 1e3
            print(f"  sent for one: {len(received) / changes:.0f} messages, {size / changes:.0f} kB")
            page.close()


if __name__ == "__main__":
    main()
