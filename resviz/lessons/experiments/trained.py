"""Experiments on trained nets, by the laboratory: recorded curves, a block deleted, two swapped, the loss."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from resviz.arch import expand
from resviz.diagram import Detail, twins
from resviz.lessons.controls import Choice, Settings
from resviz.lessons.experiment import Experiment
from resviz.lessons.shown import Chart, Diagram, Rows, Shown, Words
from resviz.progress import Report
from resviz.report.tables import Table

if TYPE_CHECKING:
    from resviz.training.experiment import Experiment as Training

SEED = 0
"""Of every training."""
SHORTCUTS = {"plain": "none", "residual": "A"}
SHOWN = 6
"""Columns of the laboratory's table: those on accuracy."""
GRID = 15
"""Points of the loss's grid to a side."""


def usual_training(*names: str) -> "Training":
    """Return the laboratory's usual training of some nets: ``plain-20``."""
    from resviz.training.experiment import classic
    from resviz.training.small import Small

    pairs = (name.split("-") for name in names)
    nets = tuple(Small(SHORTCUTS[kind], int(depth)).config for kind, depth in pairs)  # type: ignore[arg-type]
    return replace(classic(), nets=nets, seeds=(SEED,))


def recorded(settings: Settings) -> Shown:
    """Show the recorded run of the laboratory: curves, and what each net reached."""
    from resviz.training import charts, tables
    from resviz.training.recorded import COMMAND
    from resviz.training.recorded import recorded as read

    result = read()
    figure = charts.curves_chart(result)
    table = tables.outcome_table(result)
    short = Table(table.columns[:SHOWN], tuple(row[:SHOWN] for row in table.rows))
    facts = {"made": f"{result.made:%d %B %Y}", "command": COMMAND}
    return Shown((Chart(figure, "Test accuracy by epoch"), Rows(short)), facts)


def before(settings: Settings) -> Shown:
    """Say what Run will train, and show the last net beside its plain twin."""
    from resviz.training.small import net

    names = [str(name) for name in settings["nets"]]
    config = net(names[-1])
    network = expand(config)
    said = Words(
        f"Run trains {', '.join(names[:-1])} and {names[-1]} on handwritten digits, from seed {SEED}, and looks into "
        "them."
    )
    return Shown((said, Diagram(twins(network, Detail.BLOCKS), network, config)))


def looked(kind: str) -> Callable[[Settings, Report], Callable[[Settings], Shown]]:
    """Return what trains nets and looks into them as the laboratory does."""

    def run(settings: Settings, report: Report) -> Callable[[Settings], Shown]:
        from resviz.training.kinds import LOOKS

        look = LOOKS[kind]
        found = look.compute(usual_training(*settings["nets"]), SEED, report)
        shown = Shown(tuple(Chart(each.figure, look.label) for row in look.pictures(found) for each in row))
        return lambda settings: shown

    return run


def landscape(settings: Settings, report: Report) -> Callable[[Settings], Shown]:
    """Train nets and measure the loss on a plane through each."""
    from resviz.training import charts
    from resviz.training.landscape import landscapes

    found = landscapes(usual_training(*settings["nets"]), SEED, points=GRID, report=report)

    def shown(settings: Settings) -> Shown:
        draw = charts.surface_chart if settings["form"] == "surface" else charts.contour_chart
        parts: list[Words | Chart] = []
        for each in found:
            centre = "none" if each.centre is None else f"{each.centre:.3g}"
            parts.append(Words(f"**{each.subject.net}**, loss in the middle {centre} nats"))
            parts.append(Chart(draw(each, height=340), f"Loss about {each.subject.net}"))
        return Shown(tuple(parts))

    return shown


EXPERIMENTS = {
    "recorded": Experiment(show=recorded),
    "deletion": Experiment(show=before, run=looked("deletion")),
    "swap": Experiment(show=before, run=looked("swap")),
    "landscape": Experiment(
        show=before,
        run=landscape,
        views=("form",),
        controls={"form": Choice("Shown as", {"surface": "Surface", "contour": "Contours"})},
    ),
}
"""Experiments on trained nets, by name."""
