"""Names that libraries give to networks: ``timm/resnetaa50d``, ``torchvision/wide_resnet50_2``.

The presets have the libraries' own names; what a library has no network of is told here by a pattern.
"""

import re

from resviz.arch.presets import PRESETS, Preset
from resviz.errors import UnknownNameError, unknown

LIBRARIES = {
    "timm": re.compile(
        r"(?!plain|d2l_|resnet_v2_|regnet_[xy]_|resnet101_gn$|\w*(?:_cifar10|_v1$|_option_|_form_|_path_|_deployed$))\w+"
    ),
    "torchvision": re.compile(
        r"resnet(?:18|34|50|101|152)|wide_resnet(?:50|101)_2|resnext(?:50_32x4d|101_32x8d|101_64x4d)"
        r"|regnet_[xy]_\w+|convnext_(?:tiny|small|base|large)"
    ),
}
"""The libraries, and which presets' names are theirs."""


def in_library(name: str) -> bool:
    """Return whether a name is written as a library's: ``timm/``, and a name."""
    return name.partition("/")[0] in LIBRARIES and "/" in name


def library_preset(name: str) -> Preset:
    """Return the preset that a library's name stands for. Raises UnknownNameError for one that it does not have here.

    What follows a full stop in timm's names tells weights, not networks, and is refused.
    """
    library, _, model = name.partition("/")
    known = [preset for preset in PRESETS if LIBRARIES[library].fullmatch(preset)]
    plain, stop, _ = model.partition(".")
    if stop and plain in known:
        raise UnknownNameError(
            f"preset {name[:60]!r}: what follows the full stop names weights; take {library}/{plain}."
        )
    if model not in known:
        sentence = unknown("preset", name, [f"{library}/{each}" for each in known], like=f"{library}/resnet50")
        raise UnknownNameError(sentence)
    return PRESETS[model]
