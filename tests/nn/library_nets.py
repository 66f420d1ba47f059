"""Names and shapes of the state_dicts of timm's, torchvision's and pytorchcv's networks, kept as data."""

import json
import lzma
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).parents[1] / "data" / "library_state_dicts.json.xz"
Shapes = dict[str, tuple[int, ...]]
STRANGERS = (
    *("densenet121", "vgg16", "vit_tiny_patch16_224", "efficientnet_b0", "inception_v3", "mixnet_s", "cspresnet50"),
    *("dla34", "tresnet_m", "mobilenetv3_small_050", "selecsls42", "vovnet39a", "edgenext_small", "halonet26t"),
    *("botnet26t_256", "hrnet_w18_small"),
)
"""timm's networks that are kept and that this package has no configuration for."""
ATTENTION_POOLS = tuple(
    f"timm/{name}_clip" for name in ("resnet50", "resnet101", "resnet50x4", "resnet50x16", "resnet50x64")
)
"""timm keeps query, key and value of these heads apart, which no renaming brings together."""


@lru_cache(maxsize=1)
def _kept() -> dict[str, list[str]]:
    kept: dict[str, list[str]] = json.loads(lzma.decompress(DATA.read_bytes()))["networks"]
    return kept


def names() -> list[str]:
    """Every network that is kept and that this package describes."""
    strangers = {f"timm/{name}" for name in STRANGERS}
    return [name for name in _kept() if name not in strangers]


def tensors(name: str) -> Shapes:
    """A network's tensors by name and shape."""
    rows = (row.partition(" ") for row in _kept()[name])
    return {key: tuple(map(int, sides.split("x"))) if sides else () for key, _, sides in rows}
