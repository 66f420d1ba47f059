"""Which nodes of a picture stand for layers that differ in a comparison, how, and in what words."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from resviz.arch.network import Network
from resviz.report.compare import Mark, parts


def node_marks(paths: Iterable[str], network: Network, marks: Mapping[str, Mark]) -> dict[str, Mark]:
    """Return the marks of a picture's nodes, by path, from those of layers (`resviz.report.compare`).

    A node that stands for several layers is added, missing or resized if all that differs in it is, and for
    the first two if that is all there is in it; else it is changed. A layer that the network lacks changes
    the node it would stand in.
    """
    shown = set(paths)
    folded = {each: whole for path in shown for each, whole in _folded(path)}
    size: Counter[str] = Counter()
    for path, _ in parts(network):
        size.update(node for node in _nodes(path, folded) if node in shown)
    found: dict[str, Counter[Mark]] = {}
    for path, mark in marks.items():
        for node in _nodes(path, folded):
            if node in shown:
                found.setdefault(node, Counter())[mark] += 1
    return {node: _joined(counted, size[node]) for node, counted in found.items()}


LISTED = 3
"""Differences that one node lists; of more it tells the number."""


def node_sentences(paths: Iterable[str], sentences: Mapping[str, str]) -> dict[str, str]:
    """Return what a picture's nodes say of the differences in them, by path, from the sentences of layers.

    A node that holds several layers names each: ``conv1: stride 1, was 2; conv2: stride 2, was 1``.
    """
    shown = set(paths)
    folded = {each: whole for path in shown for each, whole in _folded(path)}
    found: dict[str, dict[str, None]] = {}
    for path, sentence in sentences.items():
        for node in _nodes(path, folded):
            if node in shown:
                said = sentence if path == node else f"{path.rsplit('.', 1)[-1]}: {sentence}"
                found.setdefault(node, {})[said] = None
    return {node: _first_few(list(said)) for node, said in found.items()}


def _first_few(said: list[str]) -> str:
    more = [f"and {len(said) - LISTED} more"] if len(said) > LISTED else []
    return "; ".join([*said[:LISTED], *more])


def _joined(counted: Counter[Mark], size: int) -> Mark:
    if len(counted) > 1:
        return Mark.CHANGED
    (mark, count) = next(iter(counted.items()))
    return mark if mark is Mark.RESIZED or count == size else Mark.CHANGED


def _folded(path: str) -> Iterator[tuple[str, str]]:
    """Yield each block of a folded run, and each of arms that are folded, with the path of what they are folded to."""
    parts = path.split(".")
    for end, part in enumerate(parts):
        first, dash, last = part.partition("-")
        if dash and first.isdigit() and last.isdigit():
            for index in range(int(first), int(last) + 1):
                yield ".".join((*parts[:end], str(index))), ".".join(parts[: end + 1])


def _nodes(path: str, folded: Mapping[str, str]) -> Iterator[str]:
    """Yield every path under which a layer may be shown: its own, what holds it, what that is folded to."""
    parts = path.split(".")
    for end in range(len(parts), 0, -1):
        start = ".".join(parts[:end])
        yield start
        if whole := folded.get(start):
            yield whole
            if parts[end:]:
                yield ".".join((whole, *parts[end:]))
