"""The most memory that one step holds, read from torch's allocator."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from resviz.profiling.prepare import Bench


def peak_bytes(bench: "Bench") -> int | None:
    """Return the most bytes held during one more step, weights and input included; None where torch does not say.

    On an accelerator its allocator keeps the count. On the CPU the profiler tells of every allocation in one
    eager step, the copies that oneDNN makes in its own layout included.
    """
    import torch

    if bench.device.type == "cpu":
        return _held(bench) + _grown(bench)
    try:
        torch.accelerator.reset_peak_memory_stats(bench.device)
        bench.uncaptured()
        bench.clock.synchronize()
        return int(torch.accelerator.max_memory_allocated(bench.device)) - bench.memory_before
    except RuntimeError:
        return None  # MPS has no such statistics


def _held(bench: "Bench") -> int:
    tensors = [*bench.module.parameters(), *bench.module.buffers(), bench.images]
    tensors += bench.training.held() if bench.training else ()
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors)


def _grown(bench: "Bench") -> int:
    """Return the most bytes one eager step has allocated and not yet given back."""
    from torch.autograd.profiler import profile

    with profile(use_kineto=False, profile_memory=True) as seen:
        bench.eager()
    results: Any = seen.kineto_results  # `events()` drops every release that happens within an operator
    now = most = 0
    for event in results.events():
        if event.name() == "[memory]":
            now += event.nbytes()
            most = max(most, now)
    return most
