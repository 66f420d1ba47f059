"""Which weights the Module page looks at: initial ones by their seed, or a file's."""

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import streamlit as st

from resviz.arch import Network, ResvizError
from resviz.progress import Report
from resviz.report.formatting import size
from resviz.ui import state
from resviz.ui.allowed import Act, offered
from resviz.ui.text import plain
from resviz.ui.work import Results

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from resviz.nn.memory import Claim
    from resviz.nn.modules import ResNet

SUFFIXES = ["safetensors", "pth", "pt", "bin"]
MAX_SEED = 2**31 - 1


UPLOAD = "module.upload"
"""The session's key for the file that is open."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Where weights come from: a file's name, digest and bytes, or, where the name is empty, a seed."""

    seed: int
    name: str = ""
    digest: str = ""
    data: bytes = b""

    @property
    def trained(self) -> bool:
        """Whether somebody may have trained them."""
        return bool(self.name)

    @property
    def key(self) -> str:
        """What tells these weights from others."""
        return self.digest if self.name else f"seed {self.seed}"

    @property
    def summary(self) -> str:
        """The weights in words."""
        return f"weights from {self.name}" if self.name else f"initial weights, seed {self.seed}"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that the session holds; the process's account counts it until another is open or the session is over."""

    id: str
    digest: str
    claim: "Claim"


def choose(network: Network) -> Choice:
    """Draw the choice for a network and return it."""
    with st.expander("Weights: initial ones, or from a file"):
        file = None
        with st.container(horizontal=True):
            seed = st.number_input("Seed of the initial weights", 0, MAX_SEED, 0, key="module.seed", width=180)
            if offered(Act.UPLOADS):
                with st.container(width="stretch"):
                    file = st.file_uploader(
                        "A state_dict of any residual network: .safetensors or .pth (only its tensors are read)",
                        type=SUFFIXES,
                        key="module.weights",
                    )
                    if said := too_large(network, st.get_option("server.maxUploadSize")):
                        st.caption(said)
    try:
        held = _held(file)
    except ResvizError as error:
        st.error(plain(error))
        return Choice(seed)
    return Choice(seed, file.name, held.digest, file.getvalue()) if file and held else Choice(seed)


def too_large(network: Network, most: int) -> str:
    """Return what is said where a network's weights take more than a file may, ``most`` megabytes; else nothing."""
    from resviz.report.memory import weight_bytes

    need = weight_bytes(network)
    if need <= most * 2**20:
        return ""
    return (
        f"In float32 the weights of {plain(network.name)} take {size(need)}, more than a file may have here; "
        "`resviz export --weights` reads one of any size."
    )


def _held(file: "UploadedFile | None") -> Upload | None:
    """Return the open file's entry in the account, made when it is new. Raises MemoryLimitError beyond the limit."""
    known: Upload | None = st.session_state.get(UPLOAD)
    if file is not None and known is not None and known.id == file.file_id:
        return known
    st.session_state.pop(UPLOAD, None)
    del known  # with it goes its claim
    if file is None:
        return None
    from resviz.nn.memory import claim

    data = file.getvalue()
    held = Upload(file.file_id, sha256(data).hexdigest(), claim(len(data), f"Keeping {file.name}"))
    st.session_state[UPLOAD] = held
    return held


def module(now: state.Current, choice: Choice, report: Report) -> "tuple[ResNet, str]":
    """Return the module with the chosen weights, and what is said of a file's; for a worker, not for a page.

    Raises WeightsError where a file holds none of this network's, MemoryLimitError beyond the limit.
    """
    from resviz.nn import build
    from resviz.nn.memory import ACCOUNT, claim
    from resviz.nn.weights import load_weights, read_weights
    from resviz.report.memory import weight_bytes

    key = now.config.to_json(), choice.key
    ACCOUNT.let_go(_MODULES.clear)
    if found := _MODULES.get(key):
        return found
    need = weight_bytes(now.network)
    with claim(need + len(choice.data), f"The weights of {now.network.name}") as held:
        report("reading the weights", 0, 2)
        tensors = read_weights(choice.data, choice.name) if choice.name else None
        report("building the module", 1, 2)
        module = build(now.network, device="cpu", seed=choice.seed).eval()
        said = "" if tensors is None else load_weights(module, tensors).sentence
        held.keep(module, need)
    _MODULES.put(key, (module, said))
    return module, said


def refused(network: Network) -> bool:
    """Return whether a page builds no module of a network, after a sentence that explains why."""
    from resviz.nn.limits import ensure_buildable

    try:
        ensure_buildable(network)
    except ResvizError as error:
        st.error(plain(error))
        return True
    return False


def say(choice: Choice, said: str) -> None:
    """Draw which weights these are."""
    if said:
        st.success(f"{plain(choice.name)}: {plain(said)}", icon=":material/check_circle:")
    else:
        st.caption(f"With {plain(choice.summary)}; a file of trained weights can be opened above.")


_MODULES: "Results[tuple[ResNet, str]]" = Results(2)
