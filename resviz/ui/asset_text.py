"""What the browser is given beside the pages: style sheets, scripts and frames, kept in `assets`."""

from pathlib import Path

ASSETS = Path(__file__).with_name("assets")
"""Where they are kept."""


def asset_text(*names: str) -> str:
    """Return files of `assets` as one text, in this order; a component takes one script and one style sheet."""
    return "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in names)
