"""The open dictionary of skips: what every shortcut does to the signal it carries (He et al. 2016, Sec. 3)."""

from collections.abc import Callable
from dataclasses import dataclass

from resviz.arch.activations import SIGMOID
from resviz.arch.chain import ChainBuilder
from resviz.arch.choices import Choices
from resviz.arch.entries import HE2015, HE2016, Entry
from resviz.arch.merges import Add, GatedAdd, Merge, ScaledAdd
from resviz.arch.operation import Shape
from resviz.arch.ops import Activation
from resviz.arch.weights import Conv2d


@dataclass(frozen=True, slots=True)
class GateSize:
    """What a gate has to match: the channels that the unit gives, and its stride."""

    out_channels: int
    stride: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipType(Entry):
    """What a shortcut does to its signal: ``merge`` is how it meets the branch.

    ``fields`` are the settings it reads; one that ``drops`` puts dropout on the shortcut.
    """

    merge: Callable[[Choices, Shape, GateSize], Merge] = lambda choices, shape, size: Add()
    fields: tuple[str, ...] = ()
    drops: bool = False


def _gate(choices: Choices, shape: Shape, size: GateSize, *, exclusive: bool) -> Merge:
    """Return the sum weighted by a 1x1 convolution's sigmoid; it strides and widens where the unit does."""
    gate = ChainBuilder(shape, "gate.")
    gate.add("conv", Conv2d(shape[0], size.out_channels, 1, size.stride, bias=True))
    gate.add("sigmoid", Activation(SIGMOID))
    return GatedAdd(gate.layers(), exclusive, choices.gate_bias_init)


def _exclusive_gate(choices: Choices, shape: Shape, size: GateSize) -> Merge:
    return _gate(choices, shape, size, exclusive=True)


def _shortcut_gate(choices: Choices, shape: Shape, size: GateSize) -> Merge:
    return _gate(choices, shape, size, exclusive=False)


SKIPS = {
    "identity": SkipType(
        label="Identity",
        summary="The skip carries its signal unchanged.",
        formula="x + F(x)",
        source=f"{HE2015}, Eq. 1",
    ),
    "scale": SkipType(
        label="Constant scaling",
        summary="Skip and branch are multiplied by constants.",
        formula="s x + b F(x)",
        source=f"{HE2016}, Sec. 3.1",
        fields=("skip_scale", "branch_scale"),
        merge=lambda choices, shape, size: ScaledAdd(choices.skip_scale, choices.branch_scale),
    ),
    "exclusive_gate": SkipType(
        label="Exclusive gating",
        summary="A learnt gate shares out between skip and branch, as in highway networks.",
        formula="(1 - g(x)) x + g(x) F(x)",
        source=f"{HE2016}, Sec. 3.1",
        fields=("gate_bias_init",),
        merge=_exclusive_gate,
    ),
    "shortcut_gate": SkipType(
        label="Shortcut-only gating",
        summary="A learnt gate weakens the skip; the branch stays whole.",
        formula="(1 - g(x)) x + F(x)",
        source=f"{HE2016}, Sec. 3.1",
        fields=("gate_bias_init",),
        merge=_shortcut_gate,
    ),
    "dropout": SkipType(
        label="Dropout on the skip",
        summary="Dropout on the skip's output: on average a scaling by 1 - p.",
        formula="dropout(x) + F(x)",
        source=f"{HE2016}, Sec. 3.1",
        fields=("skip_dropout",),
        drops=True,
    ),
}
