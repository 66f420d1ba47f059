"""Diagrams of networks: laid out here, written as SVG, PNG, PDF, DOT and LaTeX; `draw` is the verb."""

from resviz.diagram.beside import beside
from resviz.diagram.closeup import close_up, twins
from resviz.diagram.drawing import Drawing
from resviz.diagram.facts import Fact, Facts, facts
from resviz.diagram.heat import HEATS, LABELS, Heat, measured
from resviz.diagram.levels import Detail, Folding
from resviz.diagram.network_picture import NetworkPicture, draw
from resviz.diagram.orders import orders, takes_orders
from resviz.diagram.picture import Picture
from resviz.diagram.views import VIEWS, View, refuse_unused
from resviz.errors import DrawError

__all__ = [
    "HEATS",
    "LABELS",
    "VIEWS",
    "Detail",
    "DrawError",
    "Drawing",
    "Fact",
    "Facts",
    "Folding",
    "Heat",
    "NetworkPicture",
    "Picture",
    "View",
    "beside",
    "close_up",
    "draw",
    "facts",
    "measured",
    "orders",
    "refuse_unused",
    "takes_orders",
    "twins",
]
