"""The picture as a file: SVG, PNG, PDF, DOT or LaTeX, none of which needs a Graphviz program."""

import errno
import os
import stat
from pathlib import Path
from typing import Protocol

from resviz.diagram.dot import digraph
from resviz.diagram.drawing import Drawing
from resviz.diagram.pdf import pdf
from resviz.diagram.png import png
from resviz.diagram.svg import file_svg
from resviz.diagram.tikz import tikz
from resviz.errors import DrawError
from resviz.progress import Report, silent


class Exportable(Protocol):
    """Any picture that writes itself."""

    def export(self, kind: str) -> bytes:
        """Return the picture as a file of a kind. Raises DrawError for another."""
        ...


FORMATS = ("svg", "png", "pdf", "dot", "tex")
"""What a picture can be written as, by suffix."""


def export(drawing: Drawing, kind: str, *, zoom: float | None = None) -> bytes:
    """Return the picture in a format; ``zoom`` is a PNG's pixels for one of the picture's (`resviz.diagram.png`).

    Raises DrawError for a format that there is not, or not of this picture.
    """
    match kind:
        case "svg":
            return file_svg(drawing).encode()
        case "png":
            return png(drawing, zoom)
        case "pdf":
            return pdf(drawing)
        case "dot":
            return str(digraph(drawing).source).encode()
        case "tex":
            return tikz(drawing).encode()
        case _:
            raise DrawError(f"A picture cannot be written as {kind!r}; it can be as {', '.join(FORMATS)}.")


def exported(drawing: "Exportable", kind: str, report: Report = silent) -> bytes:
    """Return what ``drawing.export(kind)`` gives, so that a process of its own can do it (`resviz.apart`)."""
    report("writing the file", 0, 1)
    return drawing.export(kind)


def kind_of(path: str | Path) -> str:
    """Return the format that a file's suffix names: ``svg``."""
    return Path(path).suffix.removeprefix(".").lower()


def ensure_writable(path: str | Path) -> None:
    """Raise DrawError, as `write` does, where a file cannot be written, before the work that is to be written."""
    path = Path(path)
    try:
        here = path if path.exists() else path.parent
        folder = stat.S_ISDIR(here.stat().st_mode)
    except OSError as error:
        raise _unwritable(path, error.strerror) from None
    if folder is (here is path):
        raise _unwritable(path, os.strerror(errno.EISDIR if folder else errno.ENOTDIR))
    if not os.access(here, os.W_OK):
        raise _unwritable(path, os.strerror(errno.EACCES))


def write(data: bytes, path: str | Path) -> None:
    """Write bytes to a file. Raises DrawError where that is not possible."""
    path = Path(path)
    try:
        path.write_bytes(data)
    except OSError as error:
        raise _unwritable(path, error.strerror) from None


def _unwritable(path: Path, reason: str | None) -> DrawError:
    return DrawError(f"{path} cannot be written: {reason}.")
