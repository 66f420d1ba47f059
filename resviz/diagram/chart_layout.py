"""How every chart begins: its margins, its legend and its height. It names no colours: the page's theme gives them."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

MARGIN = {"l": 8, "r": 8, "t": 28, "b": 8}
LEGEND = {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom", "title": None}
"""A row above the chart."""


def empty_chart(**layout: Any) -> "Figure":
    """Return a chart with nothing in it yet, 380 pixels high; ``layout`` is Plotly's and comes before what is usual."""
    from plotly.graph_objects import Figure

    return Figure(layout={"margin": MARGIN, "legend": LEGEND, "height": 380, **layout})
