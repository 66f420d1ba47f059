"""Weights from a file into the module, under whatever names the file has them.

Only tensors are read (`resviz.nn.weight_files`). Files are not trusted: sizes are checked against the
operator's limit before anything is read, and whatever else a file holds is refused in words.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from torch import Tensor, nn

from resviz.arch.operation import Shape
from resviz.errors import WeightsError
from resviz.nn.account import Account, account
from resviz.nn.inventory import squeezed
from resviz.nn.memory import ensure_fits
from resviz.nn.renaming import aligned, unprefixed
from resviz.nn.weight_files import read_pickled, read_safetensors
from resviz.nn.weight_names import RENAMINGS


def read_weights(source: Path | bytes, name: str = "") -> dict[str, Tensor]:
    """Return the tensors of a file by name, on the CPU; ``name`` is the file's where bytes are given.

    Raises WeightsError for a file that is corrupt, hostile, of another kind or without tensors, and
    MemoryLimitError for one beyond the operator's limit.
    """
    label = name or (source.name if isinstance(source, Path) else "The file")
    read = read_safetensors if label.lower().endswith(".safetensors") else read_pickled
    try:
        count = source.stat().st_size if isinstance(source, Path) else len(source)
        ensure_fits(count, f"Reading {label}")
        tensors = read(source, label)
    except OSError as error:
        raise WeightsError(f"{label} cannot be read: {(error.strerror or 'unknown reason').lower()}.") from None
    names, _ = unprefixed(tensors)
    return {names[key]: value for key, value in tensors.items()}


def load_weights(module: nn.Module, tensors: Mapping[str, Tensor]) -> Account:
    """Put tensors into a module and return the account. Raises WeightsError, and changes nothing, unless all fit.

    Where the names do not fit, those of `RENAMINGS` are tried, and the account states which did.
    """
    own = _shapes(module.state_dict())
    named, found = under_own_names(own, tensors)
    if not found.fits:
        raise WeightsError(found.sentence)
    module.load_state_dict(dict(named), strict=False)
    return found


def under_own_names(own: Mapping[str, Shape], tensors: Mapping[str, Tensor]) -> tuple[Mapping[str, Tensor], Account]:
    """Return tensors under the names of which most fit a network's own, given by name and shape, and their account."""
    best = tensors, account(own, _shapes(tensors))
    for renaming in RENAMINGS:
        if best[1].fits:
            break
        names = renaming.renamed(tensors)
        names = aligned(names, own) if renaming.unindexed else names
        named = {new: _shaped(tensors[old], own.get(new)) for old, new in names.items()}
        found = account(own, _shapes(named))
        if len(found.fitting) > len(best[1].fitting):
            best = named, replace(found, renamed=renaming.label)
    return best


def _shapes(tensors: Mapping[str, Tensor]) -> dict[str, Shape]:
    return {key: tuple(value.shape) for key, value in tensors.items()}


def _shaped(tensor: Tensor, own: Shape | None) -> Tensor:
    """Return a tensor in the network's own shape where only axes of size 1 differ, else as it is."""
    alike = own is not None and squeezed(tuple(tensor.shape)) == squeezed(own)
    return tensor.reshape(own) if own is not None and alike else tensor
