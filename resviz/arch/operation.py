"""What every leaf operation offers, and the words and rules they share.

Shapes are ``(C, H, W)``, or ``(features,)`` once flat; there is no batch axis.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import prod
from typing import ClassVar, NamedTuple

from resviz.arch.errors import ShapeError

Shape = tuple[int, ...]


class Kind(StrEnum):
    """What sort of operation a layer is: the word used in tables, diagrams and colours."""

    CONV = "conv"
    LINEAR = "linear"
    NORM = "norm"
    ACTIVATION = "activation"
    MAXPOOL = "maxpool"
    AVGPOOL = "avgpool"
    BLURPOOL = "blurpool"
    PAD = "pad"
    REDUCE = "reduce"
    DROPOUT = "dropout"
    DROPPATH = "droppath"
    FLATTEN = "flatten"


class Window(NamedTuple):
    """The sliding window of a spatial operation, equal in height and width; pixels of its input."""

    kernel: int
    stride: int
    padding: int
    dilation: int


def times(factors: Iterable[int]) -> str:
    """Return the product written out, as in ``3*3*64*64*56*56``."""
    return "*".join(str(factor) for factor in factors)


@dataclass(frozen=True, slots=True)
class Operation(ABC):
    """What every leaf operation offers; the defaults are those of a free, shape-preserving one."""

    kind: ClassVar[Kind]

    def out_shape(self, shape: Shape) -> Shape:
        """Return the output shape for an input shape; raises ShapeError where there is none."""
        return shape

    @property
    def params(self) -> int:
        """Learnt parameters; running statistics of a normalisation are not among them."""
        return 0

    def mac_factors(self, in_shape: Shape, out_shape: Shape) -> tuple[int, ...]:
        """Return the factors whose product is `macs`; empty for an operation that costs none."""
        return ()

    def macs(self, in_shape: Shape, out_shape: Shape) -> int:
        """Return the multiply-accumulates for one image."""
        factors = self.mac_factors(in_shape, out_shape)
        return prod(factors) if factors else 0

    @property
    def window(self) -> Window | None:
        """The sliding window, or None for an operation that looks at one position at a time."""
        return None

    @property
    @abstractmethod
    def torch(self) -> str:
        """The line of PyTorch that makes this operation."""

    @property
    @abstractmethod
    def label(self) -> str:
        """The label in a diagram, in the papers' manner: ``3x3 conv, 64, /2``."""


def slide(shape: Shape, window: Window, *, ceil_mode: bool = False) -> tuple[int, int]:
    """Return the height and width that a sliding window leaves (PyTorch's rule)."""
    kernel, stride, padding, dilation = window
    reach = dilation * (kernel - 1) + 1
    sides = []
    for side in shape[1:]:
        room = side + 2 * padding - reach
        if room + (stride - 1 if ceil_mode else 0) < 0:
            raise ShapeError(
                f"a {kernel}x{kernel} window{f' with dilation {dilation}' if dilation > 1 else ''} "
                f"and padding {padding} does not fit a {shape[1]}x{shape[2]} feature map"
            )
        steps = -(-room // stride) if ceil_mode else room // stride
        if ceil_mode and steps * stride >= side + padding:  # torch: no window starts in the padding
            steps -= 1
        sides.append(steps + 1)
    return sides[0], sides[1]


def over(window: Window) -> str:
    """Return the stride as the papers' figures write it, ``, /2``; nothing for a stride of 1."""
    return f", /{window.stride}" if window.stride > 1 else ""
