"""The open dictionary of stems: what stands between the picture and the first stage."""

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from resviz.arch.chain import ChainBuilder
from resviz.arch.entries import BELLO2021, D2L, HE2015, HE2018, TIMM, Entry
from resviz.arch.layers import activation, anti_alias, biased, norm
from resviz.arch.ops import Conv2d, MaxPool2d
from resviz.arch.orders import ORDERS

if TYPE_CHECKING:
    from resviz.arch.config import ResNetConfig
    from resviz.arch.tree import Layer


@dataclass(frozen=True, slots=True)
class StemConv:
    """One convolution of a stem; ``share`` is its width as a share of the stem's output width."""

    kernel: int
    stride: int
    share: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stem(Entry):
    """A stem as data: its convolutions, what pools after them, and whether windows are padded."""

    convs: tuple[StemConv, ...]
    pool: Literal["max", "conv", "none"]
    padded: bool = True


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
}


def build_stem(config: "ResNetConfig") -> "tuple[Layer, ...]":
    """Return the stem's layers under torchvision's (for deep stems timm's) names.

    The last convolution is followed by what the order of the units does not do itself: normalisation
    and activation, unless the units pre-activate (He et al. 2016, Appendix).
    """
    stem = STEMS[config.stem]
    order = ORDERS[config.order]
    out = ChainBuilder(config.input)
    deep = len(stem.convs) > 1
    tail = "na" if config.stem_norm else "".join(step for step in "na" if step not in order.pre)
    if config.stem_norm is False:
        tail = "" if order.pre else "a"
    for index, spec in enumerate(stem.convs):
        last = index == len(stem.convs) - 1
        steps = tail if last else "na"
        padding = spec.kernel // 2 if stem.padded else 0
        width = int(config.stem_out * spec.share)
        name = f"conv1.{3 * index}" if deep else "conv1"
        bias = biased(config, normed="n" in steps)
        out.add(name, Conv2d(out.shape[0], width, spec.kernel, spec.stride, padding, bias=bias))
        if "n" in steps:
            out.add("bn1" if last else f"conv1.{3 * index + 1}", norm(config, width))
        if "a" in steps:
            out.add(config.activation if last else f"conv1.{3 * index + 2}", activation(config))
    _pool(out, stem, config)
    return out.layers()


def _pool(out: ChainBuilder, stem: Stem, config: "ResNetConfig") -> None:
    padding = 1 if stem.padded else 0
    width: int = out.shape[0]
    if stem.pool == "max" and config.anti_alias == "none":
        out.add("maxpool", MaxPool2d(3, 2, padding))
    elif stem.pool == "max" and config.anti_alias == "avg":
        out.add("maxpool", anti_alias(config, width, 2))
    elif stem.pool == "max":
        out.add("maxpool.0", MaxPool2d(3, 1, padding))
        out.add("maxpool.1", anti_alias(config, width, 2))
    elif stem.pool == "conv":
        sharp = config.anti_alias == "none"
        bias = biased(config, normed=True)
        out.add("maxpool.0", Conv2d(width, width, 3, 2 if sharp else 1, padding, bias=bias))
        if not sharp:
            out.add("maxpool.1", anti_alias(config, width, 2))
        offset = 1 if sharp else 2
        out.add(f"maxpool.{offset}", norm(config, width))
        out.add(f"maxpool.{offset + 1}", activation(config))
