"""The font that exported pictures are set in, and how wide a text is in it.

It is Bitstream Vera Sans, free to use, embed and pass on; reportlab brings its files, regular and bold, so
that a PNG and a PDF look the same wherever they are made. DejaVu Sans and Verdana share its widths, and the
other sans-serifs that a page or an SVG may find instead are narrower: what fits here fits there.
"""

from functools import cache, lru_cache
from importlib.resources import files
from typing import Any
from unicodedata import combining, east_asian_width

FONT_NAME = "Bitstream Vera Sans"
"""The font's family name."""
FAMILIES = f"'{FONT_NAME}', 'DejaVu Sans', Verdana, Arial, sans-serif"
"""What a file that cannot carry its font asks for: fonts of the same widths first."""
MISSING = 1.05
"""The width in shares of the font size of a character that the font lacks: another font's square, and a little."""


def font_file(*, bold: bool = False) -> str:
    """Return the path of the font's file (TrueType)."""
    return str(files("reportlab") / "fonts" / ("VeraBd.ttf" if bold else "Vera.ttf"))


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the pixels that a text takes at a font size in pixels."""
    widths = _widths(bold)
    return sum(widths.get(ord(char)) or _share(char) for char in text) * size


@lru_cache(maxsize=4096)
def covers(text: str) -> bool:
    """Return whether the font has every printable character of a text, in regular and bold."""
    return all(ord(char) in _widths(False) and ord(char) in _widths(True) for char in text if char.isprintable())


@cache
def _widths(bold: bool) -> dict[int, float]:
    """Return the advance width of each character of the font, in shares of the font size."""
    from reportlab.pdfbase.ttfonts import TTFontFile

    font: Any = TTFontFile(font_file(bold=bold))
    return {char: width / 1000 for char, width in font.charWidths.items()}


def _share(char: str) -> float:
    """Return the width of a character that the font lacks, in shares of the font size."""
    if combining(char) or not char.isprintable():
        return 0.0
    return MISSING if east_asian_width(char) in "WF" else 1.0
