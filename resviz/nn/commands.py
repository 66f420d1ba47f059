"""What the verb `export` does: build, load, export, write."""

import re
from pathlib import Path

from safetensors.torch import save_file

from resviz.arch import Network, expand
from resviz.arch.tensors import network_tensors
from resviz.errors import ExportError, WeightsError
from resviz.nn.build import build
from resviz.nn.export import FORMATS, export
from resviz.nn.identify import identify
from resviz.nn.memory import claim
from resviz.nn.weights import load_weights, read_weights, under_own_names
from resviz.report.formatting import percent, size
from resviz.report.memory import weight_bytes


def write(network: Network, form: str, path: Path | None, *, weights: Path | None, seed: int) -> str:
    """Write the network's module to a file, in a format of `FORMATS`; return what was written, in a sentence.

    ``weights`` is a file of trained ones; without it they are drawn from the seed. Raises ExportError,
    WeightsError or MemoryLimitError.
    """
    if form not in FORMATS:
        raise ExportError(f"format {form!r} does not exist; it is one of {', '.join(FORMATS)}.")
    need = weight_bytes(network)
    with claim(need, f"The weights of {network.name}"):  # before a large network is assembled
        module = build(network, device="cpu", seed=seed)
        if weights is not None:
            load_weights(module, read_weights(weights))
        made = export(module, network, form)
    plain = re.sub(r"[^\w.-]+", "-", network.name)
    target = path or Path(f"{plain}{FORMATS[form].suffix}")
    try:
        target.write_bytes(made.data)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise ExportError(f"The file {target} cannot be written: {reason}.") from None
    off = percent(made.difference, 5)
    return f"{target}: {size(len(made.data))}, its output equal to the module's to {off} of the largest."


def rename(weights: Path, path: Path | None) -> str:
    """Write a file's tensors, as they are, under torchvision's names as safetensors; return what was written.

    Raises WeightsError where the weights are no network's that can be described exactly, ExportError where the file
    cannot be written, MemoryLimitError beyond the limit.
    """
    tensors = read_weights(weights)
    found = identify(tensors)
    if found.config is None or not found.exact:
        raise WeightsError(f"{weights.name} was not written anew: {found.sentence}")
    named, _ = under_own_names(network_tensors(expand(found.config)), tensors)
    target = path or Path(f"{weights.stem}-renamed.safetensors")
    try:
        save_file({key: value.contiguous() for key, value in named.items()}, target, metadata={"format": "pt"})
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise ExportError(f"The file {target} cannot be written: {reason}.") from None
    return f"{target}: {len(named):,} tensors of {found.config.name} under torchvision's names."
