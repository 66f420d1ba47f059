"""How the branch and the shortcut of a residual unit meet."""

from dataclasses import dataclass

from resviz.arch.layers import Layer


@dataclass(frozen=True, slots=True)
class Add:
    """The arms meet in a plain sum, ``F(x) + x``."""


@dataclass(frozen=True, slots=True)
class ScaledAdd:
    """The arms meet in a weighted sum with constant factors (He et al. 2016, Sec. 3.1)."""

    skip: float
    branch: float


@dataclass(frozen=True, slots=True)
class GatedAdd:
    """The arms meet weighted by a learnt gate ``g = sigmoid(W x + b)`` (He et al. 2016, Sec. 3.1).

    The skip is multiplied by ``1 - g``; the branch by ``g`` where the gate is ``exclusive``, else by 1.
    ``gate`` takes the block's input.
    """

    gate: tuple[Layer, ...]
    exclusive: bool
    bias_init: float


Merge = Add | ScaledAdd | GatedAdd
