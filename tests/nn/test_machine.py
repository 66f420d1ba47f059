"""The memory that a process may have is its control group's where that is less than the machine's."""

from pathlib import Path

import psutil
import pytest

from resviz.nn.machine import machine_bytes

MACHINE = psutil.virtual_memory().total


def system(root: Path, groups: str, limits: dict[str, str]) -> Path:
    """A made-up system: the groups of this process, and files under sys/fs/cgroup."""
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/self/cgroup").write_text(groups)
    for name, text in limits.items():
        file = root / "sys/fs/cgroup" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


@pytest.mark.parametrize(
    ("groups", "limits", "expected"),
    [
        ("0::/\n", {"memory.max": "1000\n"}, 1000),
        ("0::/\n", {"memory.max": "max\n"}, MACHINE),
        ("0::/a/b\n", {"a/b/memory.max": "max\n", "a/memory.max": "700\n", "memory.max": "900\n"}, 700),
        ("3:cpu:/x\n4:memory:/box/7\n0::/\n", {"memory/box/7/memory.limit_in_bytes": "500\n"}, 500),
        ("4:cpu,memory:/box/7\n", {"memory/memory.limit_in_bytes": "600\n"}, 600),  # the path is the host's
        ("4:memory:/\n", {"memory/memory.limit_in_bytes": "9223372036854771712\n"}, MACHINE),
        ("3:cpu:/x\n", {"memory/memory.limit_in_bytes": "500\n"}, MACHINE),
        ("0::/../..\n", {"memory.max": "800\n"}, 800),
    ],
)
def test_the_least_limit_of_the_groups_holds(
    groups: str, limits: dict[str, str], expected: int, tmp_path: Path
) -> None:
    assert machine_bytes(system(tmp_path, groups, limits)) == expected


def test_a_system_without_groups_has_the_machines_memory(tmp_path: Path) -> None:
    assert machine_bytes(tmp_path) == MACHINE


def test_no_other_file_asks_the_system_for_its_memory() -> None:
    """`os.sysconf` is not on Windows, and knows nothing of containers."""
    package = Path(__file__).parents[2] / "resviz"
    asks = ("sysconf", "virtual_memory", "SC_PHYS_PAGES")
    found = {path.name for path in package.rglob("*.py") if any(word in path.read_text() for word in asks)}
    assert found == {"machine.py"}
