"""The Published page: every printed table with the computed figures beside it, and errors against cost."""

from typing import Any

import streamlit as st

from resviz.diagram import charts
from resviz.published import Agreement, PrintedCheck, PrintedRow, PrintedTable, checks, network, rows_of, tables, tally
from resviz.published.points import CROPS, DATA, Cost, data_of, points
from resviz.report.against import against, against_table, sentence
from resviz.report.formatting import exact, percent
from resviz.ui import state
from resviz.ui.keeping import keep_unseen
from resviz.ui.tables import shown
from resviz.ui.text import plain

TABLES, CHART = "Tables", "Error against cost"
PAPER, KEY = "published.paper", "published.chart"
"""The key of the choice of a paper, and what the keys of the chart begin with."""
MARKS = {
    Agreement.ROUNDED: "✓ agrees",
    Agreement.CUT: "✓ agrees, cut off",
    Agreement.CLOSE: "≈ close",
    Agreement.DIFFERS: "✗ differs",
}
COSTS: dict[Cost, str] = {"macs": "MACs", "params": "Parameters"}
COUNTS: dict[Cost, str] = {"params": "parameters", "macs": "MACs"}
LETTER, WIDEST = 7, 330
"""Pixels of a letter in a table, and the most a column of names takes."""
COLUMNS = {
    "Open": st.column_config.LinkColumn(display_text="open ↗", help="This net on the Explore page."),
    "Judgement": st.column_config.TextColumn(
        help="The source leaves something of this net open. What, and as what it was taken, is said below the table."
    ),
    **{
        f"{which} {name}": st.column_config.TextColumn(alignment="right", help=explanation)
        for name in COUNTS.values()
        for which, explanation in (("Printed", "As printed."), ("Computed", "By resviz, for one image."))
    },
    "Top-1 error, %": st.column_config.TextColumn(alignment="right", help="As printed; on CIFAR the test error."),
    "Top-5 error, %": st.column_config.TextColumn(alignment="right", help="As printed."),
}


def page() -> None:
    """Draw the page."""
    now = state.current()
    st.title("Published figures, recomputed")
    counted, judged = tally(), sum(bool(row.judgement) for table in tables() for row in table.rows)
    st.markdown(
        f"The {exact(sum(len(table.rows) for table in tables()))} rows of these tables print {exact(counted.total())} "
        f"counts of parameters or MACs. {counted[Agreement.ROUNDED]} of them are the computed count rounded to the "
        f"printed digits, {counted[Agreement.CUT]} are cut off there, {counted[Agreement.CLOSE]} are printed as "
        f"approximate and come close, and {counted[Agreement.DIFFERS]} differ. Wherever it is not plain rounding, the "
        f"reason stands below the table. {judged} rows are of nets that their source leaves partly open; what "
        "we took them to be is said there, too."
    )
    found = tuple(dict.fromkeys(row.source for row in rows_of(now.config)))
    if found:
        st.info(f"**{now.title}** is printed in: {'; '.join(found)}.", icon=":material/menu_book:")
    _against(now)
    printed, errors = st.tabs((TABLES, CHART), key="printed", on_change="rerun", bind="query-params")
    if printed.open:
        with printed:
            _tables()
    else:
        keep_unseen(PAPER)
    if errors.open:
        with errors:
            _chart(now)
    else:
        keep_unseen(f"{KEY}.")


def _tables() -> None:
    papers = tuple(dict.fromkeys(table.about.paper for table in tables()))
    paper = st.segmented_control("Tables of", papers, default=papers[0], required=True, key=PAPER)
    for table in tables():
        if table.about.paper == paper:
            _table(table)


def _against(now: state.Current) -> None:
    """Say how a network of one's own differs from the nearest published one, and what each difference costs."""
    if now.changed:
        name, rows = against(now.config)
        with st.expander(plain(sentence(name, rows)), icon=":material/compare_arrows:"):
            shown(against_table(rows))


def _chart(now: state.Current) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        data = st.segmented_control("Data set", DATA, default=data_of(now.config), required=True, key=f"{KEY}.data")
        ways = CROPS[data]
        crops = next(iter(ways))
        if len(ways) > 1:
            crops = st.segmented_control(
                "Tested with",
                list(ways),
                default=crops,
                required=True,
                format_func=ways.__getitem__,
                key=f"{KEY}.crops",
            )
        quantity = st.segmented_control(
            "Cost", list(COSTS), default="macs", required=True, format_func=COSTS.__getitem__, key=f"{KEY}.cost"
        )
        log = st.toggle("Log axis", value=True, key=f"{KEY}.log")
    some = points(data, crops)
    families = tuple(dict.fromkeys(point.family for point in some))
    chosen = st.pills(
        "Families", families, selection_mode="multi", default=families, key=f"{KEY}.families.{data}.{crops}"
    )
    some = tuple(point for point in some if point.family in chosen)
    if not some:
        st.info("No family is chosen.")
        return
    label = "Top-1 error, %" if data == "ImageNet" else "Test error, %"
    own = now.network.macs if quantity == "macs" else now.network.params
    figure = charts.scatter(some, quantity, log=log, own=("your net", own), label=label)
    st.plotly_chart(
        figure,
        width="stretch",
        config={"displaylogo": False},
        key=f"{KEY}.figure",
        alt=f"{label} against {COSTS[quantity]}, {data}",
    )
    st.caption(
        "Costs are computed, errors printed. Training recipes differ from source to source, so a lower point is not "
        "always a better architecture. The dashed line is the network of the sidebar: its error is unknown."
    )


def _table(table: PrintedTable) -> None:
    import pandas as pd

    st.markdown(f"## {table.title}")
    st.caption(f"{table.about.source}. {table.about.summary}")
    records = [_record(row) for row in table.rows]
    filled = [name for name in records[0] if any(record[name] for record in records)]
    frame = pd.DataFrame(records, columns=filled)
    widest = max(len(row.model) for row in table.rows)
    net = st.column_config.TextColumn(pinned=True, width=min(LETTER * (widest + 4), WIDEST))
    st.dataframe(
        frame, hide_index=True, height="content", column_config={"Net": net, **COLUMNS}, key=f"published.{table.key}"
    )
    said: dict[str, list[str]] = {}
    for row in table.rows:
        said.setdefault(_why(row), []).append(f"**{row.model}**{_data(row)}")
    notes = [f"- {', '.join(dict.fromkeys(nets))}: {why}" for why, nets in said.items() if why]
    if notes:
        st.markdown("\n".join(notes))


def _record(row: PrintedRow) -> dict[str, Any]:
    """Return one row in words; a column that is empty in every row of a table is not shown."""
    compared = {check.quantity: check for check in checks(row)}
    record: dict[str, Any] = {
        "Net": row.model,
        "Open": "" if row.config is None else state.link(row.config, base=row.net.split()[0]),
        "Judgement": "in part" if row.judgement else "",
        "Data": "" if row.data == "ImageNet" else row.data,
    }
    for quantity, name in COUNTS.items():
        check = compared.get(quantity)
        computed = "" if row.config is None else exact(getattr(network(row.config), quantity))
        record |= {
            f"Printed {name}": check.figure.text if check else "",
            f"Computed {name}": computed,
            f"Agreement, {name}": _mark(check) if check else "",
        }
    return record | {"Top-1 error, %": row.top1, "Top-5 error, %": row.top5, "Tested": row.protocol}


def _data(row: PrintedRow) -> str:
    return "" if row.data == "ImageNet" else f" on {row.data}"


def _mark(check: PrintedCheck) -> str:
    mark = MARKS[check.agreement]
    sign = "+" if check.off > 0 else ""
    return mark if check.agreement is Agreement.ROUNDED else f"{mark} ({sign}{percent(check.off)})"


def _why(row: PrintedRow) -> str:
    """Return why the figures of a row disagree, if they do, and what else is to be said of it."""
    said = dict.fromkeys(
        check.reason if check.explained is None else f"{check.reason} So counted: {exact(check.explained)}."
        for check in checks(row)
        if check.reason
    )
    return " ".join((*said, *row.remarks))
