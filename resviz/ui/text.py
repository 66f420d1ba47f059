"""Text that somebody else wrote, on a page that reads Markdown."""

import re


def plain(text: object) -> str:
    """Return text so that Markdown shows it as it is: no link, no picture from elsewhere, no formula."""
    return re.sub(r"([\\`*_{}\[\]()<>#+!|~$:&])", r"\\\1", str(text))
