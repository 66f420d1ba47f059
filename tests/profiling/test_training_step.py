"""A training step measured for real on the CPU, and what is counted of it without running."""

from typing import Any

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from resviz.arch import ResNetConfig, expand, preset
from resviz.errors import MemoryLimitError, OutOfMemory, ProtocolError
from resviz.nn import build
from resviz.profiling import measure, prepare
from resviz.profiling.descriptions import compare, details, differences, figures, phases_sentence, refusal
from resviz.profiling.measure import profile, sweep
from resviz.profiling.prepare import predicted_bytes, prepared
from resviz.profiling.protocol import PROTOCOLS, Protocol
from resviz.profiling.result import Phases, Profile
from resviz.profiling.store import Store
from resviz.profiling.table import from_csv, to_csv
from resviz.profiling.training_step import TrainingStep, least_batch, training_macs
from tests.profiling.conftest import Make

CPU = torch.device("cpu")


def training(protocol: Protocol, **fields: Any) -> Protocol:
    return protocol.with_(step="train", **fields)


@pytest.mark.parametrize("net", ["resnet18", "resnet50d", "seresnet50", "repvgg_a0", "resnet20_cifar10"])
def test_the_macs_of_a_training_step_are_what_torch_counts(net: str) -> None:
    config = preset(net)
    network = expand(config)
    module = build(network, device="meta").train()
    counter = FlopCounterMode(display=False)
    with counter:
        module(torch.empty(2, *network.input, device="meta")).sum().backward()
    assert training_macs(network) * 2 * 2 == counter.get_total_flops()


def test_a_run_is_of_a_training_step_where_that_is_asked_for(tiny: ResNetConfig, brief: Protocol) -> None:
    run = profile(tiny, device="cpu", protocol=brief, step="train")
    assert (run.protocol.step, run.protocol.name, len(run.samples)) == ("train", "brief", brief.steps)
    assert run.phases is not None
    assert min(run.phases.forward, run.phases.backward, run.phases.update) > 0
    assert Profile.from_json(run.to_json()) == run
    assert from_csv(to_csv([run]))[0].protocol == run.protocol
    assert profile(tiny, device="cpu", protocol=brief).phases is None


def test_every_weight_gets_a_gradient_and_none_moves(tiny: ResNetConfig, brief: Protocol) -> None:
    with prepared(tiny, training(brief), CPU) as bench:
        before = [parameter.detach().clone() for parameter in bench.module.parameters()]
        bench.step()
        bench.step()
        assert bench.module.training
        for was, now in zip(before, bench.module.parameters(), strict=True):
            assert now.grad is not None
            assert now.grad.abs().sum() > 0
            assert torch.equal(was, now)
        momentum = list(bench.training.held()) if bench.training else []
        assert sum(tensor.numel() for tensor in momentum) == 2 * expand(tiny).params + brief.batch


def test_the_eager_step_whose_memory_is_read_for_a_compiled_one_makes_no_second_momentum(
    tiny: ResNetConfig, brief: Protocol, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch, "compile", torch.nn.Sequential)  # a compiler that leaves the module as it is
    with prepared(tiny, training(brief, compiled=True), CPU) as bench:
        bench.step()
        assert bench.training
        assert isinstance(bench.eager, TrainingStep)
        assert bench.eager is not bench.training
        held = [id(tensor) for tensor in bench.training.held()]
        assert [id(tensor) for tensor in bench.eager.held()] == held
        assert len(held) == 1 + 2 * len(list(bench.module.parameters()))


def test_a_forward_pass_keeps_no_gradient(tiny: ResNetConfig, brief: Protocol) -> None:
    with prepared(tiny, brief, CPU) as bench:
        bench.step()
        assert not bench.module.training
        assert all(not p.requires_grad and p.grad is None for p in bench.module.parameters())


@pytest.mark.parametrize(
    "fields",
    [{"precision": "bf16_autocast"}, {"channels_last": True}, {"threads": 1}],
    ids=lambda fields: next(iter(fields)) + str(next(iter(fields.values()))),
)
def test_every_option_trains_on_the_cpu(tiny: ResNetConfig, brief: Protocol, fields: dict[str, object]) -> None:
    assert len(profile(tiny, device="cpu", protocol=training(brief, **fields)).samples) == brief.steps


def test_the_peak_is_what_was_counted_before(tiny: ResNetConfig, brief: Protocol) -> None:
    config = tiny.with_(depths=(3, 3))
    run = profile(config, device="cpu", protocol=training(brief, batch=16))
    assert run.peak_memory is not None
    assert run.predicted_memory is not None
    assert run.predicted_memory <= run.peak_memory <= 1.25 * run.predicted_memory


@pytest.mark.parametrize("precision", ["fp32", "bf16", "bf16_autocast"])
def test_training_is_counted_to_take_more_than_a_forward_pass_and_grows_with_the_batch(precision: str) -> None:
    network = expand(preset("resnet50"))
    forward = [predicted_bytes(network, Protocol(precision=precision, batch=batch)) for batch in (1, 8, 64)]
    train = [predicted_bytes(network, Protocol(precision=precision, batch=b, step="train")) for b in (1, 8, 64)]
    assert train == sorted(train)
    assert all(more > less for more, less in zip(train, forward, strict=True))


def test_a_step_that_does_not_fit_is_refused_before_anything_is_built(
    tiny: ResNetConfig, brief: Protocol, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = expand(tiny)
    need = predicted_bytes(network, training(brief, batch=512))
    assert predicted_bytes(network, brief.with_(batch=512)) < need - 1
    monkeypatch.setattr("resviz.nn.build", lambda *_, **__: pytest.fail("it was built"))
    monkeypatch.setenv("RESVIZ_MEMORY_LIMIT", str(need - 1))
    with pytest.raises(MemoryLimitError, match="tiny at batch 512 would take"):
        profile(tiny, device="cpu", batch=512, protocol=training(brief))


def test_an_accelerator_of_too_little_memory_is_refused_too(
    tiny: ResNetConfig, brief: Protocol, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare, "device_memory", lambda _: 10_000)
    with (
        pytest.raises(OutOfMemory, match=r"training step of tiny at batch 2 takes about .* cuda has 10.0 kB"),
        prepared(tiny, training(brief), torch.device("cuda")),
    ):
        pass


def test_a_batch_norm_of_one_value_needs_two_pictures(brief: Protocol) -> None:
    config = preset("resnet20_cifar10").with_(depths=(1, 1, 1), input=(3, 4, 4))
    assert least_batch(expand(config), training(brief)) == 2
    assert least_batch(expand(config), brief) == 1
    with pytest.raises(ProtocolError, match="batch 1 leaves a batch norm"):
        profile(config, device="cpu", batch=1, protocol=training(brief))


def test_a_sweep_of_training_steps_begins_where_it_can(
    tiny: ResNetConfig, brief: Protocol, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure, "doublings", lambda: (1, 2, 4))
    config = preset("resnet20_cifar10").with_(depths=(1, 1, 1), input=(3, 4, 4))
    found = sweep(config, device="cpu", protocol=brief, step="train")
    assert [run.protocol.batch for run in found.runs] == [2, 4]
    assert {run.protocol.step for run in found.runs} == {"train"}


@pytest.mark.parametrize("field", ["fold_bn", "cuda_graph"])
def test_what_only_a_forward_pass_can_do_is_refused(field: str) -> None:
    with pytest.raises(ProtocolError, match=f"{field} true .* step to forward"):
        Protocol(step="train").with_(**{field: True}).check("cuda")


def test_layers_are_timed_in_a_forward_pass_only(tiny: ResNetConfig, brief: Protocol) -> None:
    with pytest.raises(ProtocolError, match="breakdown true"):
        profile(tiny, device="cpu", protocol=brief, step="train", breakdown=True)


def test_a_step_keeps_the_protocols_name_and_is_said_first() -> None:
    changed = PROTOCOLS["slim"].with_(step="train")
    assert changed.name == "slim"
    assert changed.describe() == f"training step, {PROTOCOLS['slim'].describe()}"


def test_a_document_without_the_field_is_a_forward_pass(made: Make) -> None:
    old = made().to_json().replace('"step":"forward",', "").replace(',"phases":null', "")
    assert "step" not in old.replace("steps", "")
    assert Profile.from_json(old).protocol.step == "forward"


def test_a_forward_pass_and_a_training_step_are_never_held_against_each_other(made: Make) -> None:
    forward = made(samples=(0.01,) * 9, peak_memory=100)
    train = made(samples=(0.03,) * 9, peak_memory=300, protocol=forward.protocol.with_(step="train"))
    assert "step" in differences(forward, train)
    assert "the second of a training step: other work" in refusal(forward, train)
    rows = {name: (first, second, change) for name, first, second, change in compare(forward, train)}
    assert rows["Step"] == ("forward pass", "training step", "")
    assert {rows[name][2] for name in ("Time per step, median", "Images per second", "Peak memory")} == {"unsure"}
    alike = made(samples=(0.06,) * 9, peak_memory=600, protocol=train.protocol)
    assert refusal(train, alike) == ""


def test_achieved_macs_of_a_training_step_are_those_of_all_its_passes(tiny: ResNetConfig, made: Make) -> None:
    forward = made()
    train = made(protocol=forward.protocol.with_(step="train"))
    ratio = train.macs_per_second / forward.macs_per_second
    assert ratio == pytest.approx(training_macs(expand(tiny)) / expand(tiny).macs)
    assert 2 < ratio < 3
    assert "forward and backward" in next(f.summary for f in figures(train) if f.label == "Achieved")


def test_the_parts_of_a_step_are_told_with_their_shares(made: Make) -> None:
    parts = Phases(forward=0.001, backward=0.002, update=0.001)
    assert phases_sentence(parts) == "forward and loss 1.00 ms (25%), backward 2.00 ms (50%), SGD 1.00 ms (25%)"
    assert ("Parts of a step", phases_sentence(parts)) in details(made(phases=parts))
    assert "Parts of a step" not in dict(details(made()))


def test_the_history_lists_and_filters_by_step(made: Make) -> None:
    store = Store("sqlite://")
    forward = made()
    train = made(protocol=forward.protocol.with_(step="train"))
    store.add(forward, train)
    assert store.choices("step") == ("forward", "train")
    assert [row.id for row in store.rows(steps=("train",))] == [train.id]
    assert {row.id: row.step for row in store.rows()} == {forward.id: "forward", train.id: "train"}
