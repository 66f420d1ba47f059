"""Pictures of networks: laid out here, written as SVG, PNG, PDF, DOT and LaTeX."""

from resviz.draw.closeup import close_up, twins
from resviz.draw.drawing import Drawing
from resviz.draw.errors import DrawError
from resviz.draw.facts import Fact, Facts, facts
from resviz.draw.heat import HEATS, LABELS, Heat, measured
from resviz.draw.layout import draw
from resviz.draw.levels import Detail, Folding

__all__ = [
    "HEATS",
    "LABELS",
    "Detail",
    "DrawError",
    "Drawing",
    "Fact",
    "Facts",
    "Folding",
    "Heat",
    "close_up",
    "draw",
    "facts",
    "measured",
    "twins",
]
