"""A piece of work in a process of its own, which ends the moment that nobody wants it any more.

What a library does in one long step cannot be ended within this process; another process can. It also leaves this one
its processor time and its memory, and takes nothing with it where it dies.
"""

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Any, TypeVar

from resviz.errors import ApartError, ResvizError
from resviz.progress import Report

T = TypeVar("T")
EVERY = 0.1
"""Seconds between two questions whether the work is still wanted."""
_CHILD = "from resviz.apart import _serve; _serve()"


def apart(work: Callable[..., T], *args: Any, report: Report) -> T:
    """Return ``work(*args, report)``, computed in another process; ``report`` is asked ten times a second.

    The work is a function of a module, its arguments and its result can be pickled. Where ``report`` raises, the
    process is killed. What the work raises of `ResvizError` is raised here; raises ApartError where the process died.
    """
    paths = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
    process = subprocess.Popen(
        [sys.executable, "-c", _CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": paths},
    )
    assert process.stdin
    assert process.stdout
    heard: SimpleQueue[tuple[Any, ...]] = SimpleQueue()
    threads = [
        threading.Thread(target=_tell, args=(process.stdin, (work, args)), daemon=True),
        threading.Thread(target=_hear, args=(process.stdout, heard), daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        result: T = _awaited(heard, report, process)
        return result
    finally:
        process.kill()
        process.wait()
        for thread, pipe in zip(threads, (process.stdin, process.stdout), strict=True):
            thread.join()
            pipe.close()


def _awaited(heard: "SimpleQueue[tuple[Any, ...]]", report: Report, process: "subprocess.Popen[bytes]") -> Any:
    stands = "starting", 0, 1
    while True:
        report(*stands)
        try:
            message = heard.get(timeout=EVERY)
        except Empty:
            continue
        match message:
            case ("report", *told):
                stands = tuple(told)
            case ("done", result):
                return result
            case ("failed", kind, sentence):
                raise kind(sentence)
            case _:
                process.kill()  # it is gone, or says what nobody understands
                how = process.wait()
                raise ApartError(
                    f"The process that worked on this died (exit status {how}): it may have run out of memory. Try a "
                    "smaller network, or later."
                )


def _tell(pipe: IO[bytes], what: object) -> None:
    try:
        pickle.dump(what, pipe)
        pipe.flush()
    except OSError:
        return  # it is gone, which the other thread hears


def _hear(pipe: IO[bytes], heard: "SimpleQueue[tuple[Any, ...]]") -> None:
    try:
        while True:
            heard.put(pickle.load(pipe))
    except Exception:  # the end of the pipe, in the middle of a message or not
        heard.put(())


def _serve() -> None:
    """Do the work that comes on standard input, as a process of its own, and say how it ended."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is nobody's
    source = sys.stdin.buffer
    work, args = pickle.load(source)
    # The other end of the pipe is closed when the process that asked ends, however it does.
    threading.Thread(target=lambda: (source.read(), os._exit(1)), daemon=True).start()

    def say(*message: object) -> None:
        pickle.dump(message, out)
        out.flush()

    try:
        say("done", work(*args, lambda phase, done, total: say("report", phase, done, total)))
    except ResvizError as error:
        say("failed", type(error), str(error))
    except Exception as error:
        say("failed", ApartError, f"The work failed: {type(error).__name__}: {error}")
    out.close()
    os._exit(0)  # libraries have threads that need not be waited for
