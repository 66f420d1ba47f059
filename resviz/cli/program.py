"""The program itself: its verbs, what it prints, and how it ends where something is refused."""

import errno
import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import typer
from typer.core import TyperGroup

from resviz.errors import ResvizError
from resviz.report.escapes import lines

UNWRITTEN = 74
"""The exit code where standard output cannot be written: EX_IOERR of sysexits."""
LOST_OUTPUT = {errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ESHUTDOWN}
"""A system's error numbers for a closed pipe, a full disk and their like."""


class _Verbs(TyperGroup):
    """The verbs; what resviz refuses on purpose ends any of them in the same way."""

    def invoke(self, ctx: Any) -> Any:
        try:
            with _watched_output():
                return super().invoke(ctx)
        except ResvizError as error:
            echo(f"resviz: {error}", err=True)
            raise typer.Exit(2) from None


app = typer.Typer(
    cls=_Verbs,
    name="resviz",
    help="Residual networks, described once: listed, tabulated, compared, drawn, built and profiled.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def echo(text: object, *, err: bool = False, nl: bool = True) -> None:
    """Print text; a name from a file sends no command to the terminal."""
    typer.echo(lines(str(text)), err=err, nl=nl)


def print_json(data: Any) -> None:
    """Print plain data as JSON."""
    echo(json.dumps(data, indent=2))


@contextmanager
def _watched_output() -> Iterator[None]:
    """End the program with a sentence where standard output cannot be written; a verb's own files it watches itself."""
    try:
        yield
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        if error.errno not in LOST_OUTPUT or error.filename is not None:
            raise
        with suppress(OSError):
            reason = (error.strerror or "unknown reason").lower()
            echo(f"resviz: standard output cannot be written: {reason}.", err=True)
        with suppress(OSError, ValueError):  # what is left in the buffer must not fail again at the end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(UNWRITTEN) from None


def main() -> None:
    """Run the command line; what it prints is UTF-8, also into a file on a system whose own encoding is less."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    with _watched_output():
        app(prog_name="resviz")
