"""A network as a figure of a paper: from left to right in rows of a column's width, black on white, 8 pt or larger.

A block never breaks: a row ends between two of them, and a line leads from its end to where the next row begins.
A pixel of the picture is `POINTS` in print.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum

from resviz.arch.network import Network
from resviz.diagram.levels import Detail
from resviz.diagram.paper_sheet import APART, Sheet
from resviz.diagram.paper_steps import PaperStep, chosen_steps
from resviz.diagram.picture import Picture
from resviz.diagram.rows import rows
from resviz.diagram.styles import STYLES
from resviz.errors import DrawError

POINTS = STYLES["paper"].points or 1.0


class Width(StrEnum):
    """The widths of a figure: of one column of a two-column page, or of both."""

    ONE = "one"
    TWO = "two"


INCHES = {Width.ONE: 3.25, Width.TWO: 6.875}
"""Widths in print. CVPR's columns; IEEE's and ACM's are a little wider."""
TALL = 8.5
"""Inches of the tallest figure: a letter page between its margins, and a line or two of caption."""


def figure(
    network: Network,
    detail: Detail,
    unfold: Collection[str] = (),
    fold: Collection[str] = (),
    *,
    only: Collection[str] = (),
    width: Width | str = Width.ONE,
) -> Picture:
    """Return a network as a figure of a paper, one column wide or two.

    ``only`` names the stages, runs, blocks and single layers of the main path to draw; dots stand for the others.
    Raises DrawError for a path or a width that does not exist, and for what does not fit at 8 pt, with what would.
    """
    try:
        width = Width(width)
    except ValueError:
        raise DrawError(f"width {str(width)!r} does not exist; it is one of {', '.join(Width)}.") from None
    chosen = _Chosen(network, detail, unfold, fold, only)
    found = chosen.figure(width)
    if isinstance(found, Picture):
        return found
    coarser = list(Detail)[: list(Detail).index(detail)][::-1]
    options = {f"width {Width.TWO}": (detail, Width.TWO)} | {f"detail {one}": (one, width) for one in coarser}
    both = {f"detail {one} with width {Width.TWO}": (one, Width.TWO) for one in coarser}
    for some in (options, both):
        if fits := [words for words, (level, wide) in some.items() if replace(chosen, detail=level).fits(wide)]:
            break
    less = "take a coarser detail" if only else "draw only some of its stages"
    remedy = f"{' or '.join(fits[:2])} would fit" if fits else less
    raise DrawError(f"{network.name} at detail {detail} and width {width} {found}; {remedy}.")


def narrowest(
    network: Network,
    detail: Detail,
    unfold: Collection[str] = (),
    fold: Collection[str] = (),
    *,
    only: Collection[str] = (),
) -> Picture:
    """Return the figure one column wide or, where that does not hold it, two. Raises DrawError as `figure` does."""
    one = _Chosen(network, detail, unfold, fold, only).fits(Width.ONE)
    return figure(network, detail, unfold, fold, only=only, width=Width.ONE if one else Width.TWO)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What a figure is to show, before it has a width."""

    network: Network
    detail: Detail
    unfold: Collection[str]
    fold: Collection[str]
    only: Collection[str]

    def fits(self, width: Width) -> bool:
        """Return whether there is a figure of a width."""
        try:
            return isinstance(self.figure(width), Picture)
        except DrawError:  # what is chosen is not shown at this level
            return False

    def figure(self, width: Width) -> Picture | str:
        """Return the figure, or what keeps it from fitting. Raises DrawError for a path that does not exist."""
        steps = list(chosen_steps(self.network, self.detail, self.unfold, self.fold, frozenset(self.only)))
        sheet, breaks = _broken(steps, self.detail, width)
        if breaks is not None and len(breaks) > 1 and (alone := _lonely(steps, breaks)):
            steps = [step for step in steps if step not in alone]
            sheet, breaks = _broken(steps, self.detail, width)
        if breaks is None:
            widest = max(sheet.length(index, index + 1) for index in range(len(steps)))
            inches = (widest + sheet.wide - sheet.room) * POINTS / 72
            return f"has a block {inches:.1f} in wide in 8 pt, and the figure is {INCHES[width]:g}"
        if len(breaks) * APART * POINTS > TALL * 72:
            return f"has {len(breaks)} rows, too many for a page"
        picture = sheet.drawn(self.network, breaks, self.detail)
        inches = picture.height * POINTS / 72
        return picture if inches <= TALL else f"is {inches:.1f} in tall in 8 pt, and a page holds {TALL:g}"


def _broken(steps: list[PaperStep], detail: Detail, width: Width) -> tuple[Sheet, list[tuple[int, int]] | None]:
    sheet = Sheet(steps, detail, INCHES[width] * 72 / POINTS)
    lengths = [part.length for part in sheet.parts]
    return sheet, rows([step.together for step in steps], lengths, sheet.length, sheet.room)


def _lonely(steps: list[PaperStep], breaks: list[tuple[int, int]]) -> list[PaperStep]:
    """Return the dots at either end that would have a row to themselves."""
    ends = (steps[start] for start, end in (breaks[0], breaks[-1]) if end - start == 1)
    return [step for step in ends if step.omitted]
