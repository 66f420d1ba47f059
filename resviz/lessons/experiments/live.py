"""Experiments that run an untrained net: gradients by depth, six shortcuts, five orders. torch is loaded late."""

from collections.abc import Callable

from resviz.arch import ResNetConfig, expand
from resviz.arch.links import decode
from resviz.diagram import Detail, twins
from resviz.lessons import curves
from resviz.lessons.controls import Choice, Settings
from resviz.lessons.experiment import Experiment
from resviz.lessons.shown import Chart, Diagram, Rows, Shown
from resviz.progress import Report
from resviz.published import rows_of
from resviz.report.formatting import MINUS
from resviz.report.tables import Column, Table, words

SEED, BATCH = 0, 16
"""Of every run: the seed of weights and pictures, and the pictures in its batch."""
_PROTOCOL = {"seed": str(SEED), "batch": str(BATCH)}
DEPTHS = ("14", "20", "32", "56", "110", "200")
NORMS = {"batch": "with BN", "none": "without"}
STARTS = {"he": "He et al. 2015", "torch": "PyTorch's own"}
SKIPS = {
    "resnet110_cifar10": "identity",
    "resnet110_cifar10_half_skip": "skip x 0.5",
    "resnet110_cifar10_half_both": "skip and branch x 0.5",
    "resnet110_cifar10_exclusive_gate": "exclusive gate",
    "resnet110_cifar10_shortcut_gate": "shortcut-only gate",
    "resnet110_cifar10_conv_shortcut": "1x1 convolution",
    "resnet110_cifar10_dropout_shortcut": "dropout 0.5",
}
"""The shortcuts of He et al. 2016, Table 1, by preset."""
ORDERS = {
    "resnet110_cifar10": "original",
    "resnet110_cifar10_bn_after_add": "BN after addition",
    "resnet110_cifar10_relu_before_add": "ReLU before addition",
    "resnet110_cifar10_relu_only_preact": "ReLU-only pre-activation",
    "preact_resnet110_cifar10": "full pre-activation",
}
"""The orders of He et al. 2016, Table 2, by preset."""
BLOCK, GRADIENT = "block, from the input on", "gradient by the block's output, norm"


def _number(value: float) -> str:
    return "0" if value == 0 else f"{value:.3g}".replace("-", MINUS)


ENDS = (words("Net"), *(Column(place, _number) for place in ("First block", "Middle block", "Last block")))


def ends(values: tuple[float, ...]) -> tuple[float, float, float]:
    """Return the values of the first block, of the middle one and of the last."""
    return values[0], values[len(values) // 2], values[-1]


def gradients(settings: Settings, report: Report) -> Callable[[Settings], Shown]:
    """Measure the gradient through a plain and a residual net of one depth, and show both."""
    from resviz.lessons.signals import trace

    depth = settings["depth"]
    found = {}
    for kind in ("plain", "resnet"):
        config = decode(f"{kind}{depth}_cifar10")[0].with_(norm=settings["norm"])
        name = "plain" if kind == "plain" else "residual"
        found[name] = trace(config, seed=SEED, batch=BATCH, start=str(settings["start"]), report=report)
    figure = curves.lines({name: each.gradient for name, each in found.items()}, BLOCK, GRADIENT)
    rows = [(f"{name}-{depth}, gradient", *ends(each.gradient)) for name, each in found.items()]
    rows += [(f"{name}-{depth}, signal", *ends(each.deviation)) for name, each in found.items()]
    alt = f"Gradient norms of plain-{depth} and residual-{depth} by block"
    known = {**_PROTOCOL, "depth": str(depth)}
    shown = Shown((Chart(figure, alt), Rows(Table(ENDS, tuple(rows)))), known)
    return lambda settings: shown


def _errors(config: ResNetConfig, table: str) -> str | None:
    return next((row.top1 for row in rows_of(config) if row.table == table and row.top1), None)


def shortcuts(settings: Settings, report: Report) -> Callable[[Settings], Shown]:
    """Measure signal and gradient through the 54 units of ResNet-110 for each shortcut; show one of the two."""
    return _compared(settings, report, SKIPS, "he2016_table1")


def orders(settings: Settings, report: Report) -> Callable[[Settings], Shown]:
    """Measure the signal's mean and the gradient through ResNet-110 for each order; show one of the two."""
    return _compared(settings, report, ORDERS, "he2016_table2")


MEASURES = {"gradient": "Gradient", "deviation": "Signal: spread", "mean": "Signal: mean"}
AXES = {
    "gradient": GRADIENT,
    "deviation": "standard deviation of the block's output",
    "mean": "mean of the block's output",
}


def _compared(settings: Settings, report: Report, presets: dict[str, str], table: str) -> Callable[[Settings], Shown]:
    from resviz.lessons.signals import trace

    found = {
        label: (trace(decode(name)[0], seed=SEED, batch=BATCH, report=report), _errors(decode(name)[0], table))
        for name, label in presets.items()
    }

    def shown(settings: Settings) -> Shown:
        measure = str(settings["measure"])
        values = {label: getattr(traced, measure) for label, (traced, _) in found.items()}
        figure = curves.lines(values, BLOCK, AXES[measure], log=measure != "mean")
        rows = [(label, *ends(values[label]), error) for label, (_, error) in found.items()]
        columns = (*ENDS, Column("Printed error, %"))
        alt = f"{MEASURES[measure]} through ResNet-110, block by block"
        return Shown((Chart(figure, alt), Rows(Table(columns, tuple(rows)))), _PROTOCOL)

    return shown


def _before(presets: dict[str, str], table: str) -> Shown:
    """Show the printed errors before anything has run."""
    rows = tuple((label, _errors(decode(name)[0], table)) for name, label in presets.items())
    return Shown((Rows(Table((words("ResNet-110 with"), Column("Printed error, %")), rows)),), _PROTOCOL)


def pair(settings: Settings) -> Shown:
    """Show the two nets before anything has run."""
    config = decode(f"resnet{settings['depth']}_cifar10")[0].with_(norm=settings["norm"])
    net = expand(config)
    picture = Diagram(twins(net, Detail.BLOCKS), net, config)
    return Shown((picture,), {**_PROTOCOL, "depth": str(settings["depth"])})


EXPERIMENTS = {
    "gradients": Experiment(
        show=pair,
        run=gradients,
        controls={
            "depth": Choice("Depth", {depth: depth for depth in DEPTHS}),
            "norm": Choice("Normalisation", NORMS),
            "start": Choice("Weights start as in", STARTS),
        },
    ),
    "shortcuts": Experiment(
        show=lambda settings: _before(SKIPS, "he2016_table1"),
        run=shortcuts,
        views=("measure",),
        controls={"measure": Choice("Shown", MEASURES)},
    ),
    "orders": Experiment(
        show=lambda settings: _before(ORDERS, "he2016_table2"),
        run=orders,
        views=("measure",),
        controls={"measure": Choice("Shown", MEASURES)},
    ),
}
"""Experiments that run an untrained net, by name."""
