"""Streamlit sessions without a browser: many visitors from one process, over real websockets.

A session speaks the protocol of Streamlit's own front end, so the server runs the script for it just as it
does for a person; what the browser would draw is only read for exceptions and widgets.
"""

import asyncio
import json
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self, TypeVar

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

RUN_TIMEOUT = 60  # seconds a script run may take on a loaded machine


T = TypeVar("T")


def visited(visit: Coroutine[Any, Any, T]) -> T:
    """Run a visit to its end, in a thread of its own: a browser may keep an event loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, visit).result()


def events_of(component: str) -> str:
    """Return the identity under which a component's presses are sent, from its own."""
    return f"$$STREAMLIT_INTERNAL_KEY_{component}__events"


class Session:
    """One visitor: connects, runs the script, changes widgets by their label."""

    def __init__(self, address: str, query: str = "", page: str = "", *, keep: bool = False, cookie: str = "") -> None:
        self.address, self.query, self.page, self.keep, self.cookie = address, query, page, keep, cookie
        self.exceptions: list[str] = []
        self.received: list[bytes] = []
        self.begun = asyncio.Event()
        """Set once the server has begun to run the script."""
        self.busy = False
        """Whether the last run showed work under way."""
        self._socket: ClientConnection | None = None
        self._page_hash = ""
        self._widgets: dict[str, str] = {}
        self._values: dict[str, tuple[str, Any]] = {}

    async def __aenter__(self) -> Self:
        self._socket = await connect(
            f"{self.address.replace('http', 'ws', 1)}/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]  # a NewType of str
            additional_headers={"Cookie": self.cookie} if self.cookie else None,
            origin="/".join(self.address.split("/")[:3]),  # type: ignore[arg-type]  # a NewType of str
            max_size=None,
            compression=None,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._socket is not None:
            await self._socket.close()

    def knows(self, label: str) -> bool:
        """Return whether the page has shown a widget of this label, or tabs of this key."""
        return label in self._widgets

    async def set(self, label: str, field: str, value: Any) -> float:
        """Give a widget a value, ``field`` being its kind of value in Streamlit's protocol; seconds it took.

        A widget is known by its label or its component's name, tabs by their key.
        """
        self._values[self._widgets[label]] = (field, value)
        return await self.run()

    async def press(self, component: str, **words: Any) -> float:
        """Have one of the app's components say something, once; seconds it took."""
        own = self._widgets[component]
        self._values.setdefault(own, ("json_value", "{}"))  # what it keeps, which a browser sends beside what it says
        identity = events_of(own)
        self._values[identity] = ("json_trigger_value", json.dumps([{"event": "said", "value": words}]))
        try:
            return await self.run()
        finally:
            del self._values[identity]

    def forget(self, label: str) -> None:
        """Send a widget's value no more: the page has given it another."""
        self._values.pop(self._widgets.get(label, ""), None)

    async def run(self) -> float:
        """Run the script once; seconds until the server said that it had finished."""
        assert self._socket is not None, "enter the session first"
        message = BackMsg()
        message.rerun_script.query_string = self.query
        if not self._page_hash:
            message.rerun_script.page_name = self.page
        message.rerun_script.page_script_hash = self._page_hash
        for identity, (field, value) in self._values.items():
            widget = message.rerun_script.widget_states.widgets.add(id=identity)
            setattr(widget, field, value)
        self.busy = False
        start = time.perf_counter()
        await self._socket.send(message.SerializeToString())
        async with asyncio.timeout(RUN_TIMEOUT):
            while not await self._read():
                pass
        return time.perf_counter() - start

    async def _read(self) -> bool:
        """Read one message; whether it ends the run."""
        assert self._socket is not None
        raw = await self._socket.recv(decode=False)
        if self.keep:
            self.received.append(raw)
        message = ForwardMsg.FromString(raw)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.begun.set()
            self._page_hash = message.new_session.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "delta" and message.delta.add_block.tab_container.id:
            tabs = message.delta.add_block.tab_container.id
            self._widgets[tabs.rpartition("-")[2]] = tabs
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            name = element.WhichOneof("type") or "empty"
            shown = getattr(element, name)
            self.busy |= name == "progress"
            if name == "exception":
                self.exceptions.append(shown.message)
            elif getattr(shown, "id", ""):
                self._widgets[getattr(shown, "label", "") or getattr(shown, "component_name", "")] = shown.id
        return bool(kind == "script_finished")
