"""Expansion: a configuration becomes the tree that every other room reads."""

from typing import TYPE_CHECKING

from resviz.arch.blocks import Place, build_block, identity_block
from resviz.arch.chain import ChainBuilder
from resviz.arch.config import MAX_PARAMS, MAX_SIDE
from resviz.arch.errors import ConfigError, ShapeError
from resviz.arch.layers import activation, norm
from resviz.arch.network import Network, Stage
from resviz.arch.ops import Conv2d, Flatten, GlobalAvgPool2d, Linear
from resviz.arch.orders import ORDERS
from resviz.arch.stems import build_stem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from resviz.arch.config import ResNetConfig
    from resviz.arch.ops import Shape
    from resviz.arch.tree import Block, Layer


def expand(config: "ResNetConfig") -> Network:
    """Return the network that a configuration describes, every layer with its shapes and costs.

    Identical blocks of a stage are the same object. Raises ConfigError where a feature map would vanish,
    the arms of a unit would not fit, or the network would exceed MAX_PARAMS.
    """
    try:
        network = _expanded(config)
    except ShapeError as error:
        size = "x".join(map(str, config.input))
        sentence = f"input {size} does not suit this network: {error}. {_advice(config)}"
        raise ConfigError.of("input", sentence) from None
    if network.params > MAX_PARAMS:
        sentence = f"widths {list(config.widths)} and depths {list(config.depths)} make {network.params:,} parameters"
        raise ConfigError.of("widths", f"{sentence}; at most {MAX_PARAMS:,} are allowed, so take smaller ones.")
    return network


def _expanded(config: "ResNetConfig") -> Network:
    stem = build_stem(config)
    stages = tuple(_stages(config, stem[-1].out_shape, _shrinkage(config, stem)))
    return Network(config.name, config.input, stem, stages, _head(config, stages[-1].out_shape))


REACH = 1024
"""How many pixels up and down a side is tried where an input does not suit a network."""


def _advice(config: "ResNetConfig") -> str:
    """Return the sentence that names the nearest inputs that suit a network: found by trying."""
    short = config.model_copy(update={"depths": tuple(min(depth, 2) for depth in config.depths)})  # the same shapes

    def suits(height: int, width: int) -> bool:
        try:
            _expanded(short.model_copy(update={"input": (config.input[0], height, width)}))
        except ShapeError:
            return False
        return True

    def nearest(side: int, step: int) -> int | None:
        """Return the side nearest to one, up or down, that suits as a square's."""
        last = min(side + REACH, MAX_SIDE) if step > 0 else max(side - REACH, 1)
        return next((each for each in range(side, last + step, step) if suits(each, each)), None)

    found = []
    for step, change in ((-1, "smaller"), (1, "larger")):
        height, width = (nearest(side, step) for side in config.input[1:])
        if height and width and suits(height, width):
            found.append(f"{config.input[0]}x{height}x{width}, which is {change}")
    if not found:
        return f"No size within {REACH:,} pixels of it does: take other strides."
    return f"The nearest that does is {', or '.join(found)}."


def _shrinkage(config: "ResNetConfig", layers: "tuple[Layer, ...]") -> int:
    shrinkage = 1
    for layer in layers:
        shrinkage *= layer.op.window.stride if layer.op.window else 1
    if config.output_stride is not None and config.output_stride < shrinkage:
        sentence = (
            f"output_stride {config.output_stride} is less than the stem's own stride; take at least {shrinkage}."
        )
        raise ConfigError.of("output_stride", sentence)
    return shrinkage


def _stages(config: "ResNetConfig", shape: "Shape", shrinkage: int) -> "Iterator[Stage]":
    """Yield the stages; ``shrinkage`` is the stride of all that stands before them.

    Where a stride would shrink the map beyond ``output_stride`` it becomes a dilation instead, from the
    next convolution on (Yu et al. 2017; as torchvision and timm do it).
    """
    dilation = 1
    for index, (depth, planes, stage_stride) in enumerate(
        zip(config.depths, config.widths, config.stage_strides, strict=True)
    ):
        built: dict[Place, Block] = {}
        blocks: list[Block] = []
        strided = 0 if config.stride_unit == "first" else depth - 1
        while (unit := len(blocks)) < depth:
            stride, before = stage_stride if unit == strided else 1, dilation
            if config.output_stride is not None and shrinkage * stride > config.output_stride:
                dilation *= stride
                stride = 1
            shrinkage *= stride
            place = Place(shape, planes, stride, before, dilation)
            block = built[place] = built.get(place) or build_block(config, place)
            # A unit that changes nothing is followed by its like, up to the next that strides.
            alike = stride == 1 and before == dilation and block.out_shape == shape
            blocks += [block] * ((strided if unit < strided else depth) - unit if alike else 1)
            shape = block.out_shape
        if config.identity_units:
            blocks += [identity_block(shape)] * config.identity_units
        yield Stage(f"layer{index + 1}", f"conv{index + 2}_x", tuple(blocks))


def _head(config: "ResNetConfig", shape: "Shape") -> "tuple[Layer, ...]":
    """Return what pre-activating units leave undone, the global pool and the classifier."""
    out = ChainBuilder(shape)
    for step in ORDERS[config.order].head:
        out.add(
            "bn" if step == "n" else f"{config.activation}_last",  # the stem may have one by the plain name
            norm(config, shape[0]) if step == "n" else activation(config),
        )
    out.add("avgpool", GlobalAvgPool2d())
    if config.classifier == "conv":
        out.add("fc", Conv2d(shape[0], config.num_classes, 1, bias=True))
        out.add("flatten", Flatten())
    else:
        out.add("flatten", Flatten())
        out.add("fc", Linear(shape[0], config.num_classes))
    return out.layers()
