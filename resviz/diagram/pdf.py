"""The picture as one page of PDF: real text in embedded fonts, the network's name as its title."""

import unicodedata
from functools import cache
from io import BytesIO
from typing import Any

from resviz.diagram.drawing import Drawing
from resviz.diagram.svg import file_svg
from resviz.diagram.text import FONT_NAME, covers, font_file

MAX_POINTS = 14_400
"""The longest side of a page that every PDF reader opens: longer pictures are made smaller to fit."""
_BOLD = f"{FONT_NAME} Bold"
_ASIAN_FONTS = {
    "HANGUL": "HYSMyeongJo-Medium",
    "KATA": "HeiseiKakuGo-W5",
    "HIRA": "HeiseiKakuGo-W5",
    "CJK": "STSong-Light",
}
"""A font of every PDF reader by a word in the names of its characters."""


def pdf(drawing: Drawing) -> bytes:
    """Return the picture as PDF; a pixel is 1/96 of an inch.

    All fonts are embedded, but for a name in Chinese, Japanese or Korean: it is set in one of PDF's own Asian
    fonts, which readers bring along.
    """
    from reportlab.graphics import renderPDF
    from reportlab.pdfgen.canvas import Canvas
    from svglib.svglib import svg2rlg

    picture: Any = svg2rlg(BytesIO(file_svg(drawing).encode()), font_map=_fonts())
    if not covers(drawing.title):
        _give_asian_fonts(picture)
    shrink = min(1.0, MAX_POINTS / max(picture.width, picture.height))
    picture.scale(shrink, shrink)
    picture.initialFontName = FONT_NAME  # a page lists the font it begins with, used or not
    data = BytesIO()
    size = picture.width * shrink, picture.height * shrink
    canvas = Canvas(data, pagesize=size, initialFontName=FONT_NAME)
    canvas.setTitle(drawing.title)
    canvas.setAuthor("")
    canvas.setSubject(f"Diagram of {drawing.title}")
    canvas.setCreator("resviz")
    renderPDF.draw(picture, canvas, 0, 0)
    canvas.showPage()
    canvas.save()
    return data.getvalue()


@cache
def _fonts() -> Any:
    """Return what tells svglib its fonts: ours, whatever is asked for, and nothing of the system's."""
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont
    from svglib.fonts import FontMap

    registerFont(TTFont(FONT_NAME, font_file()))
    registerFont(TTFont(_BOLD, font_file(bold=True)))

    class Fonts(FontMap):
        def find_font(self, font_name: str, weight: str = "normal", style: str = "normal") -> tuple[str, bool]:
            return _BOLD if weight == "bold" else FONT_NAME, True

    return Fonts()


def _give_asian_fonts(shape: Any) -> None:
    """Set East Asian words in one of PDF's own Asian fonts."""
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
