"""A question of a lesson: the reader guesses, then the answer is told."""

from collections.abc import Callable

import streamlit as st

from resviz.lessons.answers import solution
from resviz.lessons.figures import number
from resviz.lessons.lesson import Question
from resviz.lessons.shown import Shown
from resviz.report.formatting import exact, percent

NEAR = 0.05
"""How far a guessed number may be off, as a share of the right one, and still count as good."""


def ask(question: Question, what: Shown, selected: str | None, key: str, written: Callable[[str], str]) -> None:
    """Draw the question, and its answer once there is a guess; ``written`` fills a text's placeholders."""
    with st.container(border=True, key=f"learn-ask-{key}"):
        st.markdown(f"**{written(question.ask)}**")
        if question.in_picture:
            _in_picture(question, what, selected, key, written)
        elif question.number:
            _number(question, key, written)
        else:
            _choice(question, key, written)


def _choice(question: Question, key: str, written: Callable[[str], str]) -> None:
    chosen = st.radio(
        "Your guess",
        range(len(question.choices)),
        index=None,
        format_func=lambda index: written(question.choices[index]),
        key=f"{key}-guess",
        label_visibility="collapsed",
    )
    if chosen is None:
        return
    if chosen == question.right:
        st.success(f"**Right.** {written(question.answer)}")
    else:
        st.info(written(solution(question)))


def _number(question: Question, key: str, written: Callable[[str], str]) -> None:
    guess = st.number_input(
        "Your guess", min_value=0, value=None, step=1, key=f"{key}-guess", label_visibility="collapsed"
    )
    if guess is None:
        return
    right = number(question.number)
    off = abs(guess - right) / right if right else float(guess != right)
    if guess == right:
        st.success(f"**Right: {exact(right)}.** {written(question.answer)}")
    elif off <= NEAR:
        st.success(f"**{exact(right)}: you are within {percent(off)}.** {written(question.answer)}")
    else:
        st.info(written(solution(question)))


def _in_picture(question: Question, what: Shown, selected: str | None, key: str, written: Callable[[str], str]) -> None:
    found: list[str] = st.session_state.setdefault(f"learn.found.{key}", [])
    found[:] = [path for path in found if path in what.targets]  # another network has others
    block = ".".join(selected.split(".")[:2]) if selected else ""
    if block in what.targets and block not in found:
        found.append(block)
    if block and block not in what.targets:
        st.info(f"`{block}` is none of them: its shape stays.")
    elif block:
        st.success(f"`{block}` is one of them.")
    st.markdown(f"Found {len(found)} of {len(what.targets)}.")
    told = st.toggle("Show the answer", key=f"{key}-told")
    if told or (what.targets and len(found) == len(what.targets)):
        st.success(written(solution(question, what.targets)))
