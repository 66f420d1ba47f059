"""Training on a page: a run with its curves as they grow, what came of it, looks into what was trained.

The laboratory is made of these, and a lesson may hold any of them: each takes a key of its own.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from resviz.arch import ResvizError
from resviz.profiling.jobs import Progress
from resviz.report.formatting import plural
from resviz.report.tables import Table
from resviz.training.experiment import Experiment
from resviz.training.result import Result
from resviz.ui import tables
from resviz.ui.allowed import Act, offered
from resviz.ui.queue import CPU, EVERY, bar, jobs, running
from resviz.ui.text import file_name, plain
from resviz.ui.visitor import visitor

PLOT = {"displaylogo": False}
LOOKED = "resviz.training.looks"
"""The session's key for its looks: a job's id by what was looked into."""


def trainer(experiment: Experiment | None, key: str) -> Progress | None:
    """Draw a Run button and the run that the session's ``key`` names; return that run once it is over.

    None instead of an experiment is one that cannot be: the button is off.
    """
    job = jobs().progress(st.session_state.get(key, ""))
    busy = job is not None and not job.over
    if offered(Act.TRAINING):
        with st.container(horizontal=True, vertical_alignment="center"):
            off = busy or experiment is None
            wanted = st.button("Run", type="primary", icon=":material/play_arrow:", disabled=off, key=f"{key}.run")
            if experiment is not None and not busy:
                st.caption(_plan(experiment))
        if wanted and experiment is not None:
            _submit(experiment, key)
    if refused := st.session_state.pop(f"{key}.refused", ""):
        st.error(plain(refused))
    if job is not None and busy:
        _growing(job.id, key)
        return None
    return job


def _plan(experiment: Experiment) -> str:
    waiting = len(jobs().all(CPU))
    before = f" {plural(waiting, 'job')} before yours." if waiting else ""
    runs, steps = plural(experiment.runs, "run"), plural(experiment.steps, "step")
    return f"{runs} of {steps} each, one after another on one core.{before}"


def _submit(experiment: Experiment, key: str) -> None:
    from resviz.training.task import Live

    live = Live(experiment)
    title = ", ".join(net.name for net in experiment.nets)
    try:
        st.session_state[key] = jobs().submit(CPU, title, live, owner=visitor(), so_far=live.so_far)
    except ResvizError as error:
        st.session_state[f"{key}.refused"] = str(error)
    st.rerun()


@st.fragment(run_every=EVERY)
def _growing(id: str, key: str) -> None:
    """Draw a run under way: how far it is, its Stop, its curves so far."""
    job = jobs().progress(id)
    if job is None or job.over:
        st.rerun()
    bar(job, f"{key}.stop")
    if isinstance(job.so_far, Result):
        curves(job.so_far, f"{key}.growing")
        tables.shown(_outcomes(job.so_far))


def outcome(result: Result, key: str) -> None:
    """Draw a result: its curves, the table of its nets, the files and the code that give it again."""
    curves(result, key)
    tables.shown(_outcomes(result))
    if any(run.ended == "diverged" for run in result.runs):
        st.caption("A run whose loss is no longer a number ends there; its last accuracy counts.")
    _files(result, key)


def _outcomes(result: Result) -> Table:
    from resviz.training.tables import outcome_table

    return outcome_table(result)


def curves(result: Result, key: str) -> None:
    """Draw the curves of a result, and a choice of what they show."""
    from resviz.training.charts import QUANTITIES, curves_chart

    shown = st.segmented_control(
        "Curves",
        QUANTITIES,
        default=QUANTITIES[0],
        required=True,
        format_func=str.capitalize,
        key=f"{key}.quantity",
        label_visibility="collapsed",
    )
    st.plotly_chart(
        curves_chart(result, shown),
        width="stretch",
        config=PLOT,
        key=f"{key}.curves",
        alt=f"{shown.capitalize()} by epoch",
    )
    seeds = ", ".join(map(str, result.experiment.seeds))
    st.caption(f"Means over seeds {seeds}; bars from the lowest to the highest." if "," in seeds else f"Seed {seeds}.")


def _files(result: Result, key: str) -> None:
    from resviz.training.code import example
    from resviz.training.tables import points_table, to_csv

    name = "resviz-training"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "JSON",
            result.to_json,
            f"{name}.json",
            "application/json",
            icon=":material/download:",
            help="Every point, the nets, the settings and the versions.",
            on_click="ignore",
            key=f"{key}.json",
        )
        st.download_button(
            "CSV",
            lambda: to_csv(points_table(result)),
            f"{name}.csv",
            "text/csv",
            icon=":material/download:",
            help="One line for each point of a curve.",
            on_click="ignore",
            key=f"{key}.csv",
        )
    code = st.expander("Code", icon=":material/code:", key=f"{key}.code", on_change="rerun")
    if code.open:
        with code:
            command = result.experiment.command
            if command:
                st.markdown("From a shell:")
                st.code(command, language="shell", wrap_lines=True)
            st.markdown("From Python:")
            st.code(example(result.experiment), language="python", wrap_lines=True)
            st.markdown("The steps themselves, as they were run:")
            st.code(steps_source(), language="python")


@st.cache_data(show_spinner=False)
def steps_source() -> str:
    """Return the source of the training loop; loading it loads torch."""
    from resviz.training.code import source

    return source()


def look(kind: str, experiment: Experiment, seed: int, nets: tuple[str, ...], key: str) -> None:
    """Draw a look into some of an experiment's nets, trained from a seed: a button, then what was found."""
    from resviz.training.kinds import LOOKS

    entry = LOOKS[kind]
    st.markdown(entry.summary)
    known: dict[tuple[object, ...], str] = st.session_state.setdefault(LOOKED, {})
    what = (kind, experiment.word, seed, nets)
    job = jobs().progress(known.get(what, ""))
    if job is not None and not job.over:
        running(job.id, f"{key}.{kind}.stop")
        return
    if job is not None and job.state == "done":
        _found(kind, job.result, key)
        return
    if job is not None:
        st.warning(plain(job.error or "It was stopped."))
    if offered(Act.TRAINING) and st.button(
        entry.button, icon=":material/science:", disabled=not nets, key=f"{key}.{kind}"
    ):
        from resviz.training.task import looking

        try:
            known[what] = jobs().submit(
                CPU, f"{entry.label}, seed {seed}", looking(kind, experiment, seed, nets), owner=visitor()
            )
        except ResvizError as error:
            st.error(plain(error))
        else:
            st.rerun()


def _found(kind: str, looked: Any, key: str) -> None:
    from resviz.training.kinds import LOOKS
    from resviz.training.tables import to_csv, to_json

    entry, found = LOOKS[kind], looked.found
    if (part := entry.part) is not None:
        chosen = st.segmented_control(
            part.label,
            part.options,
            default=part.options[0],
            required=True,
            key=f"look-{part.label.lower()}",
            bind="query-params",
        )
        found = part.of(found, chosen or part.options[0])
    for row, pictures in enumerate(entry.pictures(found)):
        for number, (column, picture) in enumerate(zip(st.columns(len(pictures)), pictures, strict=True)):
            with column:
                if picture.title:
                    st.markdown(f"**{plain(picture.title)}**")
                st.plotly_chart(picture.figure, width="stretch", config=PLOT, key=f"{key}.{kind}.{row}.{number}")
    if entry.brief:
        tables.shown(entry.brief(found))
    forms = (("CSV", to_csv, "text/csv"), ("JSON", to_json, "application/json"))
    with st.container(horizontal=True):
        for label, write, mime in forms:
            st.download_button(
                label,
                partial(_written, write, entry.table, found),
                f"{file_name(kind)}.{label.lower()}",
                mime,
                icon=":material/download:",
                on_click="ignore",
                key=f"{key}.{kind}.{label.lower()}",
            )


def _written(write: Callable[[Table], str], table: Callable[[Any], Table], found: Any) -> str:
    """Return a look's table as a file: made when it is asked for, for it may be long."""
    return write(table(found))
