"""Numbers that remember the expression they come from, so that code can be written from what a block is built from.

A block is built by arithmetic on a few numbers: the channels it takes, its inner width, its stride. Built
from symbols instead of plain numbers it has the same layers, and each number in them shows how it follows
from those few: ``padding=dilation``, ``SubsamplePad(out_channels - in_channels, stride)``.
"""

from typing import Any


class Symbol(int):
    """A whole number with the expression it stands for; sums, products and quotients keep expressions.

    An exact quotient knows what it is a ``share`` of, and into how many: as often again it is the whole.
    """

    expression: str
    share: "tuple[Any, int] | None"

    def __new__(cls, value: int, expression: str) -> "Symbol":
        """Return the number ``value`` under an expression such as ``width``."""
        made = super().__new__(cls, value)
        made.expression = expression
        made.share = None
        return made

    def __str__(self) -> str:
        return self.expression

    __repr__ = __str__

    def __mul__(self, other: Any) -> Any:
        if self.share and self.share[1] == other:
            return self.share[0]
        return _combined("*", self, other, int(self) * other, neutral=1)

    def __rmul__(self, other: Any) -> Any:
        return _combined("*", other, self, other * int(self), neutral=1)

    def __add__(self, other: Any) -> Any:
        return _combined("+", self, other, int(self) + other, neutral=0)

    def __sub__(self, other: Any) -> Any:
        return _combined("-", self, other, int(self) - other, neutral=0)

    def __rsub__(self, other: Any) -> Any:
        return _combined("-", other, self, other - int(self), neutral=None)

    def __floordiv__(self, other: Any) -> Any:
        made = _combined("//", self, other, int(self) // other, neutral=1)
        if isinstance(made, Symbol) and made is not self and int(self) % int(other) == 0:
            made.share = (self, other)
        return made


def _combined(sign: str, left: Any, right: Any, value: Any, *, neutral: int | None) -> Any:
    """Return a value under the expression that makes it; a float, or a result of a float, is a plain number."""
    if not isinstance(value, int):
        return value
    for one, other in ((left, right), (right, left)):
        if neutral is not None and not isinstance(other, Symbol) and other == neutral:
            return one if sign in "*+" or one is left else Symbol(value, f"{left} {sign} {right}")
    if sign in "-//" and str(left) == str(right):
        return 0 if sign == "-" else 1
    return Symbol(value, f"{_operand(left)} {sign} {_operand(right)}")


def _operand(value: Any) -> str:
    text = str(value)
    return f"({text})" if " " in text else text
