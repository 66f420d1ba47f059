"""What the Explore page shows of its network, and how: held by the session and written to the address.

Each of `Shown`'s fields is a parameter of the address under its own name, left out while it holds its default.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import streamlit as st

from resviz.arch import Network
from resviz.diagram import LABELS, VIEWS, Detail, Folding
from resviz.diagram.views import DIRECTIONS
from resviz.profiling.chips import chips
from resviz.ui.address_bar import is_news

KEY, PAGE = "resviz.shown", ""
"""The session's key, and the path of the page."""
TIME = "time"
"""The heat of estimated time, which needs a GPU."""
MAX_PATHS = 200
"""Paths of folds that are read from an address; beyond them it holds no sensible picture."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The picture that is asked for, what is selected in it, and what was folded against its level of detail.

    ``unfold`` and ``fold`` are paths joined by commas; ``full`` fills the window, ``numbers`` counts
    the weighted layers on the nodes, ``edges`` makes lines as wide as what they carry; ``gpu`` is the chip that times
    are estimated for.
    """

    detail: str = Detail.BLOCKS.value
    view: str = "network"
    block: str = ""
    direction: str = "down"
    heat: str = ""
    node: str = ""
    unfold: str = ""
    fold: str = ""
    full: str = ""
    numbers: str = ""
    edges: str = ""
    gpu: str = ""

    @property
    def folding(self) -> Folding:
        """What was unfolded and folded by hand."""
        return Folding(_paths(self.unfold), _paths(self.fold))

    def folded(self, folding: Folding) -> "Shown":
        """Return the same with another folding."""
        return replace(self, unfold=",".join(sorted(folding.unfold)), fold=",".join(sorted(folding.fold)))

    def after(self, said: Mapping[str, Any], network: Network) -> "Shown":
        """Return what is shown after an act of the diagram's: a choice, a selection, a fold."""
        match said.get("act"):
            case "set":
                return self._set(str(said["name"]), str(said["value"] or ""))
            case "select":
                return replace(self, node=str(said["path"] or ""))
            case "fold":
                return self.folded(self.folding.after(self.detail, str(said["path"]), str(said["action"])))
            case "fold all" | "unfold all":
                return self.folded(Folding.everything(network, Detail(self.detail), str(said["act"]).split()[0]))
            case _:
                return self

    def _set(self, name: str, value: str) -> "Shown":
        changed = read({**asdict(self), name: value})
        return changed.folded(Folding()) if name == "detail" else changed


_NAMES = tuple(field.name for field in fields(Shown))
_ALLOWED: dict[str, Mapping[str, str]] = {
    "detail": {detail.value: detail.value.capitalize() for detail in Detail},
    "view": {name: view.label for name, view in VIEWS.items()},
    "direction": DIRECTIONS,
    "heat": {**LABELS, TIME: "Estimated time"},
    "gpu": {name: name for name in chips()},
    "full": {"1": "Full screen"},
    "numbers": {"1": "Layer numbers"},
    "edges": {"size": "Width by tensor size"},
}
"""The values of the fields that know them, and what they are called."""


def _paths(text: str) -> frozenset[str]:
    return frozenset(filter(None, text.split(",")[:MAX_PATHS]))


def read(words: Mapping[str, str]) -> Shown:
    """Return what an address asks for; what it says wrongly is as if it were not said."""
    known = {}
    for name in _NAMES:
        word = words.get(name, "")
        if name in _ALLOWED:
            names = {key.lower(): key for key in _ALLOWED[name]} | {
                label.lower(): key for key, label in _ALLOWED[name].items()
            }
            word = names.get(word.lower(), "")
        if word:
            known[name] = word
    return Shown(**known)


def written(shown: Shown) -> dict[str, str]:
    """Return the parameters that bring this back: those that are not at their defaults."""
    usual = asdict(Shown())
    return {name: value for name, value in asdict(shown).items() if value != usual[name]}


def current() -> Shown:
    """Return what is to be shown: the address's where it is news, else the session's."""
    if is_news(KEY, PAGE, _NAMES):
        st.session_state[KEY] = read({name: st.query_params[name] for name in _NAMES if name in st.query_params})
    shown: Shown = st.session_state[KEY]
    return shown


def change(shown: Shown) -> None:
    """Show something else from now on: for callbacks."""
    st.session_state[KEY] = shown


def held() -> Shown:
    """Return what the session shows, within a callback."""
    shown: Shown = st.session_state[KEY]
    return shown


def write_address(shown: Shown) -> None:
    """Write what is shown to the address bar, in one step."""
    words = written(shown)
    if any(st.query_params.get(name) != value for name, value in words.items()):
        st.query_params.update(words)
    for name in _NAMES:
        if name not in words and name in st.query_params:
            del st.query_params[name]
