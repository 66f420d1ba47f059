"""What differs between the networks of a comparison, in words: the first thing that Compare shows."""

from html import escape

import streamlit as st

from resviz.arch import ResNetConfig, ResvizError
from resviz.report.compare import Comparison, Mark
from resviz.report.cost_tables import LETTERS
from resviz.report.difference_tables import layer_differences_table, totals_table
from resviz.report.differences import field_differences, layer_differences
from resviz.report.formatting import duration
from resviz.ui import tables
from resviz.ui.text import file_name

LISTED, FEW = 420, 10
"""Pixels of a list of layers that has more than a few rows, and how many are a few."""
SIGNS = {
    Mark.CHANGED: "differs",
    Mark.RESIZED: "the same on maps of another size",
    Mark.ADDED: "not in A",
    Mark.MISSING: "in A only",
}


def differences(comparison: Comparison, configs: tuple[ResNetConfig, ...]) -> None:
    """Draw in words what makes each network another than the first: fields, layers, totals."""
    times = _times(tuple(config.name for config in configs))
    for index in range(1, len(configs)):
        letter, name = LETTERS[index], configs[index].name
        fields = field_differences(configs[0], configs[index])
        layers = layer_differences(comparison, index)
        said = "".join(
            f"<p><b>{escape(each.label)}</b>: {escape(each.after)} <span>was {escape(each.before)}</span></p>"
            for each in fields
        )
        title = f"What makes {letter}, {name}, another network than A, {configs[0].name}"
        same = f"<p>{letter} is the same network as A.</p>" if not (fields or layers) else ""
        st.html(f"<h3 class='resviz-difference'>{escape(title)}</h3><div class='resviz-fields'>{said}{same}</div>")
        if not (fields or layers):
            continue
        left, right = st.columns([5, 4], gap="medium")
        with left, st.container(height=LISTED if len(layers) > FEW else "content", border=False):
            tables.shown(layer_differences_table(layers))
        with right:
            tables.shown(totals_table(comparison, configs, index, times))
        tables.downloads(layer_differences_table(layers), f"{file_name(configs[0].name)}-{file_name(name)}-layers")
    st.caption("Signs: " + "; ".join(f"{mark.sign} {explanation}" for mark, explanation in SIGNS.items()) + ".")


def _times(names: tuple[str, ...]) -> dict[str, str]:
    """Return the newest measured time of each network in the history, with where it was measured."""
    from resviz.profiling.store import open_store

    try:
        store = open_store()
        rows = {name: store.rows(nets=(name,), limit=1) for name in names}
    except ResvizError:  # a history that cannot be read is the History page's to explain
        return {}
    return {
        name: f"{duration(row.median)} ({row.device}, batch {row.batch}{'; ' if row.doubts else ''}{row.doubts})"
        for name, found in rows.items()
        for row in found
    }
