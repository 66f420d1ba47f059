"""The open dictionary of skips: what every shortcut does to the signal it carries (He et al. 2016, Sec. 3)."""

from collections.abc import Callable
from dataclasses import dataclass

from resviz.arch.activations import SIGMOID
from resviz.arch.chain import ChainBuilder
from resviz.arch.choices import Choices
from resviz.arch.entries import BROCK2021, HE2015, HE2016, Entry
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
class Scaling:
    """How a network without norms keeps its variance: x + alpha f(x / beta) (Brock et al. 2021, Eq. 1).

    alpha is ``branch_scale``; beta is the root of the variance that the unit's input is expected to have, 1 for
    the stage's first sum and alpha^2 more after each unit. An attention unit is followed by the factor
    ``attention``, for a sigmoid halves on average; ``gain`` ends the branch in a learnt factor from zero on.
    """

    attention: float = 2.0
    gain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipType(Entry):
    """What a shortcut does to its signal: ``merge`` is how it meets the branch.

    ``fields`` are the settings it reads; one that ``drops`` puts dropout on the shortcut. ``scaling`` is what it
    does to the branch of a network without norms.
    """

    merge: Callable[[Choices, Shape, GateSize], Merge] = lambda choices, shape, size: Add()
    fields: tuple[str, ...] = ()
    drops: bool = False
    scaling: "Scaling | None" = None


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
        latex=r"x + F(x)",
        source=f"{HE2015}, Eq. 1",
    ),
    "scale": SkipType(
        label="Constant scaling",
        summary="Skip and branch are multiplied by constants.",
        formula="s x + b F(x)",
        latex=r"s\,x + b\,F(x)",
        source=f"{HE2016}, Sec. 3.1",
        fields=("skip_scale", "branch_scale"),
        merge=lambda choices, shape, size: ScaledAdd(choices.skip_scale, choices.branch_scale),
    ),
    "exclusive_gate": SkipType(
        label="Exclusive gating",
        summary="A learnt gate shares out between skip and branch, as in highway networks.",
        formula="(1 - g(x)) x + g(x) F(x)",
        latex=r"(1 - g(x))\,x + g(x)\,F(x)",
        source=f"{HE2016}, Sec. 3.1",
        fields=("gate_bias_init",),
        merge=_exclusive_gate,
    ),
    "shortcut_gate": SkipType(
        label="Shortcut-only gating",
        summary="A learnt gate weakens the skip; the branch stays whole.",
        formula="(1 - g(x)) x + F(x)",
        latex=r"(1 - g(x))\,x + F(x)",
        source=f"{HE2016}, Sec. 3.1",
        fields=("gate_bias_init",),
        merge=_shortcut_gate,
    ),
    "dropout": SkipType(
        label="Dropout on the skip",
        summary="Dropout on the skip's output: on average a scaling by 1 - p.",
        formula="dropout(x) + F(x)",
        latex=r"\mathrm{dropout}(x) + F(x)",
        source=f"{HE2016}, Sec. 3.1",
        fields=("skip_dropout",),
        drops=True,
    ),
    "norm_free": SkipType(
        label="Scaled branch, no norms",
        summary="The branch takes its input over the deviation expected of it, and gives a share of its output.",
        formula="x + alpha F(x / beta)",
        latex=r"x + \alpha\,F(x / \beta)",
        source=f"{BROCK2021}, Sec. 3",
        fields=("branch_scale",),
        scaling=Scaling(),
    ),
    "norm_free_gain": SkipType(
        label="Scaled branch, no norms, with a gain",
        summary="As the scaled branch, times one learnt factor that starts at zero (SkipInit).",
        formula="x + alpha g F(x / beta)",
        latex=r"x + \alpha\,g\,F(x / \beta)",
        source=f"{BROCK2021}, Sec. 3; De & Smith 2020, arXiv:2002.10444",
        fields=("branch_scale",),
        scaling=Scaling(gain=True),
    ),
}


def next_variance(choices: Choices, variance: float, *, first: bool) -> float:
    """Return the variance expected behind a unit: the first of a stage sets it back to 1 (Brock et al. 2021)."""
    return (1.0 if first else variance) + choices.branch_scale**2
