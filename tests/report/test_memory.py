"""Memory as PyTorch takes it: held to what the built module allocates and keeps."""

import contextlib
import weakref
from collections.abc import Callable
from functools import partial
from typing import Any, cast

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.checkpoint import checkpoint

from resviz.arch import ResNetConfig, UnknownNameError, expand, preset
from resviz.arch.operation import Batch
from resviz.nn import build
from resviz.report.alive import steps
from resviz.report.checkpointing import checkpointed
from resviz.report.memory import STATES, largest_batch, memory, sized, weight_bytes
from tests.families import FAMILIES, units
from tests.presets import on_each, shallow
from tests.strategies import configs


class Watch(TorchDispatchMode):
    """The most bytes of storages alive at once, of those that operators make while it watches."""

    def __init__(self) -> None:
        super().__init__()
        self.known: set[int] = set()
        self.alive = self.peak = 0

    def see(self, tensor: Tensor) -> None:
        storage = tensor.untyped_storage()
        key = storage._cdata
        if key in self.known:
            return
        self.known.add(key)
        size = storage.nbytes()
        self.alive += size
        self.peak = max(self.peak, self.alive)
        weakref.finalize(storage, self.forget, key, size)

    def forget(self, key: int, size: int) -> None:
        self.known.discard(key)
        self.alive -= size

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        for tensor in tree_leaves(out):
            if isinstance(tensor, Tensor):
                self.see(tensor)
        return out


def measured_inference(config: ResNetConfig, batch: int) -> int:
    module = build(config, seed=0).eval()  # on the meta device BatchNorm allocates statistics that it does not need
    image = torch.zeros(batch, *config.input)
    with torch.no_grad(), Watch() as watch:
        watch.known |= {tensor.untyped_storage()._cdata for tensor in (*module.parameters(), *module.buffers())}
        watch.see(image)
        module(image)
    return watch.peak


class Kept:
    """The storages that the backward pass keeps, with their bytes, beside a module's own."""

    def __init__(self, own: set[int]) -> None:
        self.own = own
        self.sizes: dict[int, int] = {}
        self.held: list[Any] = []  # so that no later storage takes the place of one that is gone

    def pack(self, tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage._cdata not in self.own:
            self.sizes[storage._cdata] = storage.nbytes()
            self.held.append(storage)
        return tensor

    def watching(self) -> contextlib.AbstractContextManager[None]:
        return torch.autograd.graph.saved_tensors_hooks(self.pack, lambda tensor: tensor)


def saved_bytes(run: Callable[[], Tensor], own: set[int]) -> int:
    """The bytes that the backward pass of a run keeps, beside storages of the module's own."""
    kept = Kept(own)
    with kept.watching():
        out = run()
    assert out.requires_grad
    return sum(kept.sizes.values())


def measured_kept(config: ResNetConfig, batch: int, device: str = "meta") -> int:
    module = build(config, device=device).train()
    own = {tensor.untyped_storage()._cdata for tensor in (*module.parameters(), *module.buffers())}
    return saved_bytes(lambda: cast(Tensor, module(torch.zeros(batch, *config.input, device=device))), own)


NETS = [
    "resnet18",
    "resnet50",
    "resnet20_cifar10",
    "preact_resnet164_cifar10",
    "resnet_v2_50",
    "seresnet50",
    "d2l_resnet18",
]


@on_each("name", NETS)
def test_inference_takes_what_the_built_module_allocates(name: str) -> None:
    config = preset(name)
    assert memory(expand(config), batch=3).inference == measured_inference(config, batch=3)


@on_each("name", NETS)
def test_training_keeps_what_the_built_module_keeps(name: str) -> None:
    config = preset(name)
    assert memory(expand(config), batch=3).kept == measured_kept(config, batch=3)


SMALL = [
    {"attention": "gc"},
    {"attention": "cbam"},
    {"attention": "se", "order": "full_preact"},
    {"skip": "scale"},
    {"skip": "exclusive_gate", "order": "full_preact"},
    {"shortcut": "avgpool", "output_stride": 8},
    {"downsampling": "layer", "output_stride": 8},
    {"conv": "standardised"},
]
"""Changes to a small net, for each operation whose memory is a rule of its own."""


@on_each("changes", SMALL)
def test_a_small_network_takes_what_its_module_takes(changes: dict[str, Any]) -> None:
    config = preset("resnet18").with_(input=(3, 37, 45), depths=(1, 2, 1, 1), **changes)
    expected = memory(expand(config), batch=3)
    assert expected.inference == measured_inference(config, batch=3)
    assert expected.kept == measured_kept(config, batch=3)


@given(config=configs(max_blocks=2))
def test_any_network_takes_what_its_module_takes(config: ResNetConfig) -> None:
    config = config.with_(drop_path_rate=0.0)
    expected = memory(expand(config), batch=2)
    if config.head != "attention":  # its operators' scratch space, which is not counted, can be the peak of a small net
        assert expected.inference == measured_inference(config, batch=2)
    assert expected.kept == measured_kept(config, batch=2)


def fused(x: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Dropout by the operator that CUDA takes, which a CPU has as well."""
    if p == 0 or not training:
        return x
    return torch.native_dropout(x, p, training)[0]


DROPOUTS = st.fixed_dictionaries(
    {
        "skip": st.sampled_from(["identity", "dropout", "shortcut_gate"]),
        "dropout": st.sampled_from([0.0, 0.3]),
        "skip_dropout": st.sampled_from([0.0, 0.5]),
    }
)


@given(config=configs(max_blocks=2), wet=DROPOUTS, on=st.sampled_from(["cpu", "cuda"]))
def test_dropout_keeps_what_the_devices_operator_keeps(config: ResNetConfig, wet: dict[str, Any], on: str) -> None:
    config = config.with_(drop_path_rate=0.0, **(wet if config.shortcut != "none" else {"dropout": 0.3}))
    with pytest.MonkeyPatch.context() as patch:
        if on == "cuda":
            patch.setattr(torch.nn.functional, "dropout", fused)
        measured = measured_kept(config, batch=2, device="cpu")
    assert memory(expand(config), batch=2, device=on).kept == measured


def test_a_wide_net_with_dropout_keeps_whole_numbers_for_masks_on_the_cpu_alone() -> None:
    config = preset("wrn16_4_dropout_cifar10")
    network = expand(config)
    masks = sum(layer.elements * count for layer, count in network.tally() if layer.kind == "dropout")
    kept = {device: memory(network, 2, device=device).kept for device in ("cpu", "cuda")}
    assert kept["cpu"] == measured_kept(config, 2, "cpu")
    assert kept["cpu"] - kept["cuda"] == 2 * 3 * masks
    assert memory(network, 2, "float16").kept < memory(network, 2, device="cuda").kept
    dry = memory(expand(preset("wrn16_4_cifar10")), 2)
    assert memory(network, 2).inference == dry.inference


def test_a_dilated_resnet_d_takes_what_its_module_takes() -> None:
    config = preset("resnet18d").with_(output_stride=8, input=(3, 97, 97))
    expected = memory(expand(config), batch=2)
    assert expected.inference == measured_inference(config, batch=2)
    assert expected.kept == measured_kept(config, batch=2)


def test_an_unknown_device_gets_a_sentence() -> None:
    with pytest.raises(UnknownNameError, match="cpu"):
        memory(expand(preset("resnet18")), device="tpu")


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_takes_what_its_module_takes(name: str) -> None:
    config = FAMILIES[name].with_(input=(3, 64, 64))
    expected = memory(expand(config), batch=2)
    assert expected.inference == measured_inference(config, batch=2)
    assert expected.kept == measured_kept(config, batch=2)


@given(config=units())
def test_any_unit_takes_what_its_module_takes(config: ResNetConfig) -> None:
    expected = memory(expand(config), batch=2)
    assert expected.inference == measured_inference(config, batch=2)
    assert expected.kept == measured_kept(config, batch=2)


@pytest.mark.parametrize("name", [*NETS, "resnetblur50", "resnet50_gn", "ecaresnet26t"])
def test_weights_are_the_modules_parameters_and_buffers(name: str) -> None:
    config = preset(name)
    module = build(config, device="meta")
    tensors = (*module.parameters(), *module.buffers())
    assert weight_bytes(expand(config)) == sum(tensor.untyped_storage().nbytes() for tensor in tensors)


def test_half_the_bytes_a_number_takes_half_the_feature_maps() -> None:
    network = expand(preset("resnet50"))
    whole, half = memory(network, 8), memory(network, 8, "float16")
    assert half.inference == pytest.approx(whole.inference / 2, rel=0.01)
    assert half.weights == pytest.approx(whole.weights / 2, rel=0.01)


def test_feature_maps_grow_with_the_batch_and_weights_do_not() -> None:
    network = expand(preset("resnet18"))
    one, four = memory(network, 1), memory(network, 4)
    assert four.inference == 4 * one.inference
    assert four.weights == one.weights


@pytest.mark.parametrize(("optimiser", "states"), STATES.items())
def test_an_optimiser_keeps_its_states_for_each_parameter(optimiser: str, states: int) -> None:
    network = expand(preset("resnet18"))
    assert memory(network, optimiser=optimiser).optimiser == states * 4 * network.params


def checkpoint_parts(module: torch.nn.Module, config: ResNetConfig, each: str, *, last: bool = True) -> list[Any]:
    """Have each block, or stage, of a module keep its input alone; return them."""
    stages = [getattr(module, f"layer{number + 1}") for number in range(len(config.depths))]
    parts = stages if each == "stage" else [block for stage in stages for block in stage]
    for part in parts if last else parts[:-1]:
        part.forward = partial(checkpoint, part.forward, use_reentrant=False, preserve_rng_state=False)
    return parts


CHECKPOINTED = [
    "resnet18",
    "resnet50",
    "resnetv2_50",
    "seresnet34",
    "resnet20_cifar10",
    "convnext_tiny",
    "res2net50_26w_4s",
]


@pytest.mark.parametrize("each", ["block", "stage"])
@pytest.mark.parametrize("name", CHECKPOINTED)
def test_what_checkpointing_keeps_is_what_torch_saves(name: str, each: str) -> None:
    config = shallow(preset(name))
    module = build(config, device="meta").train()
    own = {tensor.untyped_storage()._cdata for tensor in (*module.parameters(), *module.buffers())}
    checkpoint_parts(module, config, each)
    image = torch.zeros(2, *config.input, device="meta")
    found = memory(expand(config), 2, checkpoint=each)
    assert found.kept == saved_bytes(lambda: cast(Tensor, module(image)), own)
    assert found.to_train < memory(expand(config), 2).to_train


@pytest.mark.parametrize("each", ["block", "stage"])
@pytest.mark.parametrize("name", ["resnet50", "resnetv2_50", "convnext_tiny"])
def test_what_the_last_part_brings_back_is_what_torch_saves_of_it_and_of_the_inputs(name: str, each: str) -> None:
    config = shallow(preset(name))
    module = build(config, device="meta").train()
    own = {tensor.untyped_storage()._cdata for tensor in (*module.parameters(), *module.buffers())}
    parts = checkpoint_parts(module, config, each, last=False)
    outputs: list[Tensor] = []
    parts[-1].register_forward_hook(lambda part, given, out: outputs.append(out))

    class Ended(Exception):
        pass

    def end(part: Any, given: Any, out: Tensor) -> None:
        raise Ended

    parts[-1].register_forward_hook(end)  # the head keeps nothing any more when its backward pass is done

    def run() -> Tensor:
        with contextlib.suppress(Ended):
            module(torch.zeros(2, *config.input, device="meta"))
        return outputs[0]

    network = expand(config)
    found = checkpointed(network, Batch(2, 4, 4), each)
    last = next(moment for moment in found.moments if moment.phase == "backward" and moment.path != "head")
    assert last.kept == saved_bytes(run, own)
    assert last.again > 0


@given(config=configs(), batch=st.integers(1, 3))
def test_without_checkpoints_the_backward_pass_begins_with_all_that_is_kept(config: ResNetConfig, batch: int) -> None:
    network = expand(config)
    found = checkpointed(network, Batch(batch, 4, 4))
    assert found.kept == found.peak == memory(network, batch).kept
    kept = [moment.kept for moment in found.moments]
    half = len(kept) // 2
    assert kept[:half] == sorted(kept[:half])
    assert kept[half:] == kept[:half][::-1]
    assert found.macs == 0
    for each in ("block", "stage"):
        other = checkpointed(network, Batch(batch, 4, 4), each)
        assert other.macs == sum(stage.macs for stage in network.stages)
        assert other.peak >= other.kept


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("parts", ["none", "block"])
def test_the_largest_batch_fits_and_the_next_does_not(training: bool, parts: str) -> None:
    network = expand(preset("resnet50"))
    for room in (8 * 10**9, 24 * 10**9):
        found = largest_batch(network, room, training=training, checkpoint=parts)
        need = [memory(network, batch, checkpoint=parts) for batch in (found, found + 1)]
        sizes = [each.to_train if training else each.to_infer for each in need]
        assert sizes[0] <= room < sizes[1]
    assert largest_batch(network, 10**6, training=training) == 0


@given(config=configs(), batch=st.integers(1, 3))
def test_the_steps_of_inference_reach_the_peak_and_begin_with_the_picture(config: ResNetConfig, batch: int) -> None:
    network, size = expand(config), sized(batch, "float32")
    found = steps(network, size)
    assert max(step.total for step in found) == memory(network, batch).inference
    assert all(min(step.working, step.skip, step.held) >= 0 for step in found)


def test_a_blocks_input_waits_while_its_branch_runs_and_for_nothing_in_a_plain_nets_end() -> None:
    network, size = expand(preset("resnet50")), sized(1, "float32")
    waiting = {step.path: step.skip for step in steps(network, size)}
    inside = size.bytes((256, 56, 56))
    assert waiting["layer1.1.conv1"] == 0  # it reads the block's input itself
    assert {waiting[f"layer1.1.{name}"] for name in ("bn1", "conv2", "bn2", "conv3", "bn3")} == {inside}
    assert waiting["layer1.1.add"] == 0  # the addition reads it
