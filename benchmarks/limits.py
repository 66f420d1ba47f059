"""What the largest legal networks cost on every page and tab: `python -m benchmarks.limits [NETWORK ...]`.

Each page is opened, and each of its tabs, with each network of `scripts/largest.py`, over a real websocket. A line
gives the server's CPU time of the run, which other programs do not change, its time on the clock, and what it sent. A
run of more than two seconds of CPU, more than 4 MB or an exception is marked, and fails the benchmark. What Module
and the lessons work out in the queue is awaited, and the page that shows it is a line of its own.
"""

import argparse
import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

import psutil

from resviz.arch import PRESETS
from resviz.arch.links import encode
from resviz.lessons.reading import lessons
from scripts.largest import LARGEST
from scripts.live import serve
from scripts.sessions import Session

SECONDS, BYTES = 2.0, 4_000_000
"""The most that a run may take of the server's processor, and send."""
PATIENCE = 200
"""Looks at work in the queue, a second each."""


@dataclass(frozen=True, slots=True)
class View:
    """A page as a visitor may open it: its path, what its address holds, the tabs without an address by their key."""

    page: str
    query: dict[str, str] = field(default_factory=dict)
    tabs: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The page and what is open on it."""
        return " ".join([self.page or "explore", *self.query.values(), *self.tabs.values()])


def views() -> Iterator[View]:
    """Yield every page and tab that shows the network of the sidebar."""
    for detail in ("stages", "blocks", "layers", "operations"):
        yield View("", {"detail": detail})
    for view in ("twins", "block", "orders"):
        yield View("", {"view": view})
    yield View("", {"detail": "layers", "tab": "Layers", "gpu": "T4", "heat": "time"})
    yield View("", {"edges": "size", "numbers": "1"})
    yield View("", {"tab": "Configuration"})
    for tab in ("Structure", "Cross-check", "Code and export", "Weights", "Feature maps"):
        yield View("module", {"part": tab})
    for tab in ("Differences", "Diagrams", "Stages", "Charts"):
        yield View("compare", {"question": tab, "with": "4"})
    yield View("compare", {"question": "Diagrams", "with": "4", "pictures": "Layers"})
    for tab in ("Basic or bottleneck", "Reconcile", "What if"):
        yield View("compare", {"question": tab})
    yield View("design")
    yield View("published")
    for lesson in lessons():
        for number, step in enumerate(lesson.steps, 1):
            if step.mine:
                place = {"lesson": lesson.name, "step": str(number), f"{lesson.name}-{number}-mine": "true"}
                yield View("learn", place)
    yield View("laboratory")
    yield View("history")
    yield View("profile")
    for tab in ("Time in the diagram", "Estimated against published"):
        yield View("profile", tabs={"estimate.view": tab})
    for tab in ("Kept in training", "Largest batch"):
        yield View("profile", tabs={"memory.view": tab})


async def visit(address: str, server: psutil.Process, view: View, word: str) -> bool:
    """Open a view, print its lines; return whether all is well."""
    query = urlencode({"net": word, "v": "1", **view.query})
    if "with" in view.query:
        query = query.replace("with=4", urlencode([("with", word)] * 3))
    async with Session(address, query, view.page, keep=True) as session:
        well = True
        cpu = _cpu(server)
        took = await session.run()
        well &= _told(view.name, _cpu(server) - cpu, took, session)
        for key, tab in view.tabs.items():
            if not session.knows(key):
                continue  # the network is refused in words
            cpu = _cpu(server)
            took = await session.set(key, "string_value", tab)
            well &= _told(f"{view.name}: opened", _cpu(server) - cpu, took, session)
        for _ in range(PATIENCE):
            if not session.busy:
                break
            await asyncio.sleep(1)
            took = await session.run()
        else:
            well &= _told(f"{view.name}: never ready", 0, took, session)
        return well


async def _open(address: str, page: str) -> None:
    async with Session(address, "net=resnet18&v=1", page) as session:
        await session.run()


def _told(name: str, cpu: float, took: float, session: Session) -> bool:
    size = sum(map(len, session.received))
    well = cpu <= SECONDS and size <= BYTES and not session.exceptions
    marks = "" if well else " <-- " + "; ".join(["too much", *session.exceptions])
    print(f"  {name:<70.70} {cpu:>7.2f} {took:>7.2f} {size / 1e3:>9.0f}{marks}", flush=True)
    session.received.clear()
    return well


def _word(name: str) -> str:
    return name if name in PRESETS else encode(LARGEST[name])


def _cpu(server: psutil.Process) -> float:
    return sum(server.cpu_times()[:2])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", nargs="*", metavar="NETWORK", help=", ".join(LARGEST))
    parser.add_argument("--page", help="the views whose name begins so")
    options = parser.parse_args()
    there, well = set(psutil.Process().children()), True
    with serve() as address:
        server = next(child for child in psutil.Process().children() if child not in there)
        for page in sorted({view.page for view in views()}):  # what is imported and read at a page's first opening
            asyncio.run(_open(address, page))
        for name in options.networks or LARGEST:
            print(f"{name:<72} {'CPU s':>7} {'clock s':>7} {'kB':>9}")
            for view in views():
                if view.name.startswith(options.page or ""):
                    well &= asyncio.run(visit(address, server, view, _word(name)))
    raise SystemExit(not well)


if __name__ == "__main__":
    main()
