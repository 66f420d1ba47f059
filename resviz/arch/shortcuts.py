"""The open dictionaries of shortcuts: how a skip changes its shape, and what it does to its signal."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from resviz.arch.chain import ChainBuilder
from resviz.arch.entries import HE2015, HE2016, HE2018, SLIM, ZHANG2019, Entry
from resviz.arch.errors import ConfigError
from resviz.arch.layers import biased, norm
from resviz.arch.ops import (
    Activation,
    AvgPool2d,
    BlurPool2d,
    Conv2d,
    Dropout,
    Function,
    MaxPool2d,
    SubsamplePad,
)
from resviz.arch.tree import Add, GatedAdd, Merge, ScaledAdd

if TYPE_CHECKING:
    from resviz.arch.config import ResNetConfig
    from resviz.arch.ops import Shape
    from resviz.arch.tree import Chain


@dataclass(frozen=True, slots=True)
class Change:
    """What a shortcut has to bridge: channels in and out, and the stride; ``dilation`` is the branch's."""

    in_channels: int
    out_channels: int
    stride: int
    dilation: int = 1

    @property
    def none(self) -> bool:
        """Whether the shape stays."""
        return self.stride == 1 and self.in_channels == self.out_channels


Build = Callable[["ResNetConfig", ChainBuilder, Change], None]


def _project(config: "ResNetConfig", out: ChainBuilder, change: Change, first: int, stride: int) -> None:
    normed = config.norms_projection
    bias = biased(config, normed=normed)
    op = Conv2d(change.in_channels, change.out_channels, 1, stride, bias=bias)
    out.add(f"downsample.{first}", op)
    if normed:
        out.add(f"downsample.{first + 1}", norm(config, change.out_channels))


def _pad(config: "ResNetConfig", out: ChainBuilder, change: Change) -> None:
    if change.out_channels < change.in_channels:
        raise ConfigError.of(
            "shortcut",
            f"shortcut 'A' pads channels and cannot go from {change.in_channels} down to "
            f"{change.out_channels}; let widths grow, or use shortcut 'B'.",
        )
    if not change.none:
        out.add("downsample", SubsamplePad(change.in_channels, change.out_channels, change.stride))


def _project_change(config: "ResNetConfig", out: ChainBuilder, change: Change) -> None:
    if not change.none:
        _project(config, out, change, 0, change.stride)


def _project_always(config: "ResNetConfig", out: ChainBuilder, change: Change) -> None:
    _project(config, out, change, 0, change.stride)


def _average(config: "ResNetConfig", out: ChainBuilder, change: Change) -> None:
    if change.stride > 1:
        out.add("downsample.0", AvgPool2d(change.stride, change.stride))
    elif change.dilation > 1 and not change.none:  # what was a stride: the pool stays and keeps the size, as timm's
        out.add("downsample.0", AvgPool2d(2, 1, same=True))
    if not change.none:
        _project(config, out, change, 1, 1)


def _blur(config: "ResNetConfig", out: ChainBuilder, change: Change) -> None:
    if change.stride > 1:
        out.add("downsample.0", BlurPool2d(change.in_channels, change.stride))
    if change.in_channels != change.out_channels:
        _project(config, out, change, 1, 1)


def _max_pool(config: "ResNetConfig", out: ChainBuilder, change: Change) -> None:
    if change.in_channels != change.out_channels:
        _project(config, out, change, 0, change.stride)
    elif change.stride > 1:
        out.add("downsample", MaxPool2d(1, change.stride))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcut(Entry):
    """A way for the skip to change its shape; ``build`` appends it, or is None for a plain net."""

    build: Build | None
    projects: bool = True


SHORTCUTS = {
    "A": Shortcut(
        label="A: subsample and pad",
        summary="Where the shape changes: every second position, and zeros for the new channels. No parameters.",
        formula="[x[::s, ::s], 0]",
        source=f"{HE2015}, Sec. 3.3, option A",
        build=_pad,
        projects=False,
    ),
    "B": Shortcut(
        label="B: projection where the shape changes",
        summary="A 1x1 convolution where the shape changes, the identity elsewhere.",
        formula="W_s x",
        source=f"{HE2015}, Sec. 3.3, option B",
        build=_project_change,
    ),
    "C": Shortcut(
        label="C: projection everywhere",
        summary="A 1x1 convolution on every shortcut; as the only skip, the '1x1 conv shortcut' of He et al. 2016.",
        formula="W_s x",
        source=f"{HE2015}, Sec. 3.3, option C; {HE2016}, Table 1",
        build=_project_always,
    ),
    "avgpool": Shortcut(
        label="D: average pool, then projection",
        summary="An average pool takes the stride, so that the 1x1 convolution sees every position; dilated, it stays.",
        formula="W_s avgpool(x)",
        source=f"{HE2018}, Fig. 2c (ResNet-D)",
        build=_average,
    ),
    "maxpool": Shortcut(
        label="Max pool (slim)",
        summary="A 1x1 max pool where only the size changes, a projection where the channels change.",
        formula="maxpool_1x1,s(x)",
        source=SLIM,
        build=_max_pool,
    ),
    "blur": Shortcut(
        label="Blur pool, then projection",
        summary="A fixed binomial filter takes the stride, so that the skip does not alias.",
        formula="W_s blur_s(x)",
        source=f"{ZHANG2019}, Sec. 3.2",
        build=_blur,
    ),
    "none": Shortcut(
        label="None: a plain net",
        summary="No shortcuts: the paper's plain twin.",
        formula="H(x) = F(x)",
        source=f"{HE2015}, Sec. 3.3",
        build=None,
        projects=False,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal(Entry):
    """What a skip does to what it carries, on every unit; ``fields`` are the settings it reads."""

    fields: tuple[str, ...] = ()


SKIPS = {
    "identity": Signal(
        label="Identity",
        summary="The skip carries its signal unchanged.",
        formula="x + F(x)",
        source=f"{HE2015}, Eq. 1",
    ),
    "scale": Signal(
        label="Constant scaling",
        summary="Skip and branch are multiplied by constants.",
        formula="s x + b F(x)",
        source=f"{HE2016}, Sec. 3.1",
        fields=("skip_scale", "branch_scale"),
    ),
    "exclusive_gate": Signal(
        label="Exclusive gating",
        summary="A learnt gate shares out between skip and branch, as in highway networks.",
        formula="(1 - g(x)) x + g(x) F(x)",
        source=f"{HE2016}, Sec. 3.1",
        fields=("gate_bias_init",),
    ),
    "shortcut_gate": Signal(
        label="Shortcut-only gating",
        summary="A learnt gate weakens the skip; the branch stays whole.",
        formula="(1 - g(x)) x + F(x)",
        source=f"{HE2016}, Sec. 3.1",
        fields=("gate_bias_init",),
    ),
    "dropout": Signal(
        label="Dropout on the skip",
        summary="Dropout on the skip's output: on average a scaling by 1 - p.",
        formula="dropout(x) + F(x)",
        source=f"{HE2016}, Sec. 3.1",
        fields=("skip_dropout",),
    ),
}


def build_shortcut(config: "ResNetConfig", shape: "Shape", change: Change) -> "Chain | None":
    """Return the skip of a unit that takes ``shape``: None in a plain net, () for the identity."""
    build = SHORTCUTS[config.shortcut].build
    if build is None:
        return None
    out = ChainBuilder(shape)
    build(config, out, change)
    if config.skip == "dropout":
        out.add("skip_dropout", Dropout(config.skip_dropout))
    return out.chain()


def build_merge(config: "ResNetConfig", shape: "Shape", change: Change) -> Merge:
    """Return how the arms of a unit that takes ``shape`` meet.

    Where the shape changes, the gate's 1x1 convolution has the unit's stride and output channels.
    """
    if config.skip == "scale":
        return ScaledAdd(config.skip_scale, config.branch_scale)
    if config.skip not in ("exclusive_gate", "shortcut_gate"):
        return Add()
    gate = ChainBuilder(shape, "gate.")
    gate.add("conv", Conv2d(change.in_channels, change.out_channels, 1, change.stride, bias=True))
    gate.add("sigmoid", Activation(Function.SIGMOID))
    return GatedAdd(gate.layers(), config.skip == "exclusive_gate", config.gate_bias_init)
