"""The queue of this process on a page: what runs in it, how far that is, and its Stop."""

import streamlit as st

from resviz.profiling.jobs import Jobs, Progress
from resviz.report.formatting import duration, plural
from resviz.ui.text import plain
from resviz.ui.visitor import visitor

CPU = "cpu"
"""The device that training and lessons run on."""
PATIENCE = 0.5
"""Seconds that a Stop waits for the work to end, so that the page says at once that it has."""
EVERY = 1.0
"""Seconds between two looks at a running job; each look takes a little of the CPU that may be measured."""


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """Return the queue, which every session of this process shares."""
    return Jobs()


@st.fragment(run_every=EVERY)
def running(id: str, key: str) -> None:
    """Draw a job's progress until it is over, with a Stop for whoever started it."""
    job = jobs().progress(id)
    if job is None or job.over:
        st.rerun()
    bar(job, key)


def bar(job: Progress, key: str) -> None:
    """Draw how a job stands, with a Stop for whoever started it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(job.share, _stands(job), width="stretch")
        if job.owner == visitor():
            st.button("Stop", icon=":material/stop:", key=key, on_click=_stop, args=(job.id,))
        elif job.owner:  # nobody's is one that cannot be stopped
            st.caption("Only the person who started it can stop it.")


def _stop(id: str) -> None:
    if jobs().stop(id, owner=visitor()):
        jobs().wait(id, PATIENCE)


def _stands(job: Progress) -> str:
    if job.state == "waiting":
        return f"{plain(job.title)}: {plural(job.place, 'job')} before this one on {job.device}"
    left = "" if not job.left else f", about {duration(job.left, 2)} left of this part"
    return f"{plain(job.title)}: {plain(job.phase or 'starting')} {job.done}/{job.total}{left}"
