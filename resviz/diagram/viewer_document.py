"""All that the viewer shows of a network, as plain data: pictures, details, tables. `viewer.schema.json` describes it.

A picture is drawn once for each level of detail and direction; for what is folded by hand there are strips. What only
colours or counts its nodes, the heats, the numbers of the layers, the widths of the lines, stands beside it and is put
on it by the viewer.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from resviz.arch.network import Network
from resviz.diagram.drawing import Drawing
from resviz.diagram.facts import facts_of
from resviz.diagram.flow import line_widths
from resviz.diagram.heat import HEATS, LABELS, Heat, heat_of
from resviz.diagram.layout import lay_out
from resviz.diagram.levels import Detail, Folding, foldable
from resviz.diagram.search import search_index
from resviz.diagram.strips import strips
from resviz.diagram.views import DIRECTIONS
from resviz.report.headline import crowded, headline
from resviz.report.layers import layer_rows
from resviz.report.stages import stage_rows
from resviz.report.tables import Table, layer_table, stage_table
from resviz.report.weighted_layers import layer_numbers

VERSION = 1
"""Of the document's form: a number of its own, raised when a viewer of before could not read it."""
GIVEN = "given"
"""The heat that a picture was drawn with, where it is none of `HEATS`."""


@dataclass(frozen=True, slots=True)
class Start:
    """What the viewer begins with on its picture.

    ``node`` is the path of what is selected, ``numbers`` counts the weighted layers, ``edges`` makes lines as wide as
    the tensors that they carry, ``highlights`` are paths of nodes that stand out.
    """

    node: str = ""
    numbers: bool = False
    edges: bool = False
    highlights: tuple[str, ...] = ()


def document(
    network: Network, shown: Drawing | None = None, heat: str | Heat | None = None, start: Start | None = None
) -> dict[str, Any]:
    """Return what the viewer needs to show a network at every level of detail, without asking anyone.

    ``shown`` is the drawing that it begins with, coloured by ``heat``, and ``start`` what stands on it. Raises
    DrawError for a heat that there is not.
    """
    many = crowded(network)
    levels = [detail for detail in Detail if not (many and detail in (Detail.LAYERS, Detail.OPERATIONS))]
    heats = {name: heat_of(network, name) for name in HEATS}
    words = dict(LABELS)
    if isinstance(heat, Heat):
        heats[GIVEN], words[GIVEN] = heat, heat.label
    elif heat:
        heat_of(network, heat)
    pictures = {detail.value: _level(network, detail) for detail in levels}
    details = _details(network, _paths(network, [paths for _, paths in pictures.values()]))
    return {
        "format": "resviz-diagram",
        "version": VERSION,
        "name": network.name,
        "shown": begins(shown, levels, GIVEN if isinstance(heat, Heat) else heat or "", start or Start()),
        "choices": {
            "detail": [[detail.value, detail.value.capitalize()] for detail in levels],
            "direction": [[name, label] for name, label in DIRECTIONS.items()],
            "heat": [["", "Kind of layer"], *([name, words[name]] for name in heats)],
        },
        "totals": [[line.label, line.value, line.summary] for line in headline(network)],
        "pictures": {detail: picture for detail, (picture, _) in pictures.items()},
        "strips": None if many else {name: strips(network, horizontal=name == "right") for name in DIRECTIONS},
        "heat": {name: heat_values(each, details) for name, each in heats.items()},
        "details": details,
        "numbers": None if many else layer_numbers(network),
        "tables": [_stages(network), *([] if many else [_layers(network)])],
    }


def begins(drawing: Drawing | None, levels: Sequence[Detail], heat: str, start: Start) -> dict[str, Any]:
    """Return what a viewer begins with: what a drawing shows, as far as there is its level, or what is usual."""
    folding = Folding() if drawing is None else Folding(drawing.unfold, drawing.fold)
    return {
        "detail": str(drawing.detail) if drawing is not None and drawing.detail in levels else Detail.BLOCKS.value,
        "direction": "right" if drawing is not None and drawing.horizontal else "down",
        "heat": heat,
        "unfold": sorted(folding.unfold),
        "fold": sorted(folding.fold),
        **asdict(start),
    }


def _level(network: Network, detail: Detail) -> tuple[dict[str, Any], list[str]]:
    """Return the pictures of a level of detail with what goes on them, and the paths that they show."""
    down, right = (lay_out(network, detail, horizontal=horizontal) for horizontal in (False, True))
    index = search_index(network, down)
    level = {
        "down": down.svg,
        "right": right.svg,
        "search": asdict(index),
        "flow": line_widths(down, network),
    }
    return level, [*(node.path for node in down.nodes), *(place.path for place in index.places)]


def heat_values(heat: Heat, paths: Iterable[str]) -> dict[str, Any]:
    """Return a heat's values in rising order, each with the words of a scale that ends there, and each path's place."""
    known = {path: heat.values[path] for path in paths if path in heat.values}
    values = sorted({0.0, *known.values()})
    places = {value: place for place, value in enumerate(values)}
    return {
        "label": heat.label,
        "scale": [[value, heat.legend(value)] for value in values],
        "paths": {path: places[value] for path, value in known.items()},
    }


def _paths(network: Network, shown: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield the paths that can be selected: those that pictures show, those of what folds, those of layers."""
    for paths in shown:
        yield from paths
    for path in foldable(network):
        yield from (path, f"{path}.shortcut")
    if not crowded(network):
        yield from (name for name, _ in network.walk())


def _details(network: Network, paths: Iterable[str]) -> dict[str, Any]:
    return {
        path: {"title": fact.title, "rows": [[row.label, row.text] for row in fact.rows], "torch": fact.torch}
        for path, fact in facts_of(network, paths).items()
    }


def _stages(network: Network) -> dict[str, Any]:
    return table_of("Stages", stage_table(network), [row.path for row in stage_rows(network)])


def _layers(network: Network) -> dict[str, Any]:
    return table_of("Layers", layer_table(network), [row.name for row in layer_rows(network)])


def table_of(name: str, table: Table, paths: Sequence[str] = ()) -> dict[str, Any]:
    """Return a table as text, and for each row the path that it is about, or none."""
    return {
        "name": name,
        "headers": list(table.headers),
        "right": [column.right for column in table.columns],
        "rows": [list(row) for row in table.cells],
        "paths": [*(path or None for path in paths), *[None] * (len(table.rows) - len(paths))],
    }
