"""The tables below the diagram: stages beside the paper's, layers, printed figures, the configuration."""

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from resviz.arch import ResNetConfig, ResvizError, expand
from resviz.arch.links import DEFAULT_BASE, encode
from resviz.report import formatting
from resviz.report.headline import MAX_LISTED, crowded
from resviz.report.html_table import html_table
from resviz.report.paper import errors_table, printed_table, stage_table_beside_paper
from resviz.report.tables import Form, Table, layer_table, write
from resviz.ui import state
from resviz.ui.allowed import Act, offered
from resviz.ui.text import file_name

if TYPE_CHECKING:
    from resviz.profiling.estimate import Estimate

MAX_UPLOAD = 64_000
"""Bytes of an uploaded configuration."""
UPLOAD = "upload"
PICKED = "layers.picked"
"""The session's key for the layer that was picked in the layer table."""
TURN = "layers.turn"
"""The session's count of what was selected elsewhere; a table drawn before the last of it has no say any more."""
DOWNLOADS = {
    Form.CSV: ("CSV", "csv", "text/csv"),
    Form.MARKDOWN: ("Markdown", "md", "text/markdown"),
    Form.LATEX: ("LaTeX", "tex", "text/x-tex"),
}
COUNTS = ("Parameters", "MACs")
"""The columns of the layer table that hold large whole numbers."""
FROM = ("Parameters from", "MACs from")
"""Those that say how the numbers come about."""
TABLE_HEIGHT = 460
"""Pixels."""


def stages(now: state.Current) -> None:
    """Draw the stage table, the paper's beside it, and the counts others print of this network."""
    table, figures = stage_table_beside_paper(now.config, now.network), printed_table(now.config, now.network)
    st.html(html_table(table, totals=True))
    downloads(table, f"{file_name(now.config.name)}-stages")
    page = ""
    if figures.rows:
        page += f"<h2>Printed figures for this network beside the computed ones</h2>{html_table(figures)}"
    else:
        page += "<p>No paper or model zoo that resviz knows prints a count for this network.</p>"
    errors = errors_table(now.config)
    if errors.rows:
        page += f"<h2>Printed error rates of this network</h2>{html_table(errors)}"
    st.html(f"<div class='resviz-printed'>{page}</div>")


def layers(now: state.Current, selected: str | None, times: "Estimate | None" = None) -> None:
    """Draw the layer table with the selected layer marked, and estimated ``times`` beside the layers.

    A row picked in it is kept as `PICKED`, until something is selected elsewhere (`overtake`).
    """
    from resviz.report.frames import frame

    if crowded(now.network):
        st.info(
            f"This network has more layers than the page lists ({formatting.exact(MAX_LISTED)}); `resviz table` does."
        )
        return
    table = layer_table(now.network)
    if times is not None:
        from resviz.profiling.estimate_views import with_times

        table = with_times(table, times)
    paths = [str(row[0]) for row in table.rows[:-1]]
    key = f"layers.{encode(now.config, now.base)}.{selected}.{times.chip.name if times else ''}"

    turn = st.session_state.get(TURN, 0)

    def picked() -> None:
        if st.session_state.get(TURN, 0) != turn:  # it comes late, or the browser tells it again
            return
        rows = st.session_state[key].selection.rows
        st.session_state[PICKED] = paths[rows[0]] if rows and rows[0] < len(paths) else None

    listed = frame(table)
    for header in FROM:
        listed[header] = listed[header].map(formatting.product, na_action="ignore")
    st.dataframe(
        listed,
        hide_index=True,
        height=TABLE_HEIGHT,
        placeholder="",
        column_config={
            **{header: st.column_config.NumberColumn(format="localized") for header in COUNTS},
            "Estimated time, ms": st.column_config.NumberColumn(format="%.4f"),
        },
        key=key,
        on_select=picked,
        selection_mode="single-row",
        selection_default={"selection": {"rows": [paths.index(selected)]}} if selected in paths else None,
    )
    downloads(table, f"{file_name(now.config.name)}-layers")


def overtake() -> None:
    """Something is selected elsewhere: forget what was picked in the layer table before, for callbacks."""
    st.session_state.pop(PICKED, None)
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def configuration(now: state.Current) -> None:
    """Draw the configuration as YAML and JSON to copy or download, and take one from a file."""
    left, right = st.columns(2)
    for column, form, text in ((left, "yaml", now.config.to_yaml()), (right, "json", now.config.to_json())):
        with column:
            st.download_button(
                f"Download {form.upper()}",
                text,
                f"{file_name(now.config.name)}.{form}",
                icon=":material/download:",
                on_click="ignore",
            )
            st.code(text, language=form, height=TABLE_HEIGHT)
    if offered(Act.UPLOADS):
        # A box knows whole megabytes only: page.css hides what this one would say of its limit.
        st.file_uploader(
            f"Open a configuration (YAML or JSON, at most {formatting.size(MAX_UPLOAD)})",
            type=["yaml", "yml", "json"],
            key=UPLOAD,
            on_change=_uploaded,
            max_upload_size=1,
        )
    if "file" in state.problems():
        st.error(state.problems()["file"])


def _uploaded() -> None:
    file = st.session_state[UPLOAD]
    if file is None:
        return
    if file.size > MAX_UPLOAD:
        size, most = formatting.size(file.size), formatting.size(MAX_UPLOAD)
        state.complain("file", f"{file.name} has {size}; a configuration has at most {most}.")
        return
    try:
        config = ResNetConfig.from_text(file.getvalue().decode("utf-8"))
        expand(config)
    except UnicodeDecodeError:
        state.complain("file", f"{file.name} is not a text in UTF-8.")
    except ResvizError as error:
        state.complain("file", f"{file.name}: {error}")
    else:
        state.show(config, state.base_of(config) or DEFAULT_BASE)


def shown(table: Table, *, totals: bool = False) -> None:
    """Draw a short table as text, numbers to the right; ``totals`` means that its last row adds up the others."""
    st.html(html_table(table, totals=totals))


def downloads(table: Table, name: str, key: str = "") -> None:
    """Offer a short table as CSV, Markdown and LaTeX in files of a name; ``key`` tells tables of one name apart."""
    key = key or name
    files = st.popover("Download", icon=":material/download:", key=f"{key}.open", on_change="rerun")
    if not files.open:  # what is not drawn costs the browser nothing
        return
    with files:
        for form, (label, ending, mime) in DOWNLOADS.items():
            st.download_button(
                label,
                partial(write, table, form),
                f"{name}.{ending}",
                mime,
                key=f"{key}.{ending}",
                on_click="ignore",
                width="stretch",
            )
