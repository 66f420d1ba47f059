"""Find a Chromium for the browser tests, the screenshot and the latency benchmark; get one if there is none.

`python -m scripts.chromium` secures one: $CHROMIUM, then the PATH, then what Playwright has already
fetched; failing these `apt-get install` (root on Debian), then Playwright's own download. It never fails: what
follows from having none is for the browser tests to say (skipped, or failed under CI=true).

The headless shell is Chromium without windows: each page takes a sixth less computing in it than in the whole browser.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = "no Chromium: put one on the PATH, name it in $CHROMIUM, or try `playwright install chromium`"
INSTALL_TIMEOUT = 900  # seconds, for each way


def find() -> Path | None:
    """The first Chromium that answers `--version`, or None."""
    return next((path for path in _candidates() if _answers(path)), None)


def secure() -> Path | None:
    """`find()`, after trying to install one where there is none."""
    if path := find():
        return path
    for commands in _ways():
        print(f"no Chromium yet: {commands[-1]}", flush=True)
        if all(run(command) for command in commands) and (path := find()):
            return path
    return None


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("CHROMIUM"):
        yield Path(named)
    for name in NAMES:
        if on_path := shutil.which(name):
            yield Path(on_path)
    if own := _playwright_path():
        yield own


def _playwright_path() -> Path | None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


def _answers(path: Path) -> bool:
    # A name is not enough: Ubuntu's chromium-browser only prints that it wants to be a snap.
    try:
        subprocess.run([path, "--version"], capture_output=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _ways() -> Iterator[tuple[str, ...]]:
    if debian():
        for package in ("chromium-headless-shell", "chromium"):
            yield "apt-get update -qq", f"apt-get install -qq -y --no-install-recommends {package}"
    yield (f"{sys.executable} -m playwright install chromium",)


def debian() -> bool:
    """Return whether `apt-get install` may be tried: root on Debian or what descends from it."""
    return Path("/etc/debian_version").exists() and shutil.which("apt-get") is not None and os.geteuid() == 0


def run(command: str) -> bool:
    """Run a command quietly; return whether it succeeded."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(
            command.split(),
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=INSTALL_TIMEOUT,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        print(error)
        return False
    return True


if __name__ == "__main__":
    print(secure() or f"{MISSING}. The browser tests will be skipped, or fail under CI=true.")
