"""The names that other libraries give to tensors, and the rules that turn them into this package's.

A library's rule is data: patterns of its names, each with what takes its place. Shapes follow the module: a
linear layer on channels is a 1x1 convolution here, a factor a channel a flat vector.
"""

import re
from collections.abc import Callable, Mapping
from math import prod

from torch import Tensor, nn

Replacement = str | Callable[[re.Match[str]], str]
"""What takes a pattern's place: a template with ``\\1``, or a function where a number has to be computed."""

_REGNET = r"trunk_output\.block(\d+)\.block\d+-(\d+)\."
"""A block of torchvision's RegNet: its stage from 1 on, its index."""
_SHARED_BY_REGNET = ((r"stem\.0\.", "conv1."), (r"stem\.1\.", "bn1."), (r"fc\.", "fc."))


def _convnext_block(match: re.Match[str]) -> str:
    """Return the prefix of a block: odd features are stages, and each but the first begins with its downsampling."""
    stage = (int(match[1]) + 1) // 2
    return f"layer{stage}.{int(match[2]) + (stage > 1)}."


def _convnext_downsampling(match: re.Match[str]) -> str:
    return f"layer{int(match[1]) // 2 + 1}.0.{('norm', 'conv')[int(match[2])]}."


_CONVNEXT_BLOCK = r"features\.([1357])\.(\d+)\."

KEY_NAMES: dict[str, tuple[tuple[str, Replacement], ...]] = {
    "torchvision regnet": (
        *_SHARED_BY_REGNET,
        (_REGNET + r"proj\.(\d)\.", r"layer\1.\2.downsample.\3."),
        (_REGNET + r"f\.a\.0\.", r"layer\1.\2.conv1."),
        (_REGNET + r"f\.a\.1\.", r"layer\1.\2.bn1."),
        (_REGNET + r"f\.b\.0\.", r"layer\1.\2.conv2."),
        (_REGNET + r"f\.b\.1\.", r"layer\1.\2.bn2."),
        (_REGNET + r"f\.se\.", r"layer\1.\2.se."),
        (_REGNET + r"f\.c\.0\.", r"layer\1.\2.conv3."),
        (_REGNET + r"f\.c\.1\.", r"layer\1.\2.bn3."),
    ),
    "torchvision convnext": (
        (r"features\.0\.0\.", "conv1."),
        (r"features\.0\.1\.", "bn1."),
        (r"features\.([246])\.([01])\.", _convnext_downsampling),
        (_CONVNEXT_BLOCK + r"layer_scale$", lambda match: f"{_convnext_block(match)}layer_scale.weight"),
        (_CONVNEXT_BLOCK + r"block\.0\.", lambda match: f"{_convnext_block(match)}conv1."),
        (_CONVNEXT_BLOCK + r"block\.2\.", lambda match: f"{_convnext_block(match)}bn1."),
        (_CONVNEXT_BLOCK + r"block\.3\.", lambda match: f"{_convnext_block(match)}conv2."),
        (_CONVNEXT_BLOCK + r"block\.5\.", lambda match: f"{_convnext_block(match)}conv3."),
        (r"classifier\.0\.", "norm."),
        (r"classifier\.2\.", "fc."),
    ),
}
"""The rules by library and family; each of their names matches exactly one pattern, at its beginning."""


def own_name(key: str, rule: str) -> str | None:
    """Return this package's name for a library's, or None for one that its rule does not know."""
    for pattern, replacement in KEY_NAMES[rule]:
        changed, found = re.subn(f"^{pattern}", replacement, key, count=1)
        if found:
            return changed
    return None


def own_names(tensors: Mapping[str, Tensor], module: nn.Module) -> dict[str, Tensor]:
    """Return tensors under this package's names, in the module's shapes where only singleton axes differ.

    Tensors that already have the module's names, or that no rule knows as a whole, come back as they are.
    """
    own = module.state_dict()
    for rule in KEY_NAMES:
        names = {key: own_name(key, rule) for key in tensors}
        if all(name is not None for name in names.values()) and not set(tensors) <= set(own):
            return {name: _shaped(tensors[key], own.get(name)) for key, name in names.items() if name is not None}
    return dict(tensors)


def _shaped(tensor: Tensor, own: Tensor | None) -> Tensor:
    if own is None or tensor.shape == own.shape or prod(tensor.shape) != prod(own.shape):
        return tensor
    same = [side for side in tensor.shape if side > 1] == [side for side in own.shape if side > 1]
    return tensor.reshape(own.shape) if same else tensor
