"""An estimate for people: its headline, its table, its heat on the diagram, and the picture of the whole fit."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from resviz.diagram.heat import Heat, measured
from resviz.diagram.levels import run_path
from resviz.profiling.data_sheet import mark
from resviz.profiling.estimate import BOUNDS, Estimate, stored
from resviz.profiling.fit import mode_of, predicted
from resviz.profiling.protocol import STEPS
from resviz.profiling.published_times import covered, timings
from resviz.report.formatting import duration, exact, percent, short
from resviz.report.tables import Column, Table, words

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

COLOURS = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#cc79a7",
    "#56b4e9",
    "#d55e00",
    "#8c7a00",
    "#7a6fd0",
    "#8a8a8a",
)
"""Colours for as many modes, told apart by those who see few and on light and dark alike (Okabe & Ito 2008)."""
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "star", "cross", "pentagon", "hexagon")


class Shown(NamedTuple):
    """A headline figure: what it is, the figure, what a person asks about it."""

    label: str
    value: str
    summary: str


def figures(estimate: Estimate) -> tuple[Shown, ...]:
    """Return the headline figures."""
    bounds = ", ".join(f"{name} {percent(estimate.share(name), 0)}" for name in BOUNDS)
    main = max(BOUNDS, key=estimate.share)
    return (
        Shown(
            "Estimated step",
            duration(estimate.seconds),
            f"One {STEPS[estimate.step]} of a batch of {exact(estimate.batch)}.",
        ),
        Shown("Band", f"{duration(estimate.low)} to {duration(estimate.high)}", estimate.reach.sentence),
        Shown("Images per second", short(estimate.images_per_second), "Batch over step."),
        Shown(
            "Mostly bound by",
            main,
            f"Share of the time in layers that wait mostly for each: {bounds}.",
        ),
    )


def basis(estimate: Estimate) -> str:
    """Return what the estimate rests on, an extrapolated one marked as such first, unchecked figures last."""
    said = f"{'Extrapolated. ' if estimate.extrapolated else ''}{estimate.reach.sentence}"
    return f"{said} {mark(estimate.chip, estimate.mode.precision)}".rstrip()


def text(estimate: Estimate) -> str:
    """Return what a terminal shows of an estimate."""
    how = f"{estimate.mode.name}, {STEPS[estimate.step]}, batch {exact(estimate.batch)}"
    lines = [f"{estimate.network.name} on {how}", *(f"  {s.label:<18} {s.value}" for s in figures(estimate))]
    return "\n".join([*lines, f"  {basis(estimate)}"])


def layer_table(estimate: Estimate) -> Table:
    """Return one row for each layer, addition and product, in milliseconds for the batch."""
    ms = Column("Time, ms", lambda value: f"{value:.3g}")
    columns = (words("Layer"), words("Operation"), ms, Column("Share", percent), words("Bound by"))
    whole = estimate.seconds  # a sum over all layers
    rows = tuple(
        (layer.path, layer.label, layer.seconds * 1e3, layer.seconds / whole, layer.bound) for layer in estimate.layers
    )
    return Table(columns, rows)


def with_times(table: Table, estimate: Estimate) -> Table:
    """Return a layer table, whose last row holds totals, with each layer's milliseconds and what bounds it.

    Additions and products have no row; the total holds them. A layer that does nothing at inference has no time.
    """
    at = {layer.path: layer for layer in estimate.layers}
    place = 2  # beside the layer and its kind, where a narrow window shows them
    rows = []
    for row in table.rows[:-1]:
        layer = at.get(str(row[0]))
        rows.append((*row[:place], *((layer.seconds * 1e3, layer.bound) if layer else (None, None)), *row[place:]))
    total = table.rows[-1]
    rows.append((*total[:place], estimate.seconds * 1e3, None, *total[place:]))
    ms = Column("Estimated time, ms", lambda value: f"{value:.3g}")
    columns = (*table.columns[:place], ms, words("Bound by"), *table.columns[place:])
    return Table(columns, tuple(rows))


def estimated_heat(estimate: Estimate) -> Heat:
    """Return a diagram's heat of estimated seconds; blocks hold their additions and products as well."""
    seconds = {layer.path: layer.seconds for layer in estimate.layers}
    heat = measured(
        estimate.network,
        f"estimated time of a {STEPS[estimate.step]} on {estimate.chip.name} at batch {estimate.batch}",
        seconds,
    )
    values = dict(heat.values)
    listed = {path for path, _ in estimate.network.walk()}
    for path, spent in seconds.items():
        if path not in listed:
            values[path] = values.get(path, 0.0) + spent
            for above in _above(estimate, path):
                values[above] = values.get(above, 0.0) + spent
    return replace(heat, values=values)


def _above(estimate: Estimate, path: str) -> Iterator[str]:
    """Yield the block, the run and the stage that a path is in, and its like in the folded run."""
    name, _, rest = path.partition(".")
    index, _, inside = rest.partition(".")
    for stage in estimate.network.stages:
        if stage.name == name:
            yield f"{name}.{index}"
            run = next(run for run in stage.runs if run.start <= int(index) < run.start + run.count)
            if run.count > 1:
                yield run_path(stage, run)
                yield f"{run_path(stage, run)}.{inside}"
            yield name


@cache
def _predicted() -> tuple[float, ...]:
    return tuple(map(float, predicted(stored()["effects"], covered())))


def fit_chart() -> "Figure":
    """Return estimated against published images per second for every run of a known net, and below it the error."""
    from plotly.subplots import make_subplots

    runs, found = covered(), _predicted()
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.65, 0.35], vertical_spacing=0.05)
    legend = {"orientation": "h", "x": 0, "y": -0.12, "yanchor": "top", "title": None}
    figure.update_layout(height=680, margin={"l": 8, "r": 8, "t": 8, "b": 8}, legend=legend, hovermode="closest")
    speeds = [run.images_per_second for run in runs]
    ends = [min(speeds) / 1.3, max(speeds) * 1.3]
    line = {"dash": "dash", "width": 1.5, "color": "gray"}
    figure.add_scatter(mode="lines", x=ends, y=ends, line=line, hoverinfo="skip", name="Equal", row=1, col=1)
    for number, name in enumerate(sorted({mode_of(run).name for run in runs})):
        own = [n for n, run in enumerate(runs) if mode_of(run).name == name]
        errors = [found[n] / runs[n].seconds - 1 for n in own]
        for row, heights in ((1, [runs[n].batch / found[n] for n in own]), (2, errors)):
            figure.add_scatter(
                name=name,
                legendgroup=name,
                showlegend=row == 1,
                mode="markers",
                x=[runs[n].images_per_second for n in own],
                y=heights,
                customdata=[_hover_text(n) for n in own],
                hovertemplate="%{customdata}<extra></extra>",
                marker={
                    "symbol": SYMBOLS[number % len(SYMBOLS)],
                    "size": 7,
                    "opacity": 0.75,
                    "color": COLOURS[number % len(COLOURS)],
                },
                row=row,
                col=1,
            )
    axis: dict[str, Any] = {"type": "log", "dtick": 1, "tickformat": "~s"}
    figure.update_xaxes(**axis)
    figure.update_xaxes(title_text="Published images per second", row=2, col=1)
    figure.update_yaxes(title_text="Estimated images per second", row=1, col=1, **axis)
    figure.update_yaxes(title_text="Error of the time", tickformat="+.0%", zeroline=True, row=2, col=1)
    return figure


def _hover_text(number: int) -> str:
    run, seconds = covered()[number], _predicted()[number]
    lines = (
        f"<b>{run.net}</b> at {run.size}, batch {exact(run.batch)}",
        run.run,
        f"published {short(run.images_per_second)}, estimated {short(run.batch / seconds)} images/s",
        f"{seconds / run.seconds - 1:+.1%} in time",
    )
    return "<br>".join(lines)


def fit_sentence() -> str:
    """Return what the fit was made of, and how well held-out runs were estimated."""
    errors, runs = stored()["errors"], covered()
    nets, chips = errors["nets"], errors["chips"]
    return (
        f"Every published run of a net that has a preset, {exact(len(runs))} of {exact(len(timings()))}: timm's for "
        "RTX 3090 and RTX 4090, NVIDIA's of ResNet-50 for V100 and T4. On the dashed line both are equal. With each "
        f"net held out of the fit in turn, the median error is {percent(nets['median'])} and nine in ten are within "
        f"{percent(nets['p90'])}; with each chip held out, {percent(chips['median'])} and {percent(chips['p90'])}."
    )
