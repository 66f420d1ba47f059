"""Names and shapes of the state_dicts of timm's, torchvision's and pytorchcv's networks, kept as data."""

import json
import lzma
import random
from functools import lru_cache
from pathlib import Path

from resviz.arch import expand, preset
from resviz.arch.tensors import network_tensors

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


TO_ALTER = ("resnet18", "resnet34", "resnet50", "seresnet50", "resnext50_32x4d", "resnet26d", "resnet50_gn")
"""The presets that `altered` takes."""
TOLD = 12
"""The most tensors that may be told to fit badly where one was altered: a classifier's absence leaves a few."""


def altered(seed: int) -> tuple[str, Shapes, str]:
    """A preset's name, its tensors with one thing changed, and the name of a tensor that tells it."""
    draw = random.Random(seed)
    name = draw.choice(TO_ALTER)
    made = dict(network_tensors(expand(preset(name))))
    key = draw.choice([key for key in made if key.endswith("weight") and "layer2" in key])
    match draw.randrange(4):
        case 0:
            del made[key]
        case 1:
            made[key] = (*made[key][:-1], made[key][-1] + 2)
        case 2:
            key = f"{key.rsplit('.', 2)[0]}.adapter.weight"
            made[key] = (8, 64, 1, 1)
        case _:
            made = {name: shape for name, shape in made.items() if not name.startswith("fc.")}
            key = "fc.weight"
    return name, made, key


def uncounted(shapes: Shapes) -> Shapes:
    """Tensors without the counters, which the kept data lacks."""
    return {key: shape for key, shape in shapes.items() if not key.endswith("num_batches_tracked")}
