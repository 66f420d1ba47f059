"""Which nodes of a picture stand for layers that differ in a comparison, and how."""

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
