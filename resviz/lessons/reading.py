"""The lessons in their order, read from ``texts/<language>/<name>.yaml``.

A new lesson is one new file and one line in `NAMES`; a translation is the same file in another folder.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from resviz.errors import UnknownNameError, unknown
from resviz.lessons.lesson import Lesson, Question, Step

LANGUAGE = "en"
NAMES = (
    "deeper",
    "block",
    "dashed",
    "bottleneck",
    "depth",
    "stride",
    "table",
    "gradients",
    "shortcuts",
    "orders",
    "slim",
    "thousand",
    "paths",
    "field",
    "landscape",
    "family",
    "convnext",
)
"""The lessons in the order in which they are taught."""


def lessons(language: str = LANGUAGE) -> tuple[Lesson, ...]:
    """Return every lesson in order."""
    return tuple(lesson(name, language) for name in NAMES)


@cache
def lesson(name: str, language: str = LANGUAGE) -> Lesson:
    """Return a lesson. Raises UnknownNameError for a name that is none."""
    if name not in NAMES:
        raise UnknownNameError(unknown("lesson", name, NAMES))
    file = files("resviz.lessons").joinpath("texts", language, f"{name}.yaml")
    return parsed(name, yaml.safe_load(file.read_text(encoding="utf-8")))


def parsed(name: str, data: Mapping[str, Any]) -> Lesson:
    """Return the lesson that a file's plain data describes. Raises TypeError for a key that a lesson lacks."""
    head = {key: value for key, value in data.items() if key not in ("steps", "sources")}
    return Lesson(
        name=name, **head, sources=tuple(data["sources"]), steps=tuple(_step(**step) for step in data["steps"])
    )


def _step(question: Mapping[str, Any] | None = None, **step: Any) -> Step:
    for key in ("offers", "highlights"):
        step[key] = tuple(step.get(key, ()))
    asked = Question(**{**question, "choices": tuple(question.get("choices", ()))}) if question else None
    return Step(**step, question=asked)
