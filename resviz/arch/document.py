"""A configuration as text: JSON, or YAML without what makes YAML dangerous to read from strangers.

A text that begins as JSON is read as JSON. Else it is YAML without aliases, anchors, merge keys and named
types: each lets a few bytes stand for gigabytes, or a word for what it does not say. Keys are words, and a word
is a number, true, false, null or text; a date or 1:20 stays text. What is written here is read back the same.
"""

import json
from typing import Any

import yaml

from resviz.errors import ConfigError

MAX_TEXT = 16 * 1024
"""Characters of a text; a configuration with every field takes about 1,200."""
MAX_NESTING = 16
"""Lists and mappings within each other."""
MAX_NUMBER = 10**400
"""The largest whole number; no field takes one near it, and Python writes out none of 4,300 digits."""
MAX_REASON = 120
"""Characters shown of the YAML reader's complaint."""

_LEFT_AS_TEXT = {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:value"}


def read(text: str, what: str = "The text") -> Any:
    """Return the plain data that JSON or YAML text holds: mappings by words, lists, numbers, words, None.

    ``what`` is what the sentences call the text. Raises ConfigError for a text that is neither, that is too long
    or too deep, or that uses what is not read.
    """
    if len(text) > MAX_TEXT:
        raise ConfigError.of("file", f"{what} has {len(text):,} characters; at most {MAX_TEXT:,} are read.")
    text = text.removeprefix("\ufeff")
    try:
        data = _json(text) if text.lstrip()[:1] in ("{", "[") else _yaml(text)
    except _Refused as error:
        raise ConfigError.of("file", f"{what} {error}.") from None
    except (yaml.YAMLError, ValueError, ArithmeticError, RecursionError) as error:
        raise ConfigError.of("file", f"{what} is neither YAML nor JSON: {_reason(error)}.") from None
    return data


def write_yaml(data: Any) -> str:
    """Return plain data as YAML, mappings in their own order; letters stand as they are where YAML reads them back."""
    text: str = yaml.safe_dump(data, sort_keys=False, default_flow_style=None, allow_unicode=True)
    if text.replace("\n", "").isprintable():
        return text
    escaped: str = yaml.safe_dump(data, sort_keys=False, default_flow_style=None)
    return escaped


class _Refused(Exception):
    """Something that is YAML or JSON and is not read; the message goes on from what the text is called."""


def _json(text: str) -> Any:
    try:
        data = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return _yaml(text)  # {a: 1} is YAML; and its reader shows where a mistake is
    _ensure_shallow(data)
    return data


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number of JSON")


def _ensure_shallow(data: Any) -> None:
    layer, depth = [data], 0
    while layer := [each for each in layer if isinstance(each, list | dict)]:
        depth += 1
        if depth > MAX_NESTING:
            raise _Refused(f"nests more than {MAX_NESTING} lists or mappings")
        layer = [inner for each in layer for inner in (each.values() if isinstance(each, dict) else each)]


def _yaml(text: str) -> Any:
    loader = _Loader(text)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it nests too deeply"
    said = str(error)
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        said = f"{error.problem or error.context}{f' in line {mark.line + 1}' if mark else ''}"
    said = said.split("\n", 1)[0].rstrip(". ")
    return said if len(said) <= MAX_REASON else f"{said[: MAX_REASON - 3]}..."


class _Loader(yaml.SafeLoader):
    """PyYAML's reader of plain data, without what this file's docstring excludes."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        where = f"in line {event.start_mark.line + 1}"
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            raise _Refused(f"uses {sign}{_cut(event.anchor)} {where}: anchors and aliases are not read, write it out")
        if getattr(event, "tag", None) is not None:
            raise _Refused(f"names the type {_cut(event.tag)} {where}: types are not read, leave it out")
        self.depth += 1
        if self.depth > MAX_NESTING + 1:  # what stands in the innermost list is one deeper
            raise _Refused(f"nests more than {MAX_NESTING} lists or mappings {where}")
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for key, value in node.value:
            where = f"in line {key.start_mark.line + 1}"
            if not isinstance(key, yaml.ScalarNode):
                raise _Refused(f"has a list or mapping for a key {where}; a key is a word")
            if key.value == "<<" and key.style is None:
                raise _Refused(f"merges with << {where}: merging is not read, write the fields out")
            found[key.value] = self.construct_object(value, deep=deep)
        return found

    def construct_number(self, node: yaml.ScalarNode) -> Any:
        """Return a whole number or a float as YAML 1.1 writes it; 1:20, there 80, is text."""
        if ":" in node.value:
            return node.value
        whole = node.tag.endswith("int")
        try:
            number = self.construct_yaml_int(node) if whole else self.construct_yaml_float(node)
        except (ValueError, ArithmeticError):
            number = None
        if number is None or (whole and abs(number) > MAX_NUMBER):
            raise _Refused(
                f"has {_cut(node.value)!r} in line {node.start_mark.line + 1}, which is no number for a field"
            )
        return number


def _cut(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}..."


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _LEFT_AS_TEXT]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.yaml_constructors = _Loader.yaml_constructors | {
    "tag:yaml.org,2002:int": _Loader.construct_number,
    "tag:yaml.org,2002:float": _Loader.construct_number,
    "tag:yaml.org,2002:merge": _Loader.construct_yaml_str,  # << as a value; as a key it is refused
}
