"""From the click to the finished picture, in a real browser: median of 20 changes.

    python -m benchmarks.latency [--changes 20]

Two changes are timed: another preset picked in the sidebar, and another number of blocks entered. The clock
is the browser's. It starts with the event that commits the change and stops at the second frame after the
headline, the stage table and the diagram show the new network, so that what they drew has been painted.
"""

import argparse
from statistics import median, quantiles

from playwright.sync_api import Page

from resviz.arch import expand, preset
from resviz.report.headline import headline
from scripts.live import launch, run_ended, serve

PRESETS = ("resnet34", "resnet50", "resnet101", "resnet18", "resnet152")
WARM_UP = 3

# Waits in the page itself, frame by frame: a clock on this side would add the way there and back.
ARM = """([event, selector, title, parameters]) => {
    const all = (root, found = []) => {
        for (const element of root.querySelectorAll('*')) {
            found.push(element);
            if (element.shadowRoot) all(element.shadowRoot, found);
        }
        return found;
    };
    const shown = () => {
        const metric = document.querySelector('[data-testid=stMetricValue]')?.innerText.trim();
        if (metric !== parameters || document.querySelector('[data-stale=true]')) return false;
        return all(document).some(element => element.tagName === 'svg' && element.textContent.includes(title));
    };
    window.took = new Promise(done => {
        document.querySelector(selector).addEventListener(event, () => {
            const start = performance.now();
            const look = () => shown()
                ? requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)))
                : requestAnimationFrame(look);
            look();
        }, { once: true, capture: true });
    });
}"""


def pick(page: Page, name: str) -> float:
    """Pick a preset; return the milliseconds until it is on the screen."""
    box = page.get_by_role("combobox", name="Preset")
    box.fill(name)
    page.get_by_role("option", name=name, exact=True).wait_for()
    page.evaluate(ARM, ["click", "body", name, headline(expand(preset(name)))[0].value])
    page.get_by_role("option", name=name, exact=True).click()
    return float(page.evaluate("window.took"))


def deepen(page: Page, blocks: int) -> float:
    """Enter a number of blocks for conv4_x of ResNet-50; return the milliseconds until it is on the screen."""
    config = preset("resnet50").with_(depths=(3, 4, blocks, 3))
    field = page.get_by_role("spinbutton", name="Blocks, conv4_x")
    field.fill(str(blocks))
    page.evaluate(ARM, ["keydown", "body", "custom, from resnet50", headline(expand(config))[0].value])
    field.press("Enter")
    return float(page.evaluate("window.took"))


def report(what: str, times: list[float]) -> None:
    """Print the median of the times and where the middle 90 % of them lie."""
    twentieths = quantiles(times, n=20)
    spread = f"5th to 95th percentile {twentieths[0]:.0f} to {twentieths[-1]:.0f}"
    print(f"{what}: median {median(times):.0f} ms, {spread}, n = {len(times)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--changes", type=int, default=20, help="changes of each kind that count")
    changes = parser.parse_args().changes
    with serve() as address, launch() as browser:
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.goto(address)
        run_ended(page)
        names = [PRESETS[index % len(PRESETS)] for index in range(WARM_UP + changes)]
        times = [pick(run_ended(page), name) for name in names]
        report("another preset", times[WARM_UP:])
        page.goto(f"{address}/?net=resnet50")
        run_ended(page)
        times = [deepen(run_ended(page), 7 + index % 5) for index in range(WARM_UP + changes)]
        report("another depth", times[WARM_UP:])


if __name__ == "__main__":
    main()
