"""The head of the sidebar: the preset with its search, the net's name, and what was changed from the preset."""

from functools import cache
from typing import Any

import streamlit as st

from resviz.arch import PRESETS, find
from resviz.report.catalogue import catalogue, search_words
from resviz.report.formatting import short
from resviz.ui import state
from resviz.ui.asset_text import asset_text
from resviz.ui.changes import changed, undone

KEY = "preset"
OPENED = "preset.opened"
"""Whether this run follows the opening of the list: only then are its rows sent."""
_show = st.components.v2.component(
    "resviz.presets", html=asset_text("presets.html"), css=asset_text("presets.css"), js=asset_text("presets.js")
)


@cache
def rows() -> tuple[dict[str, Any], ...]:
    """Return every preset as the list shows it: name, family, parameters, MACs, and the words that find it."""
    return tuple(
        {
            "name": entry["name"],
            "family": entry["family"],
            "params": short(entry["params"]),
            "macs": short(entry["macs"]),
            "words": search_words(PRESETS[entry["name"]]),
        }
        for entry in catalogue()
    )


def presets(now: state.Current) -> None:
    """Draw the preset's box, the name's, and the list of changes."""
    found = find(now.base)
    data = {
        "preset": now.base,
        "name": now.config.name,
        "source": f"{found.family}. {found.source}",
        "refused": state.refused("preset"),
        "changes": [each.plain() for each in changed(now.config, now.base)],
        "rows": rows() if st.session_state.pop(OPENED, False) else None,
    }
    _show(key=KEY, data=data, on_said_change=_said)


def _said() -> None:
    words = st.session_state[KEY].said or {}
    match words.get("act"):
        case "open":
            st.session_state[OPENED] = True
        case "pick":
            state.pick(str(words["name"]))
        case "name":
            state.rename(str(words["name"]))
        case "undo":
            now = state.current()
            state.put_back(undone(now.config, now.base, str(words["field"])))
        case _:
            pass
