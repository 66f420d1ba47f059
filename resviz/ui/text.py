"""Text that somebody else wrote, on a page that reads Markdown, and in the name of a file."""

import re

JOINER = "\u2060"
"""Unicode's word joiner: it takes no room. Markdown makes links of bare addresses after it has read every escape, so
only a character between their parts keeps them text."""


def plain(text: object) -> str:
    """Return text so that Markdown shows it as it is: no link, no picture from elsewhere, no formula, no list."""
    shown = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", str(text)).split())
    shown = re.sub(r"(?i)(https?|ftp|mailto|xmpp)(?=:)|(www)(?=\.)|(?<=\S)(?=@)", rf"\g<0>{JOINER}", shown)
    shown = re.sub(r"([\\`*_{}\[\]()<>#+!|~$:&])", r"\\\1", shown)
    return re.sub(r"^([-=]|\d+(?=[.)](?:\s|$)))", _at_the_start, shown)


def _at_the_start(found: re.Match[str]) -> str:
    """Return what would begin a list or a line so that it begins none."""
    return f"\\{found[0]}" if found[0] in "-=" else f"{found[0]}{JOINER}"


def file_name(name: str) -> str:
    """Return a name without what a file system or a header could not hold."""
    return "".join(char if char.isalnum() or char in "-_." else "_" for char in name).strip("._-") or "network"
