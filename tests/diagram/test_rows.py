"""Parts put into rows: few, full, and broken between groups."""

import pytest

from resviz.diagram.rows import rows


def broken(lengths: str, width: float, groups: str = "") -> list[str] | None:
    """Parts of lengths of one digit as their rows; a letter a group."""
    groups = groups or "".join(chr(97 + index) for index in range(len(lengths)))
    each = [int(length) for length in lengths]
    found = rows(groups, each, lambda start, end: sum(each[start:end]), width)
    return found and [lengths[start:end] for start, end in found]


@pytest.mark.parametrize(
    ("lengths", "width", "groups", "made"),
    [
        ("333", 9, "", ["333"]),
        ("3333", 9, "", ["333", "3"]),
        ("3333333", 9, "", ["333", "333", "3"]),
        ("333333", 9, "aabbbb", ["333", "333"]),
        ("3333333", 9, "aabbbbb", ["33", "333", "33"]),
        ("3333", 9, "aabb", ["33", "33"]),
        ("36333", 9, "aabbb", ["36", "333"]),
        ("33333", 6, "aaabb", ["33", "3", "33"]),  # of equals, the first rows are full
        ("39", 8, "", None),
        ("", 8, "", []),
    ],
)
def test_rows_are_few_and_break_between_groups(lengths: str, width: float, groups: str, made: list[str] | None) -> None:
    assert broken(lengths, width, groups) == made
