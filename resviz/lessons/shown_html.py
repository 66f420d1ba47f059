"""What an experiment shows, as HTML that stands alone: diagrams in the viewer, charts by plotly."""

import base64
import gzip
import io
import json
from collections.abc import Sequence
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any, assert_never

from resviz.diagram.element import element, still
from resviz.diagram.still_document import still_document
from resviz.diagram.svg import file_svg
from resviz.lessons.markdown import html
from resviz.lessons.shown import Chart, Code, Diagram, Image, Rows, Shown, ShownPart, Words
from resviz.report.html_table import html_table

HEIGHT = 520
"""Pixels of a diagram where nothing else stands beside it."""
LOWER = 400
"""Pixels of a diagram below something else."""
PLOTLY = "plotly"
"""The name of the script that holds plotly, packed."""


def shown_html(what: Shown, highlights: Sequence[str] = ()) -> str:
    """Return the parts one below the other; nodes of the paths ``highlights`` stand out in diagrams."""
    height = HEIGHT if len(what.parts) == 1 else LOWER
    return "\n".join(_part(part, highlights, height) for part in what.parts)


def _part(part: ShownPart, highlights: Sequence[str], height: int) -> str:
    match part:
        case Diagram():
            document = still_document(part.picture, part.network, highlights)
            inside = still(document, file_svg(part.picture))
            return element(document, attributes=f' bare height="{height}"', inside=inside)
        case Rows():
            return html_table(part.table, totals=part.totals)
        case Chart():
            return _chart(part)
        case Image():
            words = escape(part.alt)
            return f'<figure><img alt="{words}" src="{_png(part.pixels)}"><figcaption>{words}</figcaption></figure>'
        case Words():
            kind = {True: "good", False: "bad", None: ""}[part.good]
            return f'<div class="words {kind}">{html(part.text)}</div>'
        case Code():
            return f"<pre><code>{escape(part.text)}</code></pre>"
        case _:
            assert_never(part)


def _chart(part: Chart) -> str:
    """Return a place for a chart with what it shows, for `charts.js`."""
    plain = json.loads(part.figure.to_json())
    layout = {key: value for key, value in plain["layout"].items() if key != "template"}  # the page has its own
    data = json.dumps({"data": plain["data"], "layout": layout}, separators=(",", ":"))
    alt, safe = escape(part.alt), data.replace("<", "\\u003c")
    height = part.figure.layout.height or LOWER
    return (
        f'<figure class="chart" role="img" aria-label="{alt}" style="height: {height}px">'
        f'<script type="application/json">{safe}</script><noscript>{alt}.</noscript></figure>'
    )


def _png(pixels: Any) -> str:
    """Return pixels as an address that holds them."""
    from PIL.Image import fromarray

    held = io.BytesIO()
    fromarray(pixels).save(held, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(held.getvalue()).decode()}"


@cache
def plotly_script() -> str:
    """Return plotly as a script that waits, gzip in base64 (2.0 MB), for a page with charts."""
    script = files("plotly").joinpath("package_data", "plotly.min.js").read_bytes()
    packed = base64.b64encode(gzip.compress(script, 9, mtime=0)).decode()
    return f'<script type="text/plain" id="{PLOTLY}">{packed}</script>'
