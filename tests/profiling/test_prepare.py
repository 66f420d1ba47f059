from typing import Any

import pytest
import torch

from resviz.arch import PRESETS, ResNetConfig, expand, preset
from resviz.arch.ops import BatchNorm2d
from resviz.nn import build
from resviz.profiling.prepare import fold, predicted_bytes
from resviz.profiling.protocol import Protocol

SMALL: dict[str, Any] = {
    "depths": (1, 1),
    "widths": (8, 16),
    "stage_strides": (1, 2),
    "input": (3, 32, 32),
    "num_classes": 5,
}


def small(**fields: Any) -> ResNetConfig:
    return ResNetConfig(**{**SMALL, "stem": "cifar", **fields})


@pytest.mark.parametrize(
    "config",
    [
        small(),
        small(block="basic", order="full_preact"),
        small(order="bn_after_add", shortcut="A"),
        small(attention="cbam"),
        small(conv_bias="all", shortcut="avgpool"),
        small(anti_alias="blur", stem="deep"),
        small(norm="group"),
    ],
    ids=["original", "full_preact", "bn_after_add", "cbam", "bias", "blur", "group"],
)
def test_folding_batch_norm_changes_no_output(config: ResNetConfig) -> None:
    network = expand(config)
    module = build(network, seed=1).eval()
    generator = torch.Generator().manual_seed(2)
    for layer in module.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):  # statistics that do something
            layer.running_mean = torch.randn(layer.num_features, generator=generator) * 0.1
            layer.running_var = torch.rand(layer.num_features, generator=generator) + 0.5
    images = torch.randn(2, *network.input, generator=generator)
    with torch.inference_mode():
        before = module(images)
        fold(module, network)
        torch.testing.assert_close(module(images), before, rtol=1e-3, atol=1e-4)


def test_every_batch_norm_of_a_resnet50_is_folded() -> None:
    network = expand(preset("resnet50"))
    norms = sum(count for layer, count in network.tally() if isinstance(layer.op, BatchNorm2d))
    assert fold(build(network).eval(), network) == norms == 53


def test_a_norm_after_the_addition_is_not_folded() -> None:
    network = expand(small(order="bn_after_add", shortcut="A"))
    module = build(network).eval()
    fold(module, network)
    left = [name for name, layer in module.named_modules() if isinstance(layer, torch.nn.BatchNorm2d)]
    after_add = [
        f"{path}.{layer.name}" for path, block in network.blocks() for layer in block.post if layer.kind == "norm"
    ]
    assert left == after_add != []


def test_half_precision_halves_the_predicted_memory() -> None:
    network = expand(PRESETS["resnet50"].config)
    full = predicted_bytes(network, Protocol(batch=8))
    assert predicted_bytes(network, Protocol(batch=8, precision="fp16")) == pytest.approx(full / 2, rel=1e-5)
    assert full / 2 < predicted_bytes(network, Protocol(batch=8, precision="bf16_autocast")) < full
