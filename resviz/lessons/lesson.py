"""What a lesson is: an ordered list of steps, each a short text beside one picture or experiment.

A lesson is data. Its texts come from a file (`resviz.lessons.reading`), its experiments from a dictionary
(`resviz.lessons.experiments`), its numbers from functions (`resviz.lessons.figures`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Question:
    """Something to guess before it is told; ``answer`` is Markdown, shown after a guess.

    The guess is one of ``choices``, of which ``right`` is the index; or a number, which ``number`` gives as a
    placeholder; or, where both are empty, a node of the picture among those that the experiment names.
    """

    ask: str
    answer: str
    choices: tuple[str, ...] = ()
    right: int = 0
    number: str = ""

    @property
    def in_picture(self) -> bool:
        """Whether the guess is made by clicking in the picture."""
        return not self.choices and not self.number


@dataclass(frozen=True, slots=True)
class Step:
    """One step: text and caption in Markdown with LaTeX and placeholders, and what stands beside it.

    ``settings`` are the experiment's values here, ``offers`` the names of those that the reader may change.
    ``highlights`` are paths of nodes in the picture. ``mine`` means that it can run on the reader's own network.
    """

    title: str
    text: str
    experiment: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    offers: tuple[str, ...] = ()
    highlights: tuple[str, ...] = ()
    caption: str = ""
    question: Question | None = None
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson under its name in links: title, a short form of it for the overview, sources, steps."""

    name: str
    title: str
    short: str
    summary: str
    sources: tuple[str, ...]
    steps: tuple[Step, ...]
