"""A way to rename tensors: patterns and what they become, applied in order to every name of a file."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

Replacement = str | Callable[[re.Match[str]], str]
"""What takes a pattern's place: a template with ``\\1``, or a function where a number has to be computed."""
Rules = tuple[tuple[str, Replacement], ...]


@dataclass(frozen=True, slots=True)
class Renaming:
    """How somebody's names become torchvision's."""

    label: str
    """Whose names they are, to follow "renamed from"."""
    rules: Rules
    """Regular expressions and their replacements."""
    unindexed: bool = False
    """Whether their names do not tell what stands before a projection, which has a number here."""

    def renamed(self, names: Iterable[str]) -> Mapping[str, str]:
        """Return the new name of each; empty where two would become the same."""
        found = {name: self._one(name) for name in names}
        return found if len(set(found.values())) == len(found) else {}

    def _one(self, name: str) -> str:
        for pattern, replacement in self.rules:
            name = re.sub(pattern, replacement, name)
        return name


def stage_names(first: int) -> Replacement:
    """Return what puts stages and blocks that are counted from ``first`` on under this package's names."""
    return lambda match: f"layer{int(match[1]) - first + 1}.{int(match[2]) - first}."


_PROJECTION = re.compile(r"(.+\.)downsample\.(\d+)\.")
PREFIXES = ("module.", "_orig_mod.", "model.", "backbone.", "encoder.", "bottom_up.", "resnet.", "regnet.", "net.")
"""What wrappers put before every name: DataParallel, torch.compile, and the modules that people hold a network in."""


def aligned(names: Mapping[str, str], own: Iterable[str]) -> Mapping[str, str]:
    """Return new names by old ones, projections numbered as in a module's ``own`` names."""
    theirs, ours = _first(names.values()), _first(own)

    def moved(name: str) -> str:
        found = _PROJECTION.match(name)
        if not found or found[1] not in ours:
            return name
        number = int(found[2]) + ours[found[1]] - theirs[found[1]]
        return f"{found[1]}downsample.{number}.{name[found.end() :]}"

    return {old: moved(new) for old, new in names.items()}


def _first(names: Iterable[str]) -> dict[str, int]:
    """Return the least number of a layer of each block's projection."""
    first: dict[str, int] = {}
    for name in names:
        if found := _PROJECTION.match(name):
            first[found[1]] = min(first.get(found[1], int(found[2])), int(found[2]))
    return first


def unprefixed(names: Iterable[str]) -> tuple[dict[str, str], str]:
    """Return each name without what wrappers put before most of them, and what that was.

    Names that lack it stay, unless one would become another's.
    """
    found, prefix = {name: name for name in names}, ""
    while True:
        more = next((p for p in PREFIXES if 2 * sum(new.startswith(p) for new in found.values()) > len(found)), "")
        shorter = {old: new.removeprefix(more) for old, new in found.items()}
        if not more or len(set(shorter.values())) < len(shorter):
            return found, prefix
        found, prefix = shorter, prefix + more
