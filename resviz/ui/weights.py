"""Which weights the Module page looks at: initial ones by their seed, or a file's."""

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import streamlit as st

from resviz.arch import ResNetConfig, ResvizError
from resviz.ui import state
from resviz.ui.allowed import Act, offered
from resviz.ui.text import plain

if TYPE_CHECKING:
    from resviz.nn.modules import ResNet

MOST = 1024
"""Megabytes of an uploaded file."""
SUFFIXES = ["safetensors", "pth", "pt", "bin"]
MAX_SEED = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Choice:
    """Where weights come from: a file's name and bytes, or, where the name is empty, a seed."""

    seed: int
    name: str
    data: bytes

    @property
    def key(self) -> str:
        """What tells these weights from others."""
        return sha256(self.data).hexdigest() if self.name else f"seed {self.seed}"

    @property
    def summary(self) -> str:
        """The weights in words."""
        return f"weights from {self.name}" if self.name else f"initial weights, seed {self.seed}"


def choose() -> Choice:
    """Draw the choice and return it."""
    with st.expander("Weights: initial ones, or from a file"):
        left, right = st.columns([1, 3], gap="large")
        seed = left.number_input("Seed of the initial weights", 0, MAX_SEED, 0, key="module.seed")
        file = None
        with right:
            if offered(Act.UPLOADS):
                file = st.file_uploader(
                    "A state_dict of this architecture: .safetensors, or .pth, of which only tensors are read",
                    type=SUFFIXES,
                    key="module.weights",
                    max_upload_size=MOST,
                )
    return Choice(seed, file.name if file else "", file.getvalue() if file else b"")


def module(now: state.Current, choice: Choice) -> "ResNet | None":
    """Return the module with the chosen weights, or None after a sentence that says why there is none."""
    try:
        built, said = _module(now.config.to_json(), choice.key, now.config, choice)
    except ResvizError as error:
        st.error(plain(error))
        return None
    if said:
        st.success(f"{plain(choice.name)}: {plain(said)}", icon=":material/check_circle:")
    else:
        st.caption(f"With {plain(choice.summary)}; a file of trained ones can be opened above.")
    return built


@st.cache_resource(max_entries=2, show_spinner="Building the module ...")
def _module(config: str, weights: str, _config: ResNetConfig, _choice: Choice) -> "tuple[ResNet, str]":
    """Return the module and what is said of a file's weights; the first two arguments are the cache's key."""
    from resviz.nn import build
    from resviz.nn.weights import load_weights, read_weights

    tensors = read_weights(_choice.data, _choice.name) if _choice.name else None
    built = build(_config, device="cpu", seed=_choice.seed).eval()
    return built, "" if tensors is None else load_weights(built, tensors).sentence
