"""A program that turns a pickled file of weights into a safetensors file, in a process of its own.

Even with ``weights_only`` a pickle may ask for any amount of memory, or trip the code that reads it. So it is
read here, within limits that the system holds this process to, and whoever started it reads plain tensors.

``python -P unpickling.py SOURCE TARGET BYTES [names]`` writes TARGET and prints nothing, or prints one JSON object
that explains why it did not: ``reason`` is a member of `Reason`, beside it stand ``bytes`` or ``message``. SOURCE may
unpack to BYTES. With ``names`` TARGET is the header of such a file alone, as JSON: names, types and shapes.
"""

import json
import pickle
import sys
import time
import zipfile
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import NoReturn

import torch
from torch import Tensor

WRAPPERS = ("state_dict", "model", "model_state_dict", "model_ema", "state_dict_ema", "ema", "module", "net")
"""Under what training scripts keep the weights beside other things."""
DTYPES = {
    torch.float64: "F64",
    torch.float32: "F32",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.int64: "I64",
    torch.int32: "I32",
    torch.int16: "I16",
    torch.int8: "I8",
    torch.uint8: "U8",
    torch.bool: "BOOL",
}
"""The types of number that are read, and safetensors' words for them."""
MARGIN = 2**27
"""Bytes that reading may take beside the weights and one copy of them."""
RATIO = 4
"""How many times its own size a file may unpack to; torch does not compress weights."""
SECONDS = 30
SPEED = 2 * 10**7
"""Bytes a second that the slowest machine reads; a file has SECONDS and what this allows it."""


class Reason(StrEnum):
    """Why a file is not read."""

    LIMIT = "limit"
    """It unpacks to more ``bytes`` than are allowed."""
    RATIO = "ratio"
    """It unpacks to more ``bytes`` than weights of its size would."""
    MEMORY = "memory"
    """Reading it takes more memory than weights of its size would."""
    OBJECTS = "objects"
    """It holds something other than tensors."""
    DAMAGED = "damaged"
    """It cannot be read; ``message`` has torch's own words."""
    NOTHING = "nothing"
    """It holds no names with dense tensors."""


def refuse(reason: Reason, **facts: object) -> NoReturn:
    """Say why and end."""
    print(json.dumps({"reason": reason, **facts}))  # noqa: T201 - a program's answer
    sys.exit(1)


def hold_to(size: int) -> None:
    """Have the system stop this process where it takes more memory or time than ``size`` bytes of weights need."""
    try:
        import resource
    except ImportError:  # Windows: whoever started this process stops it after a time
        return
    used = time.process_time()
    seconds = int(used + SECONDS + size / SPEED)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:  # a system without /proc, such as macOS, does not hold to this limit either
        return
    resource.setrlimit(resource.RLIMIT_AS, (mapped + 2 * size + MARGIN, resource.getrlimit(resource.RLIMIT_AS)[1]))


def unpacked(source: Path) -> int:
    """Return the bytes that a file unpacks to."""
    size = source.stat().st_size
    if not zipfile.is_zipfile(source):
        return size
    with zipfile.ZipFile(source) as archive:
        return max(size, sum(entry.file_size for entry in archive.infolist()))


def plain(value: object) -> bool:
    """Return whether a value is a dense tensor of real numbers."""
    return (
        isinstance(value, Tensor)
        and not value.is_nested
        and value.layout is torch.strided
        and not value.is_quantized
        and value.device.type == "cpu"
        and value.dtype in DTYPES
    )


def unwrapped(found: object) -> dict[str, Tensor]:
    """Return the tensors by name, out of at most two wrappers (a hostile one may hold itself), or nothing."""
    for _ in range(2):
        if isinstance(found, Mapping):
            found = next((found[key] for key in WRAPPERS if isinstance(found.get(key), Mapping)), found)
    if not isinstance(found, Mapping) or not all(map(plain, found.values())):
        return {}
    return {str(key): value.detach() for key, value in found.items()}


def header(tensors: Mapping[str, Tensor]) -> bytes:
    """Return the header of a safetensors file."""
    entries, end = {}, 0
    for name, tensor in tensors.items():
        start, end = end, end + tensor.numel() * tensor.element_size()
        entries[name] = {"dtype": DTYPES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [start, end]}
    return json.dumps(entries).encode()


def write(tensors: Mapping[str, Tensor], target: Path) -> None:
    """Write a safetensors file, one tensor after the other, so that there is never a copy of all."""
    head = header(tensors)
    head += b" " * (-len(head) % 8)
    with target.open("wb") as file:
        file.write(len(head).to_bytes(8, "little"))
        file.write(head)
        for tensor in tensors.values():
            file.write(tensor.contiguous().reshape(-1).view(torch.uint8).numpy().tobytes())


def main(source: Path, target: Path, most: int, *, names: bool = False) -> None:
    """Read, check, write."""
    torch.set_num_threads(1)
    own = source.stat().st_size
    hold_to(own)
    size = unpacked(source)
    if size > most:
        refuse(Reason.LIMIT, bytes=size)
    if size > RATIO * own + MARGIN // RATIO:
        refuse(Reason.RATIO, bytes=size)
    hold_to(size)
    tensors = unwrapped(torch.load(source, map_location="cpu", weights_only=True))
    if not tensors:
        refuse(Reason.NOTHING)
    if sum(tensor.numel() * tensor.element_size() for tensor in tensors.values()) > RATIO * size + MARGIN:
        refuse(Reason.MEMORY)  # a stride of 0 makes any number of elements out of one
    if names:
        target.write_bytes(header(tensors))
    else:
        write(tensors, target)


def program(source: str, target: str, most: str, what: str = "") -> None:
    """Do what the command line asks; whatever a damaged file leads to ends in an answer."""
    try:
        main(Path(source), Path(target), int(most), names=what == "names")
    except pickle.UnpicklingError:
        refuse(Reason.OBJECTS)
    except MemoryError:
        refuse(Reason.MEMORY)
    except Exception as error:
        if "allocate memory" in str(error) or "bad alloc" in str(error):
            refuse(Reason.MEMORY)
        refuse(Reason.DAMAGED, message=str(error)[:2000] or type(error).__name__)


if __name__ == "__main__":
    program(*sys.argv[1:])
