"""Names that others give to the tensors of the same networks, and what they are called here.

Each renaming is data: patterns and what they become, applied in order to every name of a file. Where a name
of theirs stands for the same numbers in another shape, only axes of size 1 differ.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

Replacement = str | Callable[[re.Match[str]], str]
"""What takes a pattern's place: a template with ``\\1``, or a function where a number has to be computed."""
Rules = tuple[tuple[str, Replacement], ...]


@dataclass(frozen=True, slots=True)
class Renaming:
    """How somebody's names become torchvision's."""

    label: str
    """Whose names they are, to follow "renamed from"."""
    rules: Rules
    """Regular expressions and their replacements."""

    def renamed(self, names: Iterable[str]) -> Mapping[str, str]:
        """Return the new name of each; empty where two would become the same."""
        found = {name: self._one(name) for name in names}
        return found if len(set(found.values())) == len(found) else {}

    def _one(self, name: str) -> str:
        for pattern, replacement in self.rules:
            name = re.sub(pattern, replacement, name)
        return name


_V2: Rules = (
    (r"^stem\.conv\.", "conv1."),
    *((rf"^stem\.conv{number}\.", f"conv1.{3 * number - 3}.") for number in (1, 2, 3)),
    *((rf"^stem\.norm{number}\.", f"conv1.{3 * number - 2}.") for number in (1, 2)),
    *((rf"^stages\.{number}\.blocks\.", f"layer{number + 1}.") for number in range(4)),
    (r"\.norm(\d)\.", r".bn\1."),
    (r"^norm\.", "bn."),
    (r"^head\.fc\.", "fc."),
)

_REGNET_BLOCK = r"^trunk_output\.block(\d+)\.block\d+-(\d+)\."
"""A block of torchvision's RegNet: its stage from 1 on, its index."""
_REGNET: Rules = (
    (r"^stem\.0\.", "conv1."),
    (r"^stem\.1\.", "bn1."),
    (_REGNET_BLOCK + r"proj\.(\d)\.", r"layer\1.\2.downsample.\3."),
    *((rf"{_REGNET_BLOCK}f\.{letter}\.0\.", rf"layer\1.\2.conv{n}.") for n, letter in enumerate("abc", 1)),
    *((rf"{_REGNET_BLOCK}f\.{letter}\.1\.", rf"layer\1.\2.bn{n}.") for n, letter in enumerate("abc", 1)),
    (_REGNET_BLOCK + r"f\.se\.", r"layer\1.\2.se."),
)


def _convnext_block(match: re.Match[str]) -> str:
    """Return the prefix of a block: odd features are stages, and each but the first begins with its downsampling."""
    stage = (int(match[1]) + 1) // 2
    return f"layer{stage}.{int(match[2]) + (stage > 1)}."


def _convnext_downsampling(match: re.Match[str]) -> str:
    return f"layer{int(match[1]) // 2 + 1}.0.{('norm', 'conv')[int(match[2])]}."


_CONVNEXT: Rules = (
    (r"^features\.0\.0\.", "conv1."),
    (r"^features\.0\.1\.", "bn1."),
    (r"^features\.([246])\.([01])\.", _convnext_downsampling),
    (r"^features\.([1357])\.(\d+)\.", _convnext_block),
    (r"\.layer_scale$", ".layer_scale.weight"),
    (r"\.block\.0\.", ".conv1."),
    (r"\.block\.2\.", ".bn1."),
    (r"\.block\.3\.", ".conv2."),
    (r"\.block\.5\.", ".conv3."),
    (r"^classifier\.0\.", "norm."),
    (r"^classifier\.2\.", "fc."),
)

RENAMINGS = (
    Renaming("torchvision's RegNet (trunk_output.block1 is layer1)", _REGNET),
    Renaming("torchvision's ConvNeXt (features.1 is layer1)", _CONVNEXT),
    Renaming("timm's ECA units (se.conv is eca.conv)", ((r"\.se\.conv\.", ".eca.conv."),)),
    Renaming(
        "timm's CBAM units (se is cbam)",
        (
            (r"\.se\.spatial\.conv\.conv\.", ".cbam.spatial.conv."),
            (r"\.se\.spatial\.conv\.bn\.", ".cbam.spatial.bn."),
            (r"\.se\.channel\.", ".cbam.channel."),
        ),
    ),
    Renaming("timm's resnetv2 (stages.0.blocks is layer1)", (*_V2, (r"\.downsample\.conv\.", ".downsample.0."))),
    # Where an average pool stands before the projection, it has the number 0 here and no number there.
    Renaming("timm's resnetv2 (stages.0.blocks is layer1)", (*_V2, (r"\.downsample\.conv\.", ".downsample.1."))),
)
"""The renamings that are tried where a file's own names do not fit (timm 1.0.31's names)."""
