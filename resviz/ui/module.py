"""The Module page: the network as a torch module, checked, written out, looked into."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from resviz.apart import apart
from resviz.arch import ResvizError
from resviz.arch.links import encode
from resviz.profiling.jobs import Progress
from resviz.progress import Report
from resviz.report.formatting import percent, size
from resviz.report.structure import structure
from resviz.ui import identified, state, tables, weights_and_features
from resviz.ui.queue import jobs, running
from resviz.ui.text import plain
from resviz.ui.visitor import visitor
from resviz.ui.weights import Choice, choose, refused
from resviz.ui.work import Kind, Results, loaded, needed

if TYPE_CHECKING:
    from resviz.nn.export import Export

TABS = ("Structure", "Cross-check", "Code and export", "Weights", "Feature maps")
CHECKS = "module.checks"
"""The session's key for its checks: a job's id by the encoded network."""
EXPORTS = "module.exports"
"""The session's key for the files it has made, by configuration, weights and format."""
KEPT = 4
"""Files that a session keeps; older ones go."""
WRITTEN = 300
"""Blocks unlike the one before whose code a run of the page writes, in under 200 ms."""
DEVICE = "cpu"
HEIGHT = 560
"""Pixels of the layer table and of the code."""


def page() -> None:
    """Draw the page for the network that the sidebar describes."""
    now = state.current()
    st.title("PyTorch module")
    st.markdown(f"**{now.title}** as an `nn.Module`, built from the same description as every table and diagram here.")
    choice = choose(now.network)
    identified.answer(now, choice)
    printed, check, written, weights, maps = st.tabs(TABS, key="part", on_change="rerun", bind="query-params")
    if printed.open:
        with printed:
            _structure(now)
    if check.open:
        with check:
            if loaded():
                _check(now)
    for tab, show in (
        (written, _written),
        (weights, weights_and_features.weights),
        (maps, weights_and_features.feature_maps),
    ):
        if tab.open:
            with tab:
                if loaded():
                    show(now, choice)


def _structure(now: state.Current) -> None:
    st.caption(
        "The module as `print(net)` shows it, with the shape of each tensor; alike blocks in a row are printed once. "
        "The names are torchvision's, as in the `state_dict`."
    )
    st.code(structure(now.network), language="python", height=HEIGHT)


def _check(now: state.Current) -> None:
    st.markdown(
        "The parameters, output shape and operations of every layer as computed here, checked against the module's own "
        "tensors and three counting tools. What a tool should report follows from what it counts."
    )
    from resviz.nn.limits import ensure_checkable

    try:
        ensure_checkable(now.network)
    except ResvizError as error:
        st.info(plain(error))
        return
    checks = st.session_state.setdefault(CHECKS, {})
    word = encode(now.config, now.base)
    job = jobs().progress(checks.get(word, ""))
    if job is None or (job.over and job.state != "done"):
        if job is not None:
            st.warning(plain(job.error or "The check was stopped."))
        if st.button("Check this network", type="primary", icon=":material/fact_check:", key="module.check"):
            try:
                checks[word] = jobs().submit(DEVICE, f"Check of {now.config.name}", _checking(now), owner=visitor())
            except ResvizError as error:
                st.error(plain(error))
            else:
                st.rerun()
    elif job.over:
        _result(job)
    else:
        running(job.id, "module.stop")


def _checking(now: state.Current) -> Callable[[Any], Any]:
    from resviz.nn.crosscheck import crosscheck

    return lambda report: crosscheck(now.network, report)


def _result(job: Progress) -> None:
    from resviz.nn.crosscheck_tables import layers_table, sums, totals_table, verdict
    from resviz.report.frames import frame

    found = job.result
    if found.equal:
        st.success(verdict(found), icon=":material/check_circle:")
    else:
        st.error(verdict(found), icon=":material/error:")
    tables.shown(totals_table(found))
    st.markdown("**How each count adds up from the MACs**")
    st.markdown("\n".join(f"- {unit}: {added}" for unit, added in sums(found)))
    st.markdown("**Layer by layer**")
    st.caption("A cell is the tool's own count; = means that it equals what is computed here by that tool's rule.")
    layers = frame(layers_table(found))
    columns = {
        header: st.column_config.NumberColumn(format="localized")
        if header in tables.COUNTS
        else st.column_config.TextColumn(alignment="right")
        for header in layers.columns[1:]
    }
    st.dataframe(layers, hide_index=True, height=HEIGHT, column_config=columns)


def _written(now: state.Current, choice: Choice) -> None:
    st.markdown("A single file that needs only torch and contains just this network.")
    if source := _code(now):
        name, mime = f"{now.base}.py", "text/x-python"
        st.download_button("Download the code", source, name, mime, icon=":material/download:", on_click="ignore")
        st.code(source, language="python", height=HEIGHT)
    _exports(now, choice)


def _code(now: state.Current) -> str | None:
    """Return the network as code, or None while it is written in the queue, as that of many unlike blocks is.

    That takes less than a second, in one step that nothing could end: there is no Stop.
    """
    from resviz.nn.codegen import code

    if sum(len(stage.runs) for stage in now.network.stages) <= WRITTEN:
        return code(now.config)

    def work(report: Report) -> str:
        report("writing", 0, 1)
        return code(now.config)

    return needed(_CODES, now.config.to_json(), f"Code of {now.config.name}", work, owned=False)


def _exports(now: state.Current, choice: Choice) -> None:
    from resviz.nn.export import FORMATS, missing
    from resviz.nn.memory import forward_bytes
    from resviz.report.memory import weight_bytes

    st.markdown("**For other programs**")
    st.caption(
        f"With {plain(choice.summary)} ({size(weight_bytes(now.network))}), for any batch size. Each file is run "
        "before it is offered and its output compared with the module's. One forward pass needs "
        f"{size(forward_bytes(now.network))}."
    )
    files: dict[tuple[str, str, str], Export] = st.session_state.setdefault(EXPORTS, {})
    for name, form in FORMATS.items():
        absent = missing(name)
        key = now.config.to_json(), choice.key, name
        with st.container(horizontal=True, vertical_alignment="center"):
            if made := files.get(key):
                st.download_button(
                    f"Download {now.base}{form.suffix} ({size(len(made.data))})",
                    partial(bytes, made.data),
                    f"{now.base}{form.suffix}",
                    key=f"module.download.{name}",
                    icon=":material/download:",
                    on_click="ignore",
                )
                st.caption(f"Checked: its output is the module's to {percent(made.difference, 5)} of the largest.")
                continue
            asked = st.session_state.get(f"{EXPORTS}.{name}") == key
            if not asked and st.button(
                f"Make {form.label}", key=f"module.export.{name}", icon=":material/output:", disabled=bool(absent)
            ):
                asked, st.session_state[f"{EXPORTS}.{name}"] = True, key
            st.caption(absent or form.summary)
        if asked and not refused(now.network) and (file := _export(now, choice, name)):
            files[key] = file
            for old in list(files)[:-KEPT]:
                del files[old]
            del st.session_state[f"{EXPORTS}.{name}"]
            st.rerun()


def _export(now: state.Current, choice: Choice, name: str) -> "Export | None":
    """Return the network as a file in a format, or None after drawing how far that is or why there is none."""

    def work(report: Report) -> "Export":
        from resviz.nn.export import exported
        from resviz.nn.memory import ACCOUNT, claim, forward_bytes
        from resviz.report.memory import weight_bytes

        ACCOUNT.let_go(_FILES[name].results.clear)
        need = forward_bytes(now.network, 2) + 4 * weight_bytes(now.network) + len(choice.data)
        own = (choice.name, choice.data) if choice.name else None
        with claim(need, f"Exporting {now.config.name}") as held:
            made = apart(exported, now.config.to_json(), choice.seed, own, name, report=report)
            held.keep(made, len(made.data))
        return made

    key = now.config.to_json(), choice.key, name
    return needed(_FILES[name], key, f"{name} file of {now.config.name}", work)


_CODES: Kind[str] = Kind("code", Results(4))
_FILES: "dict[str, Kind[Export]]" = {name: Kind(f"export.{name}", Results(2)) for name in ("onnx", "torch")}
