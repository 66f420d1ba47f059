"""The built module computes what networks written by hand compute, with the same weights, to the bit."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from resviz.arch import ResNetConfig, expand, preset
from resviz.nn import build
from resviz.nn.modules import GateUnit, ResidualBlock
from resviz.nn.operations import (
    AvgMaxPool2d,
    AvgPool2dSame,
    BlurPool2d,
    ChannelConv1d,
    ChannelMeanMax,
    SubsamplePad,
    SumPositions,
)
from tests.nn.reference import REFERENCES, DilatedResNetD


def shaken(net: nn.Module) -> nn.Module:
    """The net with running statistics, gammas and betas that are not trivial."""
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for module in net.modules():
            if isinstance(module, nn.BatchNorm2d):
                for tensor in (module.weight, module.bias, module.running_mean, module.running_var):
                    tensor.copy_(torch.rand(tensor.shape, generator=generator) + 0.5)
    return net


@pytest.mark.parametrize("name", REFERENCES)
def test_outputs_equal_a_hand_written_networks(name: str) -> None:
    config = preset(name)
    built = shaken(build(config, seed=1)).eval()
    reference = REFERENCES[name]().eval()
    reference.load_state_dict(built.state_dict(), strict=True)
    x = torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        assert torch.equal(built(x), reference(x))


@pytest.mark.parametrize("output_stride", [8, 16])
@pytest.mark.parametrize("side", [64, 97])
def test_a_dilated_resnet_d_equals_a_hand_written_one(output_stride: int, side: int) -> None:
    config = preset("resnet18d").with_(output_stride=output_stride)
    built = shaken(build(config, seed=1)).eval()
    reference = DilatedResNetD(output_stride).eval()
    reference.load_state_dict(built.state_dict(), strict=True)
    x = torch.randn(1, 3, side, side, generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        assert torch.equal(built(x), reference(x))


@pytest.mark.parametrize(
    ("downsampling", "output_stride"), [("unit", 2), ("unit", 1), ("layer", 2), ("layer", 1), ("conv", 1), ("pool", 2)]
)
def test_a_limited_stride_leaves_the_output_as_it_was_at_every_step_of_it(
    downsampling: str, output_stride: int
) -> None:
    """Yu et al. 2017: with a dilation for a stride the network is the same, sampled more densely."""
    config = ResNetConfig(
        stem="cifar",
        block="basic",
        shortcut="B",
        depths=(1, 2, 2),
        widths=(4, 6, 8),
        stage_strides=(1, 2, 2),
        input=(3, 32, 32),
        downsampling=downsampling,
    )
    sparse, dense = (shaken(build(config.with_(output_stride=limit), seed=1)).eval() for limit in (None, output_stride))
    dense.load_state_dict(sparse.state_dict(), strict=True)
    x = torch.randn(1, 3, 32, 32, generator=torch.Generator().manual_seed(2))
    maps = [nn.Sequential(*list(net.children())[:-3])(x).detach() for net in (sparse, dense)]
    step = 4 // output_stride
    assert maps[1].shape[2] == maps[0].shape[2] * step
    torch.testing.assert_close(maps[0], maps[1][:, :, ::step, ::step])


def test_the_pool_that_keeps_the_size_means_each_pixel_with_its_lower_right_neighbours() -> None:
    x = torch.tensor([[4.0, 8, 12], [16, 20, 24]])[None, None]
    expected = torch.tensor([[48.0, 64, 36], [36, 44, 24]]) / 4
    assert torch.equal(AvgPool2dSame(2)(x)[0, 0], expected)


@pytest.mark.parametrize("name", ["resnet20_cifar10", "preact_resnet20_cifar10"])
def test_gradients_equal_a_hand_written_networks(name: str) -> None:
    built = build(preset(name), seed=1)
    reference = REFERENCES[name]()
    reference.load_state_dict(built.state_dict())
    x = torch.randn(2, 3, 32, 32, generator=torch.Generator().manual_seed(2))
    for net in (built, reference):
        net(x).square().sum().backward()
    ours = dict(built.named_parameters())
    for key, parameter in reference.named_parameters():
        torch.testing.assert_close(ours[key].grad, parameter.grad, msg=key)


def unit(**changes: object) -> tuple[ResidualBlock, Tensor]:
    """The first unit of the second stage, where the shape changes, and an input for it."""
    fields = {
        "stem": "cifar",
        "block": "basic",
        "depths": (1, 2),
        "widths": (8, 16),
        "stage_strides": (1, 2),
        "input": (3, 16, 16),
    }
    net = shaken(build(ResNetConfig(**{**fields, **changes}), seed=4)).eval()
    return net.get_submodule("layer2.0"), torch.randn(2, 8, 16, 16, generator=torch.Generator().manual_seed(5))


def branch_of(block: ResidualBlock, x: Tensor) -> Tensor:
    return block.bn2(block.conv2(F.relu(block.bn1(block.conv1(x)))))


def test_scaled_addition_weighs_skip_and_branch() -> None:
    block, x = unit(skip="scale", skip_scale=0.25, branch_scale=0.75)
    with torch.no_grad():
        torch.testing.assert_close(block(x), F.relu(0.25 * block.downsample(x) + 0.75 * branch_of(block, x)))


@pytest.mark.parametrize("exclusive", [True, False])
def test_gated_addition_weighs_by_a_learnt_gate(exclusive: bool) -> None:
    block, x = unit(skip="exclusive_gate" if exclusive else "shortcut_gate", gate_bias_init=-1.0)
    with torch.no_grad():
        g = torch.sigmoid(block.get_submodule("gate.conv")(x))
        branch = branch_of(block, x)
        torch.testing.assert_close(block(x), F.relu((1 - g) * block.downsample(x) + (g if exclusive else 1) * branch))


def test_bn_after_addition_normalises_the_sum() -> None:
    block, x = unit(order="bn_after_add")
    with torch.no_grad():
        total = block.conv2(F.relu(block.bn1(block.conv1(x)))) + block.downsample(x)
        torch.testing.assert_close(block(x), F.relu(block.bn2(total)))


def test_relu_before_addition_only_adds() -> None:
    block, x = unit(order="relu_before_add")
    with torch.no_grad():
        torch.testing.assert_close(block(x), block.downsample(x) + F.relu(branch_of(block, x)))


def test_relu_only_preactivation_feeds_branch_and_projection() -> None:
    block, x = unit(order="relu_only_preact")
    with torch.no_grad():
        torch.testing.assert_close(block(x), block.downsample(F.relu(x)) + branch_of(block, F.relu(x)))


def test_resnet_d_averages_before_it_projects() -> None:
    block, x = unit(shortcut="avgpool")
    with torch.no_grad():
        skip = block.downsample[2](block.downsample[1](F.avg_pool2d(x, 2)))
        torch.testing.assert_close(block(x), F.relu(skip + branch_of(block, x)))


def test_option_a_puts_zeros_behind_the_channels() -> None:
    x = torch.arange(2.0 * 3 * 5 * 5).reshape(2, 3, 5, 5)
    out = SubsamplePad(4, 2)(x)
    assert out.shape == (2, 7, 3, 3)
    assert torch.equal(out[:, :3], x[:, :, ::2, ::2])
    assert out[:, 3:].eq(0).all()


def test_blur_pool_is_the_binomial_filter_with_reflected_edges() -> None:
    x = torch.zeros(1, 1, 5, 5)
    x[0, 0, 2, 2] = 16.0
    expected = torch.tensor([[1.0, 2, 1], [2, 4, 2], [1, 2, 1]])
    assert torch.equal(BlurPool2d(1, 1)(x)[0, 0, 1:4, 1:4], expected)
    assert torch.equal(BlurPool2d(3, 2)(torch.ones(1, 3, 6, 6)), torch.ones(1, 3, 3, 3))


def test_blur_pools_constant_filter_survives_the_build() -> None:
    net = build(preset("resnetblur18"), seed=0)
    kernels = {name: buffer for name, buffer in net.named_buffers() if name.endswith("kernel")}
    assert kernels
    assert all(torch.equal(kernel.sum((1, 2, 3)), torch.ones(len(kernel))) for kernel in kernels.values())
    assert not any(key.endswith("kernel") for key in net.state_dict())


def test_channel_convolution_slides_along_the_channels() -> None:
    conv = ChannelConv1d(3)
    x = torch.randn(2, 9, 1, 1)
    with torch.no_grad():
        expected = F.conv1d(x.reshape(2, 1, 9), conv.weight, padding=1).reshape(2, 9, 1, 1)
        torch.testing.assert_close(conv(x), expected)


def test_cbams_pools_are_means_and_maxima() -> None:
    x = torch.randn(2, 4, 3, 5)
    pooled, maps = AvgMaxPool2d()(x), ChannelMeanMax()(x)
    torch.testing.assert_close(pooled[:, :, 0, 0], x.mean((2, 3)))
    assert torch.equal(pooled[:, :, 1, 0], x.amax((2, 3)))
    torch.testing.assert_close(maps[:, 0], x.mean(1))
    assert torch.equal(maps[:, 1], x.amax(1))
    torch.testing.assert_close(SumPositions()(x)[..., 0, 0], x.sum((2, 3)))


def test_an_attention_unit_weighs_its_own_input() -> None:
    parts = nn.AdaptiveAvgPool2d(1), nn.Sigmoid()
    x = torch.randn(2, 4, 3, 3)
    weight = torch.sigmoid(x.mean((2, 3), keepdim=True))
    assert torch.equal(GateUnit(*parts)(x), x * weight)
    assert torch.equal(GateUnit(*parts, adds=True)(x), x + weight)


def test_replacing_the_classifier_does_what_one_expects() -> None:
    net = build(preset("resnet20_cifar10"), seed=0).eval()
    net.fc = nn.Linear(64, 3)
    assert net(torch.zeros(1, 3, 32, 32)).shape == (1, 3)


def test_identity_units_pass_their_input_on() -> None:
    config = preset("resnet20_cifar10")
    with_units = build(config.with_(identity_units=2), seed=0).eval()
    x = torch.randn(1, 16, 32, 32)
    assert with_units.get_submodule("layer1.4")(x) is x
    assert sum(p.numel() for p in with_units.parameters()) == expand(config).params


@pytest.mark.slow
@pytest.mark.parametrize("changes", [{}, {"order": "full_preact", "attention": "se", "skip": "scale"}])
def test_torch_compile_makes_one_graph_without_breaks(changes: dict[str, object]) -> None:
    net = build(preset("resnet20_cifar10").with_(**changes), seed=0).eval()
    x = torch.randn(1, 3, 32, 32)
    torch._dynamo.reset()
    explained = torch._dynamo.explain(net)(x)
    assert (explained.graph_count, explained.graph_break_count) == (1, 0)
    with torch.no_grad():
        compiled = torch.compile(net, backend="eager", fullgraph=True)
        torch.testing.assert_close(compiled(x), net(x))
