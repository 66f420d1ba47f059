"""How tensors fit a network's own: which do, which are missing, have no place or another shape; and that in words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from operator import eq

from resviz.arch.operation import Shape
from resviz.nn import looks
from resviz.nn.inventory import COUNTERS
from resviz.report.formatting import plural, shape

SHOWN = 8
"""Tensors of a kind that are named."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """A tensor whose name is right and whose shape is not."""

    key: str
    expected: Shape
    found: Shape


@dataclass(frozen=True, slots=True)
class Account:
    """How tensors fit a network's: what is missing, what has no place there, by shape, what has another shape.

    All are under this package's names; ``renamed`` states whose names they had, where they are not these.
    """

    fitting: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unexpected: Mapping[str, Shape] = field(default_factory=dict)
    misshaped: tuple[Misfit, ...] = ()
    renamed: str = ""

    @property
    def fits(self) -> bool:
        """Whether every tensor of the network is there, in its shape, and nothing else."""
        return not (self.missing or self.unexpected or self.misshaped)

    @property
    def misfits(self) -> tuple[str, ...]:
        """What does not fit, in words, each kind of misfit by itself."""
        said = []
        if self.missing:
            said.append(f"{plural(len(self.missing), 'tensor')} missing: {listed(self.missing)}")
        if self.unexpected:
            shown = [f"{key} ({looks.tensor(key, sides)})" for key, sides in self.unexpected.items()]
            said.append(f"{plural(len(self.unexpected), 'tensor')} that it has no place for: {listed(shown)}")
        if self.misshaped:
            shown = [f"{each.key} is {_sides(each.found)}, not {_sides(each.expected)}" for each in self.misshaped]
            said.append(f"{plural(len(self.misshaped), 'tensor')} of another shape: {listed(shown)}")
        return tuple(said)

    @property
    def sentence(self) -> str:
        """The account of weights that were to be loaded, in words."""
        names = f", renamed from {self.renamed}" if self.renamed else ""
        if self.fits:
            return f"All {plural(len(self.fitting), 'tensor')} fit{names}."
        return f"These weights are not this network's: {'; '.join(self.misfits)}; {len(self.fitting):,} fit{names}."


def account(
    own: Mapping[str, Shape], theirs: Mapping[str, Shape], alike: Callable[[Shape, Shape], bool] = eq
) -> Account:
    """Return how tensors fit a network's own, both given by name and shape; counters, which some lack, aside.

    ``alike`` tells which shapes are as good as the same.
    """
    both = [key for key in own if key in theirs]
    fitting = tuple(key for key in both if alike(own[key], theirs[key]))
    fit = set(fitting)
    return Account(
        fitting=fitting,
        missing=tuple(key for key in own if key not in theirs and not key.endswith(COUNTERS)),
        unexpected={key: sides for key, sides in theirs.items() if key not in own and not key.endswith(COUNTERS)},
        misshaped=tuple(Misfit(key, own[key], theirs[key]) for key in both if key not in fit),
    )


def listed(texts: Iterable[str]) -> str:
    """Return the first texts and how many more there are."""
    every = list(texts)
    return ", ".join(every[:SHOWN]) + (f" and {len(every) - SHOWN:,} more" if len(every) > SHOWN else "")


def _sides(sides: Shape) -> str:
    return shape(sides) or "a scalar"
