"""Which parallel arms a picture draws: each, or where many in a row are alike, one for all of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from resviz.arch.layers import Arms, Chain, Gate, Layer, Node

MOST_ARMS = 4
"""Identical arms in a row that are drawn one by one; more are folded to one, marked with their number."""


@dataclass(frozen=True, slots=True)
class ArmGroup:
    """Arms that are drawn as one: the first one's index and chain, how many they are, whether they cascade."""

    start: int
    count: int
    chain: Chain
    cascaded: bool

    def rename(self, arms: Arms) -> Callable[[str], str]:
        """Return what turns a name inside the first arm into the drawn one: ``conv2.1.conv``, ``conv2.1-6.conv``."""
        old, new = f"{arms.name}.{self.start}.", f"{arms.name}.{self.start}-{self.start + self.count - 1}."
        return lambda name: name.replace(old, new, 1) if self.count > 1 and name.startswith(old) else name


def arm_groups(arms: Arms) -> tuple[ArmGroup, ...]:
    """Return the arms as they are drawn, in order."""
    indices = range(len(arms.arms))
    groups = []
    for _, same in groupby(indices, key=lambda index: (_cascades(arms, index), _content(arms.arms[index]))):
        members = list(same)
        step = len(members) if len(members) > MOST_ARMS else 1
        groups += [ArmGroup(index, step, arms.arms[index], _cascades(arms, index)) for index in members[::step]]
    return tuple(groups)


def _cascades(arms: Arms, index: int) -> bool:
    return 0 < index < arms.cascaded


def _content(chain: Chain) -> tuple[object, ...]:
    """Return what an arm consists of, apart from its names."""
    return tuple((node.op, node.in_shape) if isinstance(node, Layer) else node for node in chain)


def drawn_nodes(*alike: Chain) -> Iterator[tuple[str, tuple[Node, ...]]]:
    """Yield every node of a chain under its drawn name, with the nodes that it stands for.

    Of several identical chains they are taken together, under the names in the first.
    """
    for same in zip(*alike, strict=True):
        node: Node = same[0]
        yield node.name, same
        match node:
            case Gate():
                yield from drawn_nodes(*(each.chain for each in same if isinstance(each, Gate)))
            case Arms():
                twins = [each for each in same if isinstance(each, Arms)]
                for group in arm_groups(node):
                    span, rename = range(group.start, group.start + group.count), group.rename(node)
                    for name, inner in drawn_nodes(*(each.arms[index] for each in twins for index in span)):
                        yield rename(name), inner
                yield from drawn_nodes(*(each.weights for each in twins))
            case Layer():
                pass
