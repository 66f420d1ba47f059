"""The open dictionary of activations; each entry holds all that any reader needs to know of it."""

from dataclasses import dataclass
from typing import Literal

from resviz.arch.entries import (
    HE2015,
    HENDRYCKS2016,
    MAAS2013,
    MISRA2019,
    RAMACHANDRAN2017,
    Entry,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivationType(Entry):
    """An elementwise function: torch's class, the call that does without it, what the way back needs.

    ``options`` are the class's options; one that ``overwrites`` may work in place. ``keeps`` is what the
    backward pass reads: the input, the output, or the input even where it was written over (a copy).
    ``gamma`` gives the output of a standard normal input variance 1 (Brock et al. 2021, Sec. 4.2).
    """

    torch: str
    functional: str
    options: tuple[tuple[str, float], ...] = ()
    overwrites: bool = True
    keeps: Literal["input", "output", "copy"]
    gamma: float = 1.0


ACTIVATIONS = {
    "relu": ActivationType(
        label="ReLU",
        summary="The papers' choice.",
        formula="max(0, x)",
        latex=r"\max(0, x)",
        source=f"{HE2015}, Sec. 3.4",
        torch="nn.ReLU",
        functional="F.relu({})",
        keeps="output",
        gamma=1.7139588594436646,
    ),
    "leaky_relu": ActivationType(
        label="Leaky ReLU",
        summary="A slope of 0.01 below zero.",
        formula="max(0.01 x, x)",
        latex=r"\max(0.01\,x, x)",
        source=MAAS2013,
        torch="nn.LeakyReLU",
        functional="F.leaky_relu({})",  # its slope of 0.01 is PyTorch's default
        keeps="input",
        gamma=1.70590341091156,
    ),
    "gelu": ActivationType(
        label="GELU",
        summary="Smooth, weighs by the normal distribution.",
        formula="x Phi(x)",
        latex=r"x\,\Phi(x)",
        source=HENDRYCKS2016,
        torch="nn.GELU",
        functional="F.gelu({})",
        overwrites=False,
        keeps="input",
        gamma=1.7015043497085571,
    ),
    "silu": ActivationType(
        label="SiLU (Swish)",
        summary="Smooth, weighs by the sigmoid.",
        formula="x sigmoid(x)",
        latex=r"x\,\sigma(x)",
        source=RAMACHANDRAN2017,
        torch="nn.SiLU",
        functional="F.silu({})",
        keeps="copy",
        gamma=1.7881293296813965,
    ),
    "mish": ActivationType(
        label="Mish",
        summary="Smooth, like SiLU.",
        formula="x tanh(softplus(x))",
        latex=r"x \tanh(\ln(1 + e^x))",
        source=MISRA2019,
        torch="nn.Mish",
        functional="F.mish({})",
        keeps="copy",
        gamma=1.592025,
    ),
}
"""What may follow a convolution."""

SIGMOID = ActivationType(
    label="sigmoid",
    summary="Between 0 and 1: what a gate ends in.",
    formula="1 / (1 + exp(-x))",
    latex=r"\frac{1}{1 + e^{-x}}",
    source="",
    torch="nn.Sigmoid",
    functional="torch.sigmoid({})",
    overwrites=False,
    keeps="output",
)
