"""The open dictionary of blocks: what the branch of each is made of, and how wide it is inside."""

from collections.abc import Iterable

from resviz.arch.block_type import BlockType
from resviz.arch.choices import Choices
from resviz.arch.entries import (
    DING2021,
    DOLLAR2021,
    GAO2019,
    HE2015,
    HE2016,
    HU2017,
    LI2019,
    LIU2022,
    RADOSAVOVIC2020,
    REDMON2018,
    TIMM,
    XIE2016,
    ZAGORUYKO2016,
    ZHANG2020,
)
from resviz.arch.parallel_parts import Cardinal, Hierarchical, Reparameterised, Selective, SplitAttention
from resviz.arch.parts import Conv
from resviz.arch.rounding import divisible
from resviz.errors import ConfigError


def strides_by_choice(blocks: Iterable[str]) -> bool:
    """Return whether ``stride_in`` makes a difference to any of these blocks."""
    return any(BLOCKS[block].stride_choice for block in blocks)


def inner_width(choices: Choices, planes: int, in_channels: int | None = None) -> int:
    """Return the width of a block's inner convolutions, of one that keeps its shape where ``in_channels`` is None.

    torchvision's rule for groups and base width, or a share of the block's output, or input, where the block or
    the configuration gives a ratio.
    """
    kind = BLOCKS[choices.block]
    if not kind.widens and kind.ratio is None:
        return planes
    ratio = kind.ratio if choices.bottleneck_ratio is None else choices.bottleneck_ratio
    if ratio is not None and kind.from_input:
        return divisible((in_channels or planes * kind.expansion) * ratio, 8)
    if ratio is not None:
        return round(planes * kind.expansion * ratio)
    width = int(planes * (choices.width_per_group / 64)) * choices.groups
    return width * kind.shared_by(choices) if kind.multiplies else width


def unit_groups(choices: Choices, planes: int, width: int) -> int:
    """Return the groups of a unit of an inner width, the stage's own; in proportion where that varies with the input.

    Raises ConfigError where the groups of a unit that keeps its shape have a width that does not divide this one.
    """
    if choices.groups == 1 or not BLOCKS[choices.block].from_input:
        return choices.groups
    each = inner_width(choices, planes) // choices.groups
    if width % each:
        raise ConfigError.of(
            "groups",
            f"groups {choices.groups} make groups of {each} channels, which do not divide the {width} channels of a "
            "block that changes the shape; take other groups or widths.",
        )
    return width // each


def _wide(*kernels: int) -> BlockType:
    name = f"B({','.join(map(str, kernels))})"
    sizes = ", ".join(f"{kernel}x{kernel}" for kernel in kernels)
    return BlockType(
        label=name,
        summary=f"Convolutions {sizes}, all of one width.",
        source=f"{ZAGORUYKO2016}, Sec. 2",
        parts=tuple(Conv(kernel, "outer") for kernel in kernels),
    )


BLOCKS = {
    "basic": BlockType(
        label="Basic",
        summary="Two 3x3 convolutions.",
        source=f"{HE2015}, Fig. 5 left",
        parts=(Conv(3, "outer"), Conv(3, "outer")),
    ),
    "bottleneck": BlockType(
        label="Bottleneck",
        summary="A 1x1 convolution narrows, a 3x3 works, a 1x1 widens by 4.",
        source=f"{HE2015}, Fig. 5 right",
        parts=(Conv(1), Conv(3, groups="stage"), Conv(1, "outer")),
        expansion=4,
    ),
    "bottleneck_attention_inside": BlockType(
        label="Bottleneck, attention inside",
        summary="A bottleneck whose attention stands behind the 3x3, on the narrow map.",
        source=f"{TIMM}, resnet33ts",
        parts=(Conv(1), Conv(3, groups="stage"), Conv(1, "outer")),
        expansion=4,
        attention_after=1,
    ),
    "bottleneck_two_3x3": BlockType(
        label="Bottleneck with two 3x3 (NFNet)",
        summary="A 1x1 convolution narrows by 2, two 3x3 work, a 1x1 widens again.",
        source="Brock et al. 2021, arXiv:2102.06171, Sec. 4.1",
        parts=(Conv(1), Conv(3, groups="stage"), Conv(3, groups="stage"), Conv(1, "outer")),
        ratio=0.5,
    ),
    "b3": BlockType(
        label="B(3)",
        summary="A single 3x3 convolution: the one-layer block.",
        source=f"{HE2016}, Table 3; {ZAGORUYKO2016}, Table 3",
        parts=(Conv(3, "outer"),),
    ),
    "b333": _wide(3, 3, 3),
    "b3333": _wide(3, 3, 3, 3),
    "b31": _wide(3, 1),
    "b13": _wide(1, 3),
    "b131": _wide(1, 3, 1),
    "b311": _wide(3, 1, 1),
    "b313": _wide(3, 1, 3),
    "x": BlockType(
        label="X block (RegNet)",
        summary="A bottleneck that does not narrow by itself: the ratio decides by how much; attention before its end.",
        source=f"{RADOSAVOVIC2020}, Sec. 3.2 and Fig. 4",
        parts=(Conv(1), Conv(3, groups="stage"), Conv(1, "outer")),
        ratio=1.0,
        attention_after=1,
        squeezes_input=True,
    ),
    "z": BlockType(
        label="Z block (RegNetZ)",
        summary="An inverted bottleneck that widens its input, by 4 where no ratio is given; attention before its end.",
        source=f"{DOLLAR2021}; {TIMM}, regnetz_c16",
        parts=(Conv(1), Conv(3, groups="stage"), Conv(1, "outer")),
        ratio=4.0,
        from_input=True,
        attention_after=1,
    ),
    "edge": BlockType(
        label="Edge (3x3, 1x1)",
        summary="A 3x3 convolution and a 1x1.",
        source=f"{TIMM}, resnet61q",
        parts=(Conv(3, groups="stage"), Conv(1, "outer")),
        ratio=1.0,
        attention_after=0,
    ),
    "dark": BlockType(
        label="Darknet (1x1, 3x3)",
        summary="A 1x1 convolution narrows by 2, a 3x3 widens again.",
        source=f"{REDMON2018}, Table 1",
        parts=(Conv(1), Conv(3, "outer", groups="stage")),
        ratio=0.5,
        attention_after=0,
    ),
    "bottleneck_added_arms": BlockType(
        label="Bottleneck of arms, added (ResNeXt, form a)",
        summary="An arm for each group, each a narrow bottleneck, and their sum: the same function as form c.",
        source=f"{XIE2016}, Fig. 3a",
        parts=(Cardinal(),),
        expansion=4,
    ),
    "bottleneck_joined_arms": BlockType(
        label="Bottleneck of arms, concatenated (ResNeXt, form b)",
        summary="An arm for each group of a 1x1 and a 3x3, side by side; one 1x1 widens: the same function as form c.",
        source=f"{XIE2016}, Fig. 3b",
        parts=(Cardinal(adds=False), Conv(1, "outer")),
        expansion=4,
    ),
    "se_bottleneck": BlockType(
        label="SENet-154's bottleneck",
        summary="The first 1x1 convolution has half the inner width, which the grouped 3x3 widens.",
        source=f"{HU2017}, Sec. 6.5",
        parts=(Conv(1, "half"), Conv(3, groups="stage"), Conv(1, "outer")),
        expansion=4,
    ),
    "res2net": BlockType(
        label="Res2Net",
        summary="The 3x3 is a row of small ones, each of which sees what the one before gave.",
        source=f"{GAO2019}, Fig. 2b",
        parts=(Conv(1), Hierarchical(), Conv(1, "outer")),
        expansion=4,
        multiplies=True,
    ),
    "sk_basic": BlockType(
        label="Selective kernel, basic",
        summary="The first 3x3 is two with different reach, weighed channel by channel; each sees half the channels.",
        source=f"{LI2019}, Sec. 3.1; {TIMM}, skresnet18",
        parts=(Selective(width="outer", split=True), Conv(3, "outer")),
    ),
    "sk_split": BlockType(
        label="Selective kernel, shared channels",
        summary="The 3x3 is two with different reach, weighed channel by channel; each sees half the channels.",
        source=f"{LI2019}, Sec. 3.1; {TIMM}, skresnet50",
        parts=(Conv(1), Selective(split=True), Conv(1, "outer")),
        expansion=4,
    ),
    "sk": BlockType(
        label="Selective kernel",
        summary="The 3x3 is two with different reach, weighed channel by channel.",
        source=f"{LI2019}, Fig. 1",
        parts=(Conv(1), Selective(), Conv(1, "outer")),
        expansion=4,
    ),
    "resnest": BlockType(
        label="Split attention (ResNeSt)",
        summary="The 3x3 makes several maps, which are weighed against each other channel by channel.",
        source=f"{ZHANG2020}, Fig. 2",
        parts=(Conv(1), SplitAttention(), Conv(1, "outer")),
        expansion=4,
    ),
    "repvgg": BlockType(
        label="RepVGG, in training",
        summary="A 3x3, a 1x1 and the identity, each with its BN, added; afterwards they become one 3x3.",
        formula="ReLU(BN(W3 x) + BN(W1 x) + BN(x))",
        latex=r"\mathrm{ReLU}(\mathrm{BN}(W_3\,x) + \mathrm{BN}(W_1\,x) + \mathrm{BN}(x))",
        source=f"{DING2021}, Fig. 2b",
        parts=(Reparameterised(),),
        post="a",
    ),
    "repvgg_deployed": BlockType(
        label="RepVGG, deployed",
        summary="One 3x3 convolution with a bias: what the three arms of training come to.",
        formula="ReLU(W x + b)",
        latex=r"\mathrm{ReLU}(W x + b)",
        source=f"{DING2021}, Fig. 2c",
        parts=(Conv(3, "outer", "stage"),),
        fused=True,
    ),
    "inverted": BlockType(
        label="Inverted bottleneck",
        summary="A 1x1 widens by 4, a depthwise 3x3 works, a 1x1 narrows.",
        source=f"{LIU2022}, Fig. 3b",
        parts=(Conv(1), Conv(3, "same", "depthwise"), Conv(1, "outer")),
        ratio=4.0,
    ),
    "depthwise_first": BlockType(
        label="Inverted bottleneck, depthwise first",
        summary="The depthwise convolution works on the narrow map, before the 1x1 widens it by 4.",
        source=f"{LIU2022}, Fig. 3c",
        parts=(Conv(3, "same", "depthwise"), Conv(1), Conv(1, "outer")),
        ratio=4.0,
    ),
    "depthwise_first_one_activation": BlockType(
        label="Depthwise first, one activation",
        summary="Only one activation is left, between the two 1x1 convolutions.",
        source=f"{LIU2022}, Sec. 2.6",
        parts=(Conv(3, "same", "depthwise", after="n"), Conv(1, after="na"), Conv(1, "outer", after="n")),
        ratio=4.0,
        post="",
    ),
    "convnext": BlockType(
        label="ConvNeXt",
        summary="A depthwise convolution, a norm, a 1x1 that widens by 4, an activation, a 1x1 that narrows.",
        source=f"{LIU2022}, Fig. 4",
        parts=(Conv(7, "same", "depthwise", after="n"), Conv(1, after="a"), Conv(1, "outer", after="")),
        ratio=4.0,
        attention_after=1,
        post="",
    ),
}
