"""Python's garbage collector, kept from what stays for as long as the server runs.

Packages leave a million objects behind them, and each full pass walks through all: 0.1 s in the midst of somebody's
run, more where torch is loaded.
"""

import gc
import sys
from functools import lru_cache

MODULES = 300
"""Modules that are imported before another pass is worth its time."""


def settle() -> None:
    """Put what has been imported since the last time where the collector does not look, if that is much."""
    _settle(len(sys.modules) // MODULES)


@lru_cache(maxsize=100)
def _settle(_imported: int) -> None:
    gc.collect()
    gc.freeze()
