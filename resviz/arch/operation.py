"""What every leaf operation offers, and the words and rules they share.

Shapes are ``(C, H, W)``, or ``(features,)`` once flat; there is no batch axis.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import prod
from typing import Any, ClassVar, NamedTuple

from resviz.arch.symbols import Symbol
from resviz.errors import ShapeError

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
    SCALE = "scale"
    DROPOUT = "dropout"
    DROPPATH = "droppath"
    FLATTEN = "flatten"


class Window(NamedTuple):
    """The sliding window of a spatial operation, equal in height and width; pixels of its input."""

    kernel: int
    stride: int
    padding: int
    dilation: int


class TorchCall(NamedTuple):
    """The call that makes an operation's module: a class of ``torch.nn`` or of ``resviz.nn.operations``."""

    name: str
    arguments: tuple[Any, ...] = ()
    options: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        shown = [*map(str, self.arguments), *(f"{name}={value}" for name, value in self.options)]
        return f"{self.name}({', '.join(shown)})"


class Batch(NamedTuple):
    """What memory is counted for: images in a batch, bytes of a number, bytes of an element of a dropout mask."""

    size: int
    item: int
    mask: int

    def bytes(self, shape: Iterable[int]) -> int:
        """Return the bytes of a feature map for the whole batch."""
        return self.item * self.size * prod(shape)


class Footprint(NamedTuple):
    """What running an operation does to memory, as PyTorch's eager operators do it.

    ``new`` means that the output is a storage of its own, not the input's; ``training_only`` that it is so in
    training alone. For the backward pass the input, the output and ``kept`` bytes besides may be needed;
    ``scratch`` bytes are taken while it runs.
    """

    new: bool = True
    training_only: bool = False
    keeps_input: bool = True
    keeps_output: bool = False
    kept: int = 0
    scratch: int = 0


STATISTIC = 4
"""Bytes of a mean or a deviation that a normalisation keeps: single precision, whatever the maps are in."""


def times(factors: Iterable[int]) -> str:
    """Return the product written out, as in ``3*3*64*64*56*56``."""
    return "*".join(str(factor) for factor in factors)


def changed(**options: tuple[int, int]) -> tuple[tuple[str, int], ...]:
    """Return the options that differ from their default, given as (value, default); a symbol always does."""
    return tuple(
        (name, value) for name, (value, default) in options.items() if value != default or isinstance(value, Symbol)
    )


@dataclass(frozen=True, slots=True)
class Operation(ABC):
    """What every leaf operation offers; the defaults are those of a free, shape-preserving one."""

    kind: ClassVar[Kind]
    functional: ClassVar[str] = ""
    """The call that does without a module, ``{}`` where its input stands; empty where it needs one."""

    def out_shape(self, shape: Shape) -> Shape:
        """Return the output shape for an input shape; raises ShapeError where there is none."""
        return shape

    @property
    def param_factors(self) -> tuple[tuple[int, ...], ...]:
        """The products whose sum is `params`: that of the weight, then that of the bias."""
        return ()

    @property
    def params(self) -> int:
        """Learnt parameters; running statistics of a normalisation are not among them."""
        products = self.param_factors
        return sum(map(prod, products)) if products else 0

    @property
    def params_formula(self) -> str:
        """The sum behind `params`, as ``2048*1000 + 1000``; empty for an operation that learns nothing."""
        return " + ".join(times(factors) for factors in self.param_factors)

    @property
    def tensors(self) -> tuple[tuple[str, Shape], ...]:
        """The name and shape of each tensor that its module keeps in a state_dict, counters of batches left out."""
        return ()

    @property
    def buffers(self) -> tuple[int, int]:
        """The numbers kept beside the parameters, and the 8-byte counters: BatchNorm's statistics."""
        return 0, 0

    def mac_factors(self, in_shape: Shape, out_shape: Shape) -> tuple[int, ...]:
        """Return the factors whose product is `macs`; empty for an operation that costs none."""
        return ()

    def macs(self, in_shape: Shape, out_shape: Shape) -> int:
        """Return the multiply-accumulates for one image."""
        factors = self.mac_factors(in_shape, out_shape)
        return prod(factors) if factors else 0

    @property
    def window(self) -> Window | None:
        """The sliding window over the picture, or None for an operation that looks at one position at a time."""
        return None

    @property
    def geometry(self) -> tuple[int, int, int] | None:
        """Kernel, stride and padding as the layer table lists them; None where there is no kernel."""
        return self.window[:3] if self.window else None

    @property
    def grouping(self) -> int | None:
        """The groups of a convolution; None for anything else."""
        return None

    @property
    def biased(self) -> bool | None:
        """Whether a convolution or a linear layer has a bias; None for anything else."""
        return None

    @property
    def zero_initialised(self) -> bool:
        """Whether the weight starts at zero."""
        return False

    def footprint(self, in_shape: Shape, out_shape: Shape, batch: Batch, *, overwrites: bool) -> Footprint:
        """Return what running it does to memory; ``overwrites`` means that it may write over its input."""
        return Footprint()

    @property
    @abstractmethod
    def torch(self) -> TorchCall:
        """The call that makes its module."""

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
