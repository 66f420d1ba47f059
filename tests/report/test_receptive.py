"""Receptive fields: the published ones, and those that gradients find."""

import pytest
import torch
from torch import nn

from resviz.arch import ResNetConfig, expand, preset
from resviz.nn import build
from resviz.report.receptive import fields, last_field


@pytest.mark.parametrize(("name", "size"), [("resnet_v2_50", 483), ("resnet_v2_101", 1027), ("resnet_v2_152", 1507)])
def test_slim_nets_see_what_araujo_et_al_print(name: str, size: int) -> None:
    field = last_field(expand(preset(name)))
    assert (field.size, field.jump) == (size, 32)


def test_the_stem_of_resnet50_sees_7_then_11_pixels() -> None:
    by_name = {field.name: field for field in fields(expand(preset("resnet50")))}
    assert (by_name["conv1"].size, by_name["conv1"].jump) == (7, 2)
    assert (by_name["maxpool"].size, by_name["maxpool"].jump) == (11, 4)
    assert by_name["layer4.2.relu3"].covers == 1


def test_dilation_widens_the_field_and_keeps_the_jump() -> None:
    plain, dilated = (last_field(expand(preset("resnet50").with_(output_stride=stride))) for stride in (None, 8))
    assert dilated.jump == 8
    assert dilated.size > plain.size * 0.9


def seen(config: ResNetConfig) -> tuple[int, int]:
    """First row and number of rows of the picture that the middle position of the last map depends on."""
    net = build(config, seed=0).eval().double()
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.constant_(module.weight, 1 / module.weight[0].numel())  # nothing cancels
    if hasattr(net, "maxpool"):
        net.maxpool = nn.AvgPool2d(3, 2, 1)  # the gradient of a maximum reaches one pixel only
    image = torch.ones(1, *config.input, dtype=torch.double, requires_grad=True)
    x = image
    for name, module in net.named_children():
        if name == "avgpool":
            break
        x = module(x)
    middle = x.shape[2] // 2
    x[0, :, middle, middle].sum().backward()
    assert image.grad is not None
    rows = image.grad[0].abs().sum((0, 2)).nonzero().flatten()
    return int(rows[0]), len(rows)


@pytest.mark.parametrize(
    "config",
    [
        preset("resnet20_cifar10").with_(depths=[1, 1, 1], input=[3, 97, 97]),
        preset("resnet20_cifar10").with_(depths=[1, 1, 1], input=[3, 97, 97], output_stride=2),
        preset("resnet18").with_(depths=[1, 1, 1, 1], widths=[8, 8, 8, 8], input=[3, 417, 417]),
        preset("preact_resnet20_cifar10").with_(depths=[1, 2, 1], block="bottleneck", input=[3, 129, 129]),
        preset("resnet18").with_(depths=[1, 1], widths=[8, 8], stage_strides=[1, 2], stem="deep", input=[3, 193, 193]),
    ],
    ids=["cifar", "dilated", "imagenet", "bottleneck", "deep stem"],
)
def test_gradients_reach_exactly_the_receptive_field(config: ResNetConfig) -> None:
    network = expand(config)
    field = last_field(network)
    first, count = seen(config)
    assert count == field.size
    middle = network.stages[-1].out_shape[1] // 2
    assert first + (count - 1) / 2 == field.start + middle * field.jump
