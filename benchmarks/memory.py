"""Whether the server keeps anything of visitors who have left: `python -m benchmarks.memory`.

Opens 500 sessions over real websockets, ten at a time; each opens four networks that nobody opened before, at
another level of detail each, and leaves. Prints the server's memory as it goes, and at the end how much it grew
from the middle on, when every bounded cache is full.
"""

import argparse
import asyncio
import random

import psutil

from scripts.live import serve
from scripts.sessions import Session

NETWORKS = 4
"""Networks that a visitor opens."""
AT_ONCE = 10
DETAILS = ("stages", "blocks", "layers", "operations")


def words(number: int) -> list[str]:
    """The queries of a visitor: networks with depths and classes that no other visitor's have."""
    chance = random.Random(number)
    return [
        f"net=resnet18~depths~{'-'.join(str(chance.randint(1, 9)) for _ in range(4))}"
        f"~num_classes~{2 + NETWORKS * number + at}&detail={DETAILS[at]}&v=1"
        for at in range(NETWORKS)
    ]


async def visit(address: str, number: int) -> list[str]:
    """One visitor; returns the exceptions that the page showed."""
    failures = []
    for query in words(number):
        async with Session(address, query) as session:
            await session.run()
            failures += session.exceptions
    return failures


async def crowd(address: str, first: int, count: int) -> list[str]:
    """Visitors at once."""
    found = await asyncio.gather(*(visit(address, number) for number in range(first, first + count)))
    return [failure for each in found for failure in each]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sessions", nargs="?", type=int, default=500)
    sessions = parser.parse_args().sessions
    there, sizes, failures = set(psutil.Process().children()), [], []
    with serve() as address:
        server = next(child for child in psutil.Process().children() if child not in there)
        print(f"{'visitors':>9} {'networks':>9} {'MB':>7}")
        for first in range(0, sessions, AT_ONCE):
            failures += asyncio.run(crowd(address, first, min(AT_ONCE, sessions - first)))
            sizes.append(server.memory_info().rss / 1e6)
            seen = first + AT_ONCE
            if first == 0 or seen % 50 == 0 or seen >= sessions:
                print(f"{seen:>9} {NETWORKS * seen:>9} {sizes[-1]:>7.0f}", flush=True)
    middle = sizes[len(sizes) // 2]
    print(f"from the middle on {sizes[-1] - middle:+.0f} MB ({sizes[-1] / middle - 1:+.1%}); {len(failures)} failures")
    raise SystemExit(bool(failures))


if __name__ == "__main__":
    main()
