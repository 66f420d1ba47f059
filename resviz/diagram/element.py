"""The element ``<resviz-diagram>``: its script, and pages that hold it (docs/viewer.md)."""

import base64
import gzip
import json
from functools import cache
from html import escape
from typing import Any

from resviz.diagram.viewer_files import viewer_text
from resviz.report.headline import in_line

SHARED = ("view.js", "search.js", "room.js", "toolbar.js", "diagram.js", "compare.js")
"""The scripts that the app's pages use too."""
OWN = ("folding.js", "element.js", "diagram_element.js", "comparison_element.js")
"""Those of the elements alone."""
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"
"""What a page of one file may load: nothing that is not in it."""


@cache
def element_script() -> str:
    """Return the script that defines the element, once however often a page holds it; it is no module."""
    texts = {
        "FRAME": viewer_text("diagram.html"),
        "PANES": viewer_text("compare.html"),
        "STYLE": viewer_text("diagram.css", "element.css"),
        "MARKS": viewer_text("compare.css"),
    }
    constants = "".join(f"const {name} = {json.dumps(text)};\n" for name, text in texts.items())
    body = viewer_text(*SHARED, *OWN)
    return f'if (!customElements.get("resviz-diagram")) {{ (() => {{\n"use strict";\n{constants}{body}\n}})(); }}\n'


def written(document: dict[str, Any]) -> str:
    """Return a document as JSON, as the element reads it from ``src``."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def packed(document: dict[str, Any]) -> str:
    """Return a document as the element reads it from ``packed``: JSON, gzip, base64."""
    return base64.b64encode(gzip.compress(written(document).encode(), 9, mtime=0)).decode()


def element(document: dict[str, Any], *, inside: str = "", attributes: str = "") -> str:
    """Return the element with its document in it; ``inside`` is HTML that stands where scripts are refused."""
    tag = document["format"]
    return f'<{tag}{attributes} packed="{packed(document)}">{inside}</{tag}>'


def in_notebook(document: dict[str, Any], picture: str) -> str:
    """Return what a notebook shows of a document: the element, and ``picture``, an SVG, where scripts are refused."""
    return f"{element(document, inside=still(document, picture))}<script>{element_script()}</script>"


def still(document: dict[str, Any], picture: str) -> str:
    """Return what stands in a document's place where scripts are refused: ``picture``, an SVG, as an image."""
    data = base64.b64encode(picture.encode()).decode()
    name = escape(document["name"])
    return f'<img alt="Diagram of {name}" style="max-width: 100%" src="data:image/svg+xml;base64,{data}">'


def page(document: dict[str, Any]) -> str:
    """Return a page of one file that shows a document: no server, no network."""
    name = escape(document["name"])
    totals = "".join(
        f'<div title="{escape(words)}"><dt>{escape(in_line(label))}</dt><dd>{escape(value)}</dd></div>'
        for label, value, words in document.get("totals", ())
    )
    signs = "".join(f"<div><dt>{escape(words)}</dt><dd>{sign}</dd></div>" for sign, words in document.get("signs", ()))
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}</title>
<style>
{viewer_text("file.css")}</style>
<header><h1>{name}</h1><dl>{totals}{signs}</dl></header>
{element(document, attributes=' height="fill" tables')}
<script>
{element_script()}</script>
</html>
"""
