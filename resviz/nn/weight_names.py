"""Names that others give to the tensors of the same networks, and what they are called here.

Each renaming is data: patterns and what they become, applied in order to every name of a file.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Rules = tuple[tuple[str, str], ...]


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

RENAMINGS = (
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
