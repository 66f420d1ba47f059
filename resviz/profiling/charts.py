"""Profiles become plotly figures: steps, sweep curves, a bar per block, the roofline, two runs compared.

As in `resviz.diagram.charts`, a figure names no colours but gray: the page's theme gives them.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from resviz.arch.ops import Conv2d, Kind
from resviz.diagram.chart_layout import LEGEND, MARGIN, empty_chart
from resviz.diagram.heat import Heat, measured
from resviz.diagram.levels import run_path
from resviz.profiling.breakdown import additions
from resviz.profiling.result import LayerTime, Profile, Sweep
from resviz.profiling.roofline import RooflinePoint, points, roof
from resviz.report.escapes import plotly
from resviz.report.formatting import duration, exact, macs, percent, short, size

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from resviz.arch import Network

_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "star", "cross", "pentagon")


def steps_chart(profile: Profile) -> "Figure":
    """Return every timed step in order, its median as a line and the 5th to 95th percentile as a band."""
    summary = profile.summary
    across = {"xref": "x domain", "x0": 0, "x1": 1, "yref": "y"}
    low, middle, high = (1e3 * seconds for seconds in (summary.p5, summary.median, summary.p95))
    band = {"type": "rect", "y0": low, "y1": high, "fillcolor": "gray", "opacity": 0.15, "line": {"width": 0}}
    line = {"type": "line", "y0": middle, "y1": middle, "line": {"dash": "dash", "width": 1.5, "color": "gray"}}
    figure = empty_chart(
        showlegend=False,
        height=320,
        shapes=[{**across, **band}, {**across, **line}],
        xaxis={"title": {"text": "Timed step"}},
        yaxis={"title": {"text": "ms"}, "rangemode": "tozero"},
    )
    figure.add_scatter(
        mode="markers",
        x=list(range(1, len(profile.samples) + 1)),
        y=[sample * 1e3 for sample in profile.samples],
        customdata=[duration(sample) for sample in profile.samples],
        hovertemplate="Step %{x}: %{customdata}<extra></extra>",
        marker={"size": 6},
    )
    return figure


def sweep_chart(sweep: Sweep) -> "Figure":
    """Return throughput, time and memory against the batch size, one above the other."""
    from plotly.graph_objects import Figure

    runs = sweep.runs
    batches = [run.protocol.batch for run in runs]
    curves: list[tuple[int, str, list[float | None], list[str], str]] = [
        (
            1,
            "Images per second",
            [run.images_per_second for run in runs],
            [f"{short(run.images_per_second)} images/s" for run in runs],
            "solid",
        ),
        (
            2,
            "Time per step, ms",
            [run.summary.median * 1e3 for run in runs],
            [
                f"{duration(run.summary.median)} ({duration(run.summary.p5)} to {duration(run.summary.p95)})"
                for run in runs
            ],
            "solid",
        ),
        (
            3,
            "Peak memory, MB",
            [_mb(run.peak_memory) for run in runs],
            [_size(run.peak_memory) for run in runs],
            "solid",
        ),
        (
            3,
            "Predicted memory, MB",
            [_mb(run.predicted_memory) for run in runs],
            [_size(run.predicted_memory) for run in runs],
            "dot",
        ),
    ]
    traces = [
        {
            "type": "scatter",
            "xaxis": f"x{row}",
            "yaxis": f"y{row}",
            "name": name,
            "mode": "lines+markers",
            "x": batches,
            "y": values,
            "customdata": hover,
            "hovertemplate": f"Batch %{{x}}<br>{name.partition(',')[0]}: %{{customdata}}<extra></extra>",
            "line": {"dash": dash, "width": 2},
            "marker": {"size": 7, "symbol": _SYMBOLS[row - 1]},
            "error_y": _spread(runs) if row == 2 else None,
            "showlegend": row == 3,
        }
        for row, name, values, hover, dash in curves
    ]
    legend = {**LEGEND, "x": 1, "xanchor": "right", "y": 0.29}
    axes = _rows(("Images per second", "Step, ms", "Memory, MB"), batches)
    return Figure(data=traces, layout={"margin": MARGIN, "legend": legend, "height": 640, **axes})


def _rows(titles: Sequence[str], batches: Sequence[int]) -> dict[str, dict[str, object]]:
    """Return Plotly's axes of charts one above the other, over the batch sizes that the lowest names.

    `plotly.subplots` and the figure's own methods take twenty times as long for the same.
    """
    last, gap = len(titles), 0.07
    height = (1 - (last - 1) * gap) / last
    found: dict[str, dict[str, object]] = {}
    for row, title in enumerate(titles, start=1):
        foot = (last - row) * (height + gap)
        named = {"title": {"text": "Batch size"}} if row == last else {"matches": f"x{last}", "showticklabels": False}
        ticks = {"type": "log", "tickvals": batches, "ticktext": [exact(batch) for batch in batches]}
        found[f"xaxis{row}"] = {"anchor": f"y{row}", "domain": [0, 1], **ticks, **named}
        found[f"yaxis{row}"] = {
            "anchor": f"x{row}",
            "domain": [foot, foot + height],
            "title": {"text": title},
            "rangemode": "tozero",
        }
    return found


def _spread(runs: Sequence[Profile]) -> dict[str, object]:
    """Return plotly's bars from the 5th to the 95th percentile, in ms."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [(run.summary.p95 - run.summary.median) * 1e3 for run in runs],
        "arrayminus": [(run.summary.median - run.summary.p5) * 1e3 for run in runs],
        "thickness": 1,
        "width": 4,
    }


def blocks_chart(profile: Profile) -> "Figure":
    """Return the time of every block, a colour for each stage; needs a breakdown."""
    assert profile.breakdown is not None
    total = sum(block.seconds for block in profile.breakdown.blocks)
    figure = empty_chart(bargap=0.15)
    for stage, blocks in _by_stage(profile.network, profile.breakdown.blocks):
        figure.add_bar(
            name=stage,
            x=[plotly(block.path) for block in blocks],
            y=[block.seconds * 1e3 for block in blocks],
            customdata=[
                f"{duration(block.seconds)}, {percent(block.seconds / total if total else 0)} of the step"
                for block in blocks
            ],
            hovertemplate="%{x}<br>%{customdata}<extra></extra>",
        )
    figure.update_xaxes(type="category", tickangle=-90)
    figure.update_yaxes(title_text="ms")
    return figure


def roofline_chart(profile: Profile) -> "Figure":
    """Return every convolution and linear layer on log axes under the device's roof, where that is known."""
    figure = empty_chart(height=460, hovermode="closest")
    found = points(profile)
    kinds = dict.fromkeys(_sort(profile.network, point) for point in found)
    for index, sort in enumerate(kinds):
        some = [point for point in found if _sort(profile.network, point) == sort]
        figure.add_scatter(
            name=sort,
            mode="markers",
            x=[point.intensity for point in some],
            y=[point.macs_per_second for point in some],
            customdata=[_hover_text(point) for point in some],
            hovertemplate="%{customdata}<extra></extra>",
            marker={"symbol": _SYMBOLS[index % len(_SYMBOLS)], "size": 9, "opacity": 0.85},
        )
    above = roof(profile)
    if above and found:
        ends = [min(point.intensity for point in found) / 2, above.ridge]
        ends.append(max(*ends, *(point.intensity for point in found)) * 2)
        xs = sorted({*ends})
        figure.add_scatter(
            name="Roof",
            mode="lines",
            x=xs,
            y=[above.at(x) for x in xs],
            hovertemplate="At most %{y:.3s} MACs/s<extra></extra>",
            line={"dash": "dash", "width": 1.5, "color": "gray"},
        )
    figure.update_xaxes(type="log", title_text="MACs per byte moved", dtick="D2", tickformat="~g")
    figure.update_yaxes(type="log", title_text="MACs per second", dtick="D2", tickformat="~s")
    return figure


def spread_chart(runs: Sequence[Profile]) -> "Figure":
    """Return the spread of the steps of some runs as boxes, side by side."""
    figure = empty_chart(showlegend=False, height=340)
    for number, run in enumerate(runs, start=1):
        figure.add_box(
            name=f"{number}: {plotly(run.config.name)}, batch {run.protocol.batch}",
            y=[sample * 1e3 for sample in run.samples],
            boxpoints="outliers",
        )
    figure.update_yaxes(title_text="Step, ms", rangemode="tozero")
    return figure


def time_heat(profile: Profile) -> Heat:
    """Return a diagram's heat of measured seconds by layer and addition; needs a breakdown."""
    assert profile.breakdown is not None
    seconds = {layer.path: layer.seconds for layer in profile.breakdown.layers}
    heat = measured(profile.network, f"time at batch {profile.protocol.batch}", seconds)
    added = additions(profile.breakdown, profile.network)
    for stage in profile.network.stages:
        for run in stage.runs:
            blocks = [f"{stage.name}.{index}.add" for index in range(run.start, run.start + run.count)]
            if run.count > 1 and all(path in added for path in blocks):
                added[f"{run_path(stage, run)}.add"] = sum(added[path] for path in blocks)
    return replace(heat, values={**heat.values, **added})


def _by_stage(network: "Network", times: Sequence[LayerTime]) -> list[tuple[str, list[LayerTime]]]:
    """Return the times under the papers' stage names, what stands before and after as stem and head."""
    labels = {stage.name: stage.label for stage in network.stages}
    stem = {layer.name for layer in network.stem}
    groups: dict[str, list[LayerTime]] = {}
    for time in times:
        name = "stem" if time.path in stem else labels.get(time.path.partition(".")[0], "head")
        groups.setdefault(name, []).append(time)
    return list(groups.items())


def _sort(network: "Network", point: RooflinePoint) -> str:
    op = dict(network.walk())[point.path].op
    if isinstance(op, Conv2d):
        return f"{op.kernel_size}x{op.kernel_size} conv" + (", grouped" if op.groups > 1 else "")
    return "fc" if point.kind is Kind.LINEAR else op.label


def _hover_text(point: RooflinePoint) -> str:
    lines = (
        f"<b>{plotly(point.path)}</b>",
        point.label,
        duration(point.seconds),
        f"{short(point.macs_per_second)} MACs/s, {short(point.intensity)} MACs per byte",
        f"{macs(point.macs)}, {size(point.bytes)} moved",
    )
    return "<br>".join(lines)


def _mb(count: int | None) -> float | None:
    return None if count is None else count / 1e6


def _size(count: int | None) -> str:
    return "unknown" if count is None else size(count)
