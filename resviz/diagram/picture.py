"""A drawing that writes itself: as SVG for a page, as DOT, as LaTeX, and as a file of any of the formats."""

from functools import cached_property
from pathlib import Path

from resviz.diagram.dot import digraph
from resviz.diagram.drawing import Drawing
from resviz.diagram.export import save
from resviz.diagram.svg import file_svg, screen_svg
from resviz.diagram.tikz import tikz


class Picture(Drawing):
    """What `draw`, `close_up` and `twins` return: a drawing, with what can be made of it."""

    @cached_property
    def svg(self) -> str:
        """The picture as SVG with classes, for a page that gives them colours; light where it does not."""
        return screen_svg(self)

    def _repr_svg_(self) -> str:
        """Return what a notebook shows: the picture as SVG with its colours."""
        return file_svg(self)

    @cached_property
    def dot(self) -> str:
        """The picture as DOT source: ``neato -n2`` draws just this, ``dot`` lays it out anew."""
        source: str = digraph(self).source
        return source

    @cached_property
    def tikz(self) -> str:
        """The picture as a LaTeX document of class ``standalone``."""
        return tikz(self)

    def save(self, path: str | Path) -> None:
        """Write the picture as SVG, PNG, PDF, DOT or TeX, by the file's suffix. Raises DrawError for another."""
        save(self, path)
