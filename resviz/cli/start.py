"""The verbs that start the app: at its first page, or at a network."""

import runpy
import sys
import webbrowser
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Annotated
from urllib.parse import urlencode

import typer

from resviz.arch import ResNetConfig, UnknownNameError, find
from resviz.arch.links import DEFAULT_BASE, VERSION, encode
from resviz.cli.networks import Changes, Name, configured
from resviz.cli.program import app, echo

HOST = "localhost"
PATIENCE = 60
"""Seconds that a browser is kept waiting for the server."""


@app.command("app", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def app_(context: typer.Context) -> None:
    """Start the app in a browser; what follows goes to Streamlit, such as --server.port 8600."""
    _serve(*context.args)


@app.command()
def show(
    name: Name,
    changes: Changes = None,
    *,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where the app listens on this machine.")] = 8501,
) -> None:
    """Start the app at a network, as its link opens it."""
    address = link(configured(name, changes), name, port)
    echo(address)
    Thread(target=_open, args=(address, port), daemon=True).start()
    _serve(f"--server.port={port}", f"--server.address={HOST}", "--server.headless=true")


def link(config: ResNetConfig, name: str, port: int) -> str:
    """Return the address at which the app on a port of this machine shows a network that a NAME led to."""
    try:
        base = find(name).name
    except UnknownNameError:  # a file's configuration
        base = DEFAULT_BASE
    return f"http://{HOST}:{port}/?{urlencode({'net': encode(config, base), 'v': VERSION})}"


def _open(address: str, port: int) -> None:
    """Open a browser as soon as the server answers."""
    end = monotonic() + PATIENCE
    while monotonic() < end:
        with suppress(OSError, HTTPException), closing(HTTPConnection(HOST, port, timeout=2)) as connection:
            connection.request("GET", "/_stcore/health")
            if connection.getresponse().status == 200:
                webbrowser.open(address)
                return
        sleep(0.2)


def _serve(*options: str) -> None:
    sys.argv = ["streamlit", "run", str(script()), *options]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)


def script() -> Path:
    """Return the script that Streamlit runs, its options beside it: the wheel's, or the repository's."""
    here = Path(__file__).parents[1]
    wheels = here / "ui" / "script" / "app.py"
    return wheels if wheels.exists() else here.parent / "app.py"
