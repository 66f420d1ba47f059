"""Curves and bars of what lessons measure. No colours are named: the theme gives them; dashes tell lines apart."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from resviz.report.escapes import plotly

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
_LAYOUT = {
    "margin": {"l": 8, "r": 8, "t": 28, "b": 8},
    "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "title": None},
    "height": 380,
    "hovermode": "x unified",
}


def lines(curves: Mapping[str, Sequence[float]], x: str, y: str, *, log: bool = True) -> "Figure":
    """Return a curve for each name over the numbers from 1 on. On a log scale what is 0 is left out."""
    from plotly.graph_objects import Figure

    figure = Figure(layout=_LAYOUT)
    for index, (name, values) in enumerate(curves.items()):
        figure.add_scatter(
            name=plotly(name),
            x=list(range(1, len(values) + 1)),
            y=[value if value > 0 or not log else None for value in values],
            mode="lines",
            line={"dash": _DASHES[index % len(_DASHES)], "width": 2},
            hovertemplate="%{y:.3g}",
        )
    figure.update_xaxes(title_text=x)
    figure.update_yaxes(title_text=y, type="log" if log else "linear")
    if log:
        figure.update_yaxes(exponentformat="power", showexponent="all", dtick=_decades(curves))
    return figure


def _decades(curves: Mapping[str, Sequence[float]]) -> int:
    """Return how many decades lie between two ticks, so that there are about eight."""
    from math import log10

    found = [log10(value) for values in curves.values() for value in values if value > 0]
    return max(round((max(found) - min(found)) / 8), 1) if found else 1


def bars(heights: Mapping[int, float], x: str, y: str, marked: frozenset[int] = frozenset()) -> "Figure":
    """Return a bar for each number; those that are marked have a pattern."""
    from plotly.graph_objects import Figure

    figure = Figure(layout={**_LAYOUT, "bargap": 0.1, "showlegend": False})
    figure.add_bar(
        x=list(heights),
        y=list(heights.values()),
        marker_pattern_shape=["/" if number in marked else "" for number in heights],
        marker_pattern_solidity=0.25,
        hovertemplate="%{y:.3g}<extra></extra>",
    )
    figure.update_xaxes(title_text=x)
    figure.update_yaxes(title_text=y)
    return figure
