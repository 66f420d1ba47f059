"""Rows become plotly figures: bars by stage, a waterfall, errors against cost.

A figure names no colours: the page's theme gives them, in its order, so that it follows light and dark.
Colour is never alone in telling things apart: bars have patterns, points have symbols, both have words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

from resviz.diagram.chart_layout import empty_chart
from resviz.published.points import Cost, ErrorPoint, front
from resviz.report.escapes import plotly
from resviz.report.formatting import exact, percent, short, signed, signed_short
from resviz.report.reconcile import CountStep

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

AXES = {"params": "Parameters", "macs": "MACs", "activations": "Activations (output elements)"}
"""The title of a quantity's axis."""
SHARES = {"params": "parameters", "macs": "MACs", "activations": "activations"}
"""The same where it shows shares."""

_PATTERNS = ("", "/", ".", "x", "\\", "-", "+", "|")
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "star", "cross", "pentagon")


@dataclass(frozen=True, slots=True)
class Series:
    """The values of one net, one for each label of the chart; None where the net has no such part."""

    name: str
    values: tuple[int | None, ...]

    @property
    def total(self) -> int:
        """The sum of the values."""
        return sum(value or 0 for value in self.values)


def bars(
    labels: Sequence[str], series: Sequence[Series], quantity: str, *, stacked: bool = False, relative: bool = False
) -> "Figure":
    """Return bars of a quantity: groups of nets by part, or one stack of parts for each net.

    ``relative`` shows each value as a share of its own net's total.
    """
    figure = empty_chart(barmode="stack" if stacked else "group", bargap=0.25)
    if stacked:
        for index, label in enumerate(labels):
            values = [(net, net.values[index]) for net in series]
            _bar(figure, label, [plotly(net.name) for net in series], values, relative, index)
    else:
        for index, net in enumerate(series):
            _bar(figure, plotly(net.name), labels, [(net, value) for value in net.values], relative, index)
    figure.update_xaxes(type="category")
    title = f"Share of {SHARES[quantity]}" if relative else AXES[quantity]
    figure.update_yaxes(title_text=title, tickformat=".0%" if relative else "~s")
    figure.update_layout(showlegend=stacked or len(series) > 1)
    return figure


def _bar(
    figure: "Figure",
    name: str,
    x: Sequence[str],
    values: Sequence[tuple[Series, int | None]],
    relative: bool,
    index: int,
) -> None:
    shares = [None if value is None else value / (net.total or 1) for net, value in values]
    hover = [
        "" if value is None or share is None else f"{exact(value)} ({percent(share)} of {plotly(net.name)})"
        for (net, value), share in zip(values, shares, strict=True)
    ]
    figure.add_bar(
        name=name,
        x=list(x),
        y=shares if relative else [value for _, value in values],
        customdata=hover,
        hovertemplate=f"{name}, %{{x}}<br>%{{customdata}}<extra></extra>",
        marker_pattern_shape=_PATTERNS[index % len(_PATTERNS)],
        marker_pattern_solidity=0.25,
    )


def waterfall(steps: Sequence[CountStep], axis: str) -> "Figure":
    """Return a waterfall: totals, and between them what is added or taken off, each with its number on it.

    The axis begins a little below the smallest level, for a step of a few per cent to be seen.
    """
    figure = empty_chart(showlegend=False, bargap=0.35)
    figure.add_waterfall(
        x=["<br>".join(wrap(step.label, 12)) for step in steps],
        y=[step.value for step in steps],
        measure=["absolute" if step.total else "relative" for step in steps],
        text=[short(step.value) if step.total else signed_short(step.value) for step in steps],
        textposition="outside",
        cliponaxis=False,
        customdata=["<br>".join((step.label, _number(step), *wrap(step.summary, 60))) for step in steps],
        hovertemplate="%{customdata}<extra></extra>",
    )
    levels = _levels(steps)
    low, top = (0.9 * min(levels), max(levels)) if levels else (0.0, 0.0)
    figure.update_xaxes(type="category")
    title = f"{axis},<br>from {short(low)} up" if low else axis
    figure.update_yaxes(title_text=title, tickformat="~s", range=[low, top + 0.15 * (top - low)] if top else None)
    return figure


def _levels(steps: Sequence[CountStep]) -> list[float]:
    """Return how high a waterfall stands after each of its steps."""
    levels: list[float] = []
    for step in steps:
        levels.append(step.value if step.total or not levels else levels[-1] + step.value)
    return levels


def _number(step: CountStep) -> str:
    return exact(step.value) if step.total else signed(step.value)


def scatter(
    points: Sequence[ErrorPoint],
    quantity: Cost,
    *,
    log: bool = True,
    own: tuple[str, int] | None = None,
    label: str = "Top-1 error, %",
) -> "Figure":
    """Return errors against a cost, a colour and a symbol for each family, with the Pareto front.

    ``own`` is the name and the cost of a net whose error nobody knows: it is drawn as a line, not as a point.
    """
    figure = empty_chart(hovermode="closest")
    for index, family in enumerate(dict.fromkeys(point.family for point in points)):
        some = [point for point in points if point.family == family]
        figure.add_scatter(
            name=family,
            mode="markers",
            x=[point.cost(quantity) for point in some],
            y=[point.error for point in some],
            customdata=[_hover_text(point) for point in some],
            hovertemplate="%{customdata}<extra></extra>",
            marker={"symbol": _SYMBOLS[index % len(_SYMBOLS)], "size": 9, "line": {"width": 0}, "opacity": 0.9},
        )
    best = front(points, quantity)
    if len(best) > 1:
        figure.add_scatter(
            name="Pareto front",
            mode="lines",
            x=[point.cost(quantity) for point in best],
            y=[point.error for point in best],
            hoverinfo="skip",
            line={"shape": "hv", "dash": "dot", "width": 1.5, "color": "gray"},
        )
    if own is not None:
        name, cost = plotly(own[0]), own[1]
        errors = [point.error for point in points] or [0.0, 1.0]
        figure.add_scatter(
            name=f"{name}, {short(cost)}",
            mode="lines",
            x=[cost, cost],
            y=[min(errors), max(errors)],
            hovertemplate=f"{name}: {exact(cost)}, error unknown<extra></extra>",
            line={"dash": "dash", "width": 2, "color": "gray"},
        )
    figure.update_xaxes(title_text=f"{AXES[quantity]} (computed)", type="log" if log else "linear", tickformat="~s")
    if log:
        figure.update_xaxes(dtick="D2", minor={"dtick": "D1", "showgrid": False})
    figure.update_yaxes(title_text=f"{label} (printed)")
    return figure


def _hover_text(point: ErrorPoint) -> str:
    lines = (
        f"<b>{point.row.model}</b>",
        f"error {point.row.top1}% ({point.row.protocol})",
        f"{exact(point.params)} parameters",
        f"{exact(point.macs)} MACs",
        point.row.source,
    )
    return "<br>".join(lines)
