"""Work for a process of its own: it must be found by name there."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

from resviz.errors import ConfigError
from resviz.progress import Report


def told(text: str, report: Report) -> str:
    sys.stdout.write("noise on standard output\n")
    os.write(1, b"and below it")
    report("thinking", 1, 3)
    return text.upper()


def endless(report: Report) -> NoReturn:
    """Say which process it is and which it has started, and never again how far: as a library that takes long does.

    It leaves a file in its folder for temporary ones, and the process that it has started holds what it prints to open.
    """
    Path(tempfile.mkdtemp(), "upload").write_bytes(b"weights")
    started = subprocess.Popen([sys.executable, "-S", "-c", "import signal; signal.pause()"])
    report("pids", os.getpid(), started.pid)
    while True:
        signal.pause()


def refused(report: Report) -> NoReturn:
    raise ConfigError.of("groups", "There are no 7 groups.")


def broken(report: Report) -> NoReturn:
    raise KeyError("layer1")


def killed(report: Report) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def left(report: Report) -> NoReturn:
    os._exit(3)


class Unreadable:
    """What is pickled without complaint and read by nobody."""

    def __reduce__(self) -> tuple[type[int], tuple[str]]:
        return int, ("no number",)


def unreadable(report: Report) -> Unreadable:
    return Unreadable()


def unsayable(report: Report) -> object:
    return lambda: None
