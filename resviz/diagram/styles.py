"""How a picture looks where its colours are filled in: on a screen, and in a printed paper.

A paper is black on white; what colours say elsewhere, brackets, dashes and words say there. Its pictures have a
size in print: `Style.points` is how many points one of their pixels is.
"""

from collections.abc import Callable
from dataclasses import dataclass

from resviz.diagram.node_styles import FONT, LINE, SMALL
from resviz.diagram.palette import GROUNDS, INK, PAPER, SOFT, Paint, ink, paint

LEAST = 8.0
"""Points of the smallest text of a paper's figure."""
BLACK = "#000000"


@dataclass(frozen=True, slots=True)
class Style:
    """What a picture's writers fill in.

    ``paint`` and ``ink`` give a node's colours and its text's by classes and heat; ``soft`` is the colour of words
    beside the picture. A stage stands on a ``ground``, or over a bracket where that is None. ``trunk`` and ``skip``
    are widths of the main path's lines and of a shortcut's. ``font`` is the size of a node's text, ``thin`` of that of
    one that should not draw the eye, ``leading`` what a line takes. A ``points`` of None leaves the size to the format.
    """

    paint: Callable[[tuple[str, ...], int | None], Paint]
    ink: Callable[[int | None], str]
    line: str
    soft: str
    ground: Callable[[str], str] | None
    trunk: float = 1.2
    skip: float = 1.2
    font: float = FONT
    thin: float = FONT - 1
    leading: float = LINE
    points: float | None = None
    sans: bool = True

    def size(self, height: float) -> float:
        """Return the size of the text of a node of a height."""
        return self.font if height > self.leading + 6 else self.thin


def _black(classes: tuple[str, ...], heat: int | None) -> Paint:
    return Paint(PAPER, PAPER if "omitted" in classes else BLACK)


STYLES = {
    "screen": Style(paint, ink, INK, SOFT, lambda tint: GROUNDS.get(tint, PAPER)),
    "paper": Style(
        paint=_black,
        ink=lambda heat: BLACK,
        line=BLACK,
        soft=BLACK,
        ground=None,
        trunk=1.4,
        skip=1.0,
        font=SMALL,
        thin=SMALL,
        leading=13.0,
        points=LEAST / SMALL,
        sans=False,
    ),
}
"""The styles by name."""
