"""How parallel arms are joined: their shapes, and what a person reads."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from resviz.arch.operation import Shape
from resviz.errors import ShapeError


@dataclass(frozen=True, slots=True)
class Join(ABC):
    """What makes one feature map of those that parallel arms give."""

    label: ClassVar[str]
    """What stands in the node where the arms meet."""
    formula: ClassVar[str]
    """The same as a formula, with ``a_i`` for an arm's output."""
    latex: ClassVar[str]
    """The formula in LaTeX."""

    @abstractmethod
    def out_shape(self, shapes: Sequence[Shape]) -> Shape:
        """Return the joined shape; raises ShapeError for shapes that do not fit together."""

    def products(self, in_shape: Shape) -> int:
        """Return the multiply-accumulates of a matrix product that joins the arms, which few tools leave out."""
        return 0


def _same(shapes: Sequence[Shape]) -> Shape:
    if len(set(shapes)) > 1:
        given = ", ".join("x".join(map(str, shape)) for shape in shapes)
        raise ShapeError(f"parallel arms give {given}, which cannot be added")
    return shapes[0]


@dataclass(frozen=True, slots=True)
class Sum(Join):
    """The arms' outputs added."""

    label: ClassVar[str] = "+"
    formula: ClassVar[str] = "a_1 + … + a_n"
    latex: ClassVar[str] = r"a_1 + \dots + a_n"

    def out_shape(self, shapes: Sequence[Shape]) -> Shape:
        return _same(shapes)


@dataclass(frozen=True, slots=True)
class Concat(Join):
    """The arms' outputs one behind the other along the channels."""

    label: ClassVar[str] = "concat"
    formula: ClassVar[str] = "[a_1, …, a_n]"
    latex: ClassVar[str] = r"[a_1, \dots, a_n]"

    def out_shape(self, shapes: Sequence[Shape]) -> Shape:
        sides = {shape[1:] for shape in shapes}
        if len(sides) > 1:
            given = ", ".join("x".join(map(str, shape)) for shape in shapes)
            raise ShapeError(f"parallel arms give {given}, which cannot be concatenated")
        channels = [shape[0] for shape in shapes]
        like = len(set(channels)) == 1  # a product, for a symbol to know what it is a share of
        return (channels[0] * len(channels) if like else sum(channels), *shapes[0][1:])


@dataclass(frozen=True, slots=True)
class Select(Join):
    """A sum weighed by a softmax over the arms, channel by channel (Li et al. 2019; Zhang et al. 2020).

    The weights come as ``(n * C, 1, 1)``. With ``groups`` those of a group of channels stand together, as
    ResNeSt's cardinality has them.
    """

    label: ClassVar[str] = "softmax Σ"
    formula: ClassVar[str] = "Σ softmax(w)_i * a_i"
    latex: ClassVar[str] = r"\textstyle\sum_i \mathrm{softmax}(w)_i \odot a_i"
    groups: int = 1

    def out_shape(self, shapes: Sequence[Shape]) -> Shape:
        return _same(shapes)


@dataclass(frozen=True, slots=True)
class Attend(Join):
    """The mean of the first arm's positions weighed by a softmax of the second's single map (Cao et al. 2019)."""

    label: ClassVar[str] = "softmax Σ"
    formula: ClassVar[str] = "Σ softmax(a_2)_p * a_1,p over the positions p"
    latex: ClassVar[str] = r"\textstyle\sum_p \mathrm{softmax}(a_2)_p\,a_{1,p}\ \text{over the positions } p"

    def products(self, in_shape: Shape) -> int:
        return prod(in_shape)

    def out_shape(self, shapes: Sequence[Shape]) -> Shape:
        first, second = shapes
        if second != (1, *first[1:]):
            raise ShapeError(f"a map of weights is 1x{first[1]}x{first[2]}, not {'x'.join(map(str, second))}")
        return (first[0], 1, 1)
