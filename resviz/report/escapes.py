"""Text from outside on its way to a file or a chart whose own language it could be taken for.

Every exit has one function here or, where only one file writes it, there: `resviz.diagram.svg`, ``dot``, ``tikz``
and `resviz.ui.text`.
"""

import re
import unicodedata
from html import escape
from typing import Any

_NUMBER = re.compile(r"[+-]?\d[\d,._]*%?")


def printable(text: str) -> str:
    """Return text on one line, without the control characters that would move a terminal or end a line."""
    if text.isprintable():
        return text
    return "".join(" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in text)


def lines(text: str) -> str:
    """Return text for a terminal: its lines and tabs, and no other control character."""
    return "".join(char if char in "\n\t" or unicodedata.category(char) != "Cc" else "\ufffd" for char in text)


def plotly(text: str) -> str:
    """Return text that Plotly shows as it is: no tag, no link, no template."""
    return escape(printable(text)).replace("%{", "%&#123;")


def csv_cell(value: Any) -> Any:
    """Return a value that no spreadsheet takes for a formula and no reader for a new line; numbers stay."""
    if not isinstance(value, str):
        return value
    text = printable(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") and not _NUMBER.fullmatch(text) else text
