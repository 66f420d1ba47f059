"""Pictures of networks: laid out here, written as SVG, PNG, PDF, DOT and LaTeX.

``resviz.draw(net)`` draws, although ``resviz.draw`` is also this room: the room is callable. Python sets the
attribute of the package to the room as soon as anybody imports it, which would hide a function of that name.
"""

import sys
from types import ModuleType
from typing import Any

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


class _Room(ModuleType):
    def __call__(self, *args: Any, **options: Any) -> Drawing:
        return draw(*args, **options)


sys.modules[__name__].__class__ = _Room
