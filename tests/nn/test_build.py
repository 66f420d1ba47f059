"""The built module: names, shapes, counts, initial weights, and that it runs as the tree says."""

import json
import warnings
from pathlib import Path

import pytest
import torch
from fvcore.nn import FlopCountAnalysis
from hypothesis import HealthCheck, given, settings
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from resviz.arch import Network, ResNetConfig, expand, preset
from resviz.arch.activations import ACTIVATIONS
from resviz.arch.ops import ChannelConv1d, Conv2d, Linear
from resviz.arch.orders import ORDERS
from resviz.errors import MemoryLimitError
from resviz.nn import build
from resviz.nn.modules import ResidualBlock, ResNet
from resviz.nn.operations import DropPath
from resviz.nn.quick_norms import QuickNorms
from resviz.report.memory import weight_bytes
from tests.presets import OF_EACH_FAMILY, distinct, on_each
from tests.presets import network as tree
from tests.strategies import configs, examples

TORCHVISION = json.loads((Path(__file__).parents[1] / "data" / "torchvision_state_dicts.json").read_text())

SMALL = {"input": (3, 32, 32), "num_classes": 10, "widths": (8, 16), "depths": (2, 2), "stage_strides": (1, 2)}
"""A net that runs in a blink."""


def small(**changes: object) -> ResNetConfig:
    return ResNetConfig(**{"stem": "cifar", "block": "basic", **SMALL, **changes})


def fvcore_macs(net: ResNet, x: torch.Tensor) -> dict[str, float]:
    analysis = FlopCountAnalysis(net, x).unsupported_ops_warnings(False).uncalled_modules_warnings(False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # its tracer, torch.jit.trace
        warnings.simplefilter("ignore", torch.jit.TracerWarning)  # a batch of one is traced as a constant
        return dict(analysis.by_module())


def shapes_seen(net: ResNet, x: torch.Tensor) -> dict[str, tuple[int, ...]]:
    """The output shape of every module by its path, without the batch, from one pass with hooks."""
    seen: dict[str, tuple[int, ...]] = {}

    def hook(path: str) -> object:
        return lambda module, args, out: seen.__setitem__(path, tuple(out.shape[1:]))

    handles = [module.register_forward_hook(hook(path)) for path, module in net.named_modules()]
    with torch.no_grad(), QuickNorms():
        net.eval()(x)
    for handle in handles:
        handle.remove()
    return seen


def test_a_quick_norm_gives_the_shape_that_torch_gives_and_refuses_what_torch_refuses() -> None:
    x, norm = torch.zeros(2, 8, 5, 4, device="meta"), nn.BatchNorm2d(8, device="meta").eval()
    with QuickNorms():
        quick = norm(x)
    assert (quick.shape, quick.dtype, quick.device) == (norm(x).shape, x.dtype, x.device)
    for own in ("weight", "bias", "running_mean", "running_var"):
        wrong = nn.BatchNorm2d(8, device="meta").eval()
        getattr(wrong, own).data = torch.zeros(9, device="meta")
        with QuickNorms(), pytest.raises(RuntimeError, match="9"):
            wrong(x)


@pytest.mark.parametrize("name", TORCHVISION)
def test_state_dict_has_torchvisions_names_order_and_shapes(name: str) -> None:
    ours = {key: list(value.shape) for key, value in build(preset(name), device="meta").state_dict().items()}
    assert list(ours.items()) == list(TORCHVISION[name].items())


@pytest.mark.parametrize("name", TORCHVISION)
def test_torchvision_weights_load_strictly(name: str) -> None:
    weights = {key: torch.empty(shape, device="meta") for key, shape in TORCHVISION[name].items()}
    result = build(preset(name), device="meta").load_state_dict(weights, strict=True)
    assert not result.missing_keys
    assert not result.unexpected_keys


@on_each("config", distinct().values(), repr)
def test_every_presets_module_has_the_trees_parameters_and_shapes(config: ResNetConfig) -> None:
    network = expand(config)
    net = build(network, device="meta")
    assert_same_parameters(net, network)
    seen = shapes_seen(net, torch.zeros(1, *network.input, device="meta"))
    assert {path: seen[path] for path, _ in network.walk()} == {p: layer.out_shape for p, layer in network.walk()}
    assert seen[""] == network.head[-1].out_shape


@on_each("name", OF_EACH_FAMILY)
def test_a_module_has_the_trees_parameters_at_any_depth(name: str) -> None:
    assert_same_parameters(build(tree(name), device="meta"), tree(name))


def assert_same_parameters(net: ResNet, network: Network) -> None:
    assert sum(p.numel() for p in net.parameters()) == network.params
    assert sum(t.numel() * t.element_size() for t in [*net.parameters(), *net.buffers()]) == weight_bytes(network)


@given(config=configs(max_blocks=2))
@settings(max_examples=examples(2), suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_any_module_agrees_with_the_tree_in_parameters_shapes_and_macs(config: ResNetConfig) -> None:
    network = expand(config)
    net = build(network, seed=0).eval()
    layers = dict(network.walk())
    learnt = {path: sum(p.numel() for p in net.get_submodule(path).parameters()) for path in layers}
    assert learnt == {path: layer.params for path, layer in layers.items()}
    assert sum(p.numel() for p in net.parameters()) == network.params
    x = torch.zeros(1, *network.input)
    with FlopCounterMode(display=False) as counter:
        seen = shapes_seen(net, x)
    assert {path: seen[path] for path in layers} == {path: layer.out_shape for path, layer in layers.items()}
    flops, fvcore = counter.get_flop_counts(), fvcore_macs(net, x)
    for path, layer in layers.items():
        if isinstance(layer.op, Conv2d | ChannelConv1d | Linear):
            assert sum(flops[f"ResNet.{path}"].values()) == 2 * layer.macs, path
            assert fvcore[path] == layer.macs, path


def test_seed_repeats_the_weights_and_leaves_torchs_generator_alone() -> None:
    state = torch.get_rng_state()
    one, two, other = (build(small(), seed=seed).state_dict() for seed in (1, 1, 2))
    assert torch.equal(state, torch.get_rng_state())
    assert all(torch.equal(one[key], two[key]) for key in one)
    assert not torch.equal(one["conv1.weight"], other["conv1.weight"])


def test_meta_device_allocates_nothing() -> None:
    net = build(small(depths=(20, 20), widths=(4096, 8192)), device="meta")
    assert {t.device.type for t in [*net.parameters(), *net.buffers()]} == {"meta"}


def test_convolutions_start_he_normal_with_fan_out() -> None:
    weight = build(small(widths=(64, 128)), seed=0).get_parameter("layer2.1.conv2.weight")
    assert weight.std().item() == pytest.approx((2 / (128 * 9)) ** 0.5, rel=0.01)
    assert weight.mean().item() == pytest.approx(0, abs=1e-3)


def test_normalisations_start_as_identities_and_biases_at_zero() -> None:
    net = build(small(conv_bias="all", norm="group"), seed=0)
    for module in net.modules():
        if isinstance(module, nn.GroupNorm):
            assert module.weight.eq(1).all()
        if isinstance(module, nn.GroupNorm | nn.Conv2d | nn.Linear):
            assert module.bias is not None
            assert module.bias.eq(0).all()


@pytest.mark.parametrize(("order", "last"), [("original", "bn2"), ("full_preact", "conv2")])
def test_zero_init_makes_each_unit_pass_its_skip_on(order: str, last: str) -> None:
    net = build(small(zero_init_last=True, order=order), seed=0).eval()
    block = net.get_submodule("layer1.0")
    assert isinstance(block, ResidualBlock)
    assert block.get_parameter(f"{last}.weight").eq(0).all()
    x = torch.rand(1, 8, 32, 32)
    assert torch.equal(block(x), x)


def test_a_gate_starts_at_its_configured_bias() -> None:
    net = build(small(skip="exclusive_gate", gate_bias_init=-3.0), seed=0)
    assert net.get_parameter("layer1.0.gate.conv.bias").eq(-3).all()


def test_drop_path_grows_from_block_to_block() -> None:
    net = build(small(drop_path_rate=0.3), device="meta")
    rates = [module.rate for module in net.modules() if isinstance(module, DropPath)]
    assert rates == pytest.approx([0, 0.1, 0.2, 0.3])


def test_drop_path_keeps_the_branchs_mean_while_training() -> None:
    torch.manual_seed(0)
    out = DropPath(0.25).train()(torch.ones(20_000, 1, 1, 1))
    assert out.unique().tolist() == pytest.approx([0, 4 / 3])
    assert out.mean().item() == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("norm", ["batch", "none"])
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_unit_leaves_its_input_alone(order: str, norm: str, activation: str) -> None:
    net = build(small(order=order, norm=norm, activation=activation), seed=0)
    x = torch.randn(2, 8, 32, 32)
    kept = x.clone()
    net.get_submodule("layer1.1")(x)
    assert torch.equal(x, kept)


@given(config=configs(max_blocks=1))
@settings(max_examples=examples(0.6), suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_any_module_trains(config: ResNetConfig) -> None:
    net = build(config, seed=0).train()
    net(torch.randn(2, *config.input)).sum().backward()
    assert all(p.grad is not None for p in net.parameters())


def test_weights_beyond_the_operators_limit_are_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESVIZ_MEMORY_LIMIT", "50 MB")
    with pytest.raises(MemoryLimitError, match=r"102.* MB .* limit .*RESVIZ_MEMORY_LIMIT"):
        build(preset("resnet50"))
