"""All that the viewer shows of several networks side by side, as plain data of the form `comparison.schema.json`."""

from collections.abc import Sequence
from typing import Any

from resviz.arch.network import Network
from resviz.diagram.differences import node_marks, node_sentences
from resviz.diagram.layout import lay_out
from resviz.diagram.levels import Detail
from resviz.diagram.viewer_document import VERSION, has_many
from resviz.errors import DrawError
from resviz.report.compare import Comparison, Mark, compare
from resviz.report.cost_tables import LETTERS, comparison_table
from resviz.report.difference_tables import layer_differences_table
from resviz.report.differences import differences_by_path, layer_differences
from resviz.report.tables import Table

LEVELS = (Detail.STAGES, Detail.BLOCKS, Detail.LAYERS)
"""Those at which networks are compared; where the viewer would show too many layers there are the first two."""


def comparison_document(networks: Sequence[Network], detail: Detail | str = Detail.BLOCKS) -> dict[str, Any]:
    """Return what the viewer needs to show two to four networks, each held against the first.

    ``detail`` is the level that it begins with. Raises CompareError for another number of networks, DrawError for a
    level at which they are not compared.
    """
    comparison = compare(networks)
    levels = [level for level in LEVELS if level is not Detail.LAYERS or not any(map(has_many, networks))]
    if detail not in levels:
        raise DrawError(
            f"detail {str(detail)!r} is none at which these are compared; it is one of {', '.join(levels)}."
        )
    names = [f"{letter}: {network.name}" for letter, network in zip(LETTERS, networks, strict=False)]
    return {
        "format": "resviz-comparison",
        "version": VERSION,
        "name": _listed([network.name for network in networks]),
        "names": names,
        "shown": {"detail": str(detail)},
        "choices": {"detail": [[level.value, level.value.capitalize()] for level in levels]},
        "signs": [[mark.sign, mark.words] for mark in Mark],
        "pictures": {level.value: _panes(comparison, names, level) for level in levels},
        "tables": [
            *(_table(f"{LETTERS[index]} against A", _differences(comparison, index)) for index in range(1, len(names))),
            _table("Parameters", comparison_table(comparison, "params")),
            _table("MACs", comparison_table(comparison, "macs")),
        ],
    }


def _listed(names: Sequence[str]) -> str:
    """Return names in a line: ``resnet18, resnet34 and resnet50``."""
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _differences(comparison: Comparison, index: int) -> Table:
    return layer_differences_table(layer_differences(comparison, index))


def _panes(comparison: Comparison, names: Sequence[str], level: Detail) -> list[dict[str, Any]]:
    """Return each network's picture with the marks of its nodes: the mark, its sign and what is said of it."""
    marks = (comparison.base_marks, *comparison.marks[1:])
    second = {path: f"in B {sentence}" for path, sentence in differences_by_path(comparison, 1).items()}
    said = [second, *(differences_by_path(comparison, index) for index in range(1, len(names)))]
    panes = []
    for network, name, layers, words in zip(comparison.networks, names, marks, said, strict=True):
        drawing = lay_out(network, level)
        paths = [node.path for node in drawing.nodes]
        sentences = node_sentences(paths, words)
        marked = {
            path: _mark(mark, sentences.get(path, mark.value))
            for path, mark in node_marks(paths, network, layers).items()
        }
        panes.append({"name": name, "svg": drawing.svg, "marks": marked})
    return panes


def _mark(mark: Mark, said: str) -> list[str]:
    return [mark.value, mark.sign, said]


def _table(name: str, table: Table) -> dict[str, Any]:
    return {
        "name": name,
        "headers": list(table.headers),
        "right": [column.right for column in table.columns],
        "rows": [list(row) for row in table.cells],
        "paths": [None] * len(table.rows),
    }
