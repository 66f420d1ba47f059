"""The diagram in one file: its size, and the time to open it from the disk, offline, in a real browser.

    python -m benchmarks.viewer [--names resnet18 resnet50 resnet152] [--times 7]

The clock is the browser's. It starts with the navigation and stops at the second frame after the diagram, its details
and its first table are on the page, so that they have been painted. Each opening has a context of its own: no cache.
After it, in the same page, the finest level of detail, and a fold there, by the same rule.
"""

import argparse
import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser

from resviz.arch import expand
from resviz.arch.families import find
from resviz.diagram import draw
from scripts.live import launch

READY = """() => new Promise(done => {
    const look = () => document.querySelector('resviz-diagram')?.shadowRoot?.querySelector('.node')
        ? requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())))
        : requestAnimationFrame(look);
    look();
})"""
TIMED = """act => new Promise(done => {
    const element = document.querySelector('resviz-diagram'), start = performance.now();
    if (act === 'fold') element.said({ act: 'fold', detail: 'operations', path: 'layer1', action: 'fold' });
    else element.setAttribute('detail', act);
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
})"""


def opened(browser: Browser, path: Path) -> list[float]:
    """Open a file as a new visitor; return the milliseconds of that, of the finest level and of a fold."""
    context = browser.new_context(offline=True, viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.goto(path.as_uri(), wait_until="commit")
    took = [float(page.evaluate(READY)), *(float(page.evaluate(TIMED, act)) for act in ("operations", "fold"))]
    context.close()
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--names", nargs="+", default=["resnet18", "resnet50", "resnet152"])
    parser.add_argument("--times", type=int, default=7)
    arguments = parser.parse_args()
    print(f"{'':24}{'kB':>8}{'open, ms':>12}{'operations, ms':>18}{'fold, ms':>12}")
    with launch() as browser, tempfile.TemporaryDirectory() as folder:
        for name in arguments.names:
            path = Path(folder, f"{name}.html")
            draw(expand(find(name).config)).save(path)
            runs = [opened(browser, path) for _ in range(arguments.times)]
            opening, finest, fold = (median(column) for column in zip(*runs, strict=True))
            print(f"{name:24}{path.stat().st_size / 1000:8.0f}{opening:12.0f}{finest:18.0f}{fold:12.0f}")


if __name__ == "__main__":
    main()
