"""Experiments on what a unit sees: its receptive field on a photograph, and the part of it that counts."""

from collections.abc import Callable

from resviz.arch import expand
from resviz.arch.links import decode
from resviz.lessons.controls import Choice, Control, Settings, Slider
from resviz.lessons.experiment import Experiment
from resviz.lessons.experiments.names import RESNETS
from resviz.lessons.shown import Image, Rows, Shown
from resviz.progress import Report
from resviz.report import formatting as fmt
from resviz.report.tables import Column, Table, words

SEEDS = 4
"""Nets that the measured field is averaged over."""
NETS = {name: RESNETS[name] for name in ("resnet18", "resnet34", "resnet50")}
"""Nets that are run."""


def theory(settings: Settings) -> Shown:
    """Show the receptive field of one unit on a photograph, and those of all units in a table."""
    from resviz.lessons import sight

    net = settings.network
    found = sight.unit_fields(net)
    paths = list(found)
    path = paths[min(int(settings["unit"]), len(paths)) - 1]
    field, side = found[path]
    window = sight.centre_window(field, side)
    picture = sight.photograph(str(settings["photo"]), net.input[1])
    known = {
        "path": path,
        "number": str(paths.index(path) + 1),
        "units": str(len(paths)),
        "size": str(field.size),
        "jump": str(field.jump),
    }
    return Shown((Image(sight.seen(picture, window), f"What the middle position behind {path} may see"),), known)


def table(settings: Settings) -> Shown:
    """Show how the field grows from stage to stage for a few nets."""
    from resviz.lessons import sight

    rows = []
    for name in settings["nets"]:
        found = sight.unit_fields(expand(decode(str(name))[0]))
        last = {path.partition(".")[0]: field for path, (field, _) in found.items()}
        rows.append((RESNETS[str(name)], *(field.size for field in last.values())))
    columns = (words("Network"), *(Column(f"conv{index}_x") for index in range(2, 6)))
    return Shown((Rows(Table(columns, tuple(rows))),))


def measure(settings: Settings, report: Report) -> Callable[[Settings], Shown]:
    """Measure the effective field of a unit by gradients and show it on the photograph."""
    from resviz.lessons import sight

    net = settings.network
    found = sight.unit_fields(net)
    paths = list(found)
    path = paths[min(int(settings["unit"]), len(paths)) - 1]
    field, side = found[path]
    window = sight.centre_window(field, side)
    squares = sight.measured(net, path, seeds=SEEDS, report=report)
    size = sight.core(squares, window)
    picture = sight.photograph(str(settings["photo"]), net.input[1])
    columns = (words(""), Column("Pixels"))
    rows = (
        ("Side of the receptive field, as computed", field.size),
        (f"Side of the square with {fmt.percent(sight.CORE, 0)} of the gradient's squares", size),
    )
    alt = f"The picture as bright as the gradient of {path} is strong, mean of {SEEDS} untrained nets"
    shown = Shown((Image(sight.lit(picture, squares), alt), Rows(Table(columns, rows))))
    return lambda settings: shown


_CONTROLS: dict[str, Control] = {
    "net": Choice("Network", NETS),
    "unit": Slider("Block", 1, 16),
}

EXPERIMENTS = {
    "field": Experiment(
        show=theory, controls={**_CONTROLS, "photo": Choice("Picture", {"china.jpg": "Temple", "flower.jpg": "Flower"})}
    ),
    "fields": Experiment(show=table),
    "effective": Experiment(show=theory, run=measure, controls=_CONTROLS),
}
"""Experiments on what a unit sees, by name."""
