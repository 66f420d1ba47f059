"""Files of weights, read without trust: sizes first, pickles in a process of their own.

A ``.safetensors`` file is read by its header first. Any other is taken for one that torch wrote: `unpickling`
reads it in a process with limits on memory and time, and hands back tensors.
"""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

from torch import Tensor

from resviz.errors import MemoryLimitError, WeightsError
from resviz.nn import unpickling
from resviz.nn.memory import claim, ensure_fits, limit
from resviz.nn.unpickling import MARGIN, SECONDS, SPEED, Reason
from resviz.report.formatting import size

MAX_HEADER = 32 * 10**6
"""Bytes of a safetensors header; 300,000 tensors have about as much."""
TENSOR = 2048
"""Bytes that a tensor takes beside its numbers, and its part of the header."""
START = 60
"""Seconds that a process has to load torch, on a busy machine, beside what the file needs."""
TYPES = frozenset(unpickling.DTYPES.values())
_one_at_a_time = Lock()  # a process that has loaded torch takes a quarter of a gigabyte


def read_safetensors(source: Path | bytes, label: str) -> dict[str, Tensor]:
    """Return a safetensors file's tensors in its order. Raises WeightsError, MemoryLimitError beyond the limit."""
    from safetensors import SafetensorError
    from safetensors.torch import load

    count = source.stat().st_size if isinstance(source, Path) else len(source)
    header = _header(source, count, label)
    if not all(isinstance(entry, dict) and str(entry.get("dtype")) in TYPES for entry in header.values()):
        raise _no_weights(label)
    with claim(2 * count + TENSOR * len(header), f"Reading {label}"):
        try:
            found = load(source.read_bytes() if isinstance(source, Path) else source)
        except (SafetensorError, KeyError, ValueError, TypeError, OverflowError, RuntimeError) as error:
            raise WeightsError(f"{label} is no intact safetensors file: {_short(error)}.") from None
    return {key: found[key] for key in header if key in found}  # the library gives them in any order


def read_shapes(source: Path | bytes, name: str = "") -> dict[str, tuple[int, ...]]:
    """Return the shapes of a file's tensors by name; of a safetensors file nothing but the header is read.

    ``name`` is the file's where bytes are given. Raises WeightsError, or MemoryLimitError beyond the limit.
    """
    label = name or (source.name if isinstance(source, Path) else "The file")
    try:
        if label.lower().endswith(".safetensors"):
            count = source.stat().st_size if isinstance(source, Path) else len(source)
            entries = _header(source, count, label)
        else:
            entries = json.loads(_pickled(source, label, "names"))
    except OSError as error:
        raise WeightsError(f"{label} cannot be read: {(error.strerror or 'unknown reason').lower()}.") from None
    return {key: _shape(entry, label) for key, entry in entries.items()}


def _shape(entry: object, label: str) -> tuple[int, ...]:
    """Return the shape that an entry of a header states."""
    shape = entry.get("shape") if isinstance(entry, dict) else None
    if not isinstance(shape, list) or not all(type(side) is int and side >= 0 for side in shape):
        raise _no_weights(label)
    return tuple(shape)


def read_pickled(source: Path | bytes, label: str) -> dict[str, Tensor]:
    """Return the tensors of a file that torch wrote. Raises WeightsError, or MemoryLimitError beyond the limit."""
    return read_safetensors(_pickled(source, label), label)


def _pickled(source: Path | bytes, label: str, *options: str) -> bytes:
    """Return what the program that reads pickles makes of a file."""
    count = source.stat().st_size if isinstance(source, Path) else len(source)
    with _one_at_a_time, TemporaryDirectory(prefix="resviz-") as folder:
        file, target = Path(folder, "pickled"), Path(folder, "plain.safetensors")
        if isinstance(source, bytes):
            file.write_bytes(source)
        else:
            file = source.absolute()
        with claim(2 * count, f"Reading {label}"):  # the process's weights, and its copy of one after the other
            said = _unpickled(file, target, label, START + SECONDS + count / SPEED, *options)
        if said:
            raise _refusal(said, label)
        return target.read_bytes()


def _unpickled(source: Path, target: Path, label: str, seconds: float, *options: str) -> dict[str, Any]:
    """Have a file turned into safetensors by a process of its own; return what it reported where it failed."""
    try:
        # -P: the folder of the program, this one, holds names that the standard library has as well.
        done = subprocess.run(
            [sys.executable, "-P", unpickling.__file__, source, target, str(limit()), *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
        if done.returncode == 0:
            return {}
        said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return said
    except (subprocess.TimeoutExpired, ValueError, IndexError):  # stopped by us, by the system, or by a crash
        raise WeightsError(
            f"{label} was not opened: reading it takes more memory or time than weights of its size do, or it is "
            "damaged."
        ) from None


def _refusal(said: dict[str, Any], label: str) -> WeightsError | MemoryLimitError:
    """Return the sentence for what the process reported."""
    match Reason(said["reason"]):
        case Reason.LIMIT:
            try:
                ensure_fits(said["bytes"], f"Unpacking {label}")
            except MemoryLimitError as error:
                return error
            return WeightsError(f"{label} unpacks to {size(said['bytes'])}, more than there is room for just now.")
        case Reason.RATIO:
            return WeightsError(
                f"{label} was not opened: it unpacks to {size(said['bytes'])}, and weights cannot be packed that well."
            )
        case Reason.MEMORY:
            return WeightsError(
                f"{label} was not opened: reading it takes more than the {size(MARGIN)} of memory that is allowed "
                "beside the weights."
            )
        case Reason.OBJECTS:
            return WeightsError(
                f"{label} was not opened: it holds something other than tensors, or is damaged. Only weights are "
                "read, never objects; save net.state_dict(), best as .safetensors."
            )
        case Reason.DAMAGED:
            return WeightsError(f"{label} is no intact file of weights: {_short(said['message'])}.")
        case Reason.NOTHING:
            return _no_weights(label)


def _no_weights(label: str) -> WeightsError:
    return WeightsError(f"{label} holds no weights: a state_dict, names to tensors, was expected.")


def _header(source: Path | bytes, count: int, label: str) -> dict[str, Any]:
    """Return the entries of a safetensors header by name, having read no more of the file than the header."""
    wrong = WeightsError(f"{label} is no intact safetensors file: its header is cut, damaged or too long.")
    if isinstance(source, Path):
        with source.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            head = file.read(length) if length <= MAX_HEADER else b""
    else:
        length = int.from_bytes(source[:8], "little")
        head = source[8 : 8 + length] if length <= MAX_HEADER else b""
    if not 0 < length == len(head) <= count - 8:
        raise wrong
    try:
        entries = json.loads(head)
    except (ValueError, RecursionError):
        raise wrong from None
    if not isinstance(entries, dict):
        raise wrong
    entries.pop("__metadata__", None)
    if not entries:
        raise _no_weights(label)
    return entries


def _short(error: object) -> str:
    """Return the first sentence of an error."""
    text = str(error).strip()
    if text[:1] == text[-1:] == "'":  # a KeyError quotes its message
        text = text[1:-1]
    first = text.split("\n", 1)[0].split(". ", 1)[0].rstrip(". ")[:160]
    return first if any(map(str.isalpha, first)) else "damaged"
