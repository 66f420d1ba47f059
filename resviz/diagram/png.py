"""The picture as PNG, drawn by resvg in the font that the package brings; no font of the system is needed."""

from resviz.diagram.drawing import Drawing
from resviz.diagram.svg import file_svg
from resviz.diagram.text import FONT_NAME, covers, font_file

MAX_PIXELS = 16_000
"""The longest side of a PNG: longer pictures are made smaller to fit."""


def png(drawing: Drawing, zoom: float = 2.0) -> bytes:
    """Return the picture as PNG; ``zoom`` is its pixels for one of the picture's.

    Where the network's name has characters that the font lacks, the system's fonts are asked for them.
    """
    zoom = min(zoom, MAX_PIXELS / max(drawing.width, drawing.height))
    return rasterised(file_svg(drawing), max(int(drawing.width * zoom), 1), system_fonts=not covers(drawing.title))


def rasterised(svg: str, width: int, *, system_fonts: bool = False) -> bytes:
    """Return an SVG as PNG of a width in pixels; ``system_fonts`` lets it take characters from there too."""
    from resvg_py import svg_to_bytes

    fonts = [font_file(), font_file(bold=True)]
    return bytes(
        svg_to_bytes(
            svg_string=svg,
            width=width,
            skip_system_fonts=not system_fonts,
            font_files=fonts,
            font_family=FONT_NAME,
            sans_serif_family=FONT_NAME,
        )
    )
