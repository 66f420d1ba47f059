"""A digit's feature maps as one plotly figure: a row for each block, its channels side by side in each of its arms."""

from typing import TYPE_CHECKING

from resviz.diagram.chart_layout import empty_chart
from resviz.report.escapes import plotly
from resviz.training.features import MOST_CHANNELS, DigitMaps, arms
from resviz.training.tables import number

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_TILE = 8
"""Pixels of a tile to a side: those of the digits; smaller maps are enlarged."""
_ARM = MOST_CHANNELS * (_TILE + 1) + 3
"""Pixels from the beginning of an arm's tiles to that of the next one's."""
_ROW = _TILE + 2


def features_chart(found: DigitMaps) -> "Figure":
    """Return the picture and, below it, the maps of the blocks; each block has one scale for all of its arms."""
    import numpy as np

    from resviz.nn.pictures import NEGATIVE, POSITIVE, ZERO

    blocks = found.blocks
    names = list(arms(blocks[0]))
    height, width = _ROW * (len(blocks) + 1), _ARM * len(names)
    strength = np.full((height, width), np.nan)
    said = np.full((height, width), "", dtype=object)

    def put(top: int, left: int, values: "np.ndarray", limit: float, what: str) -> None:
        times = max(_TILE // values.shape[0], 1)
        large = np.kron(values, np.ones((times, times)))
        rows, columns = slice(top, top + large.shape[0]), slice(left, left + large.shape[1])
        strength[rows, columns] = large / limit if limit else 0
        said[rows, columns] = [[f"{what}: {number(float(value))}" for value in line] for line in large]

    picture = found.picture.numpy()
    put(0, 0, picture, float(np.abs(picture).max()), "input")
    for index, block in enumerate(blocks, 1):
        for arm, (name, maps) in enumerate(arms(block).items()):
            for place, channel in enumerate(block.channels):
                what = f"{plotly(block.path)}, {name}, channel {channel}"
                put(index * _ROW, arm * _ARM + place * (_TILE + 1), maps[place].numpy(), block.limit, what)
    low, zero, high = (f"rgb{tuple(colour)}" for colour in (NEGATIVE, ZERO, POSITIVE))
    figure = empty_chart(height=60 + 34 * (len(blocks) + 1))
    figure.add_heatmap(
        z=strength,
        zmin=-1,
        zmax=1,
        colorscale=[[0, low], [0.5, zero], [1, high]],
        showscale=False,
        customdata=said,
        hovertemplate="%{customdata}<extra></extra>",
        hoverongaps=False,
    )
    figure.update_xaxes(
        side="top",
        tickvals=[arm * _ARM + (_ARM - 5) / 2 for arm in range(len(names))],
        ticktext=names,
        showgrid=False,
        zeroline=False,
        constrain="domain",
        constraintoward="left",
    )
    figure.update_yaxes(
        autorange="reversed",
        tickvals=[row * _ROW + (_TILE - 1) / 2 for row in range(len(blocks) + 1)],
        ticktext=["input", *(plotly(block.path) for block in blocks)],
        showgrid=False,
        zeroline=False,
        scaleanchor="x",
        constrain="domain",
        constraintoward="top",
    )
    return figure
