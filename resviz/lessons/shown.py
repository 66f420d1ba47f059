"""What an experiment shows: parts in order, facts for the words around them, and what is to be found in it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from resviz.arch import Network, ResNetConfig
from resviz.diagram import Detail, Folding, Picture, draw
from resviz.report.tables import Table

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


@dataclass(frozen=True, slots=True)
class Diagram:
    """A picture of a network; ``config`` is what a link opens on Explore, None where there is nothing to open.

    ``again`` draws it with other runs folded than ``folding`` has; None where nothing folds.
    """

    picture: Picture
    network: Network
    config: ResNetConfig | None = None
    folding: Folding = field(default_factory=Folding)
    again: Callable[[Folding], Picture] | None = None


def drawn(
    network: Network,
    detail: Detail | str = Detail.BLOCKS,
    config: ResNetConfig | None = None,
    *,
    unfold: Sequence[str] = (),
    horizontal: bool = False,
    heat: str | None = None,
) -> Diagram:
    """Return the picture of a network whose runs fold and unfold under a reader's hand."""

    def again(folding: Folding) -> Picture:
        return draw(network, detail, unfold=folding.unfold, fold=folding.fold, horizontal=horizontal, heat=heat)

    folding = Folding(frozenset(unfold))
    return Diagram(again(folding), network, config, folding, again)


@dataclass(frozen=True, slots=True)
class Rows:
    """A table; ``totals`` means that its last row adds up the others."""

    table: Table
    totals: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A plotly figure, and what it shows in words for those who do not see it."""

    figure: "Figure"
    alt: str


@dataclass(frozen=True, slots=True)
class Image:
    """Pixels, a numpy array ``(H, W, 3)`` of bytes, and what they show in words."""

    pixels: Any
    alt: str


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence in Markdown; ``good`` tells whether it says that something works, None where neither."""

    text: str
    good: bool | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """Python."""

    text: str


ShownPart = Diagram | Rows | Chart | Image | Words | Code


@dataclass(frozen=True, slots=True)
class Shown:
    """What there is to see. ``facts`` fill the caption's placeholders; ``targets`` are paths to find by clicking."""

    parts: tuple[ShownPart, ...]
    facts: Mapping[str, str] = field(default_factory=dict)
    targets: tuple[str, ...] = ()
