"""From a configuration and a protocol to a step that can be timed, on its device, ready to run.

What a protocol asks of torch's process-wide settings holds inside `prepared` only.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from resviz.arch import Network, ResNetConfig, expand
from resviz.arch.layers import Arms, Chain, Gate, Layer
from resviz.arch.ops import BatchNorm2d, Conv2d
from resviz.errors import OutOfMemory, ProfilingError, ProtocolError
from resviz.profiling.devices import cores, device_memory
from resviz.profiling.protocol import PRECISIONS, Protocol
from resviz.profiling.timing import Clock, clock_for
from resviz.profiling.training_step import TrainingStep, classes, least_batch, training_memory
from resviz.progress import Report, silent
from resviz.report.formatting import size
from resviz.report.memory import ITEM, memory, weight_bytes

if TYPE_CHECKING:
    import torch
    from torch import nn

CAPTURE_WARMUP = 3
"""Steps on a side stream before a CUDA graph is captured, as torch's documentation has it."""


@dataclass(frozen=True, slots=True)
class Bench:
    """A network set up for measuring: ``step`` runs as the protocol states, ``eager`` without capture or compiler.

    ``uncaptured`` is ``step`` before a graph was made of it: a replay shows the allocator nothing. ``training`` is
    ``uncaptured`` where that is a training step.
    """

    network: Network
    module: "nn.Module"
    images: "torch.Tensor"
    device: "torch.device"
    clock: Clock
    step: Callable[[], object]
    eager: Callable[[], object]
    uncaptured: Callable[[], object]
    memory_before: int
    training: TrainingStep | None = None


@contextmanager
def prepared(
    config: ResNetConfig,
    protocol: Protocol,
    device: "torch.device",
    *,
    seed: int = 0,
    report: Report = silent,
    clock: Clock | None = None,
) -> Iterator[Bench]:
    """Give the bench for a measurement; torch's settings are put back at the end.

    Raises ProtocolError, ConfigError, MemoryLimitError, OutOfMemory, and ProfilingError where torch cannot do
    what the protocol asks for; those also from what runs inside.
    """
    import torch

    protocol.check(device.type)
    here = cores()
    if protocol.threads is not None and here is not None and protocol.threads > here:
        raise ProtocolError(f"threads {protocol.threads} is more than the {here} cores here; take at most {here}.")
    network = expand(config)
    _ensure_possible(network, protocol, device)
    forward = protocol.step == "forward"
    with _plainly(protocol, device), _settings(protocol, device), torch.inference_mode(forward):
        release(device)  # what a run that failed still held when it ended
        before = allocated(device)
        report("building", 0, 1)
        bench = _bench(network, protocol, device, seed, before, clock or clock_for(device))
        if protocol.compiled:
            report("compiling", 0, 1)
            bench.step()
        yield bench


def _bench(network: Network, protocol: Protocol, device: "torch.device", seed: int, before: int, clock: Clock) -> Bench:
    import torch

    from resviz.nn import build

    train = protocol.step == "train"
    module: Any = build(network, device=device, seed=seed).train(train).requires_grad_(train)
    if protocol.fold_bn:
        fold(module, network)
    precision = PRECISIONS[protocol.precision]
    dtype = getattr(torch, precision.dtype)
    layout = torch.channels_last if protocol.channels_last else torch.contiguous_format
    stored = torch.float32 if precision.autocast else dtype
    module = module.to(dtype=stored, memory_format=layout)
    generator = torch.Generator(device).manual_seed(seed)
    images = torch.randn(protocol.batch, *network.input, device=device, generator=generator)
    images = images.to(dtype=stored, memory_format=layout)

    # A graph is captured without the cache of cast weights: they would be cast once, outside of it.
    def cast() -> Any:
        if not precision.autocast:
            return nullcontext()
        return torch.autocast(device.type, dtype, cache_enabled=not protocol.cuda_graph)

    if train:
        labels = torch.randint(classes(network), (protocol.batch,), device=device, generator=generator)
        scaled = protocol.precision == "fp16_autocast"
        plain = TrainingStep(module, images, labels, cast, scaled=scaled)
        compiled: Any = torch.compile(module) if protocol.compiled else None
        timed = plain.through(compiled) if protocol.compiled else plain
        return Bench(network, module, images, device, clock, timed, plain, timed, before, timed)

    def running(net: Any) -> Callable[[], object]:
        def step() -> object:
            with cast():
                return net(images)

        return step

    eager = running(module)
    uncaptured = running(torch.compile(module)) if protocol.compiled else eager
    step = _captured(uncaptured) if protocol.cuda_graph else uncaptured
    return Bench(network, module, images, device, clock, step, eager, uncaptured, before)


def _captured(step: Callable[[], object]) -> Callable[[], object]:
    """Return a step that replays one captured run."""
    import torch

    stream = torch.cuda.Stream()  # type: ignore[no-untyped-call]
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(CAPTURE_WARMUP):
            step()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    replay: Callable[[], object] = graph.replay
    return replay


def fold(module: "nn.Module", network: Network) -> int:
    """Fold every batch norm that follows a convolution in its chain into that; return how many.

    A norm after the addition follows no convolution, though the walk lists it right behind one.
    """
    from torch.nn import Identity
    from torch.nn.utils.fusion import fuse_conv_bn_eval

    pairs = [pair for chain in _chains(network) for pair in chain]
    for conv, norm in pairs:
        first: Any = module.get_submodule(conv)
        second: Any = module.get_submodule(norm)
        module.set_submodule(conv, fuse_conv_bn_eval(first, second))
        module.set_submodule(norm, Identity())
    return len(pairs)


def _chains(network: Network) -> Iterator[list[tuple[str, str]]]:
    yield _pairs(network.stem, "")
    for path, block in network.blocks():
        for chain in block.chains:
            yield _pairs(chain, f"{path}.")
    yield _pairs(network.head, "")


def _pairs(chain: Chain, prefix: str) -> list[tuple[str, str]]:
    """Return the full paths of each convolution with a batch norm right behind it."""
    found = []
    for node, after in zip(chain, (*chain, None)[1:], strict=True):
        match node, after:
            case Gate(), _:
                found += _pairs(node.chain, prefix)
            case Arms(), _:
                for inner in (*node.arms, node.weights):
                    found += _pairs(inner, prefix)
            case Layer(op=Conv2d()), Layer(op=BatchNorm2d()):
                found.append((f"{prefix}{node.name}", f"{prefix}{after.name}"))
            case _:
                pass
    return found


def _ensure_possible(network: Network, protocol: Protocol, device: "torch.device") -> None:
    """Raise ProtocolError, MemoryLimitError or OutOfMemory for what is known not to run before it is built."""
    from resviz.nn.memory import ensure_fits

    if protocol.batch < least_batch(network, protocol):
        raise ProtocolError(
            f"batch {protocol.batch} leaves a batch norm of {network.name} one value a channel, which training cannot "
            "normalise; take at least 2."
        )
    need = predicted_bytes(network, protocol, device.type)
    if device.type == "cpu":
        ensure_fits(need, f"{network.name} at batch {protocol.batch}")
    elif protocol.step == "train" and (there := device_memory(device)) and need > there:
        raise OutOfMemory(
            f"A training step of {network.name} at batch {protocol.batch} takes about {size(need)} and {device} has "
            f"{size(there)}; take a smaller batch, input or network."
        )


def predicted_bytes(network: Network, protocol: Protocol, device: str = "cpu") -> int:
    """Return the bytes of weights and of the most feature maps held at once, counted from the tree.

    For a training step, all that is held as its backward pass begins, on a device of a type. Libraries' scratch
    space, gradients of maps, and the copies that autocast makes of one layer's weights, come on top.
    """
    if protocol.step == "train":
        return training_memory(network, protocol, device)
    precision = PRECISIONS[protocol.precision]
    maps = memory(network, protocol.batch).inference * precision.bytes // ITEM["float32"]
    return maps + weight_bytes(network, ITEM["float32"] if precision.autocast else precision.bytes)


def release(device: "torch.device") -> None:
    """Give an accelerator's memory that no tensor holds back to it."""
    import torch

    if device.type != "cpu":
        torch.get_device_module(device).empty_cache()


def allocated(device: "torch.device") -> int:
    """Return the bytes torch has allocated on an accelerator; 0 where it keeps no such count (CPU, MPS)."""
    import torch

    try:
        return 0 if device.type == "cpu" else int(torch.accelerator.memory_allocated(device))
    except RuntimeError:
        return 0


@contextmanager
def _settings(protocol: Protocol, device: "torch.device") -> Iterator[None]:
    """Hold torch's process-wide settings at what the protocol sets."""
    import torch

    backends: Any = torch.backends
    matmul = "tf32" if PRECISIONS[protocol.precision].tf32 else "ieee"
    was = (backends.cudnn.benchmark, backends.cudnn.conv.fp32_precision, backends.cuda.matmul.fp32_precision)
    threads = torch.get_num_threads()
    index = None if device.type == "cpu" else torch.accelerator.current_device_index()
    try:
        if device.type != "cpu":
            torch.accelerator.set_device_index(device)
        if device.type == "cuda":
            backends.cudnn.benchmark = True
            backends.cudnn.conv.fp32_precision = backends.cuda.matmul.fp32_precision = matmul
        if protocol.threads is not None:
            torch.set_num_threads(protocol.threads)
        yield
    finally:
        backends.cudnn.benchmark, backends.cudnn.conv.fp32_precision, backends.cuda.matmul.fp32_precision = was
        torch.set_num_threads(threads)
        if index is not None:
            torch.accelerator.set_device_index(index)


@contextmanager
def _plainly(protocol: Protocol, device: "torch.device") -> Iterator[None]:
    """Turn what torch raises for too little memory, or for what it cannot do here, into sentences."""
    import torch

    try:
        yield
    except torch.OutOfMemoryError:
        raise OutOfMemory(f"Batch {protocol.batch} did not fit in the memory of {device}.") from None
    except RuntimeError as error:
        first = str(error).strip().split("\n", 1)[0]
        if "can't allocate memory" in first or "not enough memory" in first or "out of memory" in first:
            raise OutOfMemory(f"Batch {protocol.batch} did not fit in the memory of {device}.") from None
        raise ProfilingError(f"torch cannot run this on {device}: {first} ({protocol.describe()}).") from error
