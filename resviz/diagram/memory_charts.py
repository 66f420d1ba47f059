"""Memory as pictures: what is alive at each step of inference, and what training keeps at each part."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from resviz.diagram.chart_layout import empty_chart
from resviz.report.alive import MemoryStep
from resviz.report.checkpointing import CHECKPOINTS, Checkpointed
from resviz.report.escapes import plotly
from resviz.report.formatting import size

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

LAYERS = {
    "working": ("Read and written by the step", "#3d8bd4", ""),
    "skip": ("The block's input, waiting for the addition", "#d55e00", "/"),
    "held": ("Held further out: picture, stage's input", "#8a8a8a", "."),
}
"""What is alive, by the field of a step: its name, colour and pattern."""
BELOW = {"orientation": "h", "x": 0, "y": -0.12, "yanchor": "top", "title": None}
"""A legend under the chart: its entries are long."""
DASHES = {"none": "solid", "block": "dash", "stage": "dot"}
MARKS = {"none": "#3d8bd4", "block": "#d55e00", "stage": "#009e73"}


def alive_strip(steps: Sequence[MemoryStep]) -> "Figure":
    """Return stacked bars of the bytes alive at each step of a forward pass, in order."""
    figure = empty_chart(legend=BELOW)
    places = list(range(len(steps)))
    for field, (name, colour, pattern) in LAYERS.items():
        figure.add_bar(
            name=name,
            x=places,
            y=[getattr(step, field) for step in steps],
            marker={"color": colour, "line": {"width": 0}, "pattern": {"shape": pattern, "solidity": 0.2, "size": 5}},
            # One text a bar: plotly copies lists of lists element by element.
            customdata=[
                f"{plotly(step.path)}<br>{name}: {size(getattr(step, field))} of {size(step.total)}" for step in steps
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )
    figure.update_layout(barmode="stack", bargap=0)
    _name_parts(figure, [step.path.partition(".")[0] for step in steps])
    figure.update_yaxes(title_text="Feature maps alive", tickformat="~s", ticksuffix="B")
    return figure


def kept_strip(ways: Mapping[str, Checkpointed]) -> "Figure":
    """Return what is kept as each part's forward pass ends and its backward pass begins, a line for each way.

    With checkpoints by stage there are fewer parts; a stage's value stands over all its blocks.
    """
    figure = empty_chart(legend=BELOW)
    parts = [moment.path for moment in max(ways.values(), key=lambda way: len(way.moments)).moments]
    for name, way in ways.items():
        kept, half = _spread(way, parts), len(parts) // 2
        figure.add_scatter(
            name=CHECKPOINTS[name].label if name != "none" else "No checkpoints",
            mode="lines",
            x=list(range(len(parts))),
            y=kept,
            line={"shape": "hvh", "width": 2, "dash": DASHES[name], "color": MARKS[name]},
            customdata=[
                [plotly(path), "forward" if n < half else "backward", size(value)]
                for n, (path, value) in enumerate(zip(parts, kept, strict=True))
            ],
            hovertemplate="%{customdata[0]}, %{customdata[1]}: %{customdata[2]} kept<extra></extra>",
        )
    _name_parts(figure, [path.partition(".")[0] for path in parts])
    middle = len(parts) / 2 - 0.5
    figure.add_vline(x=middle, line={"dash": "dot", "width": 1, "color": "gray"})
    for anchor, text in (("right", "← forward  "), ("left", "  backward →")):
        figure.add_annotation(x=middle, y=1.06, yref="paper", text=text, showarrow=False, xanchor=anchor)
    figure.update_yaxes(title_text="Kept for the backward pass", tickformat="~s", ticksuffix="B", rangemode="tozero")
    return figure


def _spread(way: Checkpointed, parts: Sequence[str]) -> list[int]:
    """Return a value for each part, a stage's for each of its blocks."""
    half = len(way.moments) // 2
    halves = ({m.path: m.kept for m in way.moments[:half]}, {m.path: m.kept for m in way.moments[half:]})
    found = []
    for number, path in enumerate(parts):
        values = halves[number >= len(parts) // 2]
        found.append(values[path] if path in values else values[path.partition(".")[0]])
    return found


def _name_parts(figure: "Figure", names: Sequence[str]) -> None:
    """Name each stage once under its steps."""
    starts = [n for n, name in enumerate(names) if name.startswith("layer") and (not n or names[n - 1] != name)]
    middles = []
    for start in starts:
        end = start
        while end + 1 < len(names) and names[end + 1] == names[start]:
            end += 1
        middles.append((start + end) / 2)
    figure.update_xaxes(tickvals=middles, ticktext=[plotly(names[start]) for start in starts], showgrid=False)
