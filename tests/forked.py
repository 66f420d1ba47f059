"""The program that reads pickled weights, forked off a process that has loaded torch: it starts in milliseconds.

A new one takes two seconds to load torch, and a fuzzer starts a thousand. What it runs, its limits on memory and
time, and what is made of its answer stay the same; tests/nn/test_weight_files.py starts real ones as well.
"""

import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import torch

from resviz.nn import unpickling, weight_files


def run(command: Sequence[Any], *, timeout: float, **_: Any) -> subprocess.CompletedProcess[bytes]:
    """Stand for `subprocess.run` of the reader: what follows the program in the command is what it is asked."""
    answer, given = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads: the child starts none and waits for none
        child = os.fork()
    if not child:
        signal.alarm(int(timeout) + 1)
        _answer([str(word) for word in command[command.index(unpickling.__file__) + 1 :]], given)
    os.close(given)
    with os.fdopen(answer, "rb") as file:
        said = file.read()
    status = os.waitpid(child, 0)[1]
    return subprocess.CompletedProcess(command, os.waitstatus_to_exitcode(status), said)


def _answer(asked: list[str], given: int) -> None:
    """Be the program, and end as it would."""
    code = 1
    try:
        os.dup2(given, 1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        sys.stdout = os.fdopen(1, "w")
        unpickling.program(*asked)
        code = 0
    except SystemExit as ending:
        code = int(ending.code or 0)
    finally:
        sys.stdout.flush()
        os._exit(code)


@contextmanager
def reader() -> Iterator[None]:
    """Read pickled weights in forks, where the system has them."""
    if not hasattr(os, "fork"):
        yield
        return
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # a fork has none of torch's threads, and would wait for them
    try:
        with patch.object(weight_files, "subprocess", SimpleNamespace(**{**vars(subprocess), "run": run})):
            yield
    finally:
        torch.set_num_threads(threads)
