"""RepVGG's two forms compute the same: what its unit learns in three arms is one 3x3 convolution (Ding et al. 2021)."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from resviz.arch import ResNetConfig
from resviz.nn import build

SMALL = {
    "stem": "none",
    "shortcut": "none",
    "input": (3, 24, 24),
    "num_classes": 7,
    "depths": (1, 3, 2),
    "widths": (8, 8, 16),
    "stage_strides": (2, 1, 2),
}


def fused(kernel: Tensor, norm: nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    """The weight and bias that a convolution and the norm behind it come to."""
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    return kernel * scale[:, None, None, None], norm.bias - norm.running_mean * scale


def deployed_weights(arms: nn.Module, groups: int) -> tuple[Tensor, Tensor]:
    """The one 3x3 kernel and bias of a unit's arms (Ding et al. 2021, Sec. 3.3)."""
    three, one, *identity = arms.children()
    weight, bias = fused(three.conv.weight, three.bn)
    narrow = fused(F.pad(one.conv.weight, (1, 1, 1, 1)), one.bn)
    weight, bias = weight + narrow[0], bias + narrow[1]
    for arm in identity:
        each = torch.zeros_like(weight)
        for channel in range(len(each)):
            each[channel, channel % (len(each) // groups), 1, 1] = 1
        kernel, shift = fused(each, arm.bn)
        weight, bias = weight + kernel, bias + shift
    return weight, bias


@pytest.mark.parametrize("groups", [1, 2])
def test_trained_and_deployed_repvgg_compute_the_same(groups: int) -> None:
    grouped = {"groups": (1, groups, groups)}
    trained = build(ResNetConfig(block="repvgg", **SMALL, **grouped), seed=0).eval()
    deployed = build(
        ResNetConfig(block="repvgg_deployed", norm="none", conv_bias="all", **SMALL, **grouped), seed=1
    ).eval()
    generator = torch.Generator().manual_seed(2)
    with torch.no_grad():
        for norm in (module for module in trained.modules() if isinstance(module, nn.BatchNorm2d)):
            for tensor, low in (
                (norm.weight, 0.5),
                (norm.bias, -0.5),
                (norm.running_mean, -0.5),
                (norm.running_var, 0.5),
            ):
                tensor.copy_(torch.rand(tensor.shape, generator=generator) + low)
        for path, module in trained.named_modules():
            if path.endswith(".conv1"):
                weight, bias = deployed_weights(module, 1 if path.startswith("layer1") else groups)
                single = deployed.get_submodule(path)
                single.weight.copy_(weight)
                single.bias.copy_(bias)
        deployed.fc.load_state_dict(trained.fc.state_dict())
        images = torch.randn(2, 3, 24, 24, generator=generator)
        before, after = trained(images), deployed(images)
    assert before.abs().max() > 0.01
    torch.testing.assert_close(after, before, rtol=1e-4, atol=1e-5)
