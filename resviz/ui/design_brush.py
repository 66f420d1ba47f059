"""Which networks are chosen on the Design space page: picked in the scatter, and within ranges on the lines' axes.

Both hold together. The address holds the ranges, the session what was picked.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st

from resviz.arch import ResvizError
from resviz.profiling import search_views as views
from resviz.profiling.brush import Brush, LineAxis, line_axes
from resviz.profiling.search import QUANTITIES, Found
from resviz.report.formatting import exact, plural
from resviz.ui.address_bar import keep, kept
from resviz.ui.asset_text import asset_text
from resviz.ui.component import component
from resviz.ui.text import plain

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

KEY = "design.lines"
WITHIN = "within"
"""The parameter of the address that holds the ranges."""
KEPT = "resviz.design.kept"
"""The session's key for them while another page is open."""
TOLD = "resviz.design.within"
"""The session's key for ranges that were drawn since the last run."""
CLEARED = "resviz.design.cleared"
"""The session's key for how often all networks were chosen again: a chart of another key has no box."""
PICKED, SPACE = "resviz.design.picked", "resviz.design.space"
"""The session's keys for what was picked, and for the space whose networks are drawn."""
CHART = "design-chart"
"""The key of the scatter's place; lines.js finds it by that."""
PLOT = {"displaylogo": False}
_show = component("resviz.lines", html=asset_text("lines.html"), css=asset_text("lines.css"), js=asset_text("lines.js"))


def _told() -> None:
    st.session_state[TOLD] = dict((st.session_state[KEY].told or {}).get("ranges") or {})


def brushed(found: Found) -> tuple[tuple[LineAxis, ...], Brush]:
    """Return the axes of a search and the ranges on them that were drawn, or that the address asks for."""
    axes = line_axes(found)
    told = st.session_state.pop(TOLD, None)
    try:
        if told is not None:
            factors = {each.name: each.factor for each in axes}
            places = {name: _raw(ends, factors.get(name, 1.0)) for name, ends in told.items()}
            address(Brush.of(places, axes).written(axes))
        asked = kept(KEPT, "design", (WITHIN,)).get(WITHIN, "")
        brush = Brush.read(asked, axes)
        address(asked)
        return axes, brush
    except ResvizError as error:
        st.warning(plain(error))
        return axes, Brush()


def _raw(ends: Any, factor: float) -> list[float]:
    return [end / factor for end in ends if isinstance(end, int | float)] if isinstance(ends, list | tuple) else []


def address(text: str) -> None:
    """Write ranges into the address, and keep them; none leave it."""
    keep(KEPT, (WITHIN,), {WITHIN: text} if text else {})


class Picked(NamedTuple):
    """Rows that were picked in a chart, and what that chart drew."""

    rows: tuple[int, ...] = ()
    drawn: str = ""

    def faded(self, drawn: str) -> tuple[int, ...]:
        """Return the rows that a chart has to mark itself: Streamlit marks them on the chart they were picked in."""
        return () if drawn == self.drawn else self.rows


def picked(found: Found) -> Picked:
    """Return what is picked of a search; of another space's networks nothing is."""
    space, rows, drawn = st.session_state.get(PICKED, ("", (), ""))
    return Picked(rows, drawn) if space == _space(found) else Picked()


def _space(found: Found) -> str:
    """Return what tells one numbering of networks from another."""
    return repr((found.query.base, [each.text for each in found.query.axes]))


def _clicked() -> None:
    row = st.session_state[KEY].clicked
    if isinstance(row, int) and not isinstance(row, bool):
        st.session_state[PICKED] = (st.session_state.get(SPACE, ""), (row,), "")


def chart(figure: "Figure", found: Found, drawn: str, *, alt: str) -> None:
    """Draw the scatter; what is picked in it counts at once."""
    key = f"design.chart.{st.session_state.get(CLEARED, 0)}"
    st.session_state[SPACE] = _space(found)

    def pick() -> None:
        points = st.session_state[key]["selection"]["points"]
        rows = {int(point["customdata"][0]) for point in points if point.get("customdata")}
        st.session_state[PICKED] = (_space(found), tuple(sorted(rows)), drawn)

    with st.container(key=CHART):
        st.plotly_chart(figure, width="stretch", config=PLOT, key=key, on_select=pick, alt=alt)


def _clear() -> None:
    address("")
    st.session_state.pop(PICKED, None)
    st.session_state[CLEARED] = st.session_state.get(CLEARED, 0) + 1


def chosen(found: Found, kept: Found, brush: Brush, *, picked: bool, opens: Callable[[int], None]) -> None:
    """Say how many networks the ranges, and what was picked, leave, and offer to choose all again.

    ``opens`` draws the link that opens a row's network, where there is one.
    """
    if not brush.ranges and not picked:
        st.caption("Click a point, or drag a box around several, to keep only those in what follows.")
        return
    by = [f"{plural(len(brush.ranges), 'range')} on the lines' axes"] if brush.ranges else []
    by += ["what was picked in the chart"] if picked else []
    said = f"{exact(len(kept.rows))} of {plural(len(found.rows), 'network')} chosen, by {' and '.join(by)}."
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(said if len(kept.rows) else f":orange[:material/filter_alt_off:] {said}", width="content")
        if len(kept.rows) == 1:
            opens(int(kept.rows[0]))
        st.button("Choose all", icon=":material/filter_alt_off:", on_click=_clear, key="design.all")


def lines(found: Found, axes: tuple[LineAxis, ...], brush: Brush, kept: Found, colour: str) -> None:
    """Draw the networks within the limits as lines, those that are ``kept`` in colour, with a range on each axis."""
    factors = {each.name: each.factor for each in axes}
    data = views.lines(found, axes, kept.rows, colour)
    data["ranges"] = {name: [low * factors[name], high * factors[name]] for name, low, high in brush.ranges}
    data["chart"] = CHART
    _show(key=KEY, data=data, on_told_change=_told, on_clicked_change=_clicked)
    label = QUANTITIES[colour].label
    by = label if label == "MACs" else label.lower()
    drawn = len(data["on"])
    some = (
        "" if drawn == len(found.rows) else f"; {exact(drawn)} of {exact(len(found.rows))} are drawn, taken at random"
    )
    st.caption(
        f"A line for each network within the limits{some}, blue to orange by {by}. "
        "Drag along an axis, or move its two handles by mouse, finger or arrow keys: what is outside leaves the chart "
        "above and the table. A double click on an axis, or Escape on a handle, frees it again."
    )
