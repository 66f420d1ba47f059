"""The inside of the module: its weights as numbers and pictures, and one picture's way through it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import streamlit as st

from resviz.arch import ResvizError
from resviz.progress import Report
from resviz.report.formatting import percent, shape
from resviz.ui import state
from resviz.ui.allowed import Act, allowed
from resviz.ui.images import image
from resviz.ui.text import plain
from resviz.ui.weights import Choice, module, refused, say
from resviz.ui.work import Kind, Results, needed

if TYPE_CHECKING:
    from resviz.nn.features import BlockMaps, Pass
    from resviz.nn.weight_stats import Inside

HEIGHT = 380
"""Pixels of the table."""
UPLOAD = "Upload ..."
PICTURES = ["png", "jpg", "jpeg", "gif", "webp"]
PLOT = {"displaylogo": False}
_INSIDES: "Kind[tuple[Inside, str]]" = Kind("weights", Results(16))
_PASSES: "Kind[tuple[Pass, str]]" = Kind("passes", Results(8))


def weights(now: state.Current, choice: Choice) -> None:
    """Draw what can be seen of the weights."""
    if refused(now.network):
        return
    key = now.config.to_json(), choice.key

    def work(report: Report) -> "tuple[Inside, str]":
        from resviz.nn.weight_stats import inside

        built, said = module(now, choice, report)
        return inside(built, now.network, report), said

    if seen := needed(_INSIDES, key, f"Weights of {now.config.name}", work):
        say(choice, seen[1])
        _weights(now, seen[0])


def _weights(now: state.Current, seen: "Inside") -> None:
    from resviz.nn.charts import gamma_chart, histogram_chart
    from resviz.nn.weight_stats import weights_table
    from resviz.report.frames import frame

    with st.container(horizontal=True, gap="large"):
        with st.container(width=360):
            st.markdown("**Filters of the first layer**")
            image(seen.filters, f"The filters of the first layer of {now.title}, as colours")
            st.caption(
                "Each filter is scaled to its own range. Trained filters show edges and colours, untrained ones noise."
            )
        with st.container(width=480):
            st.markdown("**Scale at the end of each block's branch**")
            if seen.gammas:
                st.plotly_chart(gamma_chart(seen.gammas), width="stretch", config=PLOT, key="module.gammas")
                st.caption("Where the last γ of a branch is near zero, its block is near the identity.")
            else:
                st.caption("The branches of this network do not end in a normalisation: there is no γ to show.")
    st.markdown("**Layer by layer**")
    listed = frame(weights_table(seen.weights))
    digits = {header: st.column_config.NumberColumn(format="%.4g") for header in listed.columns[3:-1]}
    zeros = st.column_config.NumberColumn(format="percent", help="The share of weights that are exactly zero.")
    st.dataframe(listed, hide_index=True, height=HEIGHT, column_config={**digits, listed.columns[-1]: zeros})
    path = st.selectbox("Histogram of", [row.path for row in seen.weights], key="module.histogram", width=320)
    bars = histogram_chart(path, seen.histograms[path])
    st.plotly_chart(bars, width="stretch", config=PLOT, key="module.histogram.chart")


def feature_maps(now: state.Current, choice: Choice) -> None:
    """Draw one picture's way through the network, block by block."""
    from resviz.nn.pictures import DRAWN, drawn, read_picture

    if refused(now.network):
        return
    name = st.segmented_control(
        "Picture",
        [*DRAWN, *([UPLOAD] if allowed(Act.UPLOADS) else [])],
        default=next(iter(DRAWN)),
        required=True,
        key="module.picture",
    )
    file = None
    if name == UPLOAD:
        file = st.file_uploader("A picture", type=PICTURES, key="module.file", max_upload_size=20)
        if file is None:
            return
    try:
        sides = now.network.input
        picture = read_picture(file.getvalue(), sides, file.name) if file else drawn(name, sides)
    except ResvizError as error:
        st.error(plain(error))
        return
    key = now.config.to_json(), choice.key, file.file_id if file else name
    if seen := needed(_PASSES, key, f"A picture's pass through {now.config.name}", _passing(now, choice, picture)):
        say(choice, seen[1])
        _shown(seen[0], picture, trained=choice.trained)


def _passing(now: state.Current, choice: Choice, picture: Any) -> "Callable[[Report], tuple[Pass, str]]":
    def work(report: Report) -> "tuple[Pass, str]":
        from resviz.nn.features import run_picture
        from resviz.nn.memory import ACCOUNT
        from resviz.nn.pictures import as_input

        ACCOUNT.let_go(_PASSES.results.clear)
        built, said = module(now, choice, report)
        return run_picture(built, now.network, as_input(picture, now.network.input), report), said

    return work


def _shown(found: "Pass", picture: Any, *, trained: bool) -> None:
    from resviz.nn.charts import ratio_chart
    from resviz.nn.pictures import pixels

    with st.container(horizontal=True, gap="large"):
        with st.container(width=224):
            image(pixels(picture), "The picture that runs through the network", width=224)
            best = ", ".join(f"{number} ({percent(share)})" for number, share in found.top[:3])
            st.caption(f"The input. Highest outputs, by class number: {best}.")
            if not trained:
                st.caption("The weights are untrained, so these predictions mean nothing.")
        with st.container(width=480):
            st.markdown("**How much each block adds to what its skip carries**")
            if found.blocks[0].skip is None:
                st.caption("A plain net has no skips to compare with.")
            else:
                st.plotly_chart(ratio_chart(found.blocks), width="stretch", config=PLOT, key="module.ratios")
    paths = [block.path for block in found.blocks]
    path = st.select_slider("Block", paths, key="module.block") if len(paths) > 1 else paths[0]
    _block(found.blocks[paths.index(path)])


def _block(block: "BlockMaps") -> None:
    from resviz.nn.pictures import signed_grid

    arms: tuple[tuple[str, Any, float], ...] = (
        ("Branch", block.branch, block.branch_norm),
        ("Skip", block.skip, block.skip_norm),
        ("Sum", block.total, block.total_norm),
    )
    for column, (title, maps, norm) in zip(st.columns(3, gap="medium"), arms, strict=True):
        with column:
            st.markdown(f"**{title}**  \n{'' if maps is None else f'norm {norm:.4g}'}")
            if maps is None:
                st.caption("None: a plain net.")
            else:
                image(signed_grid(maps, block.limit), f"{title} of {block.path}: {len(block.channels)} channels")
    ratio = "" if block.ratio is None else f" Branch over skip: {block.ratio:.3g}."
    st.caption(
        f"{block.path}, {shape(block.shape)}: {len(block.channels)} of its channels, evenly spread, on one scale; "
        f"orange is positive, blue negative, white zero.{ratio}"
    )
