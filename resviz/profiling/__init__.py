"""Forward time, measured so that one can publish it: protocol, clock, result, store.

The names that need torch are imported when first used, so that reading a result does not load it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from resviz.profiling.protocol import PROTOCOLS, Protocol
from resviz.profiling.result import Profile, Sweep

if TYPE_CHECKING:
    from resviz.profiling.measure import profile, sweep

__all__ = ["PROTOCOLS", "Profile", "Protocol", "Sweep", "profile", "sweep"]

_LATE = {"profile": "resviz.profiling.measure", "sweep": "resviz.profiling.measure"}


def __getattr__(name: str) -> Any:
    if name not in _LATE:
        raise AttributeError(f"module 'resviz.profiling' has no attribute {name!r}")
    return getattr(import_module(_LATE[name]), name)
