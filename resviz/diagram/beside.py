"""Several networks as one picture, side by side: what a comparison is in a paper or on a slide."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Any

from resviz.diagram.compared import panes
from resviz.diagram.comparison_document import comparison_document
from resviz.diagram.drawing import Badge, Key, Node
from resviz.diagram.levels import Detail
from resviz.diagram.narrow import ABOVE, narrow
from resviz.diagram.node_styles import SMALL
from resviz.diagram.picture import Picture
from resviz.diagram.placement import MARGIN, ROW, TITLE
from resviz.diagram.text import text_width
from resviz.diagram.viewer_picture import ViewerPicture
from resviz.report.compare import LETTERS, Comparison, Mark

APART = 20.0
"""Between two networks; pixels."""
SAMPLE = 22.0
"""Width of a sign in the legend, and the space behind it."""


@dataclass(frozen=True, repr=False)
class ComparisonPicture(ViewerPicture):
    """What `beside` returns: the networks of a comparison as one picture."""

    comparison: Comparison | None = field(default=None, compare=False, repr=False)

    @property
    def document(self) -> dict[str, Any]:
        """All that the viewer shows, as plain data (`comparison.schema.json`); it begins with this level of detail."""
        assert self.comparison is not None
        return comparison_document(self.comparison, self.detail)


def beside(comparison: Comparison, detail: Detail | str = Detail.BLOCKS) -> ComparisonPicture:
    """Return the networks of a comparison as one picture, each with its letter, name and totals.

    What differs from the first has a frame and a sign, and the legend tells the signs. Paths begin with the
    network's letter, ``B.layer2.0``. Raises DrawError for a level of detail that does not exist.
    """
    pieces = panes(comparison, detail)
    slim = [narrow(pane.picture) for pane in pieces]
    top = max(_top(picture) for picture in slim)
    placed, left, bottom = [], 0.0, 0.0
    for letter, pane, picture in zip(LETTERS, pieces, slim, strict=False):
        title = f"{letter}: {picture.title}"
        down = top - _top(picture)
        whole = replace(picture, badges=tuple(_badges(picture, pane.marks))).moved(left, down, f"{letter}.")
        heading = replace(picture, notes=(replace(picture.notes[0], text=title), *picture.notes[1:ABOVE]))
        heading = heading.moved(left, 0.0)
        placed.append(
            replace(whole, notes=(*heading.notes[:ABOVE], *whole.notes[ABOVE:]), legend=heading.legend, handles=())
        )
        left += max(picture.width, 2 * MARGIN + text_width(title, TITLE, bold=True)) - 2 * MARGIN + APART
        bottom = max(bottom, picture.height + down)
    width = left - APART + 2 * MARGIN
    keys = _legend([mark for mark in Mark if any(mark in pane.marks.values() for pane in pieces)], width, bottom)
    if keys:
        width = max(width, *(key.x + SAMPLE + text_width(key.text, SMALL) + MARGIN for key in keys))
    return ComparisonPicture(
        name=", ".join(picture.name for picture in slim),
        title=", ".join(picture.title for picture in slim),
        width=float(ceil(width)),
        height=float(ceil(keys[-1].y + ROW / 2 + MARGIN if keys else bottom)),
        horizontal=False,
        detail=slim[0].detail,
        nodes=tuple(node for one in placed for node in one.nodes),
        edges=tuple(edge for one in placed for edge in one.edges),
        bands=tuple(band for one in placed for band in one.bands),
        notes=tuple(note for one in placed for note in one.notes),
        legend=(*(key for one in placed for key in one.legend), *keys),
        badges=tuple(badge for one in placed for badge in one.badges),
        comparison=comparison,
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
