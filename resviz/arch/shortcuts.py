"""The open dictionary of shortcuts: how a shortcut changes its shape."""

from collections.abc import Callable
from dataclasses import dataclass

from resviz.arch import carried
from resviz.arch.chain import ChainBuilder
from resviz.arch.change import Change
from resviz.arch.choices import Choices
from resviz.arch.convs import conv
from resviz.arch.entries import HAN2016, HE2015, HE2016, HE2018, HU2017, SANDLER2018, SLIM, ZHANG2019, Entry
from resviz.arch.layers import Chain
from resviz.arch.norms import norm
from resviz.arch.operation import Shape
from resviz.arch.ops import Dropout
from resviz.arch.pools import AvgPool2d, BlurPool2d, MaxPool2d, SubsamplePad
from resviz.arch.skips import SKIPS
from resviz.errors import ConfigError

Build = Callable[[Choices, ChainBuilder, Change], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortcutType(Entry):
    """A way for a shortcut to change its shape; ``build`` appends it, or is None for a plain net.

    ``carries`` is its formula at one change of shape; ``formula`` and ``latex`` are the general case. Where it does
    not ``bridge`` a change of shape, a unit that makes one has no shortcut.
    """

    build: Build | None
    carries: carried.Carry
    projects: bool = True
    bridges: bool = True


def _project(choices: Choices, out: ChainBuilder, change: Change, first: int, stride: int, kernel: int = 1) -> None:
    normed = choices.norms_projection
    options = {"stride": stride, "padding": kernel // 2}
    op = conv(choices, change.in_channels, change.out_channels, kernel, normed=normed, **options)
    out.add(f"downsample.{first}", op)
    if normed:
        out.add(f"downsample.{first + 1}", norm(choices, change.out_channels))


def _refuse_shrinking(name: str, change: Change) -> None:
    if change.out_channels < change.in_channels:
        raise ConfigError.of(
            "shortcut",
            f"shortcut {name!r} pads channels and cannot go from {change.in_channels} down to "
            f"{change.out_channels}; let widths grow, or use shortcut 'B'.",
        )


def _pad(choices: Choices, out: ChainBuilder, change: Change) -> None:
    _refuse_shrinking("A", change)
    if not change.none:
        out.add("downsample", SubsamplePad(change.in_channels, change.out_channels, change.stride))


def _average_pad(choices: Choices, out: ChainBuilder, change: Change) -> None:
    _refuse_shrinking("avgpool_pad", change)
    if change.stride > 1:
        out.add("downsample.0", AvgPool2d(change.stride, change.stride))
    if change.in_channels != change.out_channels:
        out.add("downsample.1", SubsamplePad(change.in_channels, change.out_channels, 1))


def _project_change(choices: Choices, out: ChainBuilder, change: Change) -> None:
    if not change.none:
        _project(choices, out, change, 0, change.stride)


def _project_always(choices: Choices, out: ChainBuilder, change: Change) -> None:
    _project(choices, out, change, 0, change.stride)


def _project_by_3x3(choices: Choices, out: ChainBuilder, change: Change) -> None:
    if not change.none:
        _project(choices, out, change, 0, change.stride, 3 if change.stride > 1 else 1)


def _average(choices: Choices, out: ChainBuilder, change: Change) -> None:
    if change.stride > 1:
        out.add("downsample.0", AvgPool2d(change.stride, change.stride))
    elif change.dilation > 1 and not change.none:  # what was a stride: the pool stays and keeps the size, as timm's
        out.add("downsample.0", AvgPool2d(2, 1, same=True))
    if not change.none:
        _project(choices, out, change, 1, 1)


def _blur(choices: Choices, out: ChainBuilder, change: Change) -> None:
    if change.stride > 1:
        out.add("downsample.0", BlurPool2d(change.in_channels, change.stride))
    if change.in_channels != change.out_channels:
        _project(choices, out, change, 1, 1)


def _max_pool(choices: Choices, out: ChainBuilder, change: Change) -> None:
    if change.in_channels != change.out_channels:
        _project(choices, out, change, 0, change.stride)
    elif change.stride > 1:
        out.add("downsample", MaxPool2d(1, change.stride))


SHORTCUTS = {
    "A": ShortcutType(
        label="A: subsample and pad",
        summary="Where the shape changes: every second position, and zeros for the new channels. No parameters.",
        formula="[x[::s, ::s], 0]",
        latex=r"[x_{::s,\,::s},\ 0]",
        source=f"{HE2015}, Sec. 3.3, option A",
        build=_pad,
        carries=carried.padded,
        projects=False,
    ),
    "B": ShortcutType(
        label="B: projection where the shape changes",
        summary="A 1x1 convolution where the shape changes, the identity elsewhere.",
        formula="W_s x",
        latex=r"W_s\,x",
        source=f"{HE2015}, Sec. 3.3, option B",
        build=_project_change,
        carries=carried.projected_change,
    ),
    "C": ShortcutType(
        label="C: projection everywhere",
        summary="A 1x1 convolution on every shortcut; as the only skip, the '1x1 conv shortcut' of He et al. 2016.",
        formula="W_s x",
        latex=r"W_s\,x",
        source=f"{HE2015}, Sec. 3.3, option C; {HE2016}, Table 1",
        build=_project_always,
        carries=carried.projected,
    ),
    "avgpool": ShortcutType(
        label="D: average pool, then projection",
        summary="An average pool takes the stride, so that the 1x1 convolution sees every position; dilated, it stays.",
        formula="W_s avgpool(x)",
        latex=r"W_s\,\mathrm{avgpool}(x)",
        source=f"{HE2018}, Fig. 2c (ResNet-D)",
        build=_average,
        carries=carried.average_projected,
    ),
    "maxpool": ShortcutType(
        label="Max pool (slim)",
        summary="A 1x1 max pool where only the size changes, a projection where the channels change.",
        formula="maxpool_1x1,s(x)",
        latex=r"\mathrm{maxpool}_{1 \times 1,\,s}(x)",
        source=SLIM,
        build=_max_pool,
        carries=carried.max_pooled,
    ),
    "blur": ShortcutType(
        label="Blur pool, then projection",
        summary="A fixed binomial filter takes the stride, so that the skip does not alias.",
        formula="W_s blur_s(x)",
        latex=r"W_s\,\mathrm{blur}_s(x)",
        source=f"{ZHANG2019}, Sec. 3.2",
        build=_blur,
        carries=carried.blurred,
    ),
    "avgpool_pad": ShortcutType(
        label="Average pool, then pad",
        summary="Where the shape changes: an average pool takes the stride, zeros fill the new channels.",
        formula="[avgpool(x), 0]",
        latex=r"[\mathrm{avgpool}(x),\ 0]",
        source=f"{HAN2016}, Sec. 2.3",
        build=_average_pad,
        carries=carried.average_padded,
        projects=False,
    ),
    "B3": ShortcutType(
        label="Projection by a 3x3",
        summary="Where the shape changes, a projection: 3x3 where it strides, 1x1 where only channels change.",
        formula="W_s x",
        latex=r"W_s\,x",
        source=f"{HU2017}, Sec. 6.5 (SENet-154)",
        build=_project_by_3x3,
        carries=carried.projected_change,
    ),
    "identity": ShortcutType(
        label="Identity where the shape stays",
        summary="A block that changes the shape has no shortcut.",
        formula="x, or none",
        latex=r"x,\ \text{or none}",
        source=f"{SANDLER2018}, Fig. 4d (MobileNetV2)",
        build=lambda choices, out, change: None,
        carries=carried.unchanged,
        projects=False,
        bridges=False,
    ),
    "none": ShortcutType(
        label="None: a plain net",
        summary="No shortcuts: the paper's plain twin.",
        formula="H(x) = F(x)",
        latex=r"H(x) = F(x)",
        source=f"{HE2015}, Sec. 3.3",
        build=None,
        carries=carried.unchanged,
        projects=False,
    ),
}


def bridged(choices: Choices, change: Change) -> bool:
    """Return whether a unit has a shortcut."""
    kind = SHORTCUTS[choices.shortcut]
    return kind.build is not None and (kind.bridges or change.none)


def build_shortcut(choices: Choices, shape: Shape, change: Change) -> Chain | None:
    """Return the shortcut of a unit that takes ``shape``: None in a plain net, () for the identity."""
    build = SHORTCUTS[choices.shortcut].build
    if build is None:
        return None
    out = ChainBuilder(shape)
    build(choices, out, change)
    if SKIPS[choices.skip].drops:
        out.add("skip_dropout", Dropout(choices.skip_dropout))
    return out.chain()
