"""The inside of the module: its weights as numbers and pictures, and one picture's way through it."""

from typing import TYPE_CHECKING, Any

import streamlit as st

from resviz.arch import Network, ResvizError
from resviz.report.formatting import percent, shape
from resviz.ui import state
from resviz.ui.allowed import Act, allowed
from resviz.ui.images import image
from resviz.ui.text import plain
from resviz.ui.weights import Choice, module

if TYPE_CHECKING:
    from resviz.nn.features import BlockMaps, Pass
    from resviz.nn.modules import ResNet

HEIGHT = 380
"""Pixels of the table."""
UPLOAD = "Upload ..."
PICTURES = ["png", "jpg", "jpeg", "gif", "webp"]
PLOT = {"displaylogo": False}


def weights(now: state.Current, choice: Choice) -> None:
    """Draw what can be seen of the weights."""
    from resviz.nn.charts import gamma_chart, histogram_chart
    from resviz.nn.weight_stats import first_filters, gammas, weights_table
    from resviz.nn.weight_stats import weights as numbers
    from resviz.report.frames import frame

    built = module(now, choice)
    if built is None:
        return
    with st.container(horizontal=True, gap="large"):
        with st.container(width=360):
            st.markdown("**Filters of the first layer**")
            image(first_filters(built, now.network), f"The filters of the first layer of {now.title}, as colours")
            st.caption(
                "Each filter is scaled to its own range. Trained filters show edges and colours, untrained ones noise."
            )
        with st.container(width=480):
            st.markdown("**Scale at the end of each block's branch**")
            found = gammas(built, now.network)
            if found:
                st.plotly_chart(gamma_chart(found), width="stretch", config=PLOT, key="module.gammas")
                st.caption("Where the last γ of a branch is near zero, its block is near the identity.")
            else:
                st.caption("The branches of this network do not end in a normalisation: there is no γ to show.")
    st.markdown("**Layer by layer**")
    rows = numbers(built, now.network)
    st.dataframe(frame(weights_table(rows)), hide_index=True, height=HEIGHT)
    path = st.selectbox("Histogram of", [row.path for row in rows], key="module.histogram", width=320)
    st.plotly_chart(histogram_chart(built, path), width="stretch", config=PLOT, key="module.histogram.chart")


def feature_maps(now: state.Current, choice: Choice) -> None:
    """Draw one picture's way through the network, block by block."""
    from resviz.nn.memory import ACCOUNT
    from resviz.nn.pictures import DRAWN, drawn, read_picture

    ACCOUNT.let_go(_pass.clear)
    built = module(now, choice)
    if built is None:
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
        key = f"{now.config.to_json()} {choice.key} {file.file_id if file else name}"
        found = _pass(key, built, now.network, picture)
    except ResvizError as error:
        st.error(plain(error))
        return
    _shown(found, picture, trained=choice.trained)


@st.cache_resource(max_entries=4, show_spinner="The picture runs through the network ...")
def _pass(key: str, _module: "ResNet", _network: Network, _picture: Any) -> "Pass":
    from resviz.nn.features import run_picture
    from resviz.nn.pictures import as_input

    return run_picture(_module, _network, as_input(_picture, _network.input))


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
            st.markdown(f"**{title}** {'' if maps is None else f'norm {norm:.4g}'}")
            if maps is None:
                st.caption("None: a plain net.")
            else:
                image(signed_grid(maps, block.limit), f"{title} of {block.path}: {len(block.channels)} channels")
    ratio = "" if block.ratio is None else f" Branch over skip: {block.ratio:.3g}."
    st.caption(
        f"{block.path}, {shape(block.shape)}: {len(block.channels)} of its channels, evenly spread, on one scale; "
        f"orange is positive, blue negative, white zero.{ratio}"
    )
