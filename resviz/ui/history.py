"""The History page: what was measured, listed by page; runs shown, compared, deleted; JSON and CSV out and in."""

from hashlib import blake2b
from typing import Any

import streamlit as st

from resviz.arch import ResvizError
from resviz.arch.links import DEFAULT_BASE
from resviz.profiling import charts, descriptions
from resviz.profiling.keeping import collect
from resviz.profiling.protocol import STEPS
from resviz.profiling.result import MAX_DOCUMENT, Profile, Sweep
from resviz.profiling.rows import RunRow
from resviz.profiling.store import Field, Filters, Store, open_store
from resviz.profiling.table import csv_lines, read
from resviz.report.formatting import plural
from resviz.ui import runs, state
from resviz.ui.allowed import Act, offered
from resviz.ui.text import plain

FILTERS: dict[Field, str] = {"net": "Net", "step": "Step", "device": "Device", "protocol": "Protocol"}
COLUMNS = {
    "Measured": st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm", timezone="UTC", help="UTC."),
    "Net": st.column_config.TextColumn(pinned=True),
    "Step": st.column_config.TextColumn(help="A forward pass, or a training step: forward, loss, backward and SGD."),
    "Batch": st.column_config.NumberColumn(),
    "Median, ms": st.column_config.NumberColumn(format="%.3f", help="Of a timed step."),
    "Spread": st.column_config.NumberColumn(format="percent", help="5th to 95th percentile, as a share of the median."),
    "Doubts": st.column_config.TextColumn(width=170, help="What makes the time unsure; select the run to read more."),
    "Images/s": st.column_config.NumberColumn(format="%.1f", help="Batch size over the median."),
}
PAGE = 50
"""Runs on one page of the list."""
MAX_UPLOAD = MAX_DOCUMENT // 10**6
"""Megabytes of a file that is imported."""
SAID = "history.said"
"""The session's key for what became of a deletion a moment ago."""
IMPORTED, SINCE = "history.imported", "history.deleted.since"
"""The session's keys for the file that was imported last, and whether runs were deleted since."""


def page() -> None:
    """Draw the page."""
    st.title("History")
    try:
        store = open_store()
        collect(store)
        _list(store)
    except ResvizError as error:
        st.error(plain(error))


def _list(store: Store) -> None:
    there = store.count()
    st.caption(f"{plural(there, 'run')} in the history of this machine.")
    if said := st.session_state.pop(SAID, ""):
        st.info(plain(said))
    _import(store)
    if not there:
        st.info("Nothing has been measured yet. Profile keeps its runs here; other people's files can be imported.")
        return
    filters = _filters(store)
    passing = store.count(filters)
    if not passing:
        st.info("No run passes the filters.")
        return
    picked = _table(store, filters, passing)
    _export(store, picked, filters, passing)
    _picked(store, picked)


def _filters(store: Store) -> Filters:
    """Draw the filters; return the values that pass."""
    with st.container(horizontal=True):
        return {
            field: st.multiselect(
                label, store.choices(field), format_func=_named, key=f"history.{field}", placeholder="All"
            )
            for field, label in FILTERS.items()
        }


def _named(value: str) -> str:
    """Return what a filter's value is called: a step by its words, all else as it is kept."""
    return STEPS.get(value, value)


def _table(store: Store, filters: Filters, passing: int) -> tuple[RunRow, ...]:
    """Draw one page of the rows; return those that are selected."""
    import pandas as pd

    st.caption("Select a run to see it, two to compare them.")
    place = st.container()  # the list stands above the numbers of its pages
    pages = -(-passing // PAGE)
    number = st.pagination(pages, key="history.page") if pages > 1 else 1
    rows = store.rows(
        nets=filters["net"],
        devices=filters["device"],
        protocols=filters["protocol"],
        steps=filters["step"],
        limit=PAGE,
        offset=(number - 1) * PAGE,
    )
    frame = pd.DataFrame([_record(row) for row in rows])
    frame["Measured"] = pd.to_datetime(frame["Measured"], utc=True, errors="coerce")
    # A selection is of places: another list is another table, or a place would come to mean another run.
    listed = blake2b("".join(row.id for row in rows).encode(), digest_size=8).hexdigest()
    event: Any = place.dataframe(
        frame,
        hide_index=True,
        width="stretch",
        height=min(38 + 35 * len(frame), 400),
        column_config=COLUMNS,
        on_select="rerun",
        selection_mode="multi-row",
        placeholder="",
        key=f"history.table.{listed}",
    )
    return tuple(rows[index] for index in event.selection.rows if index < len(rows))


def _record(row: RunRow) -> dict[str, Any]:
    return {
        "Measured": row.measured_at,
        "Net": row.net,
        "Step": STEPS.get(row.step, row.step),
        "Batch": row.batch,
        "Median, ms": row.median * 1e3,
        "Spread": row.spread,
        "Doubts": f"⚠ {row.doubts}" if row.doubts else "",
        "Images/s": row.images_per_second,
        "Device": row.device,
        "Protocol": row.protocol,
        "Precision": row.precision,
    }


def _picked(store: Store, picked: tuple[RunRow, ...]) -> None:
    match picked:
        case (row,):
            (run,) = store.get(row.id)
            runs.show(Sweep(runs=(run,)), "history.run")
            base = state.base_of(run.config) or DEFAULT_BASE
            st.link_button("Open this net", state.link(run.config, "profile", base), icon=":material/open_in_new:")
        case (first, second):
            _compare(*store.get(first.id, second.id))
        case ():
            pass
        case _:
            st.info(f"{plural(len(picked), 'run')} are selected; two can be compared, any number exported.")


def _compare(first: Profile, second: Profile) -> None:
    import pandas as pd

    st.header("Two runs compared")
    differ = descriptions.differences(first, second)
    if differ:
        st.info(f"Not the same in both: {', '.join(differ)}.")
    if refused := descriptions.refusal(first, second):
        st.warning(plain(refused), icon=":material/speed:")
    frame = pd.DataFrame(
        [map(plain, row) for row in descriptions.compare(first, second)], columns=["", "First", "Second", "Change"]
    ).set_index("")
    st.table(frame, border="horizontal")
    st.plotly_chart(charts.spread_chart((first, second)), width="stretch", config=runs.PLOT, key="history.spread")


def _export(store: Store, picked: tuple[RunRow, ...], filters: Filters, passing: int) -> None:
    chosen = tuple(row.id for row in picked)

    def ids() -> tuple[str, ...]:
        return chosen or store.ids(filters)

    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "JSON",
            lambda: "".join(store.json(ids())),
            "resviz-history.json",
            "application/json",
            icon=":material/download:",
            on_click="ignore",
            key="history.json",
        )
        st.download_button(
            "CSV",
            lambda: "".join(csv_lines(store.each(ids(), readable=True))),
            "resviz-history.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="history.csv",
        )
        if offered(Act.DELETION) and st.button(
            "Delete", icon=":material/delete:", disabled=not chosen, key="history.delete"
        ):
            _confirm(store, chosen)
        what = "selected" if chosen else "all that pass the filters"
        st.caption(f"{plural(len(chosen) or passing, 'run')} ({what})")


@st.dialog("Delete from the history")
def _confirm(store: Store, ids: tuple[str, ...]) -> None:
    """Ask whether to delete runs, and delete them."""
    st.markdown(f"{plural(len(ids), 'run')} will be gone for everyone who uses this history. This cannot be undone.")
    with st.container(horizontal=True):
        sure = st.button(
            "Delete",
            type="primary",
            icon=":material/delete:",
            key="history.delete.sure",
            on_click=_delete,
            args=(store, ids),
        )
        if sure or st.button("Keep", key="history.delete.not"):
            st.rerun()


def _delete(store: Store, ids: tuple[str, ...]) -> None:
    try:
        st.session_state[SAID] = f"{plural(store.remove(*ids), 'run')} deleted."
    except ResvizError as error:
        st.session_state[SAID] = f"Nothing was deleted. {error}"
    st.session_state[SINCE] = True


def _import(store: Store) -> None:
    with st.expander("Import a file"):
        if not offered(Act.IMPORT):
            return
        file = st.file_uploader(
            f"A JSON or CSV file of runs, at most {MAX_UPLOAD} MB",
            type=["json", "csv"],
            key="history.file",
            max_upload_size=MAX_UPLOAD,
        )
        if file is None:
            return
        if st.session_state.get(IMPORTED) == file.file_id:
            if not st.session_state.get(SINCE):
                st.success("Every run of this file is in the history.")
            return
        try:
            new = store.add(*read(file.name, file.getvalue()))
        except ResvizError as error:
            st.error(plain(error))
            return
        st.session_state[IMPORTED], st.session_state[SINCE] = file.file_id, False
        if new:
            st.toast(f"{plural(new, 'run')} imported.")
            st.rerun()
        st.success("Every run of this file is in the history.")
