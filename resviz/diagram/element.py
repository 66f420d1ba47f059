"""The element ``<resviz-diagram>``: its script, and pages that hold it (docs/viewer.md)."""

import base64
import gzip
import json
from functools import cache
from html import escape
from typing import Any

from resviz.diagram.viewer_files import viewer_text
from resviz.report.headline import in_line

SCRIPTS = ("view.js", "search.js", "room.js", "toolbar.js", "diagram.js", "folding.js", "element.js")
"""What the element's script is made of; all but the last two are those of the app's pages."""
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"
"""What a page of one file may load: nothing that is not in it."""


@cache
def element_script() -> str:
    """Return the script that defines the element, once however often a page holds it; it is no module."""
    frame, style = (json.dumps(viewer_text(*names)) for names in (("diagram.html",), ("diagram.css", "element.css")))
    body = viewer_text(*SCRIPTS)
    return (
        f'if (!customElements.get("resviz-diagram")) {{ (() => {{\n"use strict";\n'
        f"const FRAME = {frame};\nconst STYLE = {style};\n{body}\n}})(); }}\n"
    )


def written(document: dict[str, Any]) -> str:
    """Return a document as JSON, as the element reads it from ``src``."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def packed(document: dict[str, Any]) -> str:
    """Return a document as the element reads it from ``packed``: JSON, gzip, base64."""
    return base64.b64encode(gzip.compress(written(document).encode(), 9, mtime=0)).decode()


def element(document: dict[str, Any], *, inside: str = "", attributes: str = "") -> str:
    """Return the element with its document in it; ``inside`` is HTML that stands where scripts are refused."""
    return f'<resviz-diagram{attributes} packed="{packed(document)}">{inside}</resviz-diagram>'


def in_notebook(document: dict[str, Any], picture: str) -> str:
    """Return what a notebook shows of a document: the element, and ``picture``, an SVG, where scripts are refused."""
    data = base64.b64encode(picture.encode()).decode()
    name = escape(document["name"])
    still = f'<img alt="Diagram of {name}" style="max-width: 100%" src="data:image/svg+xml;base64,{data}">'
    return f"{element(document, inside=still)}<script>{element_script()}</script>"


def page(document: dict[str, Any]) -> str:
    """Return a page of one file that shows a document: no server, no network."""
    name = escape(document["name"])
    totals = "".join(
        f'<div title="{escape(words)}"><dt>{escape(in_line(label))}</dt><dd>{escape(value)}</dd></div>'
        for label, value, words in document["totals"]
    )
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}</title>
<style>
{viewer_text("file.css")}</style>
<header><h1>{name}</h1><dl>{totals}</dl></header>
{element(document, attributes=' height="fill" tables')}
<script>
{element_script()}</script>
</html>
"""
