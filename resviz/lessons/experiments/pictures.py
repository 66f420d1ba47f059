"""Experiments that draw: a network, a unit from near, a plain net beside its twin, a unit that the reader types."""

from typing import Any

from resviz.arch import Network, ResNetConfig, expand
from resviz.arch.ops import Kind
from resviz.diagram import Detail, close_up, twins
from resviz.lessons.controls import Choice, Settings, Slider, Toggle
from resviz.lessons.experiment import Experiment
from resviz.lessons.experiments.names import RESNETS, called
from resviz.lessons.shown import Code, Diagram, Shown, ShownPart, Words, drawn
from resviz.report import formatting as fmt

BATCH = 4
"""Pictures in a batch, as in Zhang et al., Dive into Deep Learning, Sec. 8.6."""
DETAILS = {str(detail): detail.capitalize() for detail in Detail}


def network(settings: Settings) -> Shown:
    """Show a network at a level of detail, with runs unfolded, coloured by a cost if one is named."""
    net = settings.network
    picture = drawn(
        net,
        settings.get("detail", Detail.BLOCKS),
        settings.config,
        unfold=() if settings.mine else settings.get("unfold", ()),
        horizontal=settings.get("horizontal", False),
        heat=settings.get("heat"),
    )
    return Shown((picture,), facts(net))


def facts(net: Network) -> dict[str, str]:
    """Return what captions say of a network."""
    solid, dashed = net.shortcuts
    stem = sum(layer.kind in (Kind.CONV, Kind.LINEAR) for layer in net.stem)
    head = sum(layer.kind in (Kind.CONV, Kind.LINEAR) for layer in net.head)
    return {
        "net.name": called(net.name),
        "net.depth": fmt.exact(net.depth),
        "net.params": fmt.exact(net.params),
        "net.macs": fmt.exact(net.macs),
        "net.solid": str(solid),
        "net.dashed": str(dashed),
        "net.blocks": fmt.exact(sum(1 for _ in net.blocks())),
        "net.stem": str(stem),
        "net.head": str(head),
        "net.units": fmt.exact(net.depth - stem - head),
        "net.all": fmt.exact(net.count(Kind.CONV) + net.count(Kind.LINEAR)),
        "net.norms": fmt.exact(net.count(Kind.NORM)),
    }


def unit(settings: Settings) -> Shown:
    """Show one unit of a network with every operation."""
    net = settings.network
    path = str(settings["block"])
    blocks = dict(net.blocks())
    path = path if path in blocks else next(iter(blocks))
    block = blocks[path]
    known = {
        "unit.path": path,
        "unit.params": fmt.exact(block.params),
        "unit.macs": fmt.exact(block.macs),
        "unit.in": fmt.shape(block.in_shape),
        "unit.out": fmt.shape(block.out_shape),
        "unit.shortcut": str(block.shortcut_kind),
        "unit.line": "dashed" if block.dashed else "solid",
    }
    return Shown((Diagram(close_up(net, path), net, settings.config),), known)


def both(settings: Settings) -> Shown:
    """Show a residual net beside the plain net of the same layers."""
    net = settings.network
    return Shown((Diagram(twins(net, settings.get("detail", Detail.LAYERS)), net, settings.config),), facts(net))


def hidden(settings: Settings) -> Shown:
    """Show a network without its shortcuts; those that are dashed are to be found."""
    net = settings.network
    bare = expand(settings.config.with_(shortcut="none"))
    targets = tuple(path for path, block in net.blocks() if block.dashed)
    stages = tuple(stage.name for stage in net.stages)
    return Shown((drawn(bare, unfold=stages),), facts(net), targets)


def residual(settings: Settings) -> Shown:
    """Show the block ``Residual(in, out)`` that the reader types, or why it cannot be added up."""
    before, out, stride, side = (int(settings[name]) for name in ("in", "out", "stride", "side"))
    projects = bool(settings["projects"])
    fields: dict[str, Any] = {
        "name": "Residual",
        "input": (before, side, side),
        "num_classes": 10,
        "stem": "none",
        "block": "basic",
        "depths": (1,),
        "widths": (out,),
        "stage_strides": (stride,),
        "conv_bias": "all",
        "projection_norm": False,
    }
    options = (", use_1x1conv=True" if projects else "") + (f", strides={stride}" if stride > 1 else "")
    code = Code(f"blk = Residual({before}, {out}{options})\nblk(torch.rand({BATCH}, {before}, {side}, {side})).shape")
    config = ResNetConfig(**{**fields, "shortcut": "C" if projects else "B"})
    block = expand(config).stages[0].blocks[0]
    x, y = (BATCH, *block.in_shape), (BATCH, *block.out_shape)
    fits = projects or block.in_shape == block.out_shape
    if fits:
        said = f"`torch.Size([{', '.join(map(str, y))}])`: the branch and the shortcut both give {fmt.shape(y)}."
    else:
        config = ResNetConfig(**{**fields, "shortcut": "none"})
        said = (
            f"The branch gives {fmt.shape(y)}, but $\\mathbf{{x}}$ is {fmt.shape(x)}: the sum is impossible, and "
            "PyTorch raises an error. Switch the 1x1 convolution on."
        )
    net = expand(config)
    parts: tuple[ShownPart, ...] = (code, Words(said, fits), Diagram(close_up(net, "layer1.0"), net, config))
    known = {"x": fmt.shape(x), "y": fmt.shape(y), "params": fmt.exact(net.stages[0].blocks[0].params)}
    return Shown(parts, known)


EXPERIMENTS = {
    "network": Experiment(
        show=network,
        controls={
            "net": Choice(
                "Network",
                RESNETS,
            ),
            "detail": Choice("Detail", DETAILS),
        },
    ),
    "unit": Experiment(
        show=unit,
        controls={
            "net": Choice("Block of", {"resnet18": "ResNet-18", "resnet50": "ResNet-50"}),
            "block": Choice(
                "Block",
                {
                    "layer1.0": "first of conv2_x",
                    "layer1.1": "second of conv2_x",
                    "layer2.0": "first of conv3_x",
                    "layer2.1": "second of conv3_x",
                },
            ),
        },
    ),
    "twins": Experiment(show=both),
    "hidden": Experiment(
        show=hidden,
        controls={
            "net": Choice("Network", {"resnet18": "ResNet-18", "resnet34": "ResNet-34", "resnet50": "ResNet-50"})
        },
    ),
    "residual": Experiment(
        show=residual,
        controls={
            "in": Slider("Channels in", 1, 64),
            "out": Slider("Channels out", 1, 64),
            "side": Slider("Height and width", 2, 32),
            "stride": Slider("Stride", 1, 4),
            "projects": Toggle("1x1 convolution on the shortcut"),
        },
    ),
}
"""Experiments that draw, by name."""
