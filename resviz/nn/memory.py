"""How much memory a run would take, known before anything is allocated, and the operator's limit on it.

The limit is ``RESVIZ_MEMORY_LIMIT``, a number of bytes with an optional unit (``2 GB``, ``500MiB``); without
it, half of the machine's memory. It guards this process's own memory; a device's is its own guard.
"""

import os
import re

from resviz.arch import Network
from resviz.nn.errors import MemoryLimitError
from resviz.report.formatting import size
from resviz.report.memory import memory

VARIABLE = "RESVIZ_MEMORY_LIMIT"
UNITS = {"": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12, "kib": 2**10, "mib": 2**20, "gib": 2**30}
SHARE = 0.5
"""The share of the machine's memory that one run may take where the operator says nothing."""


def forward_bytes(network: Network, batch: int = 1) -> int:
    """Return the bytes that one inference pass needs in float32: weights and feature maps."""
    return memory(network, batch).to_infer


def limit() -> int:
    """Return the most bytes one run may take. Raises MemoryLimitError where the variable cannot be read."""
    text = os.environ.get(VARIABLE, "").strip()
    if not text:
        return int(SHARE * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    found = re.fullmatch(r"(\d{1,30}(?:\.\d{1,30})?)\s*([a-z]*)", text.lower())
    if found is None or found[2] not in UNITS:
        raise MemoryLimitError(
            f"{VARIABLE} is {text[:40]!r}; it is a number with an optional unit, as in 2 GB or 500 MiB."
        )
    return int(float(found[1]) * UNITS[found[2]])


def ensure_fits(need: int, what: str) -> None:
    """Raise MemoryLimitError, a sentence for people, where ``need`` bytes exceed the limit."""
    allowed = limit()
    if need > allowed:
        raise MemoryLimitError(
            f"{what} would take {size(need)} of memory and the limit is {size(allowed)}; take a "
            f"smaller network, input or batch, or raise {VARIABLE}."
        )
