"""Weights from a file into the module, and what can be seen of them.

Only tensors are read: a ``.safetensors`` file, or a ``.pth`` that torch opens with ``weights_only=True``,
which unpickles nothing else. Files are not trusted: sizes are checked against the operator's limit before
anything is read, and whatever else a file holds is refused in words.
"""

import io
import pickle
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from resviz.nn.errors import WeightsError
from resviz.nn.memory import ensure_fits
from resviz.report.formatting import plural, shape

SUFFIXES = (".safetensors", ".pth", ".pt", ".bin")
"""What the name of a file of weights ends in."""
WRAPPERS = ("state_dict", "model", "model_state_dict")
"""Under what training scripts keep the weights beside other things."""
PREFIX = "module."
"""What `nn.DataParallel` puts before every name."""
BATCHES = "num_batches_tracked"


@dataclass(frozen=True, slots=True)
class Misfit:
    """A tensor whose name is right and whose shape is not."""

    key: str
    expected: tuple[int, ...]
    found: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """How a file's tensors fit a module: what it lacks, what it has besides, what has another shape."""

    fitting: tuple[str, ...]
    missing: tuple[str, ...]
    unexpected: tuple[str, ...]
    misshaped: tuple[Misfit, ...]

    @property
    def fits(self) -> bool:
        """Whether every tensor of the module is there, in its shape, and nothing else."""
        return not (self.missing or self.unexpected or self.misshaped)

    @property
    def sentence(self) -> str:
        """The account in words."""
        if self.fits:
            return f"All {plural(len(self.fitting), 'tensor')} fit."
        parts = [
            f"{plural(len(keys), 'tensor')} {what} ({', '.join(keys[:3])}{', ...' if len(keys) > 3 else ''})"
            for keys, what in ((self.missing, "missing"), (self.unexpected, "not of this network"))
            if keys
        ]
        if self.misshaped:
            first = self.misshaped[0]
            parts.append(
                f"{plural(len(self.misshaped), 'tensor')} of another shape ({first.key} is "
                f"{shape(first.found) or 'a scalar'}, not {shape(first.expected) or 'a scalar'})"
            )
        return f"These weights are not this network's: {'; '.join(parts)}; {len(self.fitting)} fit."


def read_weights(source: Path | bytes, name: str = "") -> dict[str, Tensor]:
    """Return the tensors of a file by name, on the CPU; ``name`` is the file's where bytes are given.

    Raises WeightsError for a file that is corrupt, hostile, of another kind or without tensors, and
    MemoryLimitError for one beyond the operator's limit.
    """
    label = name or (source.name if isinstance(source, Path) else "The file")
    data = _bytes(source, label)
    found = _safetensors(data, label) if label.lower().endswith(".safetensors") else _torch_file(data, label)
    tensors = _unwrapped(found)
    if not tensors or not all(map(_plain, tensors.values())):
        raise WeightsError(f"{label} holds no weights: a state_dict, names to tensors, was expected.")
    return {str(key).removeprefix(PREFIX): value.detach() for key, value in tensors.items()}


def account(module: nn.Module, tensors: Mapping[str, Tensor]) -> Account:
    """Return how tensors fit a module. A missing count of batches, which old files lack, does not count."""
    own = {key: tuple(value.shape) for key, value in module.state_dict().items()}
    theirs = {key: tuple(value.shape) for key, value in tensors.items()}
    both = [key for key in own if key in theirs]
    return Account(
        fitting=tuple(key for key in both if own[key] == theirs[key]),
        missing=tuple(key for key in own if key not in theirs and not key.endswith(BATCHES)),
        unexpected=tuple(key for key in theirs if key not in own),
        misshaped=tuple(Misfit(key, own[key], theirs[key]) for key in both if own[key] != theirs[key]),
    )


def load_weights(module: nn.Module, tensors: Mapping[str, Tensor]) -> Account:
    """Put tensors into a module and return the account. Raises WeightsError, and changes nothing, unless all fit."""
    found = account(module, tensors)
    if not found.fits:
        raise WeightsError(found.sentence)
    module.load_state_dict(dict(tensors), strict=False)
    return found


def _bytes(source: Path | bytes, label: str) -> bytes:
    try:
        count = source.stat().st_size if isinstance(source, Path) else len(source)
        ensure_fits(count, f"Reading {label}")
        return source.read_bytes() if isinstance(source, Path) else source
    except OSError as error:
        raise WeightsError(f"{label} cannot be read: {(error.strerror or 'unknown reason').lower()}.") from None


def _safetensors(data: bytes, label: str) -> dict[str, Tensor]:
    from safetensors import SafetensorError
    from safetensors.torch import load

    try:
        return load(data)
    except (SafetensorError, KeyError, ValueError) as error:
        raise WeightsError(f"{label} is no intact safetensors file: {_short(error)}.") from None


def _torch_file(data: bytes, label: str) -> object:
    try:
        if zipfile.is_zipfile(io.BytesIO(data)):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                ensure_fits(sum(entry.file_size for entry in archive.infolist()), f"Unpacking {label}")
        return torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    except pickle.UnpicklingError:
        raise WeightsError(
            f"{label} was not opened: it holds something other than tensors, or is damaged. Only weights are read, "
            "never objects; save net.state_dict(), best as .safetensors."
        ) from None
    except (RuntimeError, EOFError, ValueError, KeyError, TypeError, LookupError, OSError, MemoryError) as error:
        raise WeightsError(f"{label} is no intact file of weights: {_short(error)}.") from None
    except zipfile.BadZipFile:
        raise WeightsError(f"{label} is a damaged archive.") from None


def _plain(value: object) -> bool:
    """Return whether a value is a dense tensor of real numbers."""
    if not isinstance(value, Tensor) or value.layout is not torch.strided:
        return False
    return not (value.is_quantized or value.is_complex()) and value.device.type == "cpu"


def _unwrapped(found: object) -> dict[object, Tensor]:
    """Return the mapping of names to tensors, out of at most two wrappers (a hostile one may hold itself)."""
    for _ in range(2):
        if isinstance(found, Mapping):
            found = next((found[key] for key in WRAPPERS if isinstance(found.get(key), Mapping)), found)
    return dict(found) if isinstance(found, Mapping) else {}


def _short(error: Exception) -> str:
    """Return the first sentence of an error."""
    first = str(error).strip("'\" ").split("\n", 1)[0].split(". ", 1)[0]
    return first.rstrip(".")[:160] or type(error).__name__
