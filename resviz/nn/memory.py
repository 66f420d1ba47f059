"""How much memory this process may take for its work, known before anything is allocated.

The limit is ``RESVIZ_MEMORY_LIMIT``, a number of bytes with an optional unit (``2 GB``, ``500MiB``); without
it, half of the memory of the machine, or of the container. One account holds what the whole process has
claimed, by whatever session: modules that are kept, passes that run, files that were uploaded. Python and
the libraries themselves are not in it, and a device's memory is its own guard.
"""

import gc
import os
import re
import weakref
from collections.abc import Callable
from contextvars import ContextVar
from itertools import count
from threading import Lock
from types import TracebackType
from typing import Self

from resviz.arch import Network
from resviz.errors import MemoryLimitError
from resviz.nn.machine import machine_bytes
from resviz.report.formatting import size
from resviz.report.memory import memory

VARIABLE = "RESVIZ_MEMORY_LIMIT"
UNITS = {"": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12, "kib": 2**10, "mib": 2**20, "gib": 2**30}
SHARE = 0.5
"""The share of the machine's memory that the process may take where the operator sets nothing."""


def forward_bytes(network: Network, batch: int = 1) -> int:
    """Return the bytes that one inference pass needs in float32: weights and feature maps."""
    return memory(network, batch).to_infer


def limit() -> int:
    """Return the most bytes the process may take. Raises MemoryLimitError where the variable cannot be read."""
    text = os.environ.get(VARIABLE, "").strip()
    if not text:
        return int(SHARE * machine_bytes())
    found = re.fullmatch(r"(\d{1,30}(?:\.\d{1,30})?)\s*([a-z]*)", text.lower())
    if found is None or found[2] not in UNITS:
        said = text if len(text) <= 40 else f"{text[:40]}..."
        raise MemoryLimitError(f"{VARIABLE} is {said!r}; it is a number with an optional unit, as in 2 GB or 500 MiB.")
    return int(float(found[1]) * UNITS[found[2]])


class Claim:
    """Bytes that a piece of work may take; counted until its ``with`` ends, or until what it made is gone."""

    def __init__(self, account: "Account", need: int) -> None:
        self._account = account
        self._key = account.enter(need)
        self._end = self._ended_by(self)
        self._kept = False

    def __enter__(self) -> Self:
        self._before = _OWN.set(_OWN.get() + self._account.claims.get(self._key, 0))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        _OWN.reset(self._before)
        if not self._kept:
            self._end()

    def keep(self, made: object, need: int) -> None:
        """Count ``need`` bytes from here on, and until ``made`` is collected instead of to the end of the ``with``."""
        self._account.claims[self._key] = need
        self._end.detach()
        self._end = self._ended_by(made)
        self._kept = True

    def _ended_by(self, owner: object) -> "weakref.finalize[[int, None], object]":
        end = weakref.finalize(owner, self._account.claims.pop, self._key, None)
        end.atexit = False
        return end


class Account:
    """What a process has claimed, and what it can let go of where more is needed."""

    def __init__(self) -> None:
        self.claims: dict[int, int] = {}
        """Bytes by claim. An entry leaves by ``pop`` alone, which the collector may call at any moment."""
        self._keys = count()
        self._lock = Lock()
        self._caches: list[Callable[[], object]] = []

    @property
    def held(self) -> int:
        """The bytes of all claims."""
        return sum(tuple(self.claims.values()))

    def enter(self, need: int) -> int:
        """Count bytes and return their key; what they are for has been let in before."""
        key = next(self._keys)
        self.claims[key] = need
        return key

    def claim(self, need: int, what: str) -> Claim:
        """Return a claim on ``need`` bytes beside all others. Raises MemoryLimitError where they exceed the limit."""
        self._make_room(need, what, 0)
        with self._lock:
            self._refuse(need, what, self.held)
            return Claim(self, need)

    def check(self, need: int, what: str) -> None:
        """Raise MemoryLimitError where ``need`` bytes, beside the claims of others, exceed the limit."""
        self._make_room(need, what, _OWN.get())
        self._refuse(need, what, self.held - _OWN.get())

    def let_go(self, clear: Callable[[], object]) -> None:
        """Have a cache cleared by ``clear`` where its memory is needed for something else."""
        if clear not in self._caches:
            self._caches.append(clear)

    def _make_room(self, need: int, what: str, own: int) -> None:
        """Collect what is not needed any more, and clear the caches, if that may help."""
        allowed = limit()
        if need > allowed:
            self._refuse(need, what, 0)
        for clear in (lambda: None, *self._caches):
            if self.held - own + need <= allowed:
                return
            clear()
            gc.collect()

    def _refuse(self, need: int, what: str, others: int) -> None:
        allowed = limit()
        if others + need <= allowed:
            return
        taken = f", of which {size(others)} are taken just now" if others else ""
        remedy = "try again in a moment, take" if others and need <= allowed else "take"
        raise MemoryLimitError(
            f"{what} would take {size(need)} of memory and the limit is {size(allowed)}{taken}; {remedy} a smaller "
            f"network, input or batch, or raise {VARIABLE}."
        )


_OWN: ContextVar[int] = ContextVar("own", default=0)
"""The bytes that the running piece of work has claimed itself."""
ACCOUNT = Account()
"""The account of this process, which all its sessions share."""


def claim(need: int, what: str) -> Claim:
    """Return a claim on bytes of this process's account, for a ``with``. Raises MemoryLimitError beyond the limit."""
    return ACCOUNT.claim(need, what)


def ensure_fits(need: int, what: str) -> None:
    """Raise MemoryLimitError, a sentence for people, where ``need`` bytes exceed what the limit leaves.

    What the running piece of work has claimed itself is not counted again.
    """
    ACCOUNT.check(need, what)
