"""What the browser is given beside the pages: style sheets, scripts and frames, kept in `assets`."""

from pathlib import Path

from resviz.diagram.viewer_files import ASSETS as VIEWER

ASSETS = Path(__file__).with_name("assets")
"""Where those of the pages are kept; those of the viewer, which also stands without the app, are the diagram's."""


def asset_text(*names: str) -> str:
    """Return files of either folder as one text, in this order; a component takes one script and one style sheet.

    A file of the viewer is followed by what the app adds to it: ``page_diagram.js`` after ``diagram.js``.
    """
    paths = (path for name in names for path in (ASSETS / name, VIEWER / name, ASSETS / f"page_{name}"))
    return "\n".join(path.read_text(encoding="utf-8") for path in paths if path.exists())
