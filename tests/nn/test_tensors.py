"""The tensors that the tree states are those of the module."""

import pytest
from hypothesis import given

from resviz.arch import ResNetConfig, expand, preset
from resviz.arch.tensors import network_tensors
from resviz.nn import build
from tests.strategies import configs

MIXED = ("resnet50", "resnet50_clip", "nf_resnet50", "dm_nfnet_f0", "convnextv2_atto", "resnest14d", "repvgg_a0")


def modules(config: ResNetConfig) -> dict[str, tuple[int, ...]]:
    states = build(config, device="meta").state_dict()
    return {key: tuple(value.shape) for key, value in states.items() if not key.endswith("num_batches_tracked")}


@pytest.mark.parametrize("name", MIXED)
def test_a_preset_has_the_tensors_of_its_module(name: str) -> None:
    assert network_tensors(expand(preset(name))) == modules(preset(name))


@given(configs(max_blocks=2))
def test_any_network_has_the_tensors_of_its_module(config: ResNetConfig) -> None:
    assert network_tensors(expand(config)) == modules(config)
