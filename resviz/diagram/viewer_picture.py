"""A picture that the viewer can show in its place: what a notebook displays, and a page of one file."""

from abc import ABC, abstractmethod
from typing import Any

from resviz.diagram.element import in_notebook, page, written
from resviz.diagram.export import FORMATS
from resviz.diagram.picture import Picture
from resviz.diagram.svg import file_svg
from resviz.errors import DrawError

VIEWER_FORMATS = ("html", "json")
"""What it can be written as beside `resviz.diagram.export.FORMATS`: a page of one file, and its data alone."""


class ViewerPicture(Picture, ABC):
    """A picture with a ``document``, all that the viewer shows of what is drawn."""

    @property
    @abstractmethod
    def document(self) -> dict[str, Any]:
        """All that the viewer shows, as plain data; it begins with this picture."""

    def export(self, kind: str) -> bytes:
        """Return the picture as a file of a kind: svg, png, pdf, dot, tex; html, a page of one file; json, its data.

        Raises DrawError for another.
        """
        if kind == "html":
            return page(self.document).encode()
        if kind == "json":
            return written(self.document).encode()
        if kind not in FORMATS:
            kinds = ", ".join((*FORMATS, *VIEWER_FORMATS))
            raise DrawError(f"A picture cannot be written as {kind!r}; it can be as {kinds}.")
        return super().export(kind)

    def _repr_html_(self) -> str:
        """Return what a notebook shows: the viewer, or the picture where scripts are refused or the viewer lacks it."""
        try:
            return in_notebook(self.document, file_svg(self))
        except DrawError:
            return file_svg(self)
