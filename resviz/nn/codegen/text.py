"""Lines of Python: folded as a formatter folds them, and calls put inside one another."""

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

WIDTH = 100
"""Columns of a line."""
STEP = "    "
"""One level of indentation."""
PAIRS = {"(": ")", "[": "]"}


@dataclass(frozen=True, slots=True)
class CodeStep:
    """One call in a forward pass, ``{}`` where its argument goes; one that ``ends`` closes the line."""

    call: str
    ends: bool = False


def compose(steps: Iterable[CodeStep], start: str, name: str = "x") -> tuple[list[str], str]:
    """Return lines that assign to ``name`` and the expression that is left; ``start`` is the first argument."""
    lines: list[str] = []
    expression, waiting = start, False
    for step in steps:
        if waiting:
            lines.append(f"{name} = {expression}")
            expression = name
        expression, waiting = step.call.format(expression), step.ends
    return lines, expression


def definition(head: str, words: str, body: Iterable[str]) -> str:
    """Return a class or a function: its first line, its docstring and its body, each statement on one line."""
    return "\n".join([f"{head}:", *docstring(words), *indented(body)])


def formatted(text: str) -> str:
    """Return code with its long lines folded."""
    return "\n".join(part for line in text.splitlines() for part in folded(line.lstrip(), margin(line)))


def docstring(words: str) -> list[str]:
    """Return a docstring one level in, on several lines where one does not hold it."""
    if len(words) + 10 <= WIDTH:
        return [f'{STEP}"""{words}"""']
    wrapped = textwrap.wrap(words, WIDTH - 12)
    return [f'{STEP}"""{wrapped[0]}', *(f"{STEP}{line}" for line in wrapped[1:]), f'{STEP}"""']


def indented(lines: Iterable[str]) -> list[str]:
    """Return the lines one level further in; empty ones stay empty."""
    return [line and STEP + line for line in lines]


def margin(line: str) -> str:
    """Return the space a line begins with."""
    return line[: len(line) - len(line.lstrip())]


def folded(line: str, space: str) -> list[str]:
    """Return a statement or an item on one line where it fits, else with its last bracket opened."""
    if len(space) + len(line) <= WIDTH:
        return [space + line]
    opening, closing = _last_bracket(line)
    if closing <= opening + 1:
        return [space + line]
    inside, further = line[opening + 1 : closing], space + STEP
    items = list(_split(inside, ", "))
    if len(further) + len(inside) <= WIDTH:
        body = [further + inside]
    elif len(items) > 1:
        body = [part for item in items for part in folded(f"{item},", further)]
    else:
        first, *rest = _split(inside, " for ")
        body = folded(first, further)
        body += [part for clause in rest for part in folded(f"for {clause}", further)]
    return [space + line[: opening + 1], *body, space + line[closing:]]


def _last_bracket(line: str) -> tuple[int, int]:
    """Return where the last bracket that stands in no other opens and closes; (0, 0) where there is none."""
    depth, start, found = 0, 0, (0, 0)
    for position, sign in enumerate(line):
        if sign in PAIRS:
            start = start if depth else position
            depth += 1
        elif sign in PAIRS.values():
            depth -= 1
            found = found if depth else (start, position)
    return found


def _split(text: str, separator: str) -> Iterator[str]:
    """Yield the pieces between separators that stand in no bracket."""
    depth, start = 0, 0
    for position, sign in enumerate(text):
        depth += (sign in PAIRS) - (sign in PAIRS.values())
        if not depth and text.startswith(separator, position):
            yield text[start:position]
            start = position + len(separator)
    yield text[start:]
