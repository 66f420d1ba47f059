"""Nothing in the repository names a particular machine: it is the same for whoever clones it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Classes of one letter keep this file from matching itself.
OF_ONE_MACHINE = re.compile(
    rb"""
      /w[o]rk/ | /r[o]ot/ | /h[o]me/\w | /U[s]ers/\w | /opt/(?:w[h]eels|p[y]pi) | file:///[o]pt
    | /tmp/b[a]sh_jobs | C:\\U[s]ers
    | \bp[y]pi\.org | python[h]osted\.org | registry\.n[p]mjs | deb\.d[e]bian\.org | download\.py[t]orch\.org
    | --(?:extra-)?i[n]dex-url | --find-[l]inks
    | \b(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}\b
    """,
    re.VERBOSE,
)


def tracked() -> list[Path]:
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("not a git checkout")
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listing.decode().split("\0") if name]


def test_no_tracked_file_names_a_machine_or_a_registry() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {match.group().decode()}"
        for path in tracked()
        if path.is_file()
        for number, line in enumerate(path.read_bytes().splitlines(), start=1)
        if (match := OF_ONE_MACHINE.search(line))
    ]
    assert not found
