"""The Laboratory page: small nets trained on handwritten digits, with and without shortcuts, and looked into.

In the address ``experiment`` holds what is to be trained (`resviz.training.experiment`), ``job`` the run.
"""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from resviz.arch import ResNetConfig, ResvizError
from resviz.profiling.jobs import Progress
from resviz.training.experiment import (
    BATCHES,
    LONGEST,
    MOMENTUM,
    MOST_EPOCHS,
    MOST_NETS,
    TEST,
    TRAIN,
    WEIGHT_DECAY,
    Experiment,
    classic,
    seeds_of,
)
from resviz.training.recorded import recorded
from resviz.training.result import MAX_DOCUMENT, Result
from resviz.training.small import (
    MAX_DEPTH,
    MIN_DEPTH,
    NORMS,
    ORDERS,
    SHORTCUT_OPTIONS,
    WIDTHS,
    Small,
    for_digits,
)
from resviz.ui import state, training
from resviz.ui.address_bar import went_back
from resviz.ui.allowed import Act, offered
from resviz.ui.queue import jobs
from resviz.ui.text import plain

WORD, JOB = "experiment", "job"
NOW = "resviz.laboratory"
"""The session's key for the experiment that the widgets hold."""
MINE = "resviz.laboratory.job"
"""The session's key for the run that it started last."""
SEEN, OTHERS = "resviz.laboratory.seen", "resviz.laboratory.others"
FIELD = "laboratory.field."
FILE = "laboratory.file"
SEED = "look-seed"
USUAL = tuple(Small(shortcut, depth) for depth in (8, 20, 32, 56, 110) for shortcut in ("none", "A"))


def page() -> None:
    """Draw the page."""
    problem = _start()
    st.title("Laboratory")
    st.markdown(
        f"Does depth help? Small plain and residual nets, trained here on {TRAIN:,} handwritten digits of 8x8 pixels "
        f"and tested on {TEST} others (scikit-learn's copy of the UCI set)."
    )
    if problem:
        st.warning(problem)
    job = training.trainer(_controls(), MINE)
    if (mine := st.session_state.get(MINE)) and st.query_params.get(JOB) != mine:
        st.query_params[JOB] = mine
    result = _result(job)
    if result is not None:
        training.outcome(result, "laboratory")
        _looks(result.experiment)


def _start() -> str:
    """Read the address where it names something new; return what is wrong with it, for Markdown."""
    word, id = st.query_params.get(WORD, ""), st.query_params.get(JOB, "")
    problem = ""
    if id and (MINE not in st.session_state or (went_back() and id != st.session_state[MINE])):
        st.session_state[MINE] = id
        if jobs().progress(id) is None:
            problem = "The run of this link is long over or ran elsewhere; its settings are here to run again."
    if NOW in st.session_state and (not went_back() or word in ("", st.session_state.get(SEEN))):
        return problem
    try:
        experiment = Experiment.from_word(word) if word else classic()
    except ResvizError as error:
        experiment, problem = classic(), f"The address does not describe an experiment: {plain(error)}"
    _show(experiment)
    st.session_state[SEEN] = word
    return problem


def _show(experiment: Experiment) -> None:
    """Have every widget show an experiment."""
    for key in [key for key in st.session_state if str(key).startswith(FIELD)]:
        del st.session_state[key]
    st.session_state[NOW] = experiment


def _controls() -> Experiment | None:
    """Draw the settings; return the experiment that they make, None after a sentence where there is none."""
    now: Experiment = st.session_state[NOW]
    nets = _known(now)
    chosen = st.multiselect(
        f"Nets, up to {MOST_NETS}",
        list(nets),
        default=[net.name for net in now.nets],
        max_selections=MOST_NETS,
        key=f"{FIELD}nets",
        placeholder="Choose one to four nets",
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        epochs = st.number_input("Epochs", 1, MOST_EPOCHS, now.epochs, key=f"{FIELD}epochs", width=110)
        seeds = st.text_input("Seeds", ", ".join(map(str, now.seeds)), key=f"{FIELD}seeds", width=110, max_chars=60)
        with st.popover("Another net", icon=":material/add:"):
            _another(chosen)
        with st.popover("Settings", icon=":material/tune:"):
            rate = st.number_input(
                "Highest learning rate", 0.0001, 10.0, now.rate, 0.01, format="%.4g", key=f"{FIELD}rate"
            )
            batch = st.number_input("Batch", *BATCHES, now.batch, key=f"{FIELD}batch")
            limit = st.number_input("Time limit, seconds", 1, int(LONGEST), int(now.limit), key=f"{FIELD}limit")
            st.caption(
                f"Stochastic gradient descent with momentum {MOMENTUM} and weight decay {WEIGHT_DECAY:g}; the rate "
                "rises for a fifth of the steps and falls by half a cosine."
            )
        if offered(Act.UPLOADS):
            with st.popover("Open a result", icon=":material/folder_open:"):
                st.file_uploader(
                    "A file that `resviz train --json` or this page wrote",
                    type="json",
                    key=_box(),
                    max_upload_size=MAX_DOCUMENT // 10**6,
                )
    try:
        experiment = Experiment(
            tuple(nets[name] for name in chosen), epochs, seeds_of(seeds), rate, batch, float(limit)
        )
    except ResvizError as error:
        st.error(plain(error))
        return None
    st.session_state[NOW] = experiment
    st.session_state[SEEN] = experiment.word
    if st.query_params.get(WORD) != experiment.word:
        st.query_params[WORD] = experiment.word
    return experiment


def _box() -> str:
    """Return the key of the box for a file: another one, and empty, for each run, whose result is then shown."""
    return f"{FILE}.{st.session_state.get(MINE, '')}"


def _known(now: Experiment) -> dict[str, ResNetConfig]:
    """Return the nets that can be chosen, by name: the usual ones, the session's own, those of the experiment."""
    others: dict[str, ResNetConfig] = st.session_state.setdefault(OTHERS, {})
    return {small.name: small.config for small in USUAL} | others | {net.name: net for net in now.nets}


def _another(chosen: list[str]) -> None:
    """Draw the form of a small net, and offer the network of the sidebar."""
    shortcut = st.selectbox(
        "Shortcuts", list(SHORTCUT_OPTIONS), index=1, format_func=SHORTCUT_OPTIONS.__getitem__, key="laboratory.skip"
    )
    left, right = st.columns(2)
    depth = left.number_input("Layers, 6n + 2", MIN_DEPTH, MAX_DEPTH, 20, 6, key="laboratory.depth")
    width = right.selectbox("First width", WIDTHS, index=WIDTHS.index(8), key="laboratory.width")
    order = st.selectbox("Order", list(ORDERS), format_func=ORDERS.__getitem__, key="laboratory.order")
    norm = left.selectbox("Norm", list(NORMS), format_func=NORMS.__getitem__, key="laboratory.norm")
    drop = right.number_input(
        "Stochastic depth, %", 0, 90, 0, 10, key="laboratory.drop", help="How often the last block loses its branch."
    )
    small = Small(shortcut, depth, width, order, norm, drop)
    full = len(chosen) >= MOST_NETS
    _offer(f"Add {small.name}", lambda: small.config, "laboratory.add", full)
    now = state.current()
    _offer(f"Add {now.config.name}, from the sidebar", lambda: for_digits(now.config), "laboratory.mine", full)
    if full:
        st.caption(f"{MOST_NETS} nets are chosen, which is the most; remove one first.")


def _offer(label: str, make: Callable[[], ResNetConfig], key: str, full: bool) -> None:
    try:
        config = make()
    except ResvizError as error:
        st.caption(plain(error))
        return
    st.button(plain(label), key=key, disabled=full, on_click=_add, args=(config,), width="stretch")


def _add(config: ResNetConfig) -> None:
    now: Experiment = st.session_state[NOW]
    st.session_state[OTHERS][config.name] = config
    nets = tuple(net for net in now.nets if net.name != config.name)
    _show(replace(now, nets=(*nets, config)[:MOST_NETS]))


def _result(job: Progress | None) -> Result | None:
    """Return what is to be shown: an opened file, the run that is over, else the recorded one, marked as such."""
    if (file := st.session_state.get(_box())) is not None:
        try:
            opened = Result.from_json(file.getvalue())
        except ResvizError as error:
            st.error(plain(error))
            return None
        st.markdown(f"## From {plain(file.name)}")
        st.caption(f"Made on {opened.made:%d %B %Y}. {plain(opened.summary())}")
        return opened
    if job is None:
        if jobs().progress(st.session_state.get(MINE, "")) is not None:
            return None  # under way: its curves are on the page
        result = recorded()
        made, by = result.made, result.versions
        st.markdown("## A recorded run of the classic experiment")
        st.caption(
            f"Made on {made:%d %B %Y} by `{result.experiment.command}`, with torch {plain(by.torch)} and scikit-learn "
            f"{plain(by.sklearn)}. Run repeats it here."
        )
        return result
    if not isinstance(job.result, Result):
        st.info("The run was stopped before it began." if job.state == "stopped" else plain(job.error))
        return None
    if job.result.ended != "all trained":
        st.info(job.result.summary())
    return job.result


def _looks(experiment: Experiment) -> None:
    """Draw the looks into what was trained."""
    from resviz.training.kinds import LOOKS

    st.subheader("Look into the trained nets", divider="gray")
    names = tuple(net.name for net in experiment.nets)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.pills(
            "Nets to look into",
            names,
            selection_mode="multi",
            default=names,
            format_func=plain,
            key=f"laboratory.of.{experiment.word}",
            width="content",
        )
        seed = _seed(experiment)
    nets = tuple(name for name in names if name in chosen)
    for (kind, entry), tab in zip(
        LOOKS.items(),
        st.tabs([look.label for look in LOOKS.values()], on_change="rerun", key="look", bind="query-params"),
        strict=True,
    ):
        if tab.open:
            with tab:
                training.look(kind, experiment, seed, nets, f"laboratory.{entry.label}")


def _seed(experiment: Experiment) -> int:
    """Draw the choice of the seed that was trained from, which the address holds."""
    if st.session_state.get(SEED) not in (None, *experiment.seeds):
        del st.session_state[SEED]
    chosen: int = st.selectbox("Seed", experiment.seeds, key=SEED, bind="query-params", width=110)
    return chosen
