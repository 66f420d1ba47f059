"""How wide a text will be, without knowing the font: never less than a common sans-serif takes.

The widths are those of DejaVu Sans, the widest of the fonts that stand behind the generic name
``sans-serif`` on usual systems, in shares of the font size. East Asian characters fill a square.
"""

from functools import lru_cache
from unicodedata import combining, east_asian_width

_NARROW = frozenset("ijltfrI.,:;'|!()[]{}/ -`")
_WIDE = frozenset("mwMW@%&—…<>=+×")


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the pixels that a text takes at a font size in pixels; generous, for text must never clip."""
    return sum(map(_share, text)) * size * (1.1 if bold else 1.0)


def _share(char: str) -> float:
    if combining(char):
        return 0
    if east_asian_width(char) in "WF":
        return 1.05
    if char in _NARROW:
        return 0.41
    if char in _WIDE:
        return 0.99
    return 0.7 if char.isupper() else 0.64 if char.isascii() else 0.9
