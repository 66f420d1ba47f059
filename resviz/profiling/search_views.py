"""What a search found, for people: the scatter with its front, parallel coordinates, the ranking as records."""

import re
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from math import ceil, floor, log10
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from resviz.arch import ResNetConfig
from resviz.profiling.brush import LineAxis
from resviz.profiling.search import QUANTITIES, Found, Quantity, table
from resviz.published import rows_of
from resviz.report import formatting
from resviz.report.escapes import plotly
from resviz.report.formatting import plural
from resviz.report.frames import frame
from resviz.report.scaling import RULES, Rule

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

MANY = 3000
"""Points from which WebGL draws them: fewer are sooner there as elements of the page where no graphics card helps."""
MOST_LINES, MOST_OTHERS = 1000, 500
"""Lines of networks that are chosen, and of others; of more so many are drawn, taken at random and always the same."""
OUT = "Beyond a limit"
"""What points are called that a limit refuses."""
COLOURS = ("#cc79a7", "#e69f00", "#009e73", "#8a6fd0", "#d55e00")
"""Colours of the lines, told apart by those who see few (Okabe & Ito 2008); their dashes differ as well."""
HOVERED = ("params", "macs", "activations", "time", "depth")
"""The quantities that are told at a point."""
SUFFIXES = {"s": "s", "bytes": "B", "pixels": " px"}
"""What follows a number on an axis, by its unit."""


def rule_hover_text(found: Found, rule: Rule, row: int) -> str:
    """Return the words at a point of a scaling rule's line."""
    times = found.sweep.values[row][0]
    config = found.sweep.config(row)
    depths, widths = ("-".join(map(str, each)) for each in (config.depths, config.widths))
    what = f"{plotly(rule.label)}, {times:.3g} times the MACs: depths {depths}, widths {widths}, {config.input[1]} px"
    return "<br>".join((what, *_costs(found, row)))


def scatter(
    found: Found,
    x: str,
    y: str,
    *,
    most_y: bool,
    own: Found,
    rules: Mapping[str, Found] | None = None,
    out: str = OUT,
    picked: Sequence[int] = (),
) -> "Figure":
    """Return two quantities of every network: those that are ``out`` faint, the rest, and the Pareto front.

    ``own`` is the base as a sweep of itself, ``rules`` the lines of scaling rules by name; of rows that are ``picked``
    the others are paler.
    Each point of the second and third trace carries its row.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    legend = {"orientation": "h", "x": 0, "y": -0.14, "yanchor": "top", "title": None}
    figure.update_layout(
        height=520,
        margin={"l": 8, "r": 8, "t": 28, "b": 8},
        legend=legend,
        hovermode="closest",
        dragmode="select",
    )
    draw = go.Scattergl if len(found.sweep.values) > MANY else go.Scatter
    beyond = np.setdiff1d(np.arange(len(found.sweep.values)), found.rows)
    front = found.front(x, y, most_y=most_y)
    template = _hover_template(found)
    marks: dict[str, tuple[NDArray[np.int64], dict[str, Any]]] = {
        out: (beyond, {"size": 4, "opacity": 0.3, "color": "gray"}),
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
                customdata=_hover_values(found, rows) if name != out else None,
                hovertemplate=template if name != out else None,
                hoverinfo="skip" if name == out else None,
                selectedpoints=np.flatnonzero(np.isin(rows, picked)) if picked else None,
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
                text=[rule_hover_text(line, RULES[name], row) for row in range(len(line.sweep.values))],
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


def in_lines(found: Found, row: int) -> tuple[str, ...]:
    """Return what a person wants to know of a row first: what varies, then its main quantities, each a line."""
    values = zip(found.sweep.axes, found.sweep.values[row], strict=True)
    return ", ".join(f"{each.name} = {value}" for each, value in values), *_costs(found, row)


def _costs(found: Found, row: int) -> list[str]:
    return [f"{QUANTITIES[name].label} {QUANTITIES[name].text(found.column(name)[row].item())}" for name in HOVERED]


def _hover_values(found: Found, rows: NDArray[np.int64]) -> NDArray[np.object_]:
    """Return for each row its number, what varies and its main quantities, which `_hover_template` puts into words."""
    columns = [found.column(name)[rows].tolist() for name in HOVERED]
    words = [{value: plotly(str(value)) for value in axis.values} for axis in found.sweep.axes]
    varied = ([of[value] for of, value in zip(words, found.sweep.values[row], strict=True)] for row in rows)
    lines = [[row, *own, *costs] for row, own, *costs in zip(rows.tolist(), varied, *columns, strict=True)]
    return np.array(lines, dtype=object)  # of a list plotly would look at each element


def _hover_template(found: Found) -> str:
    """Return the words at a point. The browser fills the numbers in: thousands of sentences would take long to send."""
    names = [each.name for each in found.sweep.axes]
    varied = ", ".join(f"{name} = %{{customdata[{at}]}}" for at, name in enumerate(names, 1))
    costs = []
    for at, name in enumerate(HOVERED, 1 + len(names)):
        known = QUANTITIES[name]
        form = ",d" if known.text is formatting.exact else ".3s"
        costs.append(f"{known.label} %{{customdata[{at}]:{form}}}{SUFFIXES.get(known.unit, '')}")
    return "<br>".join((varied, *costs)) + "<extra></extra>"


def lines(found: Found, axes: Sequence[LineAxis], chosen: NDArray[np.int64], colour: str) -> dict[str, Any]:
    """Return the networks within the limits as lines across axes, at most MOST_LINES, those that are chosen first.

    Places are in the unit of an axis's label; ``on`` marks the lines that are chosen, ``colours`` rise from 0 to 1 with
    the rank of a quantity.
    """
    on, others = _thinned(chosen, MOST_LINES), _thinned(np.setdiff1d(found.rows, chosen), MOST_OTHERS)
    some = np.concatenate([on, others])
    ranks = np.unique(found.column(colour)[some], return_inverse=True)[1]
    return {
        "axes": [
            {
                "name": each.name,
                "label": each.label,
                "low": each.low * each.factor,
                "high": each.high * each.factor,
                "log": each.log,
                "words": each.words,
                "digits": each.digits,
                "places": [float(f"{place:.5g}") for place in each.places[some] * each.factor],
            }
            for each in axes
        ],
        "on": [1] * len(on) + [0] * len(others),
        "colours": [round(float(rank), 3) for rank in ranks / max(ranks.max(initial=0), 1)],
    }


def _thinned(rows: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    # Every n-th would leave out whole values of the field that varies fastest.
    return rows if len(rows) <= most else np.sort(np.random.default_rng(0).permutation(rows)[:most])


def records(
    found: Found, rows: Sequence[int] | NDArray[np.int64], link: Callable[[ResNetConfig], str]
) -> list[dict[str, Any]]:
    """Return rows for a table that sorts: what varies, the quantities in the units of their headers, printed errors.

    Each begins with the ``link`` of its network.
    """
    out = []
    for row in rows:
        config = found.sweep.config(int(row))
        varied = {each.name: value for each, value in zip(found.sweep.axes, found.sweep.values[row], strict=True)}
        costs = {each.header: float(found.column(name)[row]) * each.factor for name, each in QUANTITIES.items()}
        out.append({"Open": link(config), **varied, **costs, "Printed top-1 error, %": printed_errors(config)})
    return out


def printed_errors(config: ResNetConfig) -> str:
    """Return the top-1 errors that were printed of a network, each once; empty for most."""
    printed = rows_of(config)
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
