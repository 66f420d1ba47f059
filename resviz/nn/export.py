"""The module as a file for other programs: ONNX, or torch.export's own format, with any batch size.

ONNX needs the libraries of the optional extra ``export``. A file is checked before it is handed over: it is
run, by onnxruntime or by torch, on one input and must give what the module gives.
"""

import io
import logging
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

import torch
from torch import nn

from resviz.arch import Network, ResNetConfig, expand
from resviz.errors import ExportError
from resviz.nn.memory import claim, forward_bytes
from resviz.progress import Report, silent
from resviz.report.formatting import size
from resviz.report.memory import weight_bytes

EXTRA = "pip install -r requirements-export.txt"
ONNX_LIMIT = 2 * 10**9
"""Bytes of weights that one ONNX file holds; protobuf stops at 2 GiB."""
BATCH = "batch"
"""What the axis of the images is called in every file."""
TOLERANCE = 1e-4
"""Largest difference of an output that is put down to rounding, relative to the largest output."""


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: how it is written, how such a file is run, and what that needs."""

    label: str
    summary: str
    suffix: str
    needs: tuple[str, ...]
    write: Callable[[nn.Module, torch.Tensor], bytes]
    run: Callable[[bytes, torch.Tensor], torch.Tensor]


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Export:
    """A checked file: its bytes, and the largest difference from the module's outputs, relative to those.

    The account of the process holds its bytes until it is gone.
    """

    data: bytes
    difference: float


def missing(name: str) -> str:
    """Return the sentence for a format whose libraries are not installed, or "" where they are."""
    absent = [library for library in FORMATS[name].needs if find_spec(library) is None]
    if not absent:
        return ""
    return f"{FORMATS[name].label} needs {', '.join(absent)}, not installed here: {EXTRA}."


def export(module: nn.Module, network: Network, name: str, report: Report = silent) -> Export:
    """Return the module in a format of `FORMATS`, checked against the module's own outputs.

    ``report`` is told of each of its three steps and may raise to end it. The module is left in evaluation mode.
    Raises ExportError where a library is missing, the network too large for the format, or the file would not do what
    the module does; MemoryLimitError beyond the limit.
    """
    form = FORMATS[name]
    if absent := missing(name):
        raise ExportError(absent)
    weights = weight_bytes(network)
    if name == "onnx" and weights > ONNX_LIMIT:
        raise ExportError(f"{network.name} has {size(weights)} of weights; one ONNX file holds {size(ONNX_LIMIT)}.")
    with claim(forward_bytes(network, 2) + 3 * weights, f"Exporting {network.name}") as held:
        made = _checked(module, network, form, report)
        held.keep(made, len(made.data))
    return made


def exported(config: str, seed: int, weights: tuple[str, bytes] | None, name: str, report: Report = silent) -> Export:
    """Return a configuration's module, given as JSON, in a format: with initial weights of a seed, or those of a file.

    It takes and returns plain data, so that a process of its own can do it (`resviz.apart`). ``weights`` are a file's
    name and bytes. Raises as `export`, and WeightsError.
    """
    from resviz.nn.build import build
    from resviz.nn.weights import load_weights, read_weights

    report("building the module", 0, 3)
    net = ResNetConfig.from_text(config)
    module = build(net, device="cpu", seed=seed)
    if weights is not None:
        load_weights(module, read_weights(weights[1], weights[0]))
    return export(module, expand(net), name, report)


def _checked(module: nn.Module, network: Network, form: Format, report: Report) -> Export:
    x = torch.randn(2, *network.input, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        report("running the module", 0, 3)
        expected = module.eval()(x)
        report("writing the file", 1, 3)
        data = form.write(module, x)
        report("running the file", 2, 3)
        found = form.run(data, x[:1])
    scale = expected[:1].abs().max().item() or 1.0
    difference = (found - expected[:1]).abs().max().item() / scale
    if not difference <= TOLERANCE:
        raise ExportError(
            f"The {form.label} file does not compute what the module does: it is off by {difference:.2g} of the "
            "largest output."
        )
    return Export(data, difference)


def _program(module: nn.Module, x: torch.Tensor) -> torch.export.ExportedProgram:
    return torch.export.export(module, (x,), dynamic_shapes=({0: torch.export.Dim(BATCH)},))


def _write_torch(module: nn.Module, x: torch.Tensor) -> bytes:
    program = _program(module, x)
    (axis,) = program.range_constraints
    file = io.BytesIO()
    torch.export.save(program, file)
    return _with_axis(file, str(axis))


def _with_axis(file: io.BytesIO, axis: str) -> bytes:
    """Return an exported program with its axis called BATCH; torch makes up a name of its own, such as s31."""
    out = io.BytesIO()
    with zipfile.ZipFile(file) as archive, zipfile.ZipFile(out, "w") as renamed:
        for entry in archive.infolist():
            data = archive.read(entry)
            if entry.filename.endswith(".json"):
                for mark in ("'", '"'):
                    data = data.replace(f"{mark}{axis}{mark}".encode(), f"{mark}{BATCH}{mark}".encode())
            renamed.writestr(entry, data)
    return out.getvalue()


def _run_torch(data: bytes, x: torch.Tensor) -> torch.Tensor:
    found: torch.Tensor = torch.export.load(io.BytesIO(data)).module()(x)
    return found


def _write_onnx(module: nn.Module, x: torch.Tensor) -> bytes:
    # The exporter tells each step on standard output and in its log; what counts is the check afterwards.
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    traced = _program(module, x)
    with warnings.catch_warnings():
        # torch 2.13's exporter uses what torch's own tree library deprecates.
        warnings.filterwarnings("ignore", ".*treespec, LeafSpec", FutureWarning)
        program = torch.onnx.export(
            traced,
            (x,),
            input_names=["input"],
            output_names=["output"],
            dynamic_shapes=({0: BATCH},),
            dynamo=True,
            verbose=False,
        )
    if program is None:
        raise ExportError("The ONNX exporter gave nothing.")
    data: bytes = program.model_proto.SerializeToString()
    return data


def _run_onnx(data: bytes, x: torch.Tensor) -> torch.Tensor:
    import onnxruntime

    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    (output,) = session.run(None, {session.get_inputs()[0].name: x.numpy()})
    return torch.from_numpy(output)


FORMATS = {
    "onnx": Format(
        label="ONNX",
        summary="For onnxruntime, TensorRT, OpenVINO and others; opens in Netron.",
        suffix=".onnx",
        needs=("onnx", "onnxscript", "onnxruntime"),
        write=_write_onnx,
        run=_run_onnx,
    ),
    "torch": Format(
        label="torch.export",
        summary="PyTorch's own graph with its weights, for torch.export.load.",
        suffix=".pt2",
        needs=(),
        write=_write_torch,
        run=_run_torch,
    ),
}
"""The formats by name."""
