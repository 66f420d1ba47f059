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

from resviz.arch import ResNetConfig, expand, preset
from resviz.arch.tensors import network_tensors
from resviz.errors import WeightsError
from resviz.nn import build
from resviz.nn.renaming import Renaming, aligned
from resviz.nn.weight_names import RENAMINGS
from resviz.nn.weights import load_weights
from tests.nn import library_nets as nets

DATA = Path(__file__).parents[1] / "data"
TORCHVISION = json.loads((DATA / "torchvision_regnet_convnext_state_dicts.json").read_text())
KEPT = json.loads((Path(__file__).parents[1] / "data" / "timm_state_dicts.json").read_text())["networks"]
SAID = {
    "ecaresnet26t": "ECA",
    "cbam_resnet18": "CBAM",
    "darknet21": "Darknet",
    "darknetaa53": "Darknet",
    "resnet51q": "ByobNet with a stem of four",
    "resnet61q": "ByobNet with two 3x3",
    "regnety_040_sgn": "RegNet",
    "regnetz_005": "RegNet",
    "regnetz_b16": "ByobNet (",
}
"""Whose names a network's tensors have, where that is not resnetv2."""


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
    assert f"fit, renamed from timm's {SAID.get(name, 'resnetv2')}" in found.sentence
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


@pytest.mark.parametrize(
    ("library", "theirs", "ours"),
    [
        ("Detectron2", "res2.0.shortcut.norm.weight", "layer1.0.downsample.1.weight"),
        ("Detectron (", "res3_1_branch2b_bn_s", "layer2.1.bn2.weight"),
        ("Detectron (", "res4_0_branch1_w", "layer3.0.downsample.0.weight"),
        ("fb.resnet.torch", "4.1.0.0.3.weight", "layer1.1.conv2.weight"),
        ("fb.resnet.torch", "5.0.0.1.1.running_var", "layer2.0.downsample.1.running_var"),
        ("transformers", "encoder.stages.1.layers.0.layer.2.normalization.bias", "layer2.0.bn3.bias"),
        ("pytorchcv", "features.stage2.unit1.body.conv3.bn.weight", "layer2.0.bn3.weight"),
    ],
)
def test_the_names_of_other_programs_become_torchvisions(library: str, theirs: str, ours: str) -> None:
    (renaming,) = (each for each in RENAMINGS if each.label.startswith(library))
    assert renaming.renamed([theirs]) == {theirs: ours}


NAMED_BY = {
    "torchvision's ConvNeXt": "torchvision/convnext_tiny",
    "timm's ECA": "timm/ecaresnet26t",
    "timm's resnetv2": "timm/resnetv2_50d",
    "timm's ByobNet (": "timm/gcresnext26ts",
    "timm's ByobNet with a stem": "timm/resnet51q",
    "timm's ByobNet with two": "timm/resnet61q",
    "timm's Darknet": "timm/sedarknet21",
    "timm's RepVGG": "timm/repvgg_a0",
    "timm's RegNet": "timm/regnety_002",
    "timm's ConvNeXt (": "timm/convnextv2_atto",
    "timm's ConvNeXt with": "timm/convnext_atto_ols",
    "timm's NFNet (stages": "timm/nf_seresnet26",
    "timm's NFNet (conv2b": "timm/test_nfnet",
    "timm's Res2Net": "timm/res2net50_26w_4s",
    "timm's SK": "timm/skresnet50",
    "timm's ResNeSt (": "timm/resnest14d",
    "timm's ResNeSt of": "timm/resnest50d_1s4x24d",
    "timm's legacy SENet (": "timm/legacy_seresnet18",
    "timm's legacy SENet-154": "timm/legacy_senet154",
    "pytorchcv": "pytorchcv/resnet20_cifar10",
}
"""A kept network for each of the libraries' renamings."""


def test_every_renaming_has_a_network_or_an_example_above() -> None:
    others = ("Detectron", "fb.resnet.torch", "transformers", "timm's CBAM", "torchvision's RegNet")  # tested elsewhere
    assert [each.label for each in RENAMINGS if not each.label.startswith((*NAMED_BY, *others))] == []


@pytest.mark.parametrize("label", NAMED_BY)
def test_a_librarys_names_become_those_of_the_module(label: str) -> None:
    (renaming,) = (each for each in RENAMINGS if each.label.startswith(label))
    name = NAMED_BY[label]
    config = preset(name.split("/")[1])
    config = config.with_(shortcut="B") if name.startswith("pytorchcv") else config
    own = network_tensors(expand(config)).keys()
    theirs = [key for key in nets.tensors(name) if not key.endswith("num_batches_tracked")]
    assert set(aligned(renaming.renamed(theirs), own).values()) == own
