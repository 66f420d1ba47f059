"""What the toolbar of Explore's diagram offers, as plain data for `assets/toolbar.js`."""

from typing import Any

from resviz.arch import Network, ResNetConfig
from resviz.diagram import LABELS, VIEWS, Detail, takes_orders
from resviz.diagram.views import DIRECTIONS
from resviz.report import formatting
from resviz.report.headline import MAX_LISTED
from resviz.ui.shown import TIME, Shown

FILES = {
    "svg": ("SVG, for the web and for editing", "image/svg+xml"),
    "png": ("PNG, for slides", "image/png"),
    "pdf": ("PDF, for print", "application/pdf"),
    "dot": ("DOT, for Graphviz", "text/vnd.graphviz"),
    "tex": ("TikZ, for LaTeX", "text/x-tex"),
    "paper.pdf": ("Figure for a paper, PDF", "application/pdf"),
    "paper.tex": ("Figure for a paper, TikZ", "text/x-tex"),
    "html": ("HTML, this viewer in one file", "text/html"),
}
"""What the picture is offered as, and the network as a paper's figure: words and media type, by suffix."""
ONLY = {"html": {"network"}, "paper.pdf": {"network", "block"}, "paper.tex": {"network", "block"}}
"""The views that a file shows, where it does not show all."""


def blocks_of(network: Network) -> list[str]:
    """Return the blocks that differ, each by the first of its run."""
    return [f"{stage.name}.{run.start}" for stage in network.stages for run in stage.runs]


def views_of(config: ResNetConfig) -> list[str]:
    """Return the pictures that there are of a network."""
    without = {"twins"} if config.shortcut == "none" else set()
    return [name for name in VIEWS if name not in without and (name != "orders" or takes_orders(config))]


def toolbar(shown: Shown, config: ResNetConfig, network: Network, detail: Detail, *, too_many: bool) -> dict[str, Any]:
    """Return each choice with its values, the one that holds and whether it changes anything; and what to say of it.

    ``detail`` is what is drawn, which ``too_many`` layers keep from what was asked for.
    """
    view, views = VIEWS[shown.view], [(name, VIEWS[name].label) for name in views_of(config)]
    blocks = blocks_of(network)
    heats = [("", "Kind of layer"), *LABELS.items()]
    heats += [(TIME, f"Estimated time, {shown.gpu}")] if shown.gpu and not too_many else []
    capped = f"More than {formatting.exact(MAX_LISTED)} layers: drawn as blocks." if too_many else ""
    return {
        "choices": {
            "detail": _choice([(one, one.capitalize()) for one in Detail], detail)
            | {"hidden": "detail" not in view.takes},
            "view": _choice(views, shown.view),
            "block": _choice([(path, path) for path in blocks], shown.block or blocks[0])
            | {"hidden": shown.view not in ("block", "orders")},
            "direction": _choice(list(DIRECTIONS.items()), shown.direction, "horizontal" in view.takes),
            "edges": _choice([], "1" if shown.edges else "", shown.view == "network"),
            "numbers": _choice([], shown.numbers, shown.view == "network"),
            "heat": _choice(heats, shown.heat, "heat" in view.takes),
        },
        "files": [(kind, words) for kind, (words, _) in FILES.items() if shown.view in ONLY.get(kind, VIEWS)],
        "note": " ".join(filter(None, (view.why, capped))),
        "full": bool(shown.full),
    }


def _choice(values: list[tuple[str, str]], value: str, enabled: bool = True) -> dict[str, Any]:
    return {"values": values, "value": value, "enabled": enabled}
