"""Weights under timm's names give timm's outputs.

`tests/data/timm_state_dicts.json` keeps the names and shapes of timm's tensors, and what timm's modules gave for
the picture below when every tensor was drawn from its own name.
"""

import json
from pathlib import Path
from zlib import crc32

import pytest
import torch
from torch import Tensor

from resviz.arch import ResNetConfig, preset
from resviz.errors import WeightsError
from resviz.nn import build
from resviz.nn.weight_names import RENAMINGS, Renaming
from resviz.nn.weights import load_weights

DATA = Path(__file__).parents[1] / "data"
TORCHVISION = json.loads((DATA / "torchvision_regnet_convnext_state_dicts.json").read_text())
KEPT = json.loads((Path(__file__).parents[1] / "data" / "timm_state_dicts.json").read_text())["networks"]


def drawn(key: str, shape: list[int]) -> Tensor:
    """A tensor of numbers that keep a signal's size, from the name alone."""
    generator = torch.Generator().manual_seed(crc32(key.encode()))
    if key.endswith("num_batches_tracked"):
        return torch.tensor(0)
    if key.endswith("running_var"):
        return torch.rand(shape, generator=generator) + 0.5
    values = torch.randn(shape, generator=generator)
    return values * (2 / values[0].numel()) ** 0.5 if values.ndim > 1 else 0.1 * values + key.endswith("weight")


def ours(name: str) -> ResNetConfig:
    changes = {"attention": "cbam"} if name.startswith("cbam_") else {}
    return preset(name.removeprefix("cbam_")).with_(num_classes=10, **changes)


@pytest.mark.parametrize("name", KEPT)
def test_weights_under_timms_names_give_timms_outputs(name: str) -> None:
    weights = {key: drawn(key, shape) for key, shape in KEPT[name]["tensors"].items()}
    net = build(ours(name), seed=0).eval()
    found = load_weights(net, weights)
    assert found.fits
    assert f"fit, renamed from timm's {'resnetv2' if 'v2' in name else name[:4].upper().strip('R')}" in found.sentence
    with torch.no_grad():
        out = net(torch.linspace(-1, 1, 3 * 64 * 64).reshape(1, 3, 64, 64))[0]
    torch.testing.assert_close(out, torch.tensor(KEPT[name]["outputs"]), rtol=1e-4, atol=1e-4)


def test_names_that_are_right_are_left_alone_and_nothing_is_said() -> None:
    config = ours("ecaresnet26t")
    found = load_weights(build(config, seed=0), build(config, seed=1).state_dict())
    assert found.sentence == "All 196 tensors fit."


def test_weights_of_another_depth_are_accounted_for_under_the_names_that_fit_best() -> None:
    weights = {key: torch.empty(shape) for key, shape in KEPT["resnetv2_18"]["tensors"].items()}
    with pytest.raises(WeightsError) as caught:
        load_weights(build(preset("resnetv2_34").with_(num_classes=10), device="meta"), weights)
    assert "80 tensors missing" in str(caught.value)
    assert str(caught.value).endswith("107 fit, renamed from timm's resnetv2 (stages.0.blocks is layer1).")


def test_a_renaming_never_merges_two_tensors() -> None:
    assert Renaming("x", ((r"a|b", "c"),)).renamed(["a", "b"]) == {}


def test_every_renaming_is_used_by_a_network_that_was_kept() -> None:
    kept = [(ours(name), each["tensors"]) for name, each in KEPT.items()]
    kept += [(preset(name), TORCHVISION[name]) for name in ("regnet_y_400mf", "convnext_tiny")]
    for renaming in RENAMINGS:
        assert any(
            set(renaming.renamed(names).values()) == set(build(config, device="meta").state_dict())
            for config, names in kept
        ), renaming
