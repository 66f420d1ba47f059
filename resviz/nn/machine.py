"""The memory of this machine, or of the container that this process may not leave."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import psutil

V1, V2 = "memory.limit_in_bytes", "memory.max"
"""The file that holds a group's limit, in version 1 and in version 2 of Linux's control groups."""


def machine_bytes(root: Path = Path("/")) -> int:
    """Return the bytes of memory that this process could have: the machine's, or its control group's if less.

    ``root`` is the folder that ``proc`` and ``sys`` are in. Any system but Linux has no control groups.
    """
    return min([psutil.virtual_memory().total, *_group_limits(root)])


def _group_limits(root: Path) -> Iterator[int]:
    """Yield the limit of every control group that this process is in, from the innermost outwards."""
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if not controllers:
            mount, name = root / "sys/fs/cgroup", V2
        elif "memory" in controllers.split(","):
            mount, name = root / "sys/fs/cgroup/memory", V1
        else:
            continue
        group = PurePosixPath(path)
        # A container often sees its own group at the mount's root, while its path is still the host's.
        for folder in (group, *group.parents):
            limit = _number(mount / folder.relative_to("/") / name)
            if limit is not None:
                yield limit


def _number(file: Path) -> int | None:
    """Return the limit in a file, or None where there is no file, no permission or no limit."""
    try:
        text = file.read_text().strip()
    except OSError:
        return None
    return int(text) if text.isdecimal() else None  # "max": without a limit
