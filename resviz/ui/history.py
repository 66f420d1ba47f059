"""The History page: what was measured, filtered; one run looked at, two compared; JSON and CSV out and in."""

from typing import Any

import streamlit as st

from resviz.arch import ResvizError
from resviz.profiling import charts, descriptions
from resviz.profiling.result import Profile, Sweep
from resviz.profiling.store import Row, Store, open_store, to_json
from resviz.profiling.table import read, to_csv
from resviz.report.formatting import plural
from resviz.ui import runs, state
from resviz.ui.allowed import Act, offered
from resviz.ui.text import plain

FILTERS = {"net": "Net", "device": "Device", "protocol": "Protocol"}
COLUMNS = {
    "Measured": st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm", timezone="UTC", help="UTC."),
    "Net": st.column_config.TextColumn(pinned=True),
    "Batch": st.column_config.NumberColumn(),
    "Median, ms": st.column_config.NumberColumn(format="%.3f", help="Of a timed step."),
    "Images/s": st.column_config.NumberColumn(format="%.1f", help="Batch size over the median."),
}


def page() -> None:
    """Draw the page."""
    st.title("Measured before")
    try:
        store = open_store()
        rows = store.rows()
    except ResvizError as error:
        st.error(plain(error))
        return
    st.caption(f"{plural(len(rows), 'run')} in the history of this machine.")
    _import(store)
    if not rows:
        st.info("Nothing has been measured yet. The Profile page measures and keeps; files of others can be imported.")
        return
    shown = _filtered(rows)
    if not shown:
        st.info("No run passes the filters.")
        return
    picked = _table(shown)
    try:
        _picked(store, picked)
        _export(store, picked or shown)
    except ResvizError as error:
        st.error(plain(error))


def _filtered(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Draw the filters; return the rows that pass."""
    with st.container(horizontal=True):
        wanted = {
            field: st.multiselect(label, sorted({getattr(row, field) for row in rows}), key=f"history.{field}")
            for field, label in FILTERS.items()
        }
    return tuple(row for row in rows if all(not some or getattr(row, field) in some for field, some in wanted.items()))


def _table(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Draw the rows; return those that are selected."""
    import pandas as pd

    frame = pd.DataFrame([_record(row) for row in rows])
    frame["Measured"] = pd.to_datetime(frame["Measured"], utc=True)
    st.caption("Select a run to see it, two to compare them.")
    event: Any = st.dataframe(
        frame,
        hide_index=True,
        width="stretch",
        height=min(38 + 35 * len(frame), 400),
        column_config=COLUMNS,
        on_select="rerun",
        selection_mode="multi-row",
        key="history.table",
    )
    return tuple(rows[index] for index in event.selection.rows if index < len(rows))


def _record(row: Row) -> dict[str, Any]:
    return {
        "Measured": row.measured_at,
        "Net": row.net,
        "Device": row.device,
        "Protocol": row.protocol,
        "Precision": row.precision,
        "Batch": row.batch,
        "Median, ms": row.median * 1e3,
        "Images/s": row.images_per_second,
    }


def _picked(store: Store, picked: tuple[Row, ...]) -> None:
    match picked:
        case (row,):
            (run,) = store.get(row.id)
            runs.show(Sweep(runs=(run,)), "history.run")
            st.link_button("Open this net", state.link(run.config, "profile"), icon=":material/open_in_new:")
        case (first, second):
            _compare(*store.get(first.id, second.id))
        case ():
            pass
        case _:
            st.info(f"{plural(len(picked), 'run')} are selected; two can be compared, any number exported.")


def _compare(first: Profile, second: Profile) -> None:
    import pandas as pd

    st.subheader("Two runs compared")
    differ = descriptions.differences(first, second)
    if differ:
        st.info(f"Not the same in both: {', '.join(differ)}.")
    frame = pd.DataFrame(
        [map(plain, row) for row in descriptions.compare(first, second)], columns=["", "First", "Second", "Change"]
    ).set_index("")
    st.table(frame, border="horizontal")
    st.plotly_chart(charts.spread_chart((first, second)), width="stretch", config=runs.PLOT, key="history.spread")


def _export(store: Store, rows: tuple[Row, ...]) -> None:
    ids = [row.id for row in rows]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "JSON",
            lambda: to_json(store.get(*ids)),
            "resviz-history.json",
            "application/json",
            icon=":material/download:",
            on_click="ignore",
            key="history.json",
        )
        st.download_button(
            "CSV",
            lambda: to_csv(store.get(*ids)),
            "resviz-history.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="history.csv",
        )
        st.caption(f"{plural(len(ids), 'run')}: the selected ones, or all that pass the filters.")


def _import(store: Store) -> None:
    with st.expander("Import a file"):
        if not offered(Act.IMPORT):
            return
        file = st.file_uploader(
            "A JSON or CSV file of runs", type=["json", "csv"], key="history.file", max_upload_size=200
        )
        if file is None:
            return
        try:
            new = store.add(*read(file.name, file.getvalue()))
        except ResvizError as error:
            st.error(plain(error))
            return
        if new:
            st.toast(f"{plural(new, 'run')} imported.")
            st.rerun()
        st.success("Every run of this file is in the history.")
