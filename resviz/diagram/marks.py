"""How the marks of a comparison look (`resviz.report.compare.Mark`, by value): a colour, and a sign drawn in lines.

The signs are lines and not letters, for the font of exported pictures lacks one of them.
"""

from typing import NamedTuple


class Sign(NamedTuple):
    """The colour of a frame and its sign, the sign as SVG path data around (0, 0), and as LaTeX."""

    colour: str
    lines: str
    latex: str


RADIUS = 8.0
"""Of the circle that a sign stands in; pixels."""
SIGNS = {
    "changed": Sign("#b5480a", "M-4 -2H4M-4 2H4M2.4 -4.6L-2.4 4.6", r"$\neq$"),
    "resized": Sign("#1f5fa8", "M0 -4.8V4.8M-2.6 -2.2L0 -4.8L2.6 -2.2M-2.6 2.2L0 4.8L2.6 2.2", r"$\updownarrow$"),
    "added": Sign("#2b7a3d", "M-4 0H4M0 -4V4", "$+$"),
    "missing": Sign("#b3261e", "M-4 0H4", "$-$"),
}
