"""The verb that starts the app."""

import runpy
import sys
from pathlib import Path

import typer

from resviz.cli.program import app


@app.command("app", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def app_(context: typer.Context) -> None:
    """Start the app in a browser; what follows goes to Streamlit, such as --server.port 8600."""
    sys.argv = ["streamlit", "run", str(script()), *context.args]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)


def script() -> Path:
    """Return the script that Streamlit runs, its options beside it: the wheel's, or the repository's."""
    here = Path(__file__).parents[1]
    wheels = here / "ui" / "script" / "app.py"
    return wheels if wheels.exists() else here.parent / "app.py"
