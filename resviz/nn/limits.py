"""How many blocks a network may have for a page to build or to check it, whatever memory there is."""

from resviz.arch import Network
from resviz.errors import BlockLimitError
from resviz.report.formatting import exact

MAX_BUILT = 1200
"""Blocks that are built while somebody waits; twice ResNet-1202's, they take a few seconds."""
MAX_CHECKED = 600
"""Blocks that are cross-checked, which takes half a minute for ResNet-1202's 600 and grows faster than they do."""


def ensure_buildable(network: Network) -> None:
    """Raise BlockLimitError, a sentence for people, for a network that a page would be too long in building."""
    _ensure(network, MAX_BUILT, "builds")


def ensure_checkable(network: Network) -> None:
    """Raise BlockLimitError, a sentence for people, for a network that a page would be too long in checking."""
    _ensure(network, MAX_CHECKED, "checks")


def _ensure(network: Network, most: int, does: str) -> None:
    blocks = sum(len(stage.blocks) for stage in network.stages)
    if blocks > most:
        raise BlockLimitError(
            f"{network.name} has {exact(blocks)} blocks and this page {does} at most {exact(most)}; take smaller "
            "depths, or use the command line, which has no such limit."
        )
