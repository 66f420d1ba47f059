"""The networks beside the one of the sidebar on the Compare page: in the session, and in the address.

In the address each is a parameter ``with`` of its own, encoded as ``net`` is (`resviz.arch.links`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import streamlit as st

from resviz.arch import ResNetConfig, ResvizError, expand, find
from resviz.arch.links import DEFAULT_BASE, VERSION, decode, encode, ensure_version
from resviz.report.compare import MOST
from resviz.ui import state
from resviz.ui.address_bar import went_back

PARAMETER = "with"
WORDS, PROBLEM = "resviz.others", "resviz.others.problem"
ASKED = "resviz.others.asked"
"""The session's key for that networks were named elsewhere, which this page is to show."""
FIRST_VISIT = ("resnet50_v1", "resnet50")
"""The network beside the sidebar's on a first visit: the first of these that is another one."""


@dataclass(frozen=True, slots=True)
class Other:
    """One network by its word in the address; ``config`` is None where the word describes none: see ``problem``."""

    word: str
    config: ResNetConfig | None
    base: str
    problem: str = ""


def start(now: state.Current) -> None:
    """Read the address where it names something new, else keep what the session holds."""
    words = st.query_params.get_all(PARAMETER)
    if words and (WORDS not in st.session_state or (went_back() and words != st.session_state[WORDS])):
        st.session_state[WORDS] = words[: MOST - 1]
        if left_out := words[MOST - 1 :]:
            st.session_state[PROBLEM] = (
                f"The link holds {len(words) + 1} networks and a comparison takes {MOST}; left out: "
                f"{', '.join(word if len(word) <= 60 else f'{word[:57]}...' for word in left_out[:MOST])}"
                f"{' and more' if len(left_out) > MOST else ''}."
            )
    elif WORDS not in st.session_state:
        st.session_state[WORDS] = [next(word for word in FIRST_VISIT if word != encode(now.config, now.base))]
    if words != st.session_state[WORDS]:
        st.query_params[PARAMETER] = st.session_state[WORDS]


def problem() -> str:
    """Return what was refused a moment ago, a sentence; it is said once."""
    said: str = st.session_state.pop(PROBLEM, "")
    return said


def others() -> tuple[Other, ...]:
    """Return the networks in order, impossible ones with the reason."""
    return tuple(_read(word) for word in st.session_state[WORDS])


def _read(word: str) -> Other:
    try:
        config, base = decode(word)
        expand(config)
    except ResvizError as error:
        return Other(word, None, DEFAULT_BASE, str(error))
    return Other(word, config, base)


def add(word: str) -> None:
    """Put a network beside the others, or say why there is none."""
    other = _read(word)
    if other.problem:
        st.session_state[PROBLEM] = other.problem
    elif len(st.session_state[WORDS]) >= MOST - 1:
        st.session_state[PROBLEM] = f"{MOST} networks are the most; remove one first."
    else:
        st.session_state[WORDS] = [*st.session_state[WORDS], word]


def ask(names: Sequence[str]) -> None:
    """Put networks in the place of those compared, the first in the sidebar, and ask for the page; or say why not."""
    if len(names) > MOST:
        st.session_state[state.NOTE] = ("preset", f"A comparison takes {MOST} networks at most, not {len(names)}.")
        return
    try:
        found = [find(name) for name in names]
        for each in found:
            expand(each.config)
    except ResvizError as error:
        st.session_state[state.NOTE] = ("preset", str(error))
        return
    first, *others = found
    state.show(first.config, first.name)
    st.session_state[WORDS] = [encode(each.config, each.name) for each in others]
    st.session_state[ASKED] = True


def asked() -> bool:
    """Return whether the page was asked for a moment ago; it is said once."""
    return bool(st.session_state.pop(ASKED, False))


def remove(index: int) -> None:
    """Take a network away."""
    words = st.session_state[WORDS]
    st.session_state[WORDS] = [*words[:index], *words[index + 1 :]]


def word_in(text: str) -> str:
    """Return the word that a pasted text holds: a link's ``net``, or the text itself.

    Raises ConfigError for a link of another version.
    """
    try:
        query = parse_qs(urlsplit(text.strip()).query)
    except ValueError:  # http://[::1 begins an address and never ends it
        query = {}
    if "net" not in query:
        return text.strip()
    ensure_version(query.get("v", [""])[-1])
    return query["net"][-1]


def link(now: state.Current, config: ResNetConfig) -> str:
    """Return the address that compares the network on the screen with another, from the root of the server."""
    query = {"net": encode(now.config, now.base), "v": VERSION, PARAMETER: encode(config, now.base)}
    return state.address("compare", query)
