"""Results and looks become plotly figures: curves, gradients by layer, what a block is worth, the landscape.

As in `resviz.diagram.charts`, a figure names no colours but gray and a neutral scale: the page's theme gives them.
A net keeps its colour and its dash in every chart of one experiment.
"""

from collections.abc import Callable, Sequence
from statistics import fmean
from typing import TYPE_CHECKING, Any, Literal

from resviz.diagram.chart_layout import empty_chart
from resviz.report.escapes import plotly
from resviz.report.formatting import percent
from resviz.training.gradients import Gradients
from resviz.training.landscape import Landscape
from resviz.training.result import CurvePoint, Result
from resviz.training.surgery import Deletion, Swaps
from resviz.training.tables import number

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

Quantity = Literal["test accuracy", "test loss", "training loss"]
QUANTITIES: tuple[Quantity, ...] = ("test accuracy", "test loss", "training loss")

_DASHES = ("solid", "dash", "dot", "dashdot")
_SYMBOLS = ("circle", "square", "diamond", "triangle-up")
SCALE = "Viridis"
"""Of losses: even to the eye, and told apart without colour."""
CEILING = 10.0
"""Nats above which the landscape is cut off: ten equal classes make 2.3."""


def curves_chart(result: Result, quantity: Quantity = "test accuracy", *, height: int = 380) -> "Figure":
    """Return a quantity against the epoch: the mean over a net's seeds, with a bar from the lowest to the highest."""
    figure = empty_chart(height=height, hovermode="closest")
    share = quantity == "test accuracy"
    write = percent if share else number
    for index, net in enumerate(result.experiment.nets):
        at = _values(result, net.name, quantity)
        means = {epoch: fmean(values) for epoch, values in at.items()}
        figure.add_scatter(
            name=plotly(net.name),
            mode="lines+markers",
            x=list(at),
            y=list(means.values()),
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [max(values) - means[epoch] for epoch, values in at.items()],
                "arrayminus": [means[epoch] - min(values) for epoch, values in at.items()],
                "thickness": 1,
                "width": 3,
            },
            customdata=[_hover_text(values, write) for values in at.values()],
            hovertemplate=f"{plotly(net.name)}, epoch %{{x:.2g}}<br>%{{customdata}}<extra></extra>",
            line={"width": 2, "dash": _DASHES[index % len(_DASHES)]},
            marker={"size": 6, "symbol": _SYMBOLS[index % len(_SYMBOLS)]},
        )
    figure.update_xaxes(title_text="Epoch", range=[-0.1, result.experiment.epochs + 0.1])
    if share:
        figure.update_yaxes(title_text="Test accuracy", tickformat=".0%", range=[0, 1.02])
    else:
        figure.update_yaxes(title_text=f"{quantity.capitalize()}, nats", type="log", dtick=1, tickformat="~g")
    return figure


def _values(result: Result, net: str, quantity: Quantity) -> dict[float, list[float]]:
    """Return what the runs of a net have at each epoch so far."""
    at: dict[float, list[float]] = {}
    for run in result.runs:
        for point in run.points if run.net == net else ():
            if (value := _value(point, quantity)) is not None:
                at.setdefault(point.epoch, []).append(value)
    return dict(sorted(at.items()))


def _value(point: CurvePoint, quantity: Quantity) -> float | None:
    match quantity:
        case "test accuracy":
            return point.accuracy
        case "test loss":
            return point.test_loss
        case "training loss":
            return point.training_loss


def _hover_text(values: Sequence[float], write: Callable[[float], str]) -> str:
    if len(values) == 1:
        return write(values[0])
    return f"{write(fmean(values))}, mean of {len(values)} seeds ({write(min(values))} to {write(max(values))})"


def gradient_chart(found: Sequence[Gradients], *, height: int = 380) -> "Figure":
    """Return the gradient's norm by layer on a log axis, layers at their share of the depth; one line a net."""
    figure = empty_chart(height=height, hovermode="closest")
    for index, each in enumerate(found):
        last = max(len(each.layers) - 1, 1)
        figure.add_scatter(
            name=plotly(each.subject.net),
            mode="lines+markers",
            x=[place / last for place in range(len(each.layers))],
            y=[layer.norm or None for layer in each.layers],
            customdata=[f"{plotly(layer.path)}: {number(layer.norm)}" for layer in each.layers],
            hovertemplate=f"{plotly(each.subject.net)}, {each.when}<br>%{{customdata}}<extra></extra>",
            line={"width": 2, "dash": _DASHES[index % len(_DASHES)]},
            marker={"size": 5, "symbol": _SYMBOLS[index % len(_SYMBOLS)]},
        )
    figure.update_xaxes(title_text="Convolution", tickvals=[0, 0.5, 1], ticktext=["first", "middle", "last"])
    figure.update_yaxes(title_text="Gradient norm", type="log", exponentformat="power", dtick=1)
    return figure


def deletion_chart(found: Sequence[Deletion], *, height: int = 380) -> "Figure":
    """Return the test accuracy without each block, and each whole net's at the left; a gap where a block cannot go."""
    figure = empty_chart(height=height, hovermode="closest")
    paths = list(dict.fromkeys(block.path for each in found for block in each.blocks))
    for index, each in enumerate(found):
        left = {"whole net": each.whole} | {block.path: block.accuracy for block in each.blocks}
        figure.add_scatter(
            name=plotly(each.subject.net),
            mode="lines+markers",
            x=[plotly(path) for path in left],
            y=list(left.values()),
            customdata=["" if value is None else percent(value) for value in left.values()],
            hovertemplate=f"{plotly(each.subject.net)}, %{{x}}: %{{customdata}}<extra></extra>",
            line={"width": 1.5, "dash": _DASHES[index % len(_DASHES)]},
            marker={"size": 7, "symbol": _SYMBOLS[index % len(_SYMBOLS)]},
        )
    order = ["whole net", *sorted(map(plotly, paths), key=_by_number)]
    figure.update_xaxes(type="category", title_text="Deleted block", categoryorder="array", categoryarray=order)
    figure.update_yaxes(title_text="Test accuracy", tickformat=".0%", range=[0, 1.02])
    return figure


def _by_number(path: str) -> tuple[int, ...]:
    return tuple(int(part) for part in path.removeprefix("layer").split(".") if part.isdecimal())


def swap_chart(found: Sequence[Swaps], *, height: int = 380) -> "Figure":
    """Return a box a net of the test accuracies with two blocks swapped, every pair a point; a line is the whole net.

    Nets without pairs are left out.
    """
    figure = empty_chart(height=height, showlegend=False, hovermode="closest")
    some = [each for each in found if each.pairs]
    for each in some:
        figure.add_box(
            name=plotly(each.subject.net),
            y=[pair.accuracy for pair in each.pairs],
            boxpoints="all",
            jitter=0.6,
            pointpos=0,
            marker={"size": 4},
            text=[f"{pair.first} and {pair.second}: {percent(pair.accuracy)}" for pair in each.pairs],
            hovertemplate="%{text}<extra></extra>",
        )
    figure.add_scatter(
        x=[plotly(each.subject.net) for each in some],
        y=[each.whole for each in some],
        mode="markers",
        marker={"symbol": "line-ew", "size": 60, "line": {"width": 2, "color": "gray"}},
        text=[f"whole net: {percent(each.whole)}" for each in some],
        hovertemplate="%{text}<extra></extra>",
    )
    figure.update_xaxes(type="category")
    figure.update_yaxes(title_text="Test accuracy", tickformat=".0%", range=[0, 1.02])
    return figure


def _plane(found: Landscape) -> dict[str, Any]:
    """Return what a surface and a contour share: the losses of the plane, cut off, and what a point says."""
    return {
        "x": list(found.at),
        "y": list(found.at),
        "z": [[_cut(value) for value in row] for row in found.losses],
        "customdata": [[_loss(value) for value in row] for row in found.losses],
        "hovertemplate": "x %{x:.1f}, y %{y:.1f}<br>loss %{customdata}<extra></extra>",
        "colorscale": SCALE,
    }


def surface_chart(found: Landscape, *, height: int = 460) -> "Figure":
    """Return the landscape as a surface, cut off at CEILING nats."""
    figure = empty_chart(height=height)
    figure.add_surface(
        **_plane(found),
        cmin=0,
        cmax=CEILING,
        showscale=False,
        contours={"z": {"show": True, "usecolormap": True, "width": 1}},
    )
    axis = {"title": {"text": ""}, "nticks": 5}
    figure.update_scenes(
        xaxis=axis,
        yaxis=axis,
        zaxis={"title": {"text": "loss"}, "range": [0, CEILING], "nticks": 6},
        aspectratio={"x": 1, "y": 1, "z": 0.7},
        camera={"eye": {"x": 1.35, "y": 1.35, "z": 0.95}},
    )
    return figure


def contour_chart(found: Landscape, *, height: int = 460) -> "Figure":
    """Return the landscape from above, cut off at CEILING nats; a cross marks the net itself."""
    figure = empty_chart(height=height, showlegend=False)
    figure.add_contour(
        **_plane(found),
        zmin=0,
        zmax=CEILING,
        contours={"start": 0.5, "end": CEILING, "size": 0.5},
        line={"width": 0.7},
        colorbar={"title": {"text": "loss"}, "thickness": 12, "outlinewidth": 0},
    )
    figure.add_scatter(
        x=[0], y=[0], mode="markers", marker={"symbol": "x", "size": 10, "color": "white"}, hoverinfo="skip"
    )
    figure.update_xaxes(title_text="First direction", constrain="domain")
    figure.update_yaxes(title_text="Second direction", scaleanchor="x")
    return figure


def _cut(value: float | None) -> float:
    return CEILING if value is None else min(value, CEILING)


def _loss(value: float | None) -> str:
    return "without size" if value is None else number(value)
