"""Several networks as one picture, side by side: what a comparison is in a paper or on a slide."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import ceil

from resviz.diagram.differences import node_marks
from resviz.diagram.drawing import Badge, Key, Node
from resviz.diagram.layout import lay_out
from resviz.diagram.levels import Detail
from resviz.diagram.narrow import ABOVE, narrow
from resviz.diagram.node_styles import SMALL
from resviz.diagram.picture import Picture
from resviz.diagram.placement import MARGIN, ROW, TITLE
from resviz.diagram.text import text_width
from resviz.report.compare import Comparison, Mark
from resviz.report.cost_tables import LETTERS

APART = 20.0
"""Between two networks; pixels."""
SAMPLE = 22.0
"""Width of a sign in the legend, and the space behind it."""


def beside(comparison: Comparison, detail: Detail | str = Detail.BLOCKS) -> Picture:
    """Return the networks of a comparison as one picture, each with its letter, name and totals.

    What differs from the first has a frame and a sign, and the legend tells the signs. Paths begin with the
    network's letter, ``B.layer2.0``. Raises DrawError for a level of detail that does not exist.
    """
    pictures = [lay_out(network, detail) for network in comparison.networks]
    return joined(pictures, pictures_marks(comparison, pictures))


def pictures_marks(comparison: Comparison, pictures: Sequence[Picture]) -> tuple[dict[str, Mark], ...]:
    """Return the marks of the nodes of each network's picture, by path."""
    layers = (comparison.base_marks, *comparison.marks[1:])
    return tuple(
        node_marks([node.path for node in picture.nodes], network, each)
        for picture, network, each in zip(pictures, comparison.networks, layers, strict=True)
    )


def joined(pictures: Sequence[Picture], marks: Sequence[Mapping[str, Mark]]) -> Picture:
    """Return pictures of networks as one, side by side, their inputs in a row; ``marks`` are by each one's paths."""
    slim = [narrow(picture) for picture in pictures]
    top = max(_top(picture) for picture in slim)
    placed, left, bottom = [], 0.0, 0.0
    for letter, picture, marked in zip(LETTERS, slim, marks, strict=False):
        title = f"{letter}: {picture.title}"
        down = top - _top(picture)
        whole = replace(picture, badges=tuple(_badges(picture, marked))).moved(left, down, f"{letter}.")
        heading = replace(picture, notes=(replace(picture.notes[0], text=title), *picture.notes[1:ABOVE]))
        heading = heading.moved(left, 0.0)
        placed.append(
            replace(whole, notes=(*heading.notes[:ABOVE], *whole.notes[ABOVE:]), legend=heading.legend, handles=())
        )
        left += max(picture.width, 2 * MARGIN + text_width(title, TITLE, bold=True)) - 2 * MARGIN + APART
        bottom = max(bottom, picture.height + down)
    width = left - APART + 2 * MARGIN
    keys = _legend([mark for mark in Mark if any(mark in each.values() for each in marks)], width, bottom)
    if keys:
        width = max(width, *(key.x + SAMPLE + text_width(key.text, SMALL) + MARGIN for key in keys))
    return Picture(
        name=", ".join(picture.name for picture in pictures),
        title=", ".join(picture.title for picture in pictures),
        width=float(ceil(width)),
        height=float(ceil(keys[-1].y + ROW / 2 + MARGIN if keys else bottom)),
        horizontal=False,
        detail=pictures[0].detail,
        nodes=tuple(node for one in placed for node in one.nodes),
        edges=tuple(edge for one in placed for edge in one.edges),
        bands=tuple(band for one in placed for band in one.bands),
        notes=tuple(note for one in placed for note in one.notes),
        legend=(*(key for one in placed for key in one.legend), *keys),
        badges=tuple(badge for one in placed for badge in one.badges),
    )


def _top(picture: Picture) -> float:
    """Return where a picture's first node begins."""
    return min(node.y - node.face.height / 2 for node in picture.nodes)


def _badges(picture: Picture, marks: Mapping[str, Mark]) -> Iterator[Badge]:
    for node in picture.nodes:
        if node.path in marks:
            yield _badge(node, marks[node.path])


def _badge(node: Node, mark: Mark) -> Badge:
    width, height = node.face.width, node.face.height
    round_ = node.face.shape == "circle" or (node.face.shape == "pill" and len(node.face.lines) == 1)
    return Badge(
        node.path, mark.value, node.x - width / 2, node.y - height / 2, width, height, height / 2 if round_ else 3.0
    )


def _legend(marks: Sequence[Mark], width: float, top: float) -> tuple[Key, ...]:
    """Return the keys of the marks, in as many rows as the width asks for."""
    keys: list[Key] = []
    x, y = MARGIN, top + ROW / 2
    for mark in marks:
        text = f"{mark.words} from A" if mark is Mark.CHANGED else mark.words
        wide = SAMPLE + text_width(text, SMALL) + APART
        if keys and x + wide > width:
            x, y = MARGIN, y + ROW + 2
        keys.append(Key(x, y, "mark", text, mark.value))
        x += wide
    return tuple(keys)
