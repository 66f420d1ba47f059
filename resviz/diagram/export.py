"""The picture as a file: SVG, PNG, PDF, DOT or LaTeX, none of which needs a Graphviz program."""

import unicodedata
from io import BytesIO
from pathlib import Path
from typing import Any

from resviz.diagram.drawing import Drawing
from resviz.diagram.errors import DrawError
from resviz.diagram.svg import file_svg

FORMATS = ("svg", "png", "pdf", "dot", "tex")
"""What a picture can be written as, by suffix."""
_ASIAN_FONTS = {
    "HANGUL": "HYSMyeongJo-Medium",
    "KATA": "HeiseiKakuGo-W5",
    "HIRA": "HeiseiKakuGo-W5",
    "CJK": "STSong-Light",
}
"""A font of every PDF reader by a word in the names of its characters."""
MAX_POINTS = 14_400
"""The longest side of a page that every PDF reader opens: longer pictures are made smaller to fit."""
MAX_PIXELS = 16_000
"""The longest side of a PNG: longer pictures are made smaller to fit."""


def export(drawing: Drawing, kind: str, *, zoom: float = 2.0) -> bytes:
    """Return the picture in a format; ``zoom`` is a PNG's pixels for one of the picture's.

    Raises DrawError for a format that there is not.
    """
    match kind:
        case "svg":
            return file_svg(drawing).encode()
        case "png":
            return _png(drawing, zoom)
        case "pdf":
            return _pdf(drawing)
        case "dot":
            return drawing.dot.encode()
        case "tex":
            return drawing.tikz.encode()
        case _:
            raise DrawError(f"A picture cannot be written as {kind!r}; it can be as {', '.join(FORMATS)}.")


def save(drawing: Drawing, path: str | Path) -> None:
    """Write the picture to a file, in the format of its suffix. Raises DrawError where that is none."""
    path = Path(path)
    data = export(drawing, path.suffix.removeprefix(".").lower())
    try:
        path.write_bytes(data)
    except OSError as error:
        raise DrawError(f"{path} cannot be written: {error.strerror}.") from None


def _png(drawing: Drawing, zoom: float) -> bytes:
    from resvg_py import svg_to_bytes

    zoom = min(zoom, MAX_PIXELS / max(drawing.width, drawing.height))
    width = max(round(drawing.width * zoom), 1)
    return bytes(svg_to_bytes(svg_string=file_svg(drawing), width=width))


def _pdf(drawing: Drawing) -> bytes:
    from reportlab.graphics import renderPDF
    from svglib.svglib import svg2rlg

    picture: Any = svg2rlg(BytesIO(file_svg(drawing).encode()))
    _give_asian_fonts(picture)
    shrink = min(1.0, MAX_POINTS / max(picture.width, picture.height))
    picture.scale(shrink, shrink)
    picture.width, picture.height = picture.width * shrink, picture.height * shrink
    return bytes(renderPDF.drawToString(picture))


def _give_asian_fonts(shape: Any) -> None:
    """Set East Asian words in one of PDF's own Asian fonts, which readers bring along: Helvetica lacks them."""
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.pdfmetrics import registerFont

    for inner in getattr(shape, "contents", ()):
        _give_asian_fonts(inner)
    text = getattr(shape, "text", "")
    font = next((font for name, font in _ASIAN_FONTS.items() if any(name in _script(char) for char in text)), None)
    if font:
        registerFont(UnicodeCIDFont(font))
        shape.fontName = font


def _script(char: str) -> str:
    return unicodedata.name(char, "") if char > "\u2e7f" else ""
