"""The open dictionary of what takes the stride in the place of a strided convolution or pool."""

from collections.abc import Callable
from dataclasses import dataclass

from resviz.arch.entries import HE2015, TIMM, ZHANG2019, ZHANG2020, Entry
from resviz.arch.operation import Operation
from resviz.arch.pools import AvgPool2d, BlurPool2d


@dataclass(frozen=True, slots=True, kw_only=True)
class AntiAlias(Entry):
    """What takes a stride: ``build`` makes it for channels and stride, or is None where the stride stays.

    ``pools`` means that it also replaces the stem's max pool as a whole, not only its stride; ``stem`` that it
    stands in the stem too, ``before`` that it comes before the convolution, not after it.
    """

    build: Callable[[int, int], Operation] | None = None
    pools: bool = False
    stem: bool = True
    before: bool = False


ANTI_ALIASES = {
    "none": AntiAlias(label="None", summary="The stride sits in the convolution or pool itself.", source=HE2015),
    "blur": AntiAlias(
        label="Blur pool",
        summary="The convolution or pool runs with stride 1; a fixed 3x3 binomial filter takes the stride.",
        formula="[1 2 1]^T [1 2 1] / 16, stride 2",
        latex=r"\tfrac{1}{16}\,[1\ 2\ 1]^\top [1\ 2\ 1],\ \text{stride } 2",
        source=f"{ZHANG2019}; placed as in timm's resnetblur50",
        build=BlurPool2d,
    ),
    "avg": AntiAlias(
        label="Average pool",
        summary="The convolution runs with stride 1; an average pool takes the stride.",
        source=f"{TIMM}, resnetaa50",
        build=lambda channels, stride: AvgPool2d(stride, stride, ceil_mode=False),
        pools=True,
    ),
    "avg3": AntiAlias(
        label="3x3 average pool in the blocks",
        summary="In the blocks the 3x3 runs with stride 1 and a padded 3x3 average pool takes the stride.",
        source=f"{ZHANG2020}, Sec. 3 (ResNeSt)",
        build=lambda channels, stride: AvgPool2d(3, stride, ceil_mode=False, padding=1),
        stem=False,
    ),
    "avg3_first": AntiAlias(
        label="3x3 average pool before the convolution",
        summary="As the 3x3 average pool in the blocks, but it stands before the convolution.",
        source=f"{ZHANG2020}, ablation; {TIMM}, resnest50d_1s4x24d",
        build=lambda channels, stride: AvgPool2d(3, stride, ceil_mode=False, padding=1),
        stem=False,
        before=True,
    ),
}
