"""What the browser is given beside the pages: style sheets, scripts and frames, kept in `assets`."""

from pathlib import Path

from resviz.diagram.viewer_files import ASSETS as VIEWER

ASSETS = Path(__file__).with_name("assets")
"""Where those of the pages are kept; those of the viewer, which also stands without the app, are the diagram's."""


def asset_text(*names: str) -> str:
    """Return files of either folder as one text, in this order; a component takes one script and one style sheet."""
    folders = (ASSETS, VIEWER)
    paths = (next(folder / name for folder in folders if (folder / name).exists()) for name in names)
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)
