"""Figures for papers, as their tests draw and read them."""

from collections.abc import Collection

from resviz.arch import preset
from resviz.diagram import Drawing, Picture, draw
from resviz.diagram.drawing import Edge


def figure(name: str, detail: str = "blocks", width: str = "one", only: Collection[str] = ()) -> Picture:
    return draw(preset(name), detail, style="paper", width=width, only=only)


def paths(drawing: Drawing) -> list[str]:
    return [node.path for node in drawing.nodes]


def returns(drawing: Drawing) -> list[Edge]:
    """The lines that lead from the end of a row to where the next begins."""
    return [edge for edge in drawing.edges if edge.role == "trunk" and len(edge.points) > 2]
