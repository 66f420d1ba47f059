"""What the viewer is made of: scripts, style sheets and frames in `assets`, for the app's pages and for files."""

from pathlib import Path

ASSETS = Path(__file__).with_name("assets")
"""Where they are kept."""


def viewer_text(*names: str) -> str:
    """Return files of `assets` as one text, in this order."""
    return "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in names)
