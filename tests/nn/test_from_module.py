"""A live module is identified with what its layers know and its weights do not."""

import pytest
import torch
from torch import nn

from resviz.arch import preset
from resviz.nn import build
from resviz.nn.from_module import from_module

CHANGES = {"stride_in": "1x1", "output_stride": 8}


@pytest.mark.parametrize("field", CHANGES)
def test_a_module_tells_what_weights_cannot(field: str) -> None:
    config = preset("resnet50").with_(depths=(1, 1, 1, 1), **{field: CHANGES[field]})
    found = from_module(build(config, device="meta"))
    assert found.exact, found.disagreements
    assert found.config is not None
    assert getattr(found.config, field) == CHANGES[field]
    assert found.layers == 35


def test_a_layer_that_is_otherwise_is_named() -> None:
    module = build(preset("resnet18"), device="meta")
    with torch.device("meta"):
        module.get_submodule("layer3.1").conv2 = nn.Conv2d(256, 256, 3, padding=2, dilation=2, bias=False)
    found = from_module(module)
    assert not found.exact
    assert "layer3.1.conv2: dilation is 2, in the tree 1" in found.disagreements


def test_a_module_of_another_kind_is_said_to_be_none() -> None:
    assert from_module(nn.Sequential(nn.Conv2d(3, 8, 3))).config is None


def test_what_a_module_is_called_is_true_of_it() -> None:
    found = from_module(build(preset("resnet50_v1"), device="meta"))
    assert found.config is not None
    assert (found.nearest, found.config.name) == ("resnet50_v1", "resnet50_v1")
    changed = from_module(build(preset("resnet18").with_(stage_strides=(1, 1, 2, 2)), device="meta"))
    assert changed.config is not None
    assert changed.config.stage_strides == (1, 1, 2, 2)
    assert changed.config.name == "custom, from resnet18"


@pytest.mark.parametrize(("name", "window"), [("resnet20_cifar10", 8), ("seresnet50", 7)])
def test_a_head_that_averages_a_fixed_window_is_the_global_pool(name: str, window: int) -> None:
    module = build(preset(name), device="meta")
    module.avgpool = nn.AvgPool2d(window)
    found = from_module(module)
    assert found.exact, found.disagreements
    assert found.nearest == name
    module.relu = nn.Sequential(nn.ReLU(), nn.AvgPool2d(1))  # another one is no head's
    assert not from_module(module).exact
