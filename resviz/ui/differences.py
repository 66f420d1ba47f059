"""What differs between the networks of a comparison, in words: the first thing that Compare shows."""

from html import escape

import streamlit as st

from resviz.arch import ResNetConfig, ResvizError
from resviz.report.compare import LETTERS, Comparison, Mark
from resviz.report.difference_tables import layer_differences_table, totals_table
from resviz.report.differences import field_differences, layer_differences
from resviz.report.formatting import duration
from resviz.ui import tables
from resviz.ui.text import file_name

LISTED, FEW = 420, 10
"""Pixels of a list of layers that has more than a few rows, and how many are a few."""
SIGNS = "; ".join(f"{mark.sign} {mark.words}" for mark in Mark)
"""What the signs say."""


def differences(comparison: Comparison, configs: tuple[ResNetConfig, ...]) -> None:
    """Draw in words what makes each network another than the first: fields, layers, totals."""
    times = tuple(map(_time, configs))
    for index in range(1, len(configs)):
        letter, name = LETTERS[index], configs[index].name
        fields = field_differences(configs[0], configs[index])
        layers = layer_differences(comparison, index)
        said = "".join(
            f"<p><b>{escape(each.label)}</b>: {escape(each.after)} <span>was {escape(each.before)}</span></p>"
            for each in fields
        )
        title = f"How {letter} differs from A"
        same = f"<p>{letter} is the same network as A.</p>" if not (fields or layers) else ""
        st.html(f"<h2 class='resviz-difference'>{escape(title)}</h2><div class='resviz-fields'>{said}{same}</div>")
        if not (fields or layers):
            continue
        with st.container(key=f"differs-{letter}"):  # page.css: below each other where there is no room
            left, right = st.columns([5, 4], gap="medium")
        with left, st.container(height=LISTED if len(layers) > FEW else "content", border=False):
            tables.shown(layer_differences_table(layers))
        with right:
            tables.shown(totals_table(comparison, configs, index, times))
        files = f"{file_name(configs[0].name)}-{file_name(name)}-layers"
        tables.downloads(layer_differences_table(layers), files, key=f"compare.{letter}.layers")
    st.caption(f"Signs: {SIGNS}.")


def _time(config: ResNetConfig) -> str | None:
    """Return the newest forward time of a network in the history, with where it was measured; None without one."""
    from resviz.profiling.past import runs_of
    from resviz.ui.past import at_hand

    store = at_hand()
    try:
        rows = runs_of(store, config, 1, steps=("forward",)) if store else ()
    except ResvizError:  # a history that cannot be read is the History page's to explain
        return None
    for row in rows:
        doubts = f"; {row.doubts}" if row.doubts else ""
        return f"{duration(row.median)} ({row.device}, batch {row.batch}{doubts})"
    return None
