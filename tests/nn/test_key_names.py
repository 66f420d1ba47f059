"""Names of other libraries' tensors turned into this package's, against the state_dicts of torchvision 0.29."""

import json
from pathlib import Path

import pytest
import torch

from resviz.arch import preset
from resviz.nn import build
from resviz.nn.key_names import KEY_NAMES, own_name, own_names

DATA = Path(__file__).parents[1] / "data" / "torchvision_regnet_convnext_state_dicts.json"
TORCHVISION: dict[str, dict[str, list[int]]] = json.loads(DATA.read_text())


def test_data_holds_every_regnet_and_convnext_of_torchvision() -> None:
    assert len(TORCHVISION) == 19


@pytest.mark.parametrize("name", TORCHVISION)
def test_torchvisions_tensors_load_strictly_under_own_names(name: str) -> None:
    theirs = {key: torch.empty(shape, device="meta") for key, shape in TORCHVISION[name].items()}
    module = build(preset(name), device="meta")
    module.load_state_dict(own_names(theirs, module), strict=True, assign=True)


@pytest.mark.parametrize("name", ["regnet_x_400mf", "regnet_y_400mf", "convnext_tiny"])
def test_no_two_names_become_one(name: str) -> None:
    rule = next(rule for rule in KEY_NAMES if rule.split(" ")[1] in name)
    names = [own_name(key, rule) for key in TORCHVISION[name]]
    assert None not in names
    assert len(names) == len(set(names))


def test_own_names_and_unknown_ones_stay() -> None:
    module = build(preset("regnet_x_400mf"), device="meta")
    own = module.state_dict()
    assert list(own_names(own, module)) == list(own)
    assert list(own_names({"backbone.weight": torch.empty(1)}, module)) == ["backbone.weight"]


def test_only_singleton_axes_are_reshaped() -> None:
    module = build(preset("convnext_tiny"), device="meta")
    shapes = {**TORCHVISION["convnext_tiny"], "features.1.0.block.3.weight": [96, 384]}
    theirs = {key: torch.empty(shape, device="meta") for key, shape in shapes.items()}
    assert own_names(theirs, module)["layer1.0.conv2.weight"].shape == (96, 384)
