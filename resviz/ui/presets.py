"""The head of the sidebar: the preset with its search, the net's name, and what was changed from the preset."""

from dataclasses import asdict
from functools import cache
from typing import Any

import streamlit as st

from resviz.arch import PRESETS, ResNetConfig, find, preset
from resviz.arch.fields import PER_STAGE
from resviz.report.catalogue import catalogue, search_words
from resviz.report.differences import field_differences
from resviz.report.formatting import short
from resviz.ui import compared_networks, state
from resviz.ui.asset_text import asset_text
from resviz.ui.component import component

KEY = "preset"
OPENED = "preset.opened"
"""Whether this run follows the opening of the list: only then are its rows sent."""
STAGES = ("depths", "widths", "stage_strides")
"""The fields that always hold a value for each stage."""
_show = component(
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
        "changes": [asdict(each) for each in field_differences(found.config, now.config)],
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
        case "compare":
            compared_networks.ask([str(name) for name in words["names"]])
        case "name":
            state.rename(str(words["name"]))
        case "undo":
            now = state.current()
            state.put_back(undone(now.config, now.base, str(words["field"])))
        case _:
            pass


def undone(config: ResNetConfig, base: str, field: str) -> dict[str, Any]:
    """Return the fields of a configuration with one put back as the preset has it.

    Fields that hold a value for each stage go back together where the number of stages is another one.
    """
    fields, before = config.model_dump(), preset(base).model_dump()
    put_back = {field}
    if len(fields["depths"]) != len(before["depths"]) and field in STAGES:
        put_back |= {*STAGES, *(name for name in PER_STAGE if isinstance(fields[name], tuple))}
    return {**fields, **{name: before[name] for name in put_back}}
