"""Experiments that hold several networks beside each other: their costs, their printed errors, one of them drawn."""

from dataclasses import dataclass

from resviz.arch import ResNetConfig, expand
from resviz.arch.links import decode
from resviz.diagram import Detail, close_up
from resviz.lessons.controls import Settings, Slider
from resviz.lessons.experiment import Experiment
from resviz.lessons.shown import Diagram, Rows, Shown, ShownPart, drawn
from resviz.published import rows_of, tables
from resviz.report import formatting as fmt
from resviz.report.tables import Column, Table, words

NET_COLUMNS = (
    words("Network"),
    Column("Depth", fmt.exact),
    Column("Parameters", fmt.exact),
    Column("MACs", lambda count: fmt.short(count, 4)),
)


def compared(settings: Settings) -> Shown:
    """Show networks in a table, a column of printed errors beside their costs, and one of them drawn."""
    words_of = [str(word) for word in settings["nets"]]
    labels = settings.get("labels", {})
    quoted = str(settings.get("quoted", ""))
    configs = {word: decode(word)[0] for word in words_of}
    rows = []
    for word, config in configs.items():
        net = expand(config)
        row: tuple[object, ...] = (labels.get(word, config.name), net.depth, net.params, net.macs)
        rows.append((*row, _error(config, quoted)) if quoted else row)
    columns = (*NET_COLUMNS, Column("Printed error, %")) if quoted else NET_COLUMNS
    parts: list[ShownPart] = [Rows(Table(columns, tuple(rows)))]
    word = str(settings.get("net", ""))
    if word:
        config = configs.get(word) or decode(word)[0]
        net, block = expand(config), settings.get("block")
        level = settings.get("detail", Detail.BLOCKS)
        parts.append(Diagram(close_up(net, str(block)), net, config) if block else drawn(net, level, config))
    return Shown(tuple(parts))


def _error(config: ResNetConfig, quoted: str) -> str | None:
    """Return the error that a table prints of a network, in its own words."""
    return next((row.top1 for row in rows_of(config) if row.table == quoted and row.top1), None)


def printed(settings: Settings) -> Shown:
    """Show rows of a printed table as they stand there, with the costs that are computed of each."""
    table = next(table for table in tables() if table.key == settings["table"])
    wanted = settings.get("models")
    rows = []
    for row in table.rows:
        other = settings.get("data", row.data) != row.data
        if other or (wanted and row.model not in wanted) or row.config is None:
            continue
        net = expand(row.config)
        rows.append((row.model, net.depth, net.params, net.macs, row.top1))
    columns = (*NET_COLUMNS, Column("Error, %"))
    return Shown((Rows(Table(columns, tuple(rows))),), {"source": table.about.source})


@dataclass(frozen=True, slots=True)
class PathStep:
    """A step from ResNet-50 to ConvNeXt-T: its network, what changed, the printed top-1 accuracy in per cent.

    Accuracies are those of the text of Liu et al. 2022, Sec. 2, printed there to one decimal; ``""`` where the
    text prints none for the step alone.
    """

    net: str
    change: str
    top1: str


PATH = (
    PathStep("resnet50", "ResNet-50, trained by the newer recipe", "78.8"),
    PathStep("convnext_path_02_stage_ratio", "stages of 3, 3, 9, 3 blocks", "79.4"),
    PathStep("convnext_path_03_patchify", "stem: one 4x4 convolution with stride 4", "79.5"),
    PathStep("convnext_path_04_depthwise", "the 3x3 becomes depthwise", ""),
    PathStep("convnext_path_05_wider", "widths from 64 to 96", "80.5"),
    PathStep("convnext_path_06_inverted", "inverted bottleneck: wide in the middle", "80.6"),
    PathStep("convnext_path_07_depthwise_first", "the depthwise convolution moves up", "79.9"),
    PathStep("convnext_path_08_kernel_5", "kernel 5x5", ""),
    PathStep("convnext_path_09_kernel_7", "kernel 7x7", "80.6"),
    PathStep("convnext_path_10_gelu", "GELU for ReLU", "80.6"),
    PathStep("convnext_path_11_fewer_activations", "one activation a block", "81.3"),
    PathStep("convnext_path_12_fewer_norms", "one BN a block", "81.4"),
    PathStep("convnext_path_13_layer_norm", "LN for BN", "81.5"),
    PathStep("convnext_tiny", "downsampling layers of their own: ConvNeXt-T", "82.0"),
)
"""Liu et al. 2022, Sec. 2, in order."""


def path(settings: Settings) -> Shown:
    """Show the steps to ConvNeXt up to one, each with its cost recomputed, and the unit as it then is."""
    last = int(settings["step"])
    rows, before = [], 0
    for index, step in enumerate(PATH[: last + 1]):
        net = expand(decode(step.net)[0])
        more = fmt.change(before, net.macs) if index else None
        rows.append((f"{index}. {step.change}", fmt.short(net.params), fmt.short(net.macs), more, step.top1 or None))
        before = net.macs
    columns = (
        words("Step"),
        Column("Parameters"),
        Column("MACs"),
        Column("MACs, change"),
        Column("Printed top-1, %"),
    )
    step = PATH[last]
    config = decode(step.net)[0]
    net = expand(config)
    block = next(
        name for name, block in net.blocks() if name.startswith("layer3.") and block.in_shape == block.out_shape
    )
    known = {
        "change": step.change,
        "macs": fmt.macs(net.macs),
        "params": fmt.short(net.params),
        "top1": f"{step.top1}%" if step.top1 else "not printed",
        "number": str(last),
    }
    return Shown((Diagram(close_up(net, block), net, config), Rows(Table(columns, tuple(rows)))), known)


EXPERIMENTS = {
    "nets": Experiment(show=compared),
    "printed": Experiment(show=printed),
    "path": Experiment(show=path, controls={"step": Slider("Step", 0, len(PATH) - 1)}),
}
"""Experiments with several networks, by name."""
