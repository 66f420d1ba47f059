"""The Profile page: choose a protocol, measure on the machine that runs the app, look at what came out."""

from typing import Any

import streamlit as st

from resviz.arch import ResvizError
from resviz.profiling.jobs import Progress
from resviz.profiling.protocol import (
    MAX_BATCH,
    PRECISIONS,
    PROTOCOL_SENTENCES,
    PROTOCOLS,
    STEPS,
    Protocol,
    default_protocol,
)
from resviz.profiling.result import MAX_DOCUMENT, Sweep
from resviz.report.formatting import plural, size
from resviz.ui import estimate, foretold, memory, runs, state
from resviz.ui.address_bar import went_back
from resviz.ui.allowed import Act, allowed, offered
from resviz.ui.keeping import keep_unseen
from resviz.ui.queue import jobs, running
from resviz.ui.text import plain
from resviz.ui.visitor import visitor

JOB = "job"
"""The parameter of the address that holds a measurement, so that a reload finds it again."""
MINE = "resviz.job"
"""The session's key for the measurement that it started or looked at last, so that other pages do not lose it."""
REFUSED = "resviz.job.refused"
FIELD = "profile.field."
MEASURED, ESTIMATED, MEMORY = "Measured here", "Estimated elsewhere", "Memory"
SIZES = {"one": "One", "sweep": "Sweep to saturation"}
SWITCHES = {
    "channels_last": "Channels last (NHWC)",
    "fold_bn": "Fold batch norm",
    "compiled": "torch.compile",
    "cuda_graph": "CUDA graph",
}


def page() -> None:
    """Draw the page for the network that the sidebar describes."""
    now = state.current()
    st.title("Time and memory of a step")
    named = JOB in st.query_params or MINE in st.session_state
    measured, elsewhere, counted = st.tabs(
        (MEASURED, ESTIMATED, MEMORY),
        default=MEASURED if named or allowed(Act.PROFILING) else ESTIMATED,
        key="section",
        on_change="rerun",
        bind="query-params",
    )
    with measured:  # drawn behind the others too: a file that was opened stays open
        _measured(now)
    for tab, subject in ((elsewhere, estimate), (counted, memory)):
        if tab.open:
            with tab:
                subject.section()
        else:
            keep_unseen(f"{subject.KEY}.")


def _measured(now: state.Current) -> None:
    """Draw what measures on this machine, and what was measured."""
    from resviz.profiling.devices import device_ids

    st.markdown(
        f"How long **{now.title}** takes for one forward pass in inference, or for one training step, measured on the "
        "machine that runs this app. On another machine, run `resviz profile` there and open its file here."
    )
    device, growing, parts, protocol = _controls(device_ids(), now)
    job = _job()
    busy = job is not None and not job.over
    if offered(Act.PROFILING):
        _buttons(now, device, protocol, growing=growing, parts=parts, busy=busy)
    if protocol is not None and not busy and offered(Act.PROFILING):
        foretold.expectation(now, device, protocol, parts=parts, growing=growing)
    if job is not None and busy:
        running(job.id, "profile.stop")
    _results(None if busy else job)
    foretold.before(now)


def _buttons(
    now: state.Current, device: str, protocol: Protocol | None, *, growing: bool, parts: bool, busy: bool
) -> None:
    """Draw the buttons that measure; submit what they ask for."""
    with st.container(horizontal=True, vertical_alignment="center"):
        measure = st.button("Measure", type="primary", icon=":material/timer:", disabled=busy or protocol is None)
        record = st.button(
            "Record a trace",
            icon=":material/timeline:",
            disabled=busy or protocol is None,
            help="A few steps in torch's profiler, as a file for Perfetto or chrome://tracing.",
        )
        waiting = len(jobs().all(device))
        if waiting and not busy:
            st.caption(f"{plural(waiting, 'job')} before yours on {device}.")
    if refused := st.session_state.pop(REFUSED, ""):
        st.error(plain(refused))
    if protocol and (measure or record):
        _submit(now, device, protocol, growing=growing, parts=parts, record=record)


def _job() -> Progress | None:
    """Return the measurement of the address, else the session's own, which the address is then given."""
    named, held = st.query_params.get(JOB, ""), st.session_state.get(MINE, "")
    wanted = held if held and not (named and went_back()) else named
    job = jobs().progress(wanted)
    if wanted:
        st.session_state[MINE] = wanted
    if job is not None and named != job.id:
        st.query_params[JOB] = job.id
    if job is None and named:
        st.info(
            "The measurement of this link ended long ago or ran on another server; if it was kept, History lists it."
        )
    return job


def _controls(devices: tuple[str, ...], now: state.Current) -> tuple[str, bool, bool, Protocol | None]:
    """Draw the controls; return device, whether to sweep, whether per layer, and the protocol if it can be."""
    from resviz.profiling.prepare import predicted_bytes

    with st.container(horizontal=True, vertical_alignment="bottom"):
        step = st.selectbox(
            "Step",
            list(STEPS),
            format_func=lambda name: STEPS[name].capitalize(),
            key="profile.step",
            width=160,
            help="A training step is forward pass, cross-entropy, backward pass and SGD with momentum.",
        )
        device = st.selectbox("Device", devices, key="profile.device", width=140)
        names = list(PROTOCOLS)
        first = names.index(default_protocol(device.partition(":")[0]).name)
        name = st.selectbox(
            "Protocol", names, index=first, key="profile.protocol", on_change=_forget, width=160, format_func=str.title
        )
        growing = st.selectbox(
            "Batch sizes", list(SIZES), format_func=SIZES.__getitem__, key="profile.sizes", width=190
        )
        preset = PROTOCOLS[name]
        batch = preset.batch
        if growing == "one":
            batch = _number("batch", "Batch", preset.batch, 1, MAX_BATCH)
        training = step == "train"
        parts = st.toggle(
            "Time each layer",
            value=True,
            key="profile.parts",
            disabled=training,
            help="In a second, instrumented run of its own. A training step is taken apart in forward, backward and "
            "update instead.",
        )
        parts = parts and not training
    with st.expander("Protocol in detail"):
        fields = _fields(preset, device)
    try:
        protocol = preset.with_(batch=batch, step=step, **fields)
        protocol.check(device.partition(":")[0])
    except ResvizError as error:
        st.error(plain(error))
        return device, growing == "sweep", parts, None
    explanation = (
        protocol.describe() if growing == "one" else protocol.with_(batch=1).describe().replace(", batch 1", "")
    )
    st.caption(f"{PROTOCOL_SENTENCES[protocol.name]} {explanation[:1].upper()}{explanation[1:]}.")
    if training and growing == "one":
        need = size(predicted_bytes(now.network, protocol, device.partition(":")[0]))
        st.caption(f"By the network's tree it holds about {need} as its backward pass begins.")
    return device, growing == "sweep", parts, protocol


def _fields(preset: Protocol, device: str) -> dict[str, Any]:
    """Draw a widget for each field of a protocol but the batch; return their values."""
    found: dict[str, Any] = {}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        found["warmup"] = _number("warmup", "Warm-up steps", preset.warmup, 0, 10_000)
        found["steps"] = _number("steps", "Timed steps", preset.steps, 1, 100_000)
        found["precision"] = st.selectbox(
            "Precision",
            list(PRECISIONS),
            index=list(PRECISIONS).index(preset.precision),
            format_func=lambda name: PRECISIONS[name].label,
            key=f"{FIELD}precision",
            width=260,
        )
        if device == "cpu":
            found["threads"] = st.number_input(
                "Threads", 1, 4096, value=preset.threads, placeholder="torch's", key=f"{FIELD}threads", width=140
            )
    with st.container(horizontal=True):
        for field, label in SWITCHES.items():
            explanation = Protocol.model_fields[field].description
            found[field] = st.toggle(label, value=getattr(preset, field), key=f"{FIELD}{field}", help=explanation)
    return found


def _number(field: str, label: str, value: int, least: int, most: int) -> int:
    return st.number_input(label, least, most, value=value, key=f"{FIELD}{field}", width=140)


def _forget() -> None:
    """Let every field take the value of the protocol that was just chosen."""
    for key in [key for key in st.session_state if str(key).startswith(FIELD)]:
        del st.session_state[key]


def _submit(now: state.Current, device: str, protocol: Protocol, *, growing: bool, parts: bool, record: bool) -> None:
    from resviz.profiling.task import measuring, tracing

    work = (
        tracing(now.config, device=device, protocol=protocol)
        if record
        else measuring(now.config, device=device, protocol=protocol, growing=growing, breakdown=parts)
    )
    try:
        id = jobs().submit(device, now.config.name, work, owner=visitor())
    except ResvizError as error:
        st.session_state[REFUSED] = str(error)
    else:
        st.session_state[MINE] = st.query_params[JOB] = id
        st.session_state.pop("profile.file", None)
    st.rerun()


def _results(job: Progress | None) -> None:
    file = None
    with st.expander("Open a JSON file"):
        if offered(Act.UPLOADS):
            file = st.file_uploader(
                "A file that `resviz profile --json` or this page wrote",
                type="json",
                key="profile.file",
                max_upload_size=MAX_DOCUMENT // 10**6,
            )
    if file is not None:
        try:
            sweep = Sweep.from_json(file.getvalue())
        except ResvizError as error:
            st.error(plain(error))
            return
        runs.show(sweep, "profile.file")
    elif job is not None:
        _outcome(job)


def _outcome(job: Progress) -> None:
    from resviz.profiling.task import Measured, Traced

    match job.result:
        case Measured(sweep, not_kept):
            if not_kept:
                st.warning(f"The result is not in the history. {plain(not_kept)}")
            runs.show(sweep, "profile.job")
        case Traced(name, text):
            st.success("The trace is ready: open it in Perfetto or chrome://tracing.")
            st.download_button("Trace", text, name, "application/json", icon=":material/download:")
        case _ if job.state == "stopped":
            st.info("The measurement was stopped before its first result.")
        case _:
            st.error(plain(job.error))
