"""What is on the screen: one configuration, held by the session and written to the address.

The address bar is the state: its ``net`` parameter is the encoded configuration (`resviz.arch.links`), so a
copied address opens the same network. ``v`` is the version of that encoding.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from resviz.arch import ConfigError, Network, ResNetConfig, ResvizError, expand, find, preset
from resviz.arch.inactive import same_network
from resviz.arch.links import DEFAULT_BASE, VERSION, changed_name, decode, encode, ensure_version, named
from resviz.ui.address_bar import went_back
from resviz.ui.asset_text import asset_text
from resviz.ui.text import plain

CONFIG, BASE, PROBLEMS, SEEN = "resviz.config", "resviz.base", "resviz.problems", "resviz.seen"
NOTE = "resviz.note"
TURN, ECHO = "resviz.turn", "resviz.echo"
"""The session's keys for how often it has filled in the sidebar, and for what the browser has seen of that."""
FIELD = "field."
"""What the keys of the sidebar's widgets begin with."""


@dataclass(frozen=True, slots=True)
class Current:
    """The network on the screen: its configuration, its tree, and the preset it started from."""

    config: ResNetConfig
    network: Network
    base: str

    @property
    def title(self) -> str:
        """The network's name, for Markdown: it may come from a file or a link."""
        return plain(self.config.name)

    @property
    def changed(self) -> bool:
        """Whether this is another network than the preset."""
        return not same_network(self.config, preset(self.base))


def start() -> None:
    """Read the address in the first run of a session, and after Back where it names another network."""
    word = st.query_params.get("net", "")
    if CONFIG in st.session_state and (not went_back() or word in ("", st.session_state[SEEN])):
        return
    try:
        ensure_version(st.query_params.get("v"))
        config, base = decode(word or DEFAULT_BASE)
        expand(config)
        show(config, base)
    except ResvizError as error:
        show(preset(DEFAULT_BASE), DEFAULT_BASE)
        st.session_state[PROBLEMS] = {"address": f"The address does not describe a network: {error}"}
    st.session_state[SEEN] = word


_complete = st.components.v2.component("resviz.address", js=asset_text("address.js", "reach.js"))


def watch_address() -> None:
    """Draw what decides in the browser which change of the address is a step of the Back button."""
    _complete(key="resviz.address")


def write_address() -> None:
    """Write the network on the screen to the address bar."""
    now = current()
    word = encode(now.config, now.base)
    st.session_state[SEEN] = word
    if (st.query_params.get("net"), st.query_params.get("v")) != (word, VERSION):
        st.query_params.update(net=word, v=VERSION)  # at once: each writing may be a step of the Back button


def say_address_problem() -> None:
    """Say on whichever page it is that the address describes no network, and which one is shown for it."""
    if "address" in problems():
        st.warning(f"{problems()['address']} {current().title} is shown instead.")


def current() -> Current:
    """Return the network on the screen, the last one that could be."""
    config: ResNetConfig = st.session_state[CONFIG]
    return Current(config, expand(config), st.session_state[BASE])


def problems() -> dict[str, str]:
    """Return what is wrong with the fields as they stand in the sidebar, by field; for Markdown."""
    found: dict[str, str] = st.session_state.get(PROBLEMS, {})
    return {field: plain(sentence) for field, sentence in found.items()}


def name_tab() -> None:
    """Name the browser's tab after the network on the screen."""
    st.set_page_config(page_title=f"{current().config.name} - resviz")


def show(config: ResNetConfig, base: str) -> None:
    """Put a network on the screen and have every widget of the sidebar show its fields."""
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    forget_fields()
    st.session_state[CONFIG], st.session_state[BASE], st.session_state[PROBLEMS] = config, base, {}


def forget_fields() -> None:
    """Have every widget of the sidebar show the fields of the network on the screen when it is drawn next."""
    for key in [key for key in st.session_state if str(key).startswith(FIELD)]:
        del st.session_state[key]


def ask_back() -> None:
    """Draw a widget that nobody sees: what the browser holds of it tells which filling of the sidebar it has shown."""
    turn = str(st.session_state[TURN])
    if st.session_state.get(ECHO) != turn:
        st.session_state[ECHO] = turn
    st.text_input("Turn", key=ECHO, label_visibility="collapsed")


def overtaken() -> bool:
    """Return whether the browser sent its fields before it showed the last network that was put in them."""
    return st.session_state.get(ECHO) not in (None, str(st.session_state[TURN]))


def edit(fields: dict[str, Any]) -> None:
    """Put the network that these fields describe on the screen, or keep the last one and say what is wrong."""
    base = st.session_state[BASE]
    try:
        config = _named(fields, base)
        expand(config)
    except ConfigError as error:
        st.session_state[PROBLEMS] = {problem.field: problem.sentence for problem in error.problems}
        return
    st.session_state[CONFIG], st.session_state[PROBLEMS] = config, {}


def _named(fields: dict[str, Any], base: str) -> ResNetConfig:
    """Return the configuration of these fields under the name that the person gave it, or else the usual one."""
    given = st.session_state[CONFIG].name
    if given in (base, changed_name(base)):
        return named(ResNetConfig(**{**fields, "name": base}), base)
    return ResNetConfig(**{**fields, "name": given})


def rename(name: str) -> None:
    """Give the network on the screen a name of the person's own; an empty one gives it the usual name back."""
    now = current()
    try:
        config = (
            now.config.with_(name=name.strip()) if name.strip() else named(now.config.with_(name=now.base), now.base)
        )
    except ConfigError as error:
        st.session_state[NOTE] = ("preset", str(error))
        return
    st.session_state[CONFIG] = config


def put_back(fields: dict[str, Any]) -> None:
    """Put the network of these fields on the screen and in the sidebar, or say why there is none."""
    base = st.session_state[BASE]
    try:
        config = _named(fields, base)
        expand(config)
    except ConfigError as error:
        st.session_state[NOTE] = ("preset", str(error))
        return
    show(config, base)


def complain(field: str, sentence: str) -> None:
    """Say what is wrong with one field, beside it; the network on the screen stays."""
    st.session_state[PROBLEMS] = {field: sentence}


def base_of(config: ResNetConfig) -> str | None:
    """Return the preset that a configuration calls itself after, or None where there is none of that name."""
    try:
        return find(config.name.removeprefix(changed_name(""))).name
    except ResvizError:
        return None


def pick(name: str, where: str = "preset") -> None:
    """Put a preset or family member on the screen, or say that there is none of that name, where it was asked for."""
    try:
        found = find(name)
        expand(found.config)
    except ResvizError as error:
        st.session_state[NOTE] = (where, str(error))
        return
    show(found.config, found.name)


def refused(where: str) -> str:
    """Return what was refused at a place of the sidebar a moment ago; it is said once."""
    place, sentence = st.session_state.get(NOTE, ("", ""))
    if place != where:
        return ""
    del st.session_state[NOTE]
    return str(sentence)


def note(where: str) -> str:
    """Return the same for Markdown."""
    return plain(refused(where))


def link(config: ResNetConfig, page: str = "", base: str = DEFAULT_BASE) -> str:
    """Return the address, from the root of the server, that opens a page with a network."""
    return address(page, {"net": encode(config, base), "v": VERSION})


def address(page: str, query: dict[str, str]) -> str:
    """Return a page's address from the root of the server: the app may stand under a path of its own there."""
    under = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"{f'/{under}' if under else ''}/{page}?{urlencode(query)}"
