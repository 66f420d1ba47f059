"""The classic questions: basic or bottleneck, where the tools' numbers come from, what one change would cost."""

import streamlit as st

from resviz.progress import Report
from resviz.published.paper import MISPRINT
from resviz.report import formatting as fmt
from resviz.report import reconcile as steps
from resviz.report.classic import MAX_WIDTH, MIN_WIDTH, SOURCE, Pair, Unit, same_cost, same_width
from resviz.report.cost_tables import steps_table, what_if_table
from resviz.report.counting import CONVENTIONS
from resviz.report.whatif import WhatIf
from resviz.report.whatif import what_if as changes
from resviz.ui import compared_networks, state, tables
from resviz.ui.work import Kind, Results, needed

STORY = "story"
"""The choice of the whole way, as printed to FLOPs."""
AT_ONCE = 300
"""Blocks unlike the one before up to which a run of the page counts all single changes."""
_CHANGES: Kind[tuple[WhatIf, ...]] = Kind("what if", Results(8))
TABLE_HEIGHT = 640
"""Pixels."""
NAMES = {"basic": "Basic", "bottleneck": "Bottleneck"}


def classic(now: state.Current) -> None:
    """Draw the comparison of the two blocks at any width, and the paper's own pairing."""
    width = st.slider("Channels in and out of the block", MIN_WIDTH, MAX_WIDTH, 256, 4, key="classic.width")
    pair = same_width(width)
    _pair(pair)
    st.markdown(f"{pair.summary} The basic block has **{pair.ratio:.1f} times** the weights of the bottleneck.")
    if pair.basic.weights == MISPRINT.means:
        st.caption(f"{MISPRINT.where} print {fmt.exact(MISPRINT.figure.value)} for the basic block: a misprint.")
    st.markdown("## The paper's pairing")
    paper = same_cost()
    _pair(paper)
    st.markdown(paper.summary)
    st.caption(f"{SOURCE}. MACs are for one image on maps of {paper.basic.side}x{paper.basic.side}.")


def _pair(pair: Pair) -> None:
    for column, unit in zip(st.columns(2), (pair.basic, pair.bottleneck), strict=True):
        with column, st.container(border=True):
            _unit(unit)


def _unit(unit: Unit) -> None:
    st.markdown(f"**{NAMES[unit.block]} on {unit.channels} channels**  \n`{unit.bracket}`")
    st.markdown(f"Weights: **{fmt.exact(unit.weights)}**  \n${unit.latex}$")
    st.markdown(
        f"Parameters with BN: {fmt.exact(unit.params)}  \nMACs: {fmt.short(unit.macs)} :small[({fmt.exact(unit.macs)})]"
    )


def reconcile(now: state.Current) -> None:
    """Draw the way from the printed figure to each tool's, every step exact."""
    from resviz.diagram import charts

    goals = {STORY: "All the way to FLOPs", **{name: f"To {entry.label}" for name, entry in CONVENTIONS.items()}}
    goal = st.selectbox(
        "From the printed figure", list(goals), format_func=goals.__getitem__, key="way", bind="query-params"
    )
    way = steps.waterfall(now.config) if goal == STORY else steps.route(now.config, goal)
    st.plotly_chart(
        charts.waterfall(way, "Operations for one image"),
        config={"displaylogo": False},
        key="reconcile.chart",
        alt="The steps of the table below",
    )
    tables.shown(steps_table(way))


def _changes(now: state.Current) -> tuple[WhatIf, ...] | None:
    """Return the single changes; where the network's many blocks differ from the queue, None while it is at work."""
    if sum(len(stage.runs) for stage in now.network.stages) <= AT_ONCE:
        return changes(now.config, now.network)

    def work(report: Report) -> tuple[WhatIf, ...]:
        report("counting", 0, 1)
        return changes(now.config, now.network)

    return needed(_CHANGES, now.config.to_json(), f"Changes to {now.config.name}", work)


def what_if(now: state.Current) -> None:
    """Draw what each single change to the network would cost, the costliest first."""
    from resviz.report.frames import frame

    rows = _changes(now)
    if rows is None:
        return
    table = frame(what_if_table(rows))
    table["Compare"] = [compared_networks.link(now, row.config) for row in rows]
    table["Open"] = [state.link(row.config, base=now.base) for row in rows]
    table["More MACs, share"] *= 100
    whole = st.column_config.NumberColumn(format="localized")
    st.dataframe(
        table,
        hide_index=True,
        height=TABLE_HEIGHT,
        column_config={
            "Parameters": whole,
            "More parameters": whole,
            "MACs": whole,
            "More MACs": whole,
            "More MACs, share": st.column_config.NumberColumn(format="%+.1f%%"),
            "Compare": st.column_config.LinkColumn(display_text="compare ↗", help="Beside the sidebar's network."),
            "Open": st.column_config.LinkColumn(display_text="open ↗", help="On the Explore page."),
        },
        key="whatif.table",
    )
    st.caption(f"Single changes to {now.title}, computed as they stand; MACs are for one image.")
