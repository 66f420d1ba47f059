"""What a shortcut gives to the sum of its unit, as a formula: the second term of He et al. 2015, Eqs. 1 and 2.

Each function belongs to an entry of `resviz.arch.shortcuts` and says, of a letter, what that entry builds at a change
of shape: ``x`` where it builds nothing, ``W_s x`` for a projection. Norms are left out, as in the paper.
"""

from collections.abc import Callable
from typing import NamedTuple

from resviz.arch.change import Change


class Carried(NamedTuple):
    """The same formula as text and in LaTeX."""

    text: str
    latex: str


Carry = Callable[[Change, Carried], Carried]
X = Carried("x", "x")
"""The unit's input."""


def unchanged(change: Change, x: Carried = X) -> Carried:
    """Return the letter: an identity."""
    return x


def projected(change: Change, x: Carried = X) -> Carried:
    """Return a projection, always."""
    return Carried(f"W_s {x.text}", rf"W_s\,{x.latex}")


def projected_change(change: Change, x: Carried = X) -> Carried:
    """Return a projection where the shape changes."""
    return x if change.none else projected(change, x)


def padded(change: Change, x: Carried = X) -> Carried:
    """Return every ``stride``-th position, and zeros for new channels."""
    s = change.stride
    return _with_zeros(change, x if s == 1 else Carried(f"{x.text}[::{s}, ::{s}]", rf"{x.latex}_{{::{s},\,::{s}}}"))


def average_padded(change: Change, x: Carried = X) -> Carried:
    """Return an average pool where there is a stride, and zeros for new channels."""
    return _with_zeros(change, _pooled(change.stride > 1, "avgpool", r"\mathrm{avgpool}", x))


def average_projected(change: Change, x: Carried = X) -> Carried:
    """Return a projection where the shape changes, behind a pool where there is, or was, a stride."""
    pools = change.stride > 1 or change.dilation > 1
    return projected_change(change, x if change.none else _pooled(pools, "avgpool", r"\mathrm{avgpool}", x))


def blurred(change: Change, x: Carried = X) -> Carried:
    """Return a blur where there is a stride, and a projection where the channels change."""
    s = change.stride
    smooth = _pooled(s > 1, f"blur_{s}", rf"\mathrm{{blur}}_{s}", x)
    return smooth if change.in_channels == change.out_channels else projected(change, smooth)


def max_pooled(change: Change, x: Carried = X) -> Carried:
    """Return a projection where the channels change, else a pool where there is a stride."""
    s = change.stride
    if change.in_channels != change.out_channels:
        return projected(change, x)
    return _pooled(s > 1, f"maxpool_1x1,{s}", rf"\mathrm{{maxpool}}_{{1 \times 1,\,{s}}}", x)


def _pooled(pools: bool, name: str, latex: str, x: Carried) -> Carried:
    return Carried(f"{name}({x.text})", f"{latex}({x.latex})") if pools else x


def _with_zeros(change: Change, x: Carried) -> Carried:
    same = change.in_channels == change.out_channels
    return x if same else Carried(f"[{x.text}, 0]", rf"[{x.latex},\ 0]")
