"""Names of torchvision's RegNet and ConvNeXt tensors turned into this package's, against its state_dicts."""

import json
from pathlib import Path

import pytest
import torch

from resviz.arch import preset
from resviz.nn import build
from resviz.nn.weights import WeightsError, load_weights

DATA = Path(__file__).parents[1] / "data" / "torchvision_regnet_convnext_state_dicts.json"
TORCHVISION: dict[str, dict[str, list[int]]] = json.loads(DATA.read_text())
"""Names and shapes by network, as torchvision 0.29 has them."""


def empty(name: str, **changes: list[int]) -> dict[str, torch.Tensor]:
    shapes = {**TORCHVISION[name], **changes}
    return {key: torch.empty(shape, device="meta") for key, shape in shapes.items()}


def test_data_holds_every_regnet_and_convnext_of_torchvision() -> None:
    assert len(TORCHVISION) == 19


@pytest.mark.parametrize("name", TORCHVISION)
def test_every_tensor_of_torchvisions_nets_loads_under_own_names(name: str) -> None:
    module = build(preset(name), device="meta")
    found = load_weights(module, empty(name))
    assert found.fits
    assert set(found.fitting) == set(module.state_dict())
    assert "torchvision" in found.renamed


def test_numbers_in_another_order_of_axes_are_refused() -> None:
    module = build(preset("convnext_tiny"), device="meta")
    with pytest.raises(WeightsError, match=r"layer1\.0\.conv2\.weight"):
        load_weights(module, empty("convnext_tiny", **{"features.1.0.block.3.weight": [96, 384]}))
