"""An experiment that takes seconds: behind a button, in the queue of this process, with its place and a Stop."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from resviz.arch import ResvizError
from resviz.errors import ProfilingError
from resviz.lessons.controls import Settings
from resviz.lessons.experiment import LIMIT, Experiment
from resviz.lessons.shown import Shown
from resviz.progress import limited
from resviz.ui.allowed import Act, offered
from resviz.ui.queue import CPU, jobs, running
from resviz.ui.text import plain
from resviz.ui.visitor import visitor

RUNS = "learn.runs"
"""The session's key for its runs: a job's id by step and settings."""


def live(title: str, experiment: Experiment, settings: Settings, key: str) -> Shown | None:
    """Draw the button, the progress or nothing above a result; return the result once there is one."""
    runs: dict[str, str] = st.session_state.setdefault(RUNS, {})
    values = {name: value for name, value in settings.values.items() if name not in experiment.views}
    word = f"{key} {sorted(values.items(), key=str)} {settings.mine}"
    job = jobs().progress(runs.get(word, ""))
    if job is not None and job.state == "done":
        result: Callable[[Settings], Shown] = job.result
        return result(settings)
    if job is not None and not job.over:
        running(job.id, f"learn.stop.{key}")
        return None
    if job is not None:
        st.warning(plain(job.error or "The run was stopped."))
    if not offered(Act.TRAINING):
        return None
    with st.container(key=f"learn-run-{key}", horizontal=True, vertical_alignment="center"):
        pressed = st.button("Run", type="primary", icon=":material/play_arrow:", key=f"learn.run.{key}")
        if not pressed:
            st.caption(f"Runs on this server's CPU, at most {LIMIT:.0f} s.")
    if pressed:
        try:
            runs[word] = jobs().submit(CPU, title, _work(experiment, settings), owner=visitor())
        except ResvizError as error:
            st.error(plain(error))
        else:
            st.rerun()
    return None


def _work(experiment: Experiment, settings: Settings) -> Callable[[Any], Any]:
    run = experiment.run
    assert run is not None
    ended = ProfilingError(f"The experiment took more than {LIMIT:.0f} s and was stopped.")
    return lambda report: run(settings, limited(report, LIMIT, ended))
