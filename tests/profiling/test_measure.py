"""The CPU measured for real, on a net of two blocks."""

import gc
import json

import pytest
import torch

from resviz.arch import ResNetConfig, expand
from resviz.errors import DeviceError, OutOfMemory, ProfilingError, ProtocolError, Stopped
from resviz.profiling import measure
from resviz.profiling.measure import profile, saturated, sweep
from resviz.profiling.protocol import Protocol
from resviz.profiling.result import Profile
from resviz.profiling.trace import STEPS, trace
from tests.profiling.conftest import Make


def test_a_profile_keeps_every_sample_and_what_gave_it(tiny: ResNetConfig, brief: Protocol) -> None:
    run = profile(tiny, device="cpu", protocol=brief)
    assert len(run.samples) == brief.steps
    assert (run.config, run.protocol, run.device.id) == (tiny, brief, "cpu")
    assert run.device.torch == torch.__version__
    assert run.device.threads == torch.get_num_threads()
    assert Profile.from_json(run.to_json()) == run


def test_peak_memory_holds_at_least_weights_and_input(tiny: ResNetConfig, brief: Protocol) -> None:
    run = profile(tiny, device="cpu", protocol=brief)
    assert run.peak_memory is not None
    assert run.predicted_memory is not None
    assert run.peak_memory > 4 * (expand(tiny).params + brief.batch * 3 * 16 * 16)
    assert run.predicted_memory == pytest.approx(run.peak_memory, rel=1.5)


@pytest.mark.parametrize(
    "fields",
    [
        {"precision": "bf16"},
        {"precision": "bf16_autocast"},
        {"channels_last": True},
        {"fold_bn": True},
        {"threads": 1},
        {"warmup": 0},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_every_option_runs_on_the_cpu(tiny: ResNetConfig, brief: Protocol, fields: dict[str, object]) -> None:
    assert len(profile(tiny, device="cpu", protocol=brief.with_(**fields)).samples) == brief.steps


@pytest.mark.slow
# torch 2.13 loads a module of its own that decorates with torch.jit
@pytest.mark.filterwarnings("ignore:`torch.jit.script:DeprecationWarning")
def test_torch_compile_runs_on_the_cpu(tiny: ResNetConfig, brief: Protocol) -> None:
    from torch._inductor import config

    unit = tiny.with_(depths=(1,), widths=(4,), stage_strides=(1,))  # a compiler of C++ takes seconds for each kernel
    # Without processes to share three kernels among, and without trying what vectors the machine's compiler knows.
    with config.patch({"compile_threads": 1, "cpp.vec_isa_ok": False}):
        assert len(profile(unit, device="cpu", protocol=brief.with_(compiled=True)).samples) == brief.steps


def test_torchs_settings_are_left_as_they_were(tiny: ResNetConfig, brief: Protocol) -> None:
    def settings() -> tuple[object, ...]:
        inference = torch.is_inference_mode_enabled()
        return torch.get_num_threads(), torch.backends.cudnn.benchmark, inference, gc.isenabled()

    before = settings()
    profile(tiny, device="cpu", protocol=brief.with_(threads=1))
    assert settings() == before


def test_the_breakdown_covers_every_block_and_layer(tiny: ResNetConfig, brief: Protocol) -> None:
    parts = profile(tiny, device="cpu", protocol=brief, breakdown=True).breakdown
    assert parts is not None
    assert [time.path for time in parts.layers] == [path for path, _ in expand(tiny).walk()]
    assert [time.path for time in parts.blocks] == [
        "conv1",
        "bn1",
        "relu",
        "layer1.0",
        "layer2.0",
        "avgpool",
        "flatten",
        "fc",
    ]


def test_the_roof_is_measured_with_the_breakdown(tiny: ResNetConfig, brief: Protocol) -> None:
    ceiling = profile(tiny, device="cpu", protocol=brief, breakdown=True).ceiling
    assert ceiling is not None
    assert 1e8 < ceiling.bytes_per_second < 1e13
    assert 1e8 < ceiling.macs_per_second < 1e15
    assert profile(tiny, device="cpu", protocol=brief).ceiling is None


def test_a_sweep_measures_each_batch_once_in_order(tiny: ResNetConfig, brief: Protocol) -> None:
    found = sweep(tiny, device="cpu", batches=(4, 1, 4), protocol=brief)
    assert [run.protocol.batch for run in found.runs] == [1, 4]
    assert found.ended == "all measured"


def test_memory_that_runs_out_ends_a_sweep_with_what_fitted(
    tiny: ResNetConfig, brief: Protocol, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESVIZ_MEMORY_LIMIT", "400 kB")
    found = sweep(tiny, device="cpu", batches=(1, 8, 4096, 8192), protocol=brief)
    assert (found.ended, found.failed_batch) == ("out of memory", 4096)
    assert [run.protocol.batch for run in found.runs] == [1, 8]


@pytest.mark.parametrize("error", [torch.OutOfMemoryError("CUDA out of memory"), RuntimeError("can't allocate memory")])
def test_torchs_out_of_memory_ends_a_sweep(
    tiny: ResNetConfig, brief: Protocol, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    real = measure.time_steps

    def small(step: object, clock: object, **options: object) -> tuple[float, ...]:
        if len(asked) == 2:
            raise error
        asked.append(1)
        return real(step, clock, **options)  # type: ignore[arg-type]

    asked: list[int] = []
    monkeypatch.setattr(measure, "time_steps", small)
    found = sweep(tiny, device="cpu", batches=(1, 2, 4, 8), protocol=brief)
    assert (found.ended, found.failed_batch, len(found.runs)) == ("out of memory", 4, 2)


def test_a_stopped_sweep_keeps_what_it_has(tiny: ResNetConfig, brief: Protocol) -> None:
    def report(phase: str, done: int, total: int) -> None:
        if phase == "batch 2: timing":
            raise Stopped("enough")

    found = sweep(tiny, device="cpu", batches=(1, 2, 4), protocol=brief, report=report)
    assert (found.ended, [run.protocol.batch for run in found.runs]) == ("stopped", [1])


def test_a_sweep_is_saturated_when_two_doublings_bring_nothing(made: Make) -> None:
    def runs(*rates: float) -> list[Profile]:
        return [
            made(samples=(run.batch / rate,), batch=run.batch) for run, rate in zip(brief_runs, rates, strict=False)
        ]

    brief_runs = [made(batch=1 << power).protocol for power in range(4)]
    assert not saturated(runs(10, 20, 40))
    assert not saturated(runs(10, 10))
    assert not saturated(runs(10, 9, 12))
    assert saturated(runs(10, 20, 20.1, 20.2))


def test_a_device_that_is_not_here_is_a_sentence(tiny: ResNetConfig) -> None:
    with pytest.raises(DeviceError, match="not a name that torch knows; here are"):
        profile(tiny, device="abacus")
    with pytest.raises(DeviceError, match="not on this machine"):
        profile(tiny, device="xpu:63")


def test_an_unknown_protocol_is_a_sentence(tiny: ResNetConfig) -> None:
    with pytest.raises(ProtocolError, match="quick"):
        profile(tiny, device="cpu", protocol="quik")


def test_what_torch_cannot_do_is_a_sentence_with_the_protocol(
    tiny: ResNetConfig, brief: Protocol, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(*_: object, **__: object) -> tuple[float, ...]:
        raise RuntimeError("not implemented for 'Half'\nmore")

    monkeypatch.setattr(measure, "time_steps", cannot)
    with pytest.raises(ProfilingError, match=r"torch cannot run this on cpu: not implemented for 'Half' \(1 warm-up"):
        profile(tiny, device="cpu", protocol=brief)


def test_more_threads_than_cores_are_refused(tiny: ResNetConfig, brief: Protocol) -> None:
    with pytest.raises(ProtocolError, match="threads 4096 is more than the"):
        profile(tiny, device="cpu", protocol=brief.with_(threads=4096))


def test_a_batch_over_the_memory_limit_is_refused(
    tiny: ResNetConfig, brief: Protocol, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESVIZ_MEMORY_LIMIT", "1 kB")
    found = sweep(tiny, device="cpu", batches=(1,), protocol=brief)
    assert (found.runs, found.ended) == ((), "out of memory")
    assert issubclass(OutOfMemory, ProfilingError)


def test_a_trace_names_the_layers_of_every_step(tiny: ResNetConfig, brief: Protocol) -> None:
    events = json.loads(trace(tiny, device="cpu", protocol=brief))["traceEvents"]
    names = [event.get("name") for event in events]
    assert {path for path, _ in expand(tiny).walk()} <= set(names)
    steps = [name for name in names if isinstance(name, str) and name.startswith("tiny step")]
    assert len(set(steps)) == STEPS
