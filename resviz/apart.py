"""A piece of work in a process of its own, which ends the moment that nobody wants it any more.

What a library does in one long step cannot be ended within this process; another process can. It also leaves this one
its processor time and its memory, and takes nothing with it where it dies. With it end the processes that it has
started and what they have put into their folder for temporary files, whoever dies first.
"""

import logging
import os
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import IO, Any, TypeVar

from resviz.errors import ApartError, ResvizError
from resviz.progress import Report

T = TypeVar("T")
EVERY = 0.1
"""Seconds between two questions whether the work is still wanted."""
GRACE = 2.0
"""Seconds that a process has to end by itself once it says no more."""
KILLED = -9
"""The exit status of a process that the system killed, as it does where memory runs out."""
TRIES = 100
"""How often a folder is removed while those who are about to be killed may still write into it."""
_CHILD = "from resviz.apart import _serve; _serve()"
_log = logging.getLogger(__name__)


def apart(work: Callable[..., T], *args: Any, report: Report) -> T:
    """Return ``work(*args, report)``, computed in another process; ``report`` is asked ten times a second.

    The work is a function of a module, its arguments and its result can be pickled; where the arguments cannot, this
    raises what pickle raises. Where ``report`` raises, the process is killed with all that it has started, and its
    temporary files are removed. What the work raises of `ResvizError` is raised here. ApartError is raised, and logged,
    in two other cases: the process died, or the work failed by a fault of ours, any other exception.
    """
    asked = [pickle.dumps((work, args))]
    folder = tempfile.mkdtemp(prefix="resviz-")
    try:
        result: T = _answer(asked, folder, report)
        return result
    finally:
        _remove(folder)


def _answer(asked: list[bytes], folder: str, report: Report) -> Any:
    paths = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
    process = subprocess.Popen(
        [sys.executable, "-c", _CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": paths, "TMPDIR": folder},
        start_new_session=True,  # a group of its own, to be killed as a whole
    )
    assert process.stdin
    assert process.stdout
    heard: SimpleQueue[tuple[Any, ...]] = SimpleQueue()
    threads = [
        threading.Thread(target=_tell, args=(process.stdin, asked), daemon=True),
        threading.Thread(target=_hear, args=(process.stdout, heard), daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        return _awaited(heard, report, process)
    finally:
        _kill(process.pid)
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
            case ("failed", error):
                raise error
            case ("fault", kind, words, at, trace):
                _log.error("Work in a process of its own failed: %s", trace, extra={"fault": kind, "at": at})
                raise ApartError(f"The work failed: {kind}: {words}")
            case _:
                raise _died(process, *message)


def _died(process: "subprocess.Popen[bytes]", error: Exception | None) -> ApartError:
    """Return the error for a process that says no more, or what nobody can read (``error`` says why), and log it."""
    try:
        how = process.wait(GRACE)  # before it is killed, which would hide how it ended
    except subprocess.TimeoutExpired:
        how = 0
    _log.error("Work in a process of its own died (exit status %d).", how, exc_info=error, extra={"exit": how})
    if error and how == 0:
        return ApartError("The process that worked on this gave an answer that cannot be read. Try again later.")
    why = ": it may have run out of memory. Try a smaller network, or later." if how == KILLED else ". Try again later."
    return ApartError(f"The process that worked on this died (exit status {how}){why}")


def _tell(pipe: IO[bytes], asked: list[bytes]) -> None:
    with suppress(OSError):  # it is gone, which the other thread hears
        pipe.write(asked.pop())  # and let go of: it may hold an upload
        pipe.flush()


def _hear(pipe: IO[bytes], heard: "SimpleQueue[tuple[Any, ...]]") -> None:
    try:
        while True:
            heard.put(pickle.load(pipe))
    except EOFError:
        heard.put((None,))
    except Exception as error:
        heard.put((error,))


def _kill(leader: int) -> None:
    """Kill the processes of the group that one leads; on Windows, which has no groups, that one."""
    with suppress(ProcessLookupError, PermissionError):  # they are gone, or nobody's any more
        if sys.platform == "win32":
            os.kill(leader, signal.SIGTERM)
        else:
            os.killpg(leader, signal.SIGKILL)


def _remove(folder: str) -> None:
    for _ in range(TRIES):
        shutil.rmtree(folder, ignore_errors=True)
        if not Path(folder).exists():
            return


def _serve() -> None:
    """Do the work that comes on standard input, as a process of its own, and say how it ended."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is nobody's
    source = sys.stdin.buffer

    def leave() -> None:
        """Take everything along: whoever asked is gone, and can clean nothing."""
        _remove(os.environ["TMPDIR"])
        _kill(os.getpid())

    def watch() -> None:
        """Leave when the process that asked ends, however it does: then the other end of the pipe is closed."""
        source.read()
        leave()

    def say(*message: object) -> None:
        try:
            pickle.dump(message, out)
            out.flush()
        except BrokenPipeError:
            leave()

    try:
        work, args = pickle.load(source)
        threading.Thread(target=watch, daemon=True).start()
        say("done", work(*args, lambda phase, done, total: say("report", phase, done, total)))
    except ResvizError as error:
        say("failed", error)
    except Exception as error:
        say("fault", type(error).__name__, str(error), lines_of_code(error.__traceback__), traceback.format_exc())
    os._exit(0)  # libraries have threads that need not be waited for


def lines_of_code(trace: TracebackType | None) -> list[str]:
    """Return the places that a fault came through, outermost first: ``file.py:12 function``, no folder and no words."""
    frames = traceback.extract_tb(trace)
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
