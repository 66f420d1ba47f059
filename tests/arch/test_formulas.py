"""The formulas of entries: as text and in LaTeX, which what typesets it can read."""

from xml.etree import ElementTree as ET

import pytest

from resviz.arch import FAMILIES
from resviz.arch.entries import Entry
from resviz.arch.fields import CHOICES
from resviz.arch.joins import Join
from resviz.arch.settings import SETTINGS
from resviz.lessons.markdown import mathml

ENTRIES: dict[str, Entry] = {
    **{f"{field}.{name}": entry for field, entries in CHOICES.items() for name, entry in entries.items()},
    **SETTINGS,
    **FAMILIES,
}
LATEX = {name: entry.latex for name, entry in ENTRIES.items() if entry.latex} | {
    join.__name__: join.latex for join in Join.__subclasses__()
}


def test_an_entry_has_its_formula_in_both_forms_or_in_none() -> None:
    assert [name for name, entry in ENTRIES.items() if bool(entry.formula) != bool(entry.latex)] == []


@pytest.mark.parametrize("name", LATEX)
def test_a_formula_is_typeset_without_a_command_left_over(name: str) -> None:
    tree = ET.fromstring(mathml(LATEX[name]))
    assert "\\" not in "".join(tree.itertext())
    assert LATEX[name].count("{") == LATEX[name].count("}")
