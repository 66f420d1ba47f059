"""Where a line of parts breaks into rows of a width: as few as hold it, as even as can be, and between stages first."""

from collections.abc import Callable, Sequence

INSIDE = 0.3
"""What a break inside a group costs; a row that is left empty would cost 1."""


def rows(
    groups: Sequence[object], lengths: Sequence[float], needed: Callable[[int, int], float], width: float
) -> list[tuple[int, int]] | None:
    """Return each row's first part and the one after its last; None where a part alone is longer than a row.

    ``groups`` and ``lengths`` have one entry a part: neighbours of equal groups would rather stay together. ``needed``
    is what the parts from one index up to another take, with their words. The last row may be short for nothing, as a
    paragraph's last line.
    """
    count = len(groups)
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]
    """For each number of parts: the rows that they take, what these cost, and where the last of them begins."""
    for end in range(1, count + 1):
        found: list[tuple[int, float, int]] = []
        for start in range(end - 1, -1, -1):
            if needed(start, end) > width:
                break
            empty = 0.0 if end == count else (1 - sum(lengths[start:end]) / width) ** 2
            inside = INSIDE if start > 0 and groups[start - 1] == groups[start] else 0.0
            taken, cost, _ = best[start]
            found.append((taken + 1, round(cost + empty + inside, 6), -start))
        if not found:
            return None
        taken, cost, start = min(found)  # of equals the one whose last row is short
        best.append((taken, cost, -start))
    made, end = [], count
    while end:
        start = best[end][2]
        made.append((start, end))
        end = start
    return made[::-1]
