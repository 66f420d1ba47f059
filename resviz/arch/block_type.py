"""A block as data: its parts, how much wider its output is than its planes, and where attention stands.

The order of BN, ReLU and weight, the shortcut and the attention unit are choices of their own.
"""

from dataclasses import dataclass
from functools import cached_property

from resviz.arch.choices import Choices
from resviz.arch.entries import Entry
from resviz.arch.parts import Part


@dataclass(frozen=True, kw_only=True)
class BlockType(Entry):
    """A block as data: the parts of its branch and its expansion (output over planes).

    ``ratio`` is its inner width over its output where that is a plain share; None follows torchvision's rule
    for groups and base width. ``multiplies`` means that each of several arms has that width.
    Where it widens ``from_input``, the ratio is over the block's input, rounded to a multiple of 8, and groups keep
    the width that they have in a unit that keeps its shape.
    Attention stands behind the part ``attention_after``, at the end where that is None; its ratio is a share
    of the block's input where it ``squeezes_input``. ``post`` replaces the order's steps after the addition. One
    that is ``fused`` has its identity in its weights.
    """

    parts: tuple[Part, ...]
    expansion: int = 1
    ratio: float | None = None
    multiplies: bool = False
    from_input: bool = False
    attention_after: int | None = None
    squeezes_input: bool = False
    post: str | None = None
    fused: bool = False

    @cached_property
    def kernels(self) -> tuple[int, ...]:
        """The sizes of the parts' windows."""
        return tuple(part.kernel for part in self.parts)

    @cached_property
    def widens(self) -> bool:
        """Whether the inner width is a choice of its own."""
        return self.cardinal or any(part.width in ("inner", "half") for part in self.parts)

    @property
    def cardinal(self) -> bool:
        """Whether it has an arm for each group."""
        return any(part.traits.arm_a_group for part in self.parts)

    @property
    def grouped(self) -> bool:
        """Whether ``groups`` applies."""
        return any(getattr(part, "groups", "stage") == "stage" for part in self.parts)

    @property
    def by_group(self) -> bool:
        """Whether ``width_per_group`` applies: torchvision's rule for the inner width."""
        return self.widens and self.ratio is None

    @property
    def residual(self) -> bool:
        """Whether a shortcut goes around its branch; RepVGG's unit has its identity inside."""
        return not self.fused and not any(part.traits.holds_identity for part in self.parts)

    def shared_by(self, choices: Choices) -> int:
        """Return how many arms share a part's input channels among them: 1 where each takes them all."""
        return max((choices.arms or part.shares for part in self.parts if part.shares > 1), default=1)

    def strided(self, stride_in: str) -> int:
        """Return which part carries the stride: the first, or the first whose window is larger than 1x1."""
        spatial = [index for index, kernel in enumerate(self.kernels) if kernel > 1]
        return 0 if stride_in == "1x1" or not spatial else spatial[0]

    @property
    def stride_choice(self) -> bool:
        """Whether ``stride_in`` makes a difference: the first part is a 1x1, and there is a larger one."""
        return self.strided("1x1") != self.strided("3x3")
