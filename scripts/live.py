"""The app as a visitor meets it: a live server, a real Chromium, and the moment a page has run_ended.

Shared by the browser tests, the screenshot and the latency benchmark, so that all look at the same thing.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from socket import socket
from typing import IO

from playwright.sync_api import Browser, Page, sync_playwright

from scripts.chromium import MISSING, find

ROOT = Path(__file__).parents[1]
APP = ROOT / "app.py"
HOST = "127.0.0.1"
START_TIMEOUT = 60  # seconds; two on an idle machine

# The server reads its end of a pipe that only we hold, so it ends with us even if we are killed.
SERVER = """
import os, sys, threading
threading.Thread(target=lambda: (sys.stdin.buffer.read(), os._exit(0)), daemon=True).start()
from streamlit.web.cli import main
sys.exit(main())
"""

FEATURES_OFF = (
    # Each new window would load what drops down from an address bar that nobody sees: 0.4 s of computing.
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    # What Playwright 1.65 turns off: of two such lists Chromium heeds the last, which is ours.
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "TcpPortRandomizationWin",
    "ThirdPartyStoragePartitioning",
)
CHROMIUM_FLAGS = (
    "--no-sandbox",  # the sandbox needs user namespaces, which containers refuse; we open only our own pages
    "--disable-gpu",
    "--process-per-site",  # a new tab finds the scripts compiled
    "--no-proxy-server",
    f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {HOST}",  # nothing reaches the network, whoever asks
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    f"--disable-features={','.join(FEATURES_OFF)}",
)

# Streamlit's own marks: the run has ended, no element waits to be replaced, no placeholder is shown.
RUN_ENDED = """() => {
    const app = document.querySelector('[data-testid=stApp]');
    return app?.dataset.testScriptState === 'notRunning'
        && app.dataset.testConnectionState === 'CONNECTED'
        && !document.querySelector('[data-stale=true], [data-testid$=Skeleton]');
}"""


class ServerFailed(RuntimeError):
    """The server died or did not answer in time; the message is its log."""


@contextmanager
def serve(
    app: Path = APP, *, log_file: Path | None = None, base: str = "", folder: Path | None = None
) -> Iterator[str]:
    """Streamlit on a free port; gives its address, without a slash at the end.

    ``log_file`` keeps what the server logs; ``base`` is the path that the app stands under; ``folder`` is where it is
    started, the app's own if none is named.
    """
    port = free_port()
    options = {
        "server.address": HOST,
        "server.port": port,
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "server.baseUrlPath": base,
    }
    flags = [f"--{name}={value}" for name, value in options.items()]
    with log_file.open("w+b") if log_file else tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVER, "run", str(app), *flags],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder or app.parent,  # where Streamlit looks for .streamlit/config.toml
        )
        try:
            wait_until_healthy(process, port, log, base)
            yield f"http://{HOST}:{port}{f'/{base}' if base else ''}"
        finally:
            process.kill()  # nothing in it is worth a farewell
            process.communicate()


@contextmanager
def launch() -> Iterator[Browser]:
    """Headless Chromium that can reach this machine only. Raises FileNotFoundError where there is none."""
    path = find()  # before Playwright starts: it may ask a Playwright of its own
    if not path:
        raise FileNotFoundError(MISSING)
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS) as it:
        yield it


def run_ended(page: Page) -> Page:
    """Wait until the script run has ended and its output is on the page; fail if it shows an exception.

    A slider sends its value 200 ms after the last move: wait for what it changes, then for this.
    """
    page.wait_for_function(RUN_ENDED)
    exception = page.locator("[data-testid=stException]")
    assert exception.count() == 0, exception.first.inner_text()
    return page


def free_port() -> int:
    """Return a port that nothing listens on."""
    # Streamlit takes port 0 for "unset", so we choose.
    with socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def wait_until_healthy(process: "subprocess.Popen[bytes]", port: int, log: IO[bytes], base: str = "") -> None:
    """Return when the server answers. Raises ServerFailed where it dies or takes too long."""
    deadline = time.monotonic() + START_TIMEOUT
    while not _healthy(port, base):
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            if time.monotonic() < deadline:
                continue
        log.seek(0)
        raise ServerFailed(log.read().decode(errors="replace"))


def _healthy(port: int, base: str) -> bool:
    connection = HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", f"{f'/{base}' if base else ''}/_stcore/health")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
