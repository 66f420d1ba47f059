"""Experiments that count: two units side by side, a stride that moves, a cell of Table 1, the tools' counts."""

from resviz.arch import Network, ResNetConfig, expand
from resviz.arch.layers import Layer
from resviz.arch.links import decode
from resviz.arch.ops import Kind
from resviz.diagram import close_up
from resviz.lessons.controls import Choice, Settings, Slider
from resviz.lessons.experiment import Experiment
from resviz.lessons.experiments.names import RESNETS
from resviz.lessons.experiments.pictures import facts
from resviz.lessons.shown import Chart, Diagram, Rows, Shown
from resviz.report import formatting as fmt
from resviz.report import reconcile
from resviz.report.classic import MAX_WIDTH, MIN_WIDTH, unit
from resviz.report.cost_tables import steps_table
from resviz.report.counting import CONVENTIONS
from resviz.report.stages import bracket, stage_rows
from resviz.report.tables import Column, Table, words

_NAMES = {"basic": "Basic", "bottleneck": "Bottleneck"}
HIDDEN = "?"
"""What stands in a cell that is to be predicted."""


def pair(settings: Settings) -> Shown:
    """Show a basic unit and a bottleneck on the same number of channels: one drawn, both counted."""
    width = int(settings["width"])
    basic, bottleneck = unit("basic", int(settings.get("basic", width))), unit("bottleneck", width)
    drawn = str(settings.get("drawn", "bottleneck"))
    config = ResNetConfig(
        name=_NAMES[drawn],
        block=drawn,
        input=(width, 56, 56),
        stem="none",
        depths=(1,),
        widths=(width if drawn == "basic" else width // 4,),
        stage_strides=(1,),
    )
    net = expand(config)
    units = (basic, bottleneck)
    columns = (words(""), *(words(f"{_NAMES[one.block]}, {one.channels} channels") for one in units))
    rows = (
        ("Convolutions", *(one.bracket for one in units)),
        ("Weights from", *(one.formula.replace("*", "·") for one in units)),
        ("Weights", *(fmt.exact(one.weights) for one in units)),
        ("MACs at 56x56", *(fmt.exact(one.macs) for one in units)),
    )
    table = Table(columns, rows)
    known = {
        "basic": fmt.exact(basic.weights),
        "bottleneck": fmt.exact(bottleneck.weights),
        "ratio": f"{basic.weights / bottleneck.weights:.1f}",
        "width": str(width),
    }
    return Shown((Rows(table), Diagram(close_up(net, "layer1.0"), net)), known)


def stride(settings: Settings) -> Shown:
    """Show what each convolution of a striding unit costs in v1 and in v1.5, and the unit of one of them."""
    depth, path = str(settings["depth"]), str(settings["block"])
    names = (f"resnet{depth}_v1", f"resnet{depth}")
    nets = [expand(decode(name)[0]) for name in names]
    before, after = (_convs(net, path) for net in nets)
    rows: list[tuple[object, ...]] = [
        (name, op.out_shape[1:], op.macs, after[name].out_shape[1:], after[name].macs) for name, op in before.items()
    ]
    v1, v15 = (sum(op.macs for op in convs.values()) for convs in (before, after))
    rows.append(("block", None, v1, None, v15))
    columns = (
        words("Convolution"),
        Column("v1: map", fmt.shape),
        Column("v1: MACs", fmt.exact),
        Column("v1.5: map", fmt.shape),
        Column("v1.5: MACs", fmt.exact),
    )
    shown = names[0] if settings["version"] == "v1" else names[1]
    net = nets[names.index(shown)]
    known = {"unit.more": fmt.exact(v15 - v1), "all.more": fmt.exact(nets[1].macs - nets[0].macs)}
    picture = Diagram(close_up(net, path), net, decode(shown)[0])
    return Shown((Rows(Table(columns, tuple(rows)), totals=True), picture), known)


def _convs(net: Network, path: str) -> dict[str, Layer]:
    block = dict(net.blocks())[path]
    return {layer.name: layer for layer in block.layers() if layer.kind is Kind.CONV}


def table(settings: Settings) -> Shown:
    """Show a network as Table 1 of He et al. 2015 prints it, with one column hidden where the step asks for it."""
    net = settings.network
    covered = str(settings.get("cover", ""))
    rows: list[tuple[str | None, ...]] = []
    for row in stage_rows(net):
        cells = {"output": fmt.shape(row.output[1:] or row.output), "layers": row.layers, "MACs": fmt.exact(row.macs)}
        at = settings.get("row")
        cells = {key: HIDDEN if key == covered and at in (None, row.name) else text for key, text in cells.items()}
        rows.append((row.name, *cells.values()))
    total = HIDDEN if covered == "MACs" and settings.get("row") is None else fmt.exact(net.macs)
    rows.append(("total", None, None, total))
    columns = (words("Stage"), Column("Output"), words("Layers"), Column("MACs"))
    return Shown((Rows(Table(columns, tuple(rows)), totals=True),), facts(net))


def counted(settings: Settings) -> Shown:
    """Show the weighted layers of a network stage by stage, adding up to its depth."""
    net = settings.network
    stem, head = (sum(layer.kind in (Kind.CONV, Kind.LINEAR) for layer in part) for part in (net.stem, net.head))
    rows: list[tuple[object, ...]] = [("conv1", "the stem", None, None, stem)]
    for stage in net.stages:
        depth = sum(run.block.depth * run.count for run in stage.runs)
        rows.append((stage.label, bracket(stage), len(stage.blocks), stage.blocks[-1].depth, depth))
    rows += [("fc", "the classifier", None, None, head), ("total", None, None, None, net.depth)]
    columns = (
        words("Stage"),
        words("What stands there"),
        Column("Blocks"),
        Column("Layers a block"),
        Column("Weighted layers", fmt.exact),
    )
    return Shown((Rows(Table(columns, tuple(rows)), totals=True),), facts(net))


def tools(settings: Settings) -> Shown:
    """Show the way from the printed count of a network to what a tool prints, step by step."""
    from resviz.diagram import charts

    steps = reconcile.route(settings.config, str(settings["tool"]))
    figure = charts.waterfall(steps, "Operations for one image")
    alt = f"From the printed count to that of {CONVENTIONS[str(settings['tool'])].label}"
    return Shown((Chart(figure, alt), Rows(steps_table(steps))), {"tool": CONVENTIONS[str(settings["tool"])].label})


EXPERIMENTS = {
    "pair": Experiment(
        show=pair,
        controls={
            "width": Slider("Channels in and out", MIN_WIDTH, MAX_WIDTH, 4),
            "drawn": Choice("Drawn", {"bottleneck": "Bottleneck", "basic": "Basic"}),
        },
    ),
    "stride": Experiment(
        show=stride,
        controls={
            "depth": Choice("ResNet-", {"50": "50", "101": "101", "152": "152"}),
            "version": Choice("Drawn", {"v1": "v1", "v1.5": "v1.5"}),
            "block": Choice("First block of", {"layer2.0": "conv3_x", "layer3.0": "conv4_x", "layer4.0": "conv5_x"}),
        },
    ),
    "table": Experiment(
        show=table,
        controls={
            "net": Choice(
                "Column",
                {
                    "resnet18": "18-layer",
                    "resnet34": "34-layer",
                    "resnet50_v1": "50-layer",
                    "resnet101_v1": "101-layer",
                    "resnet152_v1": "152-layer",
                },
            )
        },
    ),
    "counted": Experiment(
        show=counted,
        controls={
            "net": Choice(
                "Network",
                {
                    **RESNETS,
                    "resnet110_cifar10": "ResNet-110, CIFAR",
                    "wrn28_10_cifar10": "WRN-28-10",
                },
            )
        },
    ),
    "tools": Experiment(
        show=tools,
        controls={"tool": Choice("Counted as by", {name: entry.label for name, entry in CONVENTIONS.items()})},
    ),
}
"""Experiments that count, by name."""
