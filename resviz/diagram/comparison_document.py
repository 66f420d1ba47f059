"""All that the viewer shows of several networks side by side, as plain data of the form `comparison.schema.json`."""

from collections.abc import Sequence
from typing import Any

from resviz.arch.network import Network
from resviz.diagram.compared import panes
from resviz.diagram.levels import Detail
from resviz.diagram.viewer_document import VERSION, table_of
from resviz.errors import DrawError
from resviz.report.compare import LETTERS, Comparison, Mark
from resviz.report.cost_tables import comparison_table
from resviz.report.difference_tables import layer_differences_table
from resviz.report.differences import layer_differences
from resviz.report.headline import MAX_LISTED, crowded, layers_of

LEVELS = (Detail.STAGES, Detail.BLOCKS, Detail.LAYERS)
"""Those at which networks are compared."""
MOST = 2 * MAX_LISTED
"""Layers of all networks of a comparison together that are drawn one by one."""


def levels_of(networks: Sequence[Network]) -> tuple[Detail, ...]:
    """Return the levels at which networks are compared; where they have too many layers those are not among them."""
    many = any(map(crowded, networks)) or sum(map(layers_of, networks)) > MOST
    return tuple(level for level in LEVELS if level is not Detail.LAYERS or not many)


def comparison_document(comparison: Comparison, detail: Detail | str = Detail.BLOCKS) -> dict[str, Any]:
    """Return what the viewer needs to show the networks of a comparison, each held against the first.

    ``detail`` is the level that it begins with. Raises DrawError for a level at which they are not compared.
    """
    networks = comparison.networks
    levels = levels_of(networks)
    if detail not in levels:
        raise DrawError(
            f"detail {str(detail)!r} is none at which the viewer compares these; it is one of {', '.join(levels)}."
        )
    pictures = {level.value: panes(comparison, level) for level in levels}
    names = [pane.name for pane in pictures[levels[0].value]]
    return {
        "format": "resviz-comparison",
        "version": VERSION,
        "name": _listed([network.name for network in networks]),
        "names": names,
        "shown": {"detail": str(detail)},
        "choices": {"detail": [[level.value, level.value.capitalize()] for level in levels]},
        "signs": [[mark.sign, mark.words] for mark in Mark],
        "pictures": {
            level: [{"name": pane.name, "svg": pane.slim.svg, "marks": pane.marked} for pane in each]
            for level, each in pictures.items()
        },
        "tables": [
            *(
                table_of(f"{LETTERS[index]} against A", layer_differences_table(layer_differences(comparison, index)))
                for index in range(1, len(names))
            ),
            table_of("Parameters", comparison_table(comparison, "params")),
            table_of("MACs", comparison_table(comparison, "macs")),
        ],
    }


def _listed(names: Sequence[str]) -> str:
    """Return names in a line: ``resnet18, resnet34 and resnet50``."""
    return f"{', '.join(names[:-1])} and {names[-1]}"
