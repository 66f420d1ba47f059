"""Work for a process of its own: it must be found by name there."""

import os
import signal
import sys
from typing import NoReturn

from resviz.errors import DrawError
from resviz.progress import Report


def told(text: str, report: Report) -> str:
    sys.stdout.write("noise on standard output\n")
    os.write(1, b"and below it")
    report("thinking", 1, 3)
    return text.upper()


def endless(report: Report) -> NoReturn:
    """Say which process it is, and never again how far: as a library that takes long does."""
    report("pid", os.getpid(), 0)
    while True:
        signal.pause()


def refused(report: Report) -> NoReturn:
    raise DrawError("There is no such picture.")


def broken(report: Report) -> NoReturn:
    raise KeyError("layer1")


def killed(report: Report) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError
