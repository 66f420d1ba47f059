"""Pydantic's complaints in our words: a sentence that names the field, the value and what would be right."""

import json
import reprlib
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from pydantic import ValidationError

from resviz.errors import Problem, unknown

MOST = 3
"""Problems listed for one field, and of all fields that do not exist."""


def problems(details: Sequence[Any], fields: Collection[str]) -> tuple[Problem, ...]:
    """Return pydantic's complaints as sentences: a few of each field, and how many more there are.

    ``details`` are ``ValidationError.errors()``; ``fields`` are the names that exist.
    """
    deeper = {detail["loc"][0] for detail in details if len(detail["loc"]) > 1}
    seen: Counter[str] = Counter()
    listed, left = [], 0
    for detail in details:
        # An entry at fault makes pydantic call the whole list too short as well: say the first only.
        if len(detail["loc"]) == 1 and detail["loc"][0] in deeper:
            continue
        field = str(detail["loc"][0]) if detail["loc"] else ""
        kind = field if field in fields else ""
        seen[kind] += 1
        if seen[kind] > MOST:
            left += 1
        else:
            listed.append(problem(detail, fields))
    if left:
        listed[-1] = Problem(
            listed[-1].field, f"{listed[-1].sentence} {left:,} more like these {'is' if left == 1 else 'are'} left out."
        )
    return tuple(listed)


def problem(detail: Any, fields: Collection[str]) -> Problem:
    """Return one of pydantic's complaints as a sentence that names field, value and remedy.

    ``detail`` is an entry of ``ValidationError.errors()``; ``fields`` are the names that exist.
    """
    path = [str(step) for step in detail["loc"] if not str(step).startswith(("constrained", "function", "all", "each"))]
    field = path[0] if path else "configuration"
    context, shown = detail.get("ctx", {}), _shown(detail.get("input"))
    if detail["type"] == "extra_forbidden":
        return Problem(field, unknown("field", field, fields))
    if detail["type"] == "value_error":
        return Problem(field, str(context["error"]))
    where = f"{field}[{']['.join(path[1:])}]" if len(path) > 1 and path[1].isdigit() else field
    if detail["type"] in _WISHES:
        wish = _WISHES[detail["type"]].format(**context)
    else:
        wish = detail["msg"][0].lower() + detail["msg"][1:]
    return Problem(field, f"{where} {shown} is not possible: {wish}.")


def _shown(value: Any) -> str:
    """Return a value as a person would have written it, cut to a line."""
    many = value if isinstance(value, list | tuple) else (value,)
    try:
        # YAML may hold keys that JSON does not have, itself, or a thousand references to one list.
        plain = all(each is None or isinstance(each, str | int | float) for each in many)
        text = json.dumps(value) if plain else reprlib.repr(value)
    except ValueError:  # Python writes out no integer of more than 4,300 digits
        text = "with its thousands of digits"
    return text if len(text) <= 60 else f"{text[:57]}..."


_WISHES = {
    "greater_than": "it must be greater than {gt:g}",
    "greater_than_equal": "it must be at least {ge:,}",
    "less_than": "it must be less than {lt:g}",
    "less_than_equal": "it must be at most {le:,}",
    "literal_error": "it must be {expected}",
    "too_short": "it needs at least {min_length} entry",
    "too_long": "it takes at most {max_length} entries",
    "missing": "it has three numbers: channels, height, width",
    "int_parsing": "it must be a whole number",
    "int_type": "it must be a whole number",
    "int_from_float": "it must be a whole number",
    "int_parsing_size": "it is too large",
    "float_type": "it must be a number",
    "float_parsing": "it must be a number",
    "finite_number": "it must be a finite number",
    "bool_type": "it must be true or false",
    "bool_parsing": "it must be true or false",
    "tuple_type": "it must be a list of whole numbers",
    "string_type": "it must be a word",
    "string_too_short": "it must not be empty",
    "string_too_long": "it takes at most {max_length} characters",
}
"""What would be right, by pydantic's name for what is wrong; filled in with pydantic's context."""

MOST_PROBLEMS = 4
"""Complaints listed about one document; a wrong file has one for each of its fields."""


def sentences(error: ValidationError) -> str:
    """Return what pydantic found wrong: field, value and remedy for each, the first few of them."""
    details = error.errors(include_url=False)
    said = [_sentence(detail) for detail in details[:MOST_PROBLEMS]]
    more = len(details) - len(said)
    return " ".join([*said, *([f"And {more} more."] if more else [])])


def _sentence(detail: Any) -> str:
    where = ".".join(map(str, detail["loc"])) or "document"
    if detail["type"] == "missing":
        return f"{where} is missing."
    if detail["type"] == "extra_forbidden":
        return f"{where[:60]} is not a field that is known here."
    why = detail["msg"].removeprefix("Value error, ")
    return f"{where} {shown(detail.get('input'))} is not possible: {why[0].lower()}{why[1:]}."


def shown(value: object) -> str:
    """Return a value from a document as it is written, cut where it is long."""
    try:
        text = repr(value[:60] if isinstance(value, str) else value)
    except (ValueError, RecursionError):  # an int of more than 4,300 digits, alone or in a list
        text = f"of type {type(value).__name__}, too long to be shown,"
    return text if len(text) <= 60 else f"{text[:57]}..."
