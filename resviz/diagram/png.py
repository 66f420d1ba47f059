"""The picture as PNG, drawn by resvg in the font that the package brings; no font of the system is needed."""

from io import BytesIO

from resviz.diagram.drawing import Drawing
from resviz.diagram.styles import STYLES
from resviz.diagram.svg import file_svg
from resviz.diagram.text import FONT_NAME, covers, font_file

DPI = 600
"""Dots to the inch of a paper's figure: what printers ask of line art."""
MAX_PIXELS = 16_000
"""The longest side of a PNG: longer pictures are made smaller to fit."""


def png(drawing: Drawing, zoom: float | None = None) -> bytes:
    """Return the picture as PNG; ``zoom`` is its pixels for one of the picture's, 2 or what makes `DPI` in print.

    Where the network's name has characters that the font lacks, the system's fonts are asked for them. A paper's
    figure is in shades of grey and says how large it is in print.
    """
    points = STYLES[drawing.style].points
    if zoom is None:
        zoom = 2.0 if points is None else DPI * points / 72
    zoom = min(zoom, MAX_PIXELS / max(drawing.width, drawing.height))
    width = max(int(drawing.width * zoom + 1e-6), 1)
    data = rasterised(file_svg(drawing), width, system_fonts=not covers(drawing.title))
    return data if points is None else _sized(data, zoom * 72 / points)


def _sized(data: bytes, dpi: float) -> bytes:
    """Return a PNG in shades of grey, with its dots to the inch."""
    from PIL import Image

    out = BytesIO()
    Image.open(BytesIO(data)).convert("L").save(out, "PNG", dpi=(dpi, dpi))
    return out.getvalue()


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
