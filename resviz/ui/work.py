"""What a page needs computed and may not wait for: in the queue, kept a while for every session.

A run of the page waits for a moment, so that what takes no time comes at once; then it shows how far the work is, with
its Stop, and the page comes again when it is over. All such work of a process goes through one worker, one piece after
another: what is computed for many visitors at once takes the memory of one. The same piece is computed once, whoever
asks for it.
"""

import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Generic, TypeVar

import streamlit as st

from resviz.errors import QueueError, ResvizError
from resviz.profiling.jobs import PAGES, Progress
from resviz.progress import Report, limited
from resviz.ui.queue import jobs, running
from resviz.ui.text import plain
from resviz.ui.visitor import visitor

PATIENCE = 0.7
"""Seconds that a run of a page waits before it shows how far the work is."""
LONGEST = 180.0
"""Seconds that one piece of work may take; it ends at the next of its reports."""
KEY = "resviz.work"
"""The session's key for the jobs it waits for, and for the last result of each kind, which it keeps itself."""

T = TypeVar("T")


class Results(Generic[T]):
    """The results that were asked for last, by key, for all sessions of the process."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> T | None:
        """Return a result, or None where it is not there any more."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def put(self, key: Hashable, result: T) -> None:
        """Keep a result; the one that nobody asked for longest goes."""
        with self._lock:
            self._found[key] = result
            while len(self._found) > self._most:
                self._found.popitem(last=False)

    def clear(self) -> None:
        """Let all go."""
        with self._lock:
            self._found.clear()


@dataclass(frozen=True)
class Kind(Generic[T]):
    """A kind of result that pages need: its name, and those that are there."""

    name: str
    results: Results[T]


def needed(
    kind: Kind[T], key: Hashable, title: str, work: Callable[[Report], T], *, quiet: bool = False, owned: bool = True
) -> T | None:
    """Return what ``work`` gives, computed now or before; None after drawing how far it is or why it is not there.

    ``key`` names the result among those of its kind; a session waits for one of a kind, and what it waited for before
    is stopped unless others do too. ``quiet`` draws nothing where the work failed; what is not ``owned`` has no Stop.
    """
    owner = visitor() if owned else ""
    _leave(kind, key, owner)
    held: dict[str, Any] = st.session_state.setdefault(KEY, {})
    kept = held.get(kind.name)
    if kept is not None and kept[0] == key:
        result: T = kept[1]
        return result
    held.pop(kind.name, None)
    found = kind.results.get(key)
    if found is None:
        job = _job(kind, key, title, work, owner)
        found = kind.results.get(key)
        if found is None and job is not None and job.state == "done":
            job = _job(kind, key, title, work, owner, gone=True)
            found = kind.results.get(key)
        if found is None:
            if job is not None:
                _stands(job, f"{KEY}.{kind.name}", quiet=quiet)
            return None
    held[kind.name] = key, found
    return found


def forget(kind: Kind[T]) -> None:
    """Have the session wait no longer for a result of a kind of its own, nor keep the last."""
    _leave(kind, None, visitor())
    st.session_state.get(KEY, {}).pop(kind.name, None)


def loaded() -> bool:
    """Return whether torch is there; else have it loaded and draw how far that is. It takes seconds, once a process."""
    if _imported():
        return True

    def work(report: Report) -> bool:
        report("loading", 0, 1)
        import resviz.nn.build  # noqa: F401

        return True

    there: bool | None = needed(_LOADED, "torch", "torch", work, owned=False)
    return there is True


def _imported() -> bool:
    """Return whether torch is imported, and not just about to be: an import that waits for it would hold the page.

    A module is among `sys.modules` when its import begins, and a part of its package when that has ended.
    """
    return hasattr(sys.modules.get("resviz.nn"), "build")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a session asked for of a kind, and the job that computes it."""

    key: Hashable
    id: str
    again: bool = False
    """Whether it was computed before and gone when the session came for it."""


def _leave(kind: Kind[T], key: Hashable, owner: str) -> None:
    """Have the session wait no longer for another result of a kind than the one it needs now."""
    known = f"{KEY}.{kind.name}.job"
    asked: _Asked | None = st.session_state.get(known)
    if asked is not None and asked.key != key:
        del st.session_state[known]
        jobs().leave(asked.id, owner=owner)


def _job(
    kind: Kind[T], key: Hashable, title: str, work: Callable[[Report], T], owner: str, *, gone: bool = False
) -> Progress | None:
    """Return the job that computes a result, put in the queue if it is not; None after saying why it cannot be.

    Where the result is ``gone``, pushed out by those of others, it is computed once more.
    """
    known = f"{KEY}.{kind.name}.job"
    asked: _Asked | None = st.session_state.get(known)
    job = jobs().progress(asked.id) if asked else None
    if job is None or (gone and asked and not asked.again):
        try:
            id = jobs().submit(PAGES, title, _kept(kind, key, title, work), owner=owner, same=(kind.name, key))
        except ResvizError as error:
            _again(f"{KEY}.{kind.name}", plain(error), st.error)
            return None
        st.session_state[known] = _Asked(key, id, gone)
        job = jobs().wait(id, PATIENCE)
    return job


def _kept(kind: Kind[T], key: Hashable, title: str, work: Callable[[Report], T]) -> Callable[[Report], None]:
    """Return the work with its time limit; the result goes among those of its kind, and the job remembers none."""
    ended = QueueError(f"{title} was ended after {LONGEST:g} s, the most that a page's work may take.")

    def task(report: Report) -> None:
        kind.results.put(key, work(limited(report, LONGEST, ended)))

    return task


def _stands(job: Progress, key: str, *, quiet: bool) -> None:
    """Draw how a job stands whose result is not there."""
    if not job.over:
        running(job.id, f"{key}.stop")
    elif job.error and not quiet:
        _again(key, plain(job.error), st.error)
    elif not quiet:
        said = f"{plain(job.title)}: stopped." if job.state == "stopped" else "It is no longer kept."
        _again(key, said, st.info)


def _again(key: str, said: str, say: Callable[[str], object]) -> None:
    """Say why there is no result, as Markdown, beside a button that asks for it again."""
    with st.container(horizontal=True, vertical_alignment="center"):
        say(said)
        st.button(
            "Try again",
            icon=":material/refresh:",
            key=f"{key}.again",
            on_click=lambda: st.session_state.pop(f"{key}.job", None),
        )


_LOADED: Kind[bool] = Kind("torch", Results(1))
