"""What is seen inside a module as plotly figures; the page's theme gives the colours."""

from typing import TYPE_CHECKING

from resviz.diagram.chart_layout import MARGIN, empty_chart
from resviz.nn.features import BlockMaps
from resviz.nn.weight_stats import NEAR_ZERO, Bars, Gamma
from resviz.report.formatting import percent

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


def ratio_chart(blocks: tuple[BlockMaps, ...]) -> "Figure":
    """Return the norm of branch over skip, block by block."""
    figure = _figure("branch / skip, norms")
    paths = [block.path for block in blocks]
    figure.add_scatter(
        x=paths,
        y=[block.ratio for block in blocks],
        mode="lines+markers",
        hovertemplate="%{x}<br>branch / skip %{y:.3g}<extra></extra>",
    )
    figure.update_yaxes(rangemode="tozero")
    return figure


def gamma_chart(gammas: tuple[Gamma, ...]) -> "Figure":
    """Return the mean absolute scale at the end of each branch as bars, and what is near zero in words."""
    figure = _figure("mean |γ|")
    figure.add_bar(
        x=[gamma.block for gamma in gammas],
        y=[gamma.mean for gamma in gammas],
        customdata=[
            [percent(each.near_zero), f"{each.smallest:.3g}", f"{each.largest:.3g}", each.path] for each in gammas
        ],
        hovertemplate=(
            "%{customdata[3]}<br>mean %{y:.3g}, from %{customdata[1]} to %{customdata[2]}"
            f"<br>%{{customdata[0]}} of channels below {NEAR_ZERO:g}<extra></extra>"
        ),
    )
    return figure


def histogram_chart(path: str, bars: Bars) -> "Figure":
    """Return the histogram of a layer's weight."""
    middles, counts = bars
    figure = _figure("weights")
    figure.add_bar(x=middles, y=counts, hovertemplate="about %{x:.3g}: %{y:,}<extra></extra>")
    figure.update_layout(bargap=0)
    figure.update_xaxes(title_text=f"value in {path}.weight", type="linear")
    return figure


def _figure(title: str) -> "Figure":
    figure = empty_chart(height=280, margin={**MARGIN, "t": 8}, showlegend=False)
    figure.update_xaxes(type="category", automargin=True)
    figure.update_yaxes(title_text=title)
    return figure
