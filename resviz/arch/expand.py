"""Expansion: a configuration becomes the tree that every other room reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, takewhile

from resviz.arch.block_types import BLOCKS, inner_width, unit_groups
from resviz.arch.blocks import build_block, identity_block
from resviz.arch.chain import ChainBuilder
from resviz.arch.change import Change
from resviz.arch.choices import Choices
from resviz.arch.config import ResNetConfig
from resviz.arch.downsamplings import downsampling_blocks
from resviz.arch.fields import MAX_PARAMS, MAX_SIDE, PER_STAGE
from resviz.arch.heads import HEADS
from resviz.arch.layers import Layer
from resviz.arch.network import Network, Stage
from resviz.arch.operation import Shape
from resviz.arch.ops import Flatten
from resviz.arch.planes import planes
from resviz.arch.skips import SKIPS, next_variance
from resviz.arch.stems import STEMS, build_stem
from resviz.arch.tokens import FirstToken
from resviz.arch.tree import Block, Place
from resviz.arch.weights import Conv2d, Linear
from resviz.errors import ChannelError, ConfigError, ShapeError


def _stem(choices: Choices, name: str, shape: Shape, width: int, *, normed: bool | None) -> tuple[Layer, ...]:
    return build_stem(choices, STEMS[name], shape, width, normed=normed)


def _head(
    choices: Choices, name: str, width: int | None, shape: Shape, classes: int, *, conv: bool
) -> tuple[Layer, ...]:
    """Return what the units leave undone, the global pool and the classifier, a 1x1 convolution where ``conv``."""
    kind = HEADS[name]
    out = ChainBuilder(shape)
    kind.build(choices, out, width)
    channels = out.shape[0]
    if kind.tokens:
        out.add("fc", Conv2d(channels, classes, 1, bias=True))
        out.add("token", FirstToken())
    elif conv:
        out.add("fc", Conv2d(channels, classes, 1, bias=True))
        out.add("flatten", Flatten())
    else:
        out.add("flatten", None if kind.flattens else Flatten())
        out.add("fc", Linear(channels, classes))
    return out.layers()


made_block = lru_cache(maxsize=2048)(build_block)
"""Blocks made before: most changes of a configuration leave most of its blocks as they were."""
LONGEST_KEPT = 128
"""Blocks of the longest stage that is kept for the next network."""


def expand(config: ResNetConfig, *, advise: bool = True) -> Network:
    """Return the network that a configuration describes, every layer with its shapes and costs.

    Identical blocks of a stage are the same object. Raises ConfigError where a feature map would vanish,
    the branch and the shortcut of a unit would not fit, or the network would exceed MAX_PARAMS; with the nearest
    input that does suit it where ``advise``, which takes a search.
    """
    try:
        network = _expanded(config)
    except ChannelError as error:
        sentence = f"widths {list(config.widths)} do not suit this network: {error}. Take widths that those divide."
        raise ConfigError.of("widths", sentence) from None
    except ShapeError as error:
        size = "x".join(map(str, config.input))
        sentence = f"input {size} does not suit this network: {error}."
        sentence += f" {_advice(config)}" if advise else ""
        raise ConfigError.of("input", sentence) from None
    if network.params > MAX_PARAMS:
        sentence = f"widths {list(config.widths)} and depths {list(config.depths)} make {network.params:,} parameters"
        raise ConfigError.of("widths", f"{sentence}; at most {MAX_PARAMS:,} are allowed, so take smaller ones.")
    return network


def _expanded(config: ResNetConfig) -> Network:
    each = _choices(config)
    stem = made_stem(each[0], config.stem, config.input, config.stem_out, normed=config.stem_norm)
    shape = stem[-1].out_shape if stem else config.input
    stages = tuple(_stages(config, each, shape, _shrinkage(config, stem)))
    last, conv = stages[-1].out_shape, config.classifier == "conv"
    head = made_head(each[-1], config.head, config.head_width, last, config.num_classes, conv=conv)
    return Network(config.name, config.input, stem, stages, head)


def _choices(config: ResNetConfig) -> tuple[Choices, ...]:
    """Return each stage's choices: the same object where no field differs from stage to stage."""
    stages = range(len(config.depths))
    if any(isinstance(getattr(config, name), tuple) for name in PER_STAGE):
        return tuple(config.choices(stage) for stage in stages)
    return (config.choices(0),) * len(stages)


REACH = 256
"""How many pixels up and down a side is tried where an input does not suit a network."""


def _advice(config: ResNetConfig) -> str:
    """Return the sentence that names the nearest inputs that suit a network: found by trying."""
    short = config.model_copy(update={"depths": tuple(min(depth, 2) for depth in config.depths)})  # the same shapes

    def suits(height: int, width: int) -> bool:
        try:
            _expanded(short.model_copy(update={"input": (config.input[0], height, width)}))
        except ShapeError:
            return False
        return True

    @cache
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


def _shrinkage(config: ResNetConfig, layers: tuple[Layer, ...]) -> int:
    shrinkage = 1
    for layer in layers:
        shrinkage *= layer.op.window.stride if layer.op.window else 1
    if config.output_stride is not None and config.output_stride < shrinkage:
        sentence = (
            f"output_stride {config.output_stride} is less than the stem's own stride; take at least {shrinkage}."
        )
        raise ConfigError.of("output_stride", sentence)
    return shrinkage


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a stage is built from beside what reaches it: the planes of its units, the stride and which unit has it.

    Where it ``alternates``, every second unit alone is grouped.
    """

    index: int
    choices: Choices
    planes: tuple[int, ...]
    stride: int
    strided: int
    downsampling: str
    alternates: bool
    output_stride: int | None
    identity_units: int


@dataclass(frozen=True, slots=True)
class _Flow:
    """What a stage takes and gives: shape, the stride of all before, the dilation it has come to, the variance."""

    shape: Shape
    shrinkage: int
    dilation: int = 1
    variance: float = 1.0


def _stages(config: ResNetConfig, each: tuple[Choices, ...], shape: Shape, shrinkage: int) -> Iterator[Stage]:
    """Yield the stages; ``shrinkage`` is the stride of all that stands before them."""
    flow = _Flow(shape, shrinkage)
    for index, (depth, stride) in enumerate(zip(config.depths, config.stage_strides, strict=True)):
        plan = _Plan(
            index=index,
            choices=each[index],
            planes=planes(config, index),
            stride=stride,
            strided=0 if config.stride_unit == "first" else depth - 1,
            downsampling=config.downsampling,
            alternates=config.grouped_units == "every_second",
            output_stride=config.output_stride,
            identity_units=config.identity_units,
        )
        stage, flow = (made_stage if depth <= LONGEST_KEPT else _stage)(plan, flow)
        yield stage


def _stage(plan: _Plan, flow: _Flow) -> tuple[Stage, _Flow]:
    """Return a stage and what leaves it.

    Where a stride would shrink the map beyond ``output_stride`` it becomes a dilation instead, from the
    next convolution on (Yu et al. 2017; as torchvision and timm do it).
    """
    choices, planes, depth, strided = plan.choices, plan.planes, len(plan.planes), plan.strided
    shape, shrinkage, dilation, variance = flow.shape, flow.shrinkage, flow.dilation, flow.variance
    expansion = BLOCKS[choices.block].expansion
    blocks: list[Block] = []
    moves = plan.stride > 1 or shape[0] != planes[0] * expansion
    unit, scaled = 0, SKIPS[choices.skip].scaling is not None
    alternates = plan.alternates and choices.groups > 1
    while unit < depth:
        stride, before = plan.stride if unit == strided else 1, dilation
        if plan.output_stride is not None and shrinkage * stride > plan.output_stride:
            dilation *= stride
            stride = 1
        shrinkage *= stride
        out_channels = planes[unit] * expansion
        if not unit and moves:
            change = Change(shape[0], out_channels, stride, before, dilation // before)
            blocks += downsampling_blocks(choices, plan.downsampling, shape, change)
            if blocks:  # they have taken the stride, or what became of it
                shape, stride, before = blocks[0].out_shape, 1, dilation
        width = inner_width(choices, planes[unit], shape[0])
        place = Place(
            in_shape=shape,
            width=width,
            out_channels=out_channels,
            stride=stride,
            first_dilation=before,
            dilation=dilation,
            groups=1 if alternates and unit % 2 == 0 else unit_groups(choices, planes[unit], width),
            variance=variance,
        )
        block = made_block(choices, place)
        # A unit that changes nothing is followed by its like, up to the next that strides or has other planes.
        if scaled:
            variance = next_variance(choices, variance, first=not unit)
        alike = not (scaled or alternates) and stride == 1 and before == dilation and block.out_shape == shape
        last = strided if unit < strided else depth
        same = takewhile(lambda each: each == planes[unit], islice(planes, unit, last))  # noqa: B023 - used up here
        count = sum(1 for _ in same) if alike else 1
        blocks += [block] * count
        unit += count
        shape = block.out_shape
    if plan.identity_units:
        blocks += [identity_block(shape)] * plan.identity_units
    stage = Stage(f"layer{plan.index + 1}", f"conv{plan.index + 2}_x", tuple(blocks))
    return stage, _Flow(shape, shrinkage, dilation, variance)


made_stage = lru_cache(maxsize=4096)(_stage)
"""Stages made before: the same object with its totals, so that a sweep pays for what is new in each network.

Those of all presets, some 1,500, stay while a search tries others.
"""
made_stem = lru_cache(maxsize=1024)(_stem)
made_head = lru_cache(maxsize=1024)(_head)
