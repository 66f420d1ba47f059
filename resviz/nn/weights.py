"""Weights from a file into the module, under whatever names the file has them.

Only tensors are read (`resviz.nn.weight_files`). Files are not trusted: sizes are checked against the
operator's limit before anything is read, and whatever else a file holds is refused in words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from torch import Tensor, nn

from resviz.arch.operation import Shape
from resviz.errors import WeightsError
from resviz.nn.inventory import COUNTERS, squeezed
from resviz.nn.memory import ensure_fits
from resviz.nn.renaming import aligned, unprefixed
from resviz.nn.weight_files import read_pickled, read_safetensors
from resviz.nn.weight_names import RENAMINGS
from resviz.report.formatting import plural, shape


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
    renamed: str = ""
    """Whose names the file has, where they are not this network's; the tensors above have this network's."""

    @property
    def fits(self) -> bool:
        """Whether every tensor of the module is there, in its shape, and nothing else."""
        return not (self.missing or self.unexpected or self.misshaped)

    @property
    def sentence(self) -> str:
        """The account in words."""
        if self.fits:
            return f"All {plural(len(self.fitting), 'tensor')} fit{self._names}."
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
        return f"These weights are not this network's: {'; '.join(parts)}; {len(self.fitting)} fit{self._names}."

    @property
    def _names(self) -> str:
        return f", renamed from {self.renamed}" if self.renamed else ""


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


def account(own: Mapping[str, Shape], tensors: Mapping[str, Tensor]) -> Account:
    """Return how tensors fit a network's own, given by name and shape; counters, which some files lack, aside."""
    theirs = {key: tuple(value.shape) for key, value in tensors.items()}
    both = [key for key in own if key in theirs]
    return Account(
        fitting=tuple(key for key in both if own[key] == theirs[key]),
        missing=tuple(key for key in own if key not in theirs and not key.endswith(COUNTERS)),
        unexpected=tuple(key for key in theirs if key not in own and not key.endswith(COUNTERS)),
        misshaped=tuple(Misfit(key, own[key], theirs[key]) for key in both if own[key] != theirs[key]),
    )


def load_weights(module: nn.Module, tensors: Mapping[str, Tensor]) -> Account:
    """Put tensors into a module and return the account. Raises WeightsError, and changes nothing, unless all fit.

    Where the names do not fit, those of `RENAMINGS` are tried, and the account states which did.
    """
    own = {key: tuple(value.shape) for key, value in module.state_dict().items()}
    named, found = under_own_names(own, tensors)
    if not found.fits:
        raise WeightsError(found.sentence)
    module.load_state_dict(dict(named), strict=False)
    return found


def under_own_names(own: Mapping[str, Shape], tensors: Mapping[str, Tensor]) -> tuple[Mapping[str, Tensor], Account]:
    """Return tensors under the names of which most fit a network's own, given by name and shape, and their account."""
    best = tensors, account(own, tensors)
    for renaming in RENAMINGS:
        if best[1].fits:
            break
        names = renaming.renamed(tensors)
        names = aligned(names, own) if renaming.unindexed else names
        named = {new: _shaped(tensors[old], own.get(new)) for old, new in names.items()}
        found = account(own, named)
        if len(found.fitting) > len(best[1].fitting):
            best = named, replace(found, renamed=renaming.label)
    return best


def _shaped(tensor: Tensor, own: Shape | None) -> Tensor:
    """Return a tensor in the network's own shape where only axes of size 1 differ, else as it is."""
    alike = own is not None and squeezed(tuple(tensor.shape)) == squeezed(own)
    return tensor.reshape(own) if own is not None and alike else tensor
