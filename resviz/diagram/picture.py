"""A drawing that writes itself: as SVG for a page, as DOT, as LaTeX, and as a file of any of the formats."""

from functools import cached_property
from pathlib import Path

from resviz.diagram.dot import digraph
from resviz.diagram.drawing import Drawing
from resviz.diagram.export import export, kind_of, write
from resviz.diagram.svg import file_svg, screen_svg
from resviz.diagram.tikz import tikz


class Picture(Drawing):
    """What `draw`, `close_up` and `twins` return: a drawing, with what can be made of it."""

    def __repr__(self) -> str:
        return f"<picture of {self.name}: {self.detail}, {len(self.nodes)} nodes, {self.width:g} x {self.height:g}>"

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

    def export(self, kind: str) -> bytes:
        """Return the picture as a file of a kind: svg, png, pdf, dot, tex. Raises DrawError for another."""
        return export(self, kind)

    def save(self, path: str | Path) -> None:
        """Write the picture in the format of the file's suffix, as `export` has it. Raises DrawError for another."""
        write(self.export(kind_of(path)), path)
