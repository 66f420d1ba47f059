"""The strip above a lesson: every lesson in sight, the steps of this one, and the ways on; arrow keys step."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from resviz.ui.asset_text import asset_text


@dataclass(frozen=True, slots=True)
class Stop:
    """Something the strip leads to: what it is called, its address, and the lesson and step that it names."""

    label: str
    title: str
    href: str
    lesson: str
    step: str


_show = st.components.v2.component(
    "resviz.lessons",
    html=asset_text("lessons.html"),
    css=asset_text("lessons.css"),
    js=asset_text("lessons.js"),
)


def strip(  # noqa: PLR0913 - what it shows and what it says
    lessons: Sequence[Stop],
    steps: Sequence[Stop],
    *,
    lesson: str,
    step: str,
    title: str,
    presents: bool,
    go: Callable[[str, str], None],
    present: Callable[[bool], None],
    file: Callable[[str], None],
) -> None:
    """Draw the strip with the lesson and the step marked that are open; it calls ``go``, ``present`` and ``file``.

    ``title`` is the lesson's; the presenter's view shows it in the place of the list.
    """
    key = "learn.strip"

    def went() -> None:
        if chosen := st.session_state[key].go:
            go(str(chosen["lesson"]), str(chosen["step"]))

    def toggled() -> None:
        if (wanted := st.session_state[key].present) is not None:
            present(bool(wanted["on"]))

    def asked() -> None:
        if chosen := st.session_state[key].file:
            file(str(chosen["lesson"]))

    data = {
        "lessons": [asdict(stop) for stop in lessons],
        "steps": [asdict(stop) for stop in steps],
        "lesson": lesson,
        "step": step,
        "title": title,
        "presents": presents,
    }
    _show(key=key, data=data, on_go_change=went, on_present_change=toggled, on_file_change=asked)
