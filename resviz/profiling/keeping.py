"""A finished measurement is kept until it is written: where the history does not answer, in a file that waits.

Measuring takes minutes to hours and a database may be away for just that moment, or for a night. What it did
not take lies in the user's data folder, a file for each run, and goes to the history that answers next.
"""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import platformdirs

from resviz.errors import DocumentError, StoreError
from resviz.profiling.result import MAX_DOCUMENT, Profile
from resviz.profiling.store import Store, open_store


def waiting_folder() -> Path:
    """Return the folder of the runs that wait to be written."""
    return Path(platformdirs.user_data_dir("resviz", appauthor=False)) / "unwritten"


def keep(runs: Sequence[Profile]) -> str:
    """Write runs to the history, and with them those that waited; else let them wait and return why, a sentence."""
    try:
        store = open_store()
        store.add(*runs)
    except StoreError as error:
        return f"{error} {_wait(runs)}"
    with suppress(StoreError):  # what waited goes on waiting
        collect(store)
    return ""


def collect(store: Store) -> int:
    """Write the runs that wait to a history; return how many were new to it. Raises StoreError."""
    files = sorted(waiting_folder().glob("*.json"))
    new = 0
    for file in files:
        try:
            if file.stat().st_size > MAX_DOCUMENT:
                continue
            run = Profile.from_json(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, DocumentError):
            continue  # half written, or not ours: left where it is
        new += store.add(run)
        with suppress(OSError):
            file.unlink()
    return new


def _wait(runs: Sequence[Profile]) -> str:
    """Write a file for each run, whole or not at all; return a sentence on what became of them."""
    try:
        folder = waiting_folder()
        folder.mkdir(parents=True, exist_ok=True)
        for run in runs:
            part = folder / f"{run.id}.part"
            try:
                part.write_text(run.to_json(), encoding="utf-8", newline="\n")
                part.replace(folder / f"{run.id}.json")
            except OSError:
                part.unlink(missing_ok=True)
                raise
    except OSError as error:
        return f"It could not be put aside either ({error.strerror}): download it before you leave."
    return "It has been put aside and goes to the history as soon as that answers."
