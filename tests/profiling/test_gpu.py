"""What needs a CUDA device: `make test-gpu`."""

import pytest
import torch

from resviz.arch import ResNetConfig, preset
from resviz.profiling import profile, sweep
from resviz.profiling.protocol import PRECISIONS, Protocol

pytestmark = pytest.mark.gpu


@pytest.mark.parametrize("precision", PRECISIONS)
def test_every_precision_runs(tiny: ResNetConfig, brief: Protocol, precision: str) -> None:
    run = profile(tiny, device="cuda", protocol=brief.with_(precision=precision))
    assert len(run.samples) == brief.steps
    assert run.device.runtime


@pytest.mark.parametrize("option", ["channels_last", "fold_bn", "cuda_graph", "compiled"])
def test_every_option_runs(tiny: ResNetConfig, brief: Protocol, option: str) -> None:
    assert len(profile(tiny, device="cuda", protocol=brief.with_(**{option: True})).samples) == brief.steps


def test_events_agree_with_the_host_over_many_steps() -> None:
    from time import perf_counter

    from resviz.profiling.devices import pick
    from resviz.profiling.prepare import prepared
    from resviz.profiling.timing import time_steps

    protocol = Protocol(warmup=10, steps=50, batch=32)
    with prepared(preset("resnet50"), protocol, pick("cuda")) as bench:
        time_steps(bench.step, bench.clock, warmup=10, steps=1)
        start = perf_counter()
        samples = time_steps(bench.step, bench.clock, warmup=0, steps=50)
        host = perf_counter() - start
    assert sum(samples) == pytest.approx(host, rel=0.1)


def test_a_graph_is_no_slower_than_launching_at_batch_one() -> None:
    net, eager = preset("resnet18"), Protocol(warmup=20, steps=100, batch=1)
    graph = profile(net, device="cuda", protocol=eager.with_(cuda_graph=True))
    assert graph.summary.median < 1.1 * profile(net, device="cuda", protocol=eager).summary.median


def test_peak_memory_is_near_the_prediction() -> None:
    run = profile(preset("resnet50"), device="cuda", protocol=Protocol(warmup=3, steps=5, batch=64))
    assert run.peak_memory is not None
    assert run.predicted_memory is not None
    assert 0.8 < run.peak_memory / run.predicted_memory < 3


def test_out_of_memory_ends_a_sweep_and_leaves_the_device_usable() -> None:
    torch.cuda.set_per_process_memory_fraction(0.05)
    try:
        found = sweep(
            preset("wide_resnet101_2"), device="cuda", batches=(1, 4096), protocol=Protocol(warmup=1, steps=2)
        )
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
    assert (found.ended, found.failed_batch, len(found.runs)) == ("out of memory", 4096, 1)
    assert profile(preset("resnet18"), device="cuda", protocol=Protocol(warmup=1, steps=2, batch=1)).samples


def test_the_blocks_add_up_to_the_step() -> None:
    parts = profile(preset("resnet50"), device="cuda", protocol=Protocol(batch=32), breakdown=True).breakdown
    assert parts is not None
    assert 0.8 < parts.covered < 1.2
