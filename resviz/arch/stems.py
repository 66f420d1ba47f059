"""The open dictionary of stems: what stands between the picture and the first stage."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from resviz.arch.anti_aliases import ANTI_ALIASES
from resviz.arch.chain import ChainBuilder
from resviz.arch.choices import Choices
from resviz.arch.convs import conv
from resviz.arch.entries import (
    BELLO2021,
    D2L,
    DING2021,
    HE2015,
    HE2018,
    HU2017,
    KOLESNIKOV2019,
    LIU2022,
    RADFORD2021,
    RADOSAVOVIC2020,
    TIMM,
    Entry,
)
from resviz.arch.layers import Layer
from resviz.arch.norms import norm
from resviz.arch.operation import Shape
from resviz.arch.orders import ORDERS
from resviz.arch.pools import AvgPool2d, MaxPool2d, ZeroPad2d
from resviz.arch.rounding import divisible
from resviz.arch.steps import activation


@dataclass(frozen=True, slots=True)
class StemConv:
    """One convolution of a stem; ``share`` is its width as a share of the stem's output width.

    ``after`` are the steps that follow it where another convolution does. The width is rounded to a multiple of
    the ``divisor`` (timm's rule).
    """

    kernel: int
    stride: int
    share: Fraction = Fraction(1)
    after: str = "na"
    divisor: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Stem(Entry):
    """A stem as data: its convolutions, what pools after them, and whether windows are padded.

    ``ceil_pool`` lets the pool's last window reach over the edge instead of padding it; ``zero_padded_pool`` lets
    zeros take part in its maximum.
    """

    convs: tuple[StemConv, ...]
    pool: Literal["max", "avg", "conv", "none"]
    padded: bool = True
    ceil_pool: bool = False
    zero_padded_pool: bool = False


STEMS = {
    "imagenet": Stem(
        label="ImageNet (7x7, /2, max pool)",
        summary="One 7x7 convolution with stride 2, then a 3x3 max pool with stride 2: the map shrinks by 4.",
        source=f"{HE2015}, Table 1",
        convs=(StemConv(7, 2),),
        pool="max",
    ),
    "cifar": Stem(
        label="CIFAR (3x3)",
        summary="One 3x3 convolution with stride 1: the map keeps its size.",
        source=f"{HE2015}, Sec. 4.2",
        convs=(StemConv(3, 1),),
        pool="none",
    ),
    "deep": Stem(
        label="Deep (three 3x3, ResNet-C)",
        summary="Three 3x3 convolutions instead of one 7x7: about the same reach, more non-linearity.",
        source=f"{HE2018}, Fig. 2b",
        convs=(StemConv(3, 2, Fraction(1, 2)), StemConv(3, 1, Fraction(1, 2)), StemConv(3, 1)),
        pool="max",
    ),
    "deep_tiered": Stem(
        label="Deep, tiered widths (24, 32, 64)",
        summary="The deep stem with widths that grow from convolution to convolution.",
        source=f"{TIMM}, the 't' nets",
        convs=(StemConv(3, 2, Fraction(3, 8)), StemConv(3, 1, Fraction(1, 2)), StemConv(3, 1)),
        pool="max",
    ),
    "tiered_strided": Stem(
        label="Deep, tiered widths, no pool",
        summary="The tiered stem with a stride of 2 in its last convolution in the place of the max pool.",
        source=f"{TIMM}, resnet33ts",
        convs=(StemConv(3, 2, Fraction(3, 8)), StemConv(3, 1, Fraction(1, 2)), StemConv(3, 2)),
        pool="none",
    ),
    "deep_conv": Stem(
        label="Deep, strided 3x3 for the pool (ResNet-RS)",
        summary="The deep stem with a fourth 3x3 convolution of stride 2 in the place of the max pool.",
        source=f"{BELLO2021}, Sec. 4",
        convs=(StemConv(3, 2, Fraction(1, 2)), StemConv(3, 1, Fraction(1, 2)), StemConv(3, 1)),
        pool="conv",
    ),
    "unpadded": Stem(
        label="ImageNet without padding",
        summary="The ImageNet stem as one set of lecture notes prints it: neither the 7x7 nor the pool is padded.",
        source=f"lecture notes after {D2L}",
        convs=(StemConv(7, 2),),
        pool="max",
        padded=False,
    ),
    "imagenet_caffe": Stem(
        label="ImageNet, pool as in Caffe",
        summary="The ImageNet stem whose max pool is not padded: its last window reaches over the edge.",
        source=f"{HU2017}, Caffe weights; {TIMM}, legacy_seresnet50",
        convs=(StemConv(7, 2),),
        pool="max",
        ceil_pool=True,
    ),
    "imagenet_zeros": Stem(
        label="ImageNet, pool over zeros (BiT)",
        summary="The ImageNet stem with zeros around the map that is pooled, which count where all is negative.",
        source=f"{KOLESNIKOV2019}, released code; {TIMM}, resnetv2_50x1_bit",
        convs=(StemConv(7, 2),),
        pool="max",
        zero_padded_pool=True,
    ),
    "deep_caffe": Stem(
        label="Deep, pool as in Caffe",
        summary="The deep stem whose max pool is not padded: its last window reaches over the edge.",
        source=f"{HU2017}, Sec. 6.5; {TIMM}, legacy_senet154",
        convs=(StemConv(3, 2, Fraction(1, 2)), StemConv(3, 1, Fraction(1, 2)), StemConv(3, 1)),
        pool="max",
        ceil_pool=True,
    ),
    "simple": Stem(
        label="Simple (3x3, /2)",
        summary="One 3x3 convolution with stride 2: the map shrinks by 2.",
        source=f"{RADOSAVOVIC2020}, Sec. 3.2",
        convs=(StemConv(3, 2),),
        pool="none",
    ),
    "patchify": Stem(
        label="Patchify (4x4, /4)",
        summary="One 4x4 convolution with stride 4: patches that do not overlap, as in vision transformers.",
        source=f"{LIU2022}, Sec. 2.2",
        convs=(StemConv(4, 4),),
        pool="none",
        padded=False,
    ),
    "deep_quad": Stem(
        label="Deep, four convolutions (NFNet)",
        summary="Four 3x3 convolutions, each twice as wide as the one before; the first and the last have stride 2.",
        source="Brock et al. 2021, arXiv:2102.06171, Sec. 4.1",
        convs=(
            StemConv(3, 2, Fraction(1, 8)),
            StemConv(3, 1, Fraction(1, 4)),
            StemConv(3, 1, Fraction(1, 2)),
            StemConv(3, 2),
        ),
        pool="none",
    ),
    "deep_quad_two_steps": Stem(
        label="Deep, four convolutions, two activations",
        summary="As the deep stem of four, but nothing stands between its first three convolutions.",
        source=f"{TIMM}, resnet51q",
        convs=(
            StemConv(3, 2, Fraction(1, 8), after=""),
            StemConv(3, 1, Fraction(1, 4), after=""),
            StemConv(3, 1, Fraction(1, 2)),
            StemConv(3, 2),
        ),
        pool="none",
    ),
    "overlap": Stem(
        label="Overlapping (two 3x3, /2 each)",
        summary="Two 3x3 convolutions with stride 2 and nothing between them: patches that overlap.",
        source=f"{TIMM}, convnext_nano_ols",
        convs=(StemConv(3, 2, after=""), StemConv(3, 2)),
        pool="none",
    ),
    "overlap_tiered": Stem(
        label="Overlapping, tiered widths",
        summary="The overlapping stem, whose first convolution has half the width.",
        source=f"{TIMM}, convnext_atto_ols",
        convs=(StemConv(3, 2, Fraction(1, 2), after="", divisor=8), StemConv(3, 2)),
        pool="none",
    ),
    "deep_avg": Stem(
        label="Deep with average pool (CLIP)",
        summary="Three 3x3 convolutions, then a 2x2 average pool: nothing is skipped.",
        source=f"{RADFORD2021}, Sec. 2.4",
        convs=(StemConv(3, 2, Fraction(1, 2)), StemConv(3, 1, Fraction(1, 2)), StemConv(3, 1)),
        pool="avg",
    ),
    "none": Stem(
        label="None",
        summary="The first stage reads the picture itself.",
        source=f"{DING2021}, Table 2",
        convs=(),
        pool="none",
    ),
}


def build_stem(choices: Choices, stem: Stem, shape: Shape, width: int, *, normed: bool | None) -> tuple[Layer, ...]:
    """Return the stem's layers under torchvision's (for deep stems timm's) names.

    ``shape`` is the picture's, ``width`` the stem's output channels. The last convolution is followed by what
    the order of the units does not do itself: normalisation and activation, unless the units pre-activate
    (He et al. 2016, Appendix); ``normed`` decides it where it is not None.
    """
    order = ORDERS[choices.order]
    out = ChainBuilder(shape)
    deep = len(stem.convs) > 1
    tail = order.stem if normed is None else "na" if normed else "" if order.pre else "a"
    for index, spec in enumerate(stem.convs):
        last = index == len(stem.convs) - 1
        steps = tail if last else spec.after
        padding = spec.kernel // 2 if stem.padded else 0
        channels = int(width * spec.share) if spec.divisor == 1 else divisible(width * spec.share, spec.divisor)
        name = f"conv1.{3 * index}" if deep else "conv1"
        options = {"stride": spec.stride, "padding": padding}
        out.add(name, conv(choices, out.shape[0], channels, spec.kernel, normed="n" in steps, **options))
        if "n" in steps:
            out.add("bn1" if last else f"conv1.{3 * index + 1}", norm(choices, channels))
        if "a" in steps:
            out.add(choices.activation if last else f"conv1.{3 * index + 2}", activation(choices))
    _pool(out, stem, choices)
    return out.layers()


def _pool(out: ChainBuilder, stem: Stem, choices: Choices) -> None:
    alias = ANTI_ALIASES[choices.anti_alias]
    smooth = alias.build if alias.stem else None
    padding = 1 if stem.padded else 0
    width: int = out.shape[0]
    if stem.pool == "avg":
        out.add("avgpool1", AvgPool2d(2, 2))
    elif stem.pool == "max" and smooth is None and stem.zero_padded_pool:
        out.add("maxpool.0", ZeroPad2d(1))
        out.add("maxpool.1", MaxPool2d(3, 2))
    elif stem.pool == "max" and smooth is None:
        out.add("maxpool", MaxPool2d(3, 2, 0, ceil_mode=True) if stem.ceil_pool else MaxPool2d(3, 2, padding))
    elif stem.pool == "max" and smooth and alias.pools:
        out.add("maxpool", smooth(width, 2))
    elif stem.pool == "max" and smooth:
        out.add("maxpool.0", MaxPool2d(3, 1, padding))
        out.add("maxpool.1", smooth(width, 2))
    elif stem.pool == "conv":
        stride = 1 if smooth else 2
        out.add("maxpool.0", conv(choices, width, width, 3, normed=True, stride=stride, padding=padding))
        if smooth:
            out.add("maxpool.1", smooth(width, 2))
        offset = 2 if smooth else 1
        out.add(f"maxpool.{offset}", norm(choices, width))
        out.add(f"maxpool.{offset + 1}", activation(choices))
