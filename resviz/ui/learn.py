"""The Learn page: lessons step by step, each a short text beside a picture or an experiment."""

import streamlit as st

from resviz.arch import ResvizError
from resviz.arch.links import VERSION, encode
from resviz.lessons.controls import Settings
from resviz.lessons.experiments import EXPERIMENTS
from resviz.lessons.figures import filled
from resviz.lessons.lesson import Lesson, Step
from resviz.lessons.reading import lesson as read
from resviz.lessons.reading import lessons
from resviz.lessons.shown import Shown
from resviz.progress import Report
from resviz.ui import lesson_parts, state
from resviz.ui.address_bar import LAST_PAGE, keep, kept
from resviz.ui.asset_text import ASSETS
from resviz.ui.downloads import hand_over
from resviz.ui.lesson_live import live
from resviz.ui.lesson_question import ask
from resviz.ui.lesson_strip import Stop, strip
from resviz.ui.text import plain
from resviz.ui.work import Kind, Results, forget, needed

PLACE, WORDS = "learn.place", ("lesson", "step", "present")
"""The session's key for what was open last, to come back to, and the words for it in the address."""
FILE = "learn.file"
"""The session's key for the lesson that was asked for as a file."""
_FILES: Kind[bytes] = Kind("lesson", Results(4))
ALL = "all"
"""The step that stands for the whole lesson on one page."""


def page() -> None:
    """Draw the lesson and the step that the address names, or the list of lessons."""
    now = state.current()
    arrived = st.session_state.get(LAST_PAGE) != "learn" and "present" not in st.query_params
    asked = kept(PLACE, "learn", WORDS)
    st.html(ASSETS / "learn.css")
    name, number = asked.get("lesson", ""), asked.get("step", "1")
    presents = asked.get("present") == "1" and not arrived
    if presents:
        st.html(ASSETS / "present.css")
    chosen, problem = None, ""
    if name:
        try:
            chosen = read(name)
            number = _valid(chosen, number)
        except ResvizError as error:
            problem = str(error)
    keep(PLACE, WORDS, _place(chosen.name if chosen else "", number, presents=presents))
    strip(
        [_stop(now, "Lessons", "All lessons", "", ""), *(_stop(now, x.short, x.title, x.name, "1") for x in lessons())],
        _steps(now, chosen) if chosen else [],
        lesson=chosen.name if chosen else "",
        step=number,
        title=chosen.title if chosen else "",
        presents=presents,
        go=_go,
        present=_present,
        file=_ask,
    )
    below = st.container()
    if problem:
        st.warning(plain(problem))
    if st.session_state.get(FILE) not in (None, chosen and chosen.name):
        _over()
    if chosen is None:
        _overview()
        return
    if number == ALL:
        st.title(chosen.title)
        for index, step in enumerate(chosen.steps):
            _step(now, chosen, index, step)
    else:
        _step(now, chosen, int(number) - 1, chosen.steps[int(number) - 1])
    if number in (ALL, str(len(chosen.steps))):
        _sources(chosen)
    with below:
        content = _file(chosen)
    if content is not None:
        hand_over(content, f"{chosen.name}.html", "text/html")


def _ask(lesson: str) -> None:
    _over()  # one that was stopped is asked for anew
    st.session_state[FILE] = lesson


def _over() -> None:
    """Have the session wait for no file, nor keep one."""
    st.session_state.pop(FILE, None)
    forget(_FILES)


def _file(lesson: Lesson) -> bytes | None:
    """Return the lesson as a file where it was asked for, or None after drawing how far that is."""
    if st.session_state.get(FILE) != lesson.name:
        return None

    def work(report: Report) -> bytes:
        from resviz.lessons.lesson_page import lesson_page

        return lesson_page(lesson, report=report).encode()

    content: bytes | None = needed(_FILES, lesson.name, f"{lesson.title}, as a file", work)
    if content is not None:
        _over()
    return content


def _go(lesson: str, step: str) -> None:
    """Open a step of a lesson; without a lesson, the list of them."""
    st.session_state[PLACE] = _place(lesson, step, presents="present" in st.session_state[PLACE])


def _present(on: bool) -> None:
    held = st.session_state[PLACE]
    st.session_state[PLACE] = _place(held.get("lesson", ""), held.get("step", ""), presents=on)


def _place(lesson: str, step: str, *, presents: bool) -> dict[str, str]:
    """Return the parameters of a step of a lesson, in the presenter's view or not."""
    place = {"lesson": lesson, "step": step} if lesson else {}
    return place | ({"present": "1"} if presents else {})


def _valid(lesson: Lesson, number: str) -> str:
    """Return a step's number that the lesson has: the one asked for, or the nearest."""
    if number == ALL:
        return ALL
    asked = int(number) if number.isdecimal() and len(number) < 4 else 1
    return str(min(max(asked, 1), len(lesson.steps)))


def _query(now: state.Current) -> dict[str, str]:
    return {"net": encode(now.config, now.base), "v": VERSION}


def _stop(now: state.Current, label: str, title: str, lesson: str, step: str) -> Stop:
    place = {"lesson": lesson, "step": step} if lesson else {}
    return Stop(label, title, state.address("learn", {**_query(now), **place}), lesson, step)


def _steps(now: state.Current, lesson: Lesson) -> list[Stop]:
    numbered = [
        _stop(now, str(index + 1), step.title, lesson.name, str(index + 1)) for index, step in enumerate(lesson.steps)
    ]
    return [*numbered, _stop(now, "All", "The whole lesson on one page, to read or to print", lesson.name, ALL)]


def _overview() -> None:
    st.title("Learn")
    st.markdown(
        "Residual networks from the ground up. Every number is computed as it is shown or quoted from its printed "
        "source, every picture answers, and every step has an address of its own. The arrow keys go from step to step."
    )
    for number, lesson in enumerate(lessons(), 1):
        with st.container(border=True, key=f"learn-card-{lesson.name}", horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{number}. {lesson.title}**  \n{lesson.summary}", width="stretch")
            st.button("Open", key=f"learn.open.{lesson.name}", on_click=_go, args=(lesson.name, "1"))


def _sources(lesson: Lesson) -> None:
    st.caption("Sources: " + "; ".join(map(plain, lesson.sources)) + ".")


def _step(now: state.Current, lesson: Lesson, index: int, step: Step) -> None:
    """Draw one step: its text with the question, and what stands beside it."""
    key = f"{lesson.name}-{index + 1}"
    experiment = EXPERIMENTS[step.experiment]
    with st.container(horizontal=True, gap="large", key=f"learn-body-{key}"):
        left = st.container(key=f"learn-text-{key}")
        right = st.container(key=f"learn-show-{key}")
    with left:
        st.subheader(f"{index + 1}. {step.title}" if index or len(lesson.steps) > 1 else step.title, anchor=False)
        text = st.container()
    what, selected = Shown(()), None
    with right:
        mine = step.mine and _mine(now, key)
        values = Settings(lesson_parts.settings(step, experiment, key), now.config if mine else None)
        try:
            what = experiment.show(values)
            if experiment.run is not None:
                what = live(lesson.title, experiment, values, key) or what
            selected = lesson_parts.shown(what, key, () if mine else step.highlights)
        except ResvizError as error:
            st.warning(plain(error))
        caption = _written(now, step.caption, what) if step.caption and what.parts else ""
        if below := " ".join(filter(None, (caption.strip(), lesson_parts.way(what)))):
            st.caption(below)
    with text:
        st.markdown(_written(now, step.text, what))
        if step.question is not None:
            ask(step.question, what, selected, key, lambda words: _written(now, words, what))


def _mine(now: state.Current, key: str) -> bool:
    """Draw the switch from the lesson's network to that of the sidebar."""
    with st.container(key=f"learn-mine-{key}"):
        return st.toggle(f"With my network ({now.title})", key=f"{key}-mine", bind="query-params")


def _written(now: state.Current, text: str, what: Shown) -> str:
    return lesson_parts.typeset(lesson_parts.linked(filled(text, what.facts), _query(now)))
