"""What a search found, for people: the scatter with its front, parallel coordinates, the ranking as records."""

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from math import ceil, floor, log10
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from resviz.profiling.search import QUANTITIES, Found, Quantity, table
from resviz.published import rows_of
from resviz.report.escapes import plotly
from resviz.report.formatting import plural
from resviz.report.frames import frame
from resviz.report.scaling import RULES, Rule

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

MANY = 1500
"""Points from which they are drawn by the graphics card, as each would be an element of the page."""
MOST_LINES = 1500
"""Lines of the parallel coordinates; of more every n-th is drawn."""
AXES = ("params", "macs", "time", "depth")
"""The quantities among the parallel coordinates: few enough for a small screen."""
COLOURS = ("#cc79a7", "#e69f00", "#009e73", "#8a6fd0", "#d55e00")
"""Colours of the lines, told apart by those who see few (Okabe & Ito 2008); their dashes differ as well."""
SUFFIXES = {"s": "s", "bytes": "B", "pixels": " px"}
"""What follows a number on an axis, by its unit."""


def rule_told(found: Found, rule: Rule, row: int) -> str:
    """Return what a point of a scaling rule's line is told by."""
    times = found.sweep.values[row][0]
    config = found.sweep.config(row)
    depths, widths = ("-".join(map(str, each)) for each in (config.depths, config.widths))
    what = f"{plotly(rule.label)}, {times:.3g} times the MACs: depths {depths}, widths {widths}, {config.input[1]} px"
    return "<br>".join((what, *_costs(found, row)))


def scatter(
    found: Found, x: str, y: str, *, most_y: bool, own: Found, rules: Mapping[str, Found] | None = None
) -> "Figure":
    """Return two quantities of every network: those that a limit refuses faint, the rest, and the Pareto front.

    ``own`` is the base as a sweep of itself, ``rules`` the lines of scaling rules by name.
    Each point of the second and third trace carries its row.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    legend = {"orientation": "h", "x": 0, "y": -0.14, "yanchor": "top", "title": None}
    figure.update_layout(
        height=520, margin={"l": 8, "r": 8, "t": 28, "b": 8}, legend=legend, hovermode="closest", dragmode="select"
    )
    draw = go.Scattergl if len(found.sweep.values) > MANY else go.Scatter
    out = np.setdiff1d(np.arange(len(found.sweep.values)), found.rows)
    front = found.front(x, y, most_y=most_y)
    marks: dict[str, tuple[NDArray[np.int64], dict[str, Any]]] = {
        "Beyond a limit": (out, {"size": 4, "opacity": 0.3, "color": "gray"}),
        "Within the limits": (found.rows, {"size": 6, "opacity": 0.5, "color": "#3d8bd4"}),
        "Pareto front": (front, {"size": 9, "symbol": "diamond", "color": "#d55e00"}),
    }
    for name, (rows, marker) in marks.items():
        figure.add_trace(
            draw(
                name=name,
                mode="lines+markers" if name == "Pareto front" else "markers",
                x=found.column(x)[rows],
                y=found.column(y)[rows],
                customdata=[[int(row), told(found, int(row))] for row in rows] if name != "Beyond a limit" else None,
                hovertemplate="%{customdata[1]}<extra></extra>" if name != "Beyond a limit" else None,
                hoverinfo="skip" if name == "Beyond a limit" else None,
                marker={**marker, "line": {"width": 0}},
                line={"dash": "dot", "width": 1.5, "color": marker["color"]},
            )
        )
    for number, (name, line) in enumerate((rules or {}).items()):
        dash = ("solid", "dash", "dashdot", "longdash", "dot")[number % 5]
        figure.add_trace(
            draw(
                name=plotly(RULES[name].label),
                mode="lines",
                x=line.column(x),
                y=line.column(y),
                text=[rule_told(line, RULES[name], row) for row in range(len(line.sweep.values))],
                hovertemplate="%{text}<extra></extra>",
                line={"width": 3, "dash": dash, "color": COLOURS[number % len(COLOURS)]},
            )
        )
    figure.add_trace(
        draw(
            name=plotly(found.query.base.name),
            mode="markers",
            x=own.column(x),
            y=own.column(y),
            hovertemplate=f"{plotly(found.query.base.name)}, as it stands<extra></extra>",
            marker={"symbol": "star", "size": 15, "color": "#e69f00", "line": {"width": 1, "color": "black"}},
        )
    )
    figure.update_xaxes(**_axis(QUANTITIES[x], found.column(x)))
    figure.update_yaxes(**_axis(QUANTITIES[y], found.column(y)))
    return figure


def _axis(quantity: Quantity, values: NDArray[Any]) -> dict[str, Any]:
    """Return an axis with its unit at the numbers, logarithmic where a quantity spans more than a factor of four."""
    least, most = float(values.min()), float(values.max())
    if not 0 < 4 * least < most:
        return {"title_text": quantity.label, "tickformat": "~s", "ticksuffix": SUFFIXES.get(quantity.unit, "")}
    # Plotly leaves the unit out at all numbers of a logarithmic axis but powers of ten.
    powers = range(floor(log10(least)), ceil(log10(most)) + 1)
    marks = [step * 10.0**power for power in powers for step in (1, 2, 5)]
    words = [re.sub(r"\.0+(?!\d)", "", quantity.text(mark)) for mark in marks]
    return {"title_text": quantity.label, "type": "log", "tickvals": marks, "ticktext": words}


def told(found: Found, row: int) -> str:
    """Return what a point is told by: what varies, then its main quantities, in lines."""
    varied = ", ".join(
        f"{each.name} = {plotly(str(value))}"
        for each, value in zip(found.sweep.axes, found.sweep.values[row], strict=True)
    )
    return "<br>".join((varied, *_costs(found, row)))


def _costs(found: Found, row: int) -> list[str]:
    names = ("params", "macs", "activations", "time", "depth")
    return [f"{QUANTITIES[name].label} {_text(found, name, row)}" for name in names]


def _text(found: Found, name: str, row: int) -> str:
    return QUANTITIES[name].text(found.column(name)[row].item())


def parallel(found: Found, rows: NDArray[np.int64], colour: str) -> "Figure":
    """Return parallel coordinates of networks: what varies, then the quantities; coloured by one of these."""
    import plotly.graph_objects as go

    some = rows[:: max(-(-len(rows) // MOST_LINES), 1)]
    dimensions: list[dict[str, Any]] = []
    for number, each in enumerate(found.sweep.axes):
        values = list(each.values)
        if len(values) > 1:
            at = [values.index(found.sweep.values[row][number]) for row in some]
            shown = range(0, len(values), max(len(values) // 8, 1))
            dimensions.append(
                {
                    "label": each.name,
                    "values": at,
                    "range": [0, len(values) - 1],
                    "tickvals": list(shown),
                    "ticktext": [plotly(str(values[n])) for n in shown],
                }
            )
    for name in AXES:
        known = QUANTITIES[name]
        dimensions.append({"label": known.header, "values": found.column(name)[some] * known.factor})
    scale = {"color": found.column(colour)[some], "colorscale": "Viridis", "showscale": False}
    figure = go.Figure(
        go.Parcoords(dimensions=dimensions, line=scale, labelangle=-25, labelside="top", tickfont={"size": 11})
    )
    figure.update_layout(height=360, margin={"l": 56, "r": 56, "t": 84, "b": 28})
    return figure


def records(found: Found, rows: Sequence[int] | NDArray[np.int64]) -> list[dict[str, Any]]:
    """Return rows for a table that sorts: what varies, the quantities in the units of their headers, printed errors."""
    out = []
    for row in rows:
        varied = {each.name: value for each, value in zip(found.sweep.axes, found.sweep.values[row], strict=True)}
        costs = {each.header: float(found.column(name)[row]) * each.factor for name, each in QUANTITIES.items()}
        out.append({**varied, **costs, "Printed top-1 error, %": printed_errors(found, int(row))})
    return out


def printed_errors(found: Found, row: int) -> str:
    """Return the top-1 errors that were printed of a row's network, each once; empty for most."""
    printed = rows_of(found.sweep.config(row))
    return ", ".join(dict.fromkeys(str(each.top1) for each in printed if each.top1))


def parquet(found: Found, rows: NDArray[np.int64]) -> bytes:
    """Return rows as a Parquet file: raw numbers, their units in the headers."""
    out = BytesIO()
    data = frame(table(found, rows, units=True))
    mixed = [name for name in data.columns if data[name].dtype == object]
    data.astype(dict.fromkeys(mixed, "string")).to_parquet(out, index=False)
    return out.getvalue()


def refusals(found: Found) -> str:
    """Return in a sentence how many combinations cannot be and the commonest reason; empty where all can."""
    refused = found.sweep.refused
    if not refused:
        return ""
    return f"{plural(sum(refused.values()), 'combination')} cannot be, most often: {next(iter(refused))}"
