"""Every error resviz raises on purpose.

ResvizError
├── ConfigError      a configuration that cannot be, with one Problem per field at fault
├── ShapeError       a layer that cannot take the shape it is given
└── UnknownNameError a preset, family or file that does not exist

Each message is one sentence for people: it names the field, the value and what would be right.
"""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class ResvizError(Exception):
    """Base of every error that resviz raises on purpose; its text is fit to show to a person."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a configuration: the field at fault and a whole sentence about it."""

    field: str
    sentence: str


class ConfigError(ResvizError):
    """A configuration that cannot be; ``problems`` says why, field by field."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__(" ".join(problem.sentence for problem in problems))

    @classmethod
    def of(cls, field: str, sentence: str) -> "ConfigError":
        """Return the error for a single field at fault."""
        return cls(Problem(field, sentence))


class ShapeError(ResvizError):
    """A layer that cannot take the shape it is given."""


class UnknownNameError(ResvizError):
    """A name that nothing is registered under."""


def unknown(what: str, name: object, known: "Iterable[str]", *, like: str = "") -> str:
    """Return the sentence for a name that does not exist: the nearest that do, else all or an example."""
    names = list(known)
    text = str(name) if len(str(name)) <= 60 else f"{str(name)[:57]}..."
    near = get_close_matches(str(name)[:60], names, n=3)
    if near:
        return f"{what} {text!r} does not exist; did you mean {', '.join(near)}?"
    allowed = f"a name is like {like}" if like else f"it is one of {', '.join(names)}"
    return f"{what} {text!r} does not exist; {allowed}."
