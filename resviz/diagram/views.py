"""The pictures there are of a network, and which of the options change each."""

from collections.abc import Collection
from dataclasses import dataclass

from resviz.errors import DrawError

DIRECTIONS = {"down": "Top to bottom", "right": "Left to right"}
"""The main path's directions and what people call them."""

STARTS = ("node", "numbers", "edges")
"""The options that say what the viewer begins with on its picture."""


@dataclass(frozen=True, slots=True)
class View:
    """A picture: its name for people, the options that change it, and what the others would ask of it."""

    label: str
    takes: frozenset[str]
    why: str = ""


VIEWS = {
    "network": View(
        "Whole network",
        frozenset({"detail", "horizontal", "heat", "unfold", "fold", "style", "width", "only", *STARTS}),
    ),
    "twins": View(
        "With plain twin",
        frozenset({"detail"}),
        "Plain and residual twin stand side by side, from top to bottom, in the colours of their stages.",
    ),
    "orders": View(
        "Five orders",
        frozenset(),
        "One block in the five orders of He et al. 2016, with every operation, from top to bottom.",
    ),
    "block": View(
        "One block",
        frozenset({"horizontal"}),
        "One block with every operation, coloured by kind.",
    ),
}
"""The pictures by name: `resviz.diagram.draw`, `twins`, `orders` and `close_up`."""


def refuse_unused(view: str, given: Collection[str]) -> None:
    """Raise DrawError where an option is given that would change nothing in a view's picture."""
    unused = [name for name in given if name not in VIEWS[view].takes]
    if unused:
        names = " and ".join(filter(None, [", ".join(unused[:-1]), unused[-1]]))
        verb = "changes" if len(unused) == 1 else "change"
        raise DrawError(f"{names} {verb} nothing in this picture. {VIEWS[view].why}")
