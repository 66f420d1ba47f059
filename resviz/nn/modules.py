"""The torch modules that a network is put together with: one residual block for every variant, gates and arms.

What they hold is PyTorch's own or one of `resviz.nn.operations`. Tensors are ``(N, C, H, W)``. A block runs its
children by name, so that replacing a child (``net.fc = nn.Linear(...)``) does what one expects.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from resviz.arch import joins as j
from resviz.arch import layers
from resviz.arch.layers import Chain
from resviz.arch.merges import Add, GatedAdd, ScaledAdd
from resviz.arch.tree import Block


def heads(chain: Chain) -> tuple[str, ...]:
    """Return the first parts of a chain's names, each once: the children of a block that run it."""
    return tuple(dict.fromkeys(node.name.split(".")[0] for node in chain))


class ResNet(nn.Sequential):
    """A whole network: the stem's layers, the stages and the head's layers, one after another."""


class GateUnit(nn.Sequential):
    """An attention unit: its input times what its children make of it, or plus that."""

    def __init__(self, *children: nn.Module, adds: bool = False) -> None:
        super().__init__(*children)
        self.adds = adds

    def forward(self, x: Tensor) -> Tensor:
        """Return the weighed input; the children's result broadcasts over it."""
        made = x
        for module in self:
            made = module(made)
        return x + made if self.adds else x * made


class ParallelArms(nn.Module):
    """Parallel chains that are joined: children ``0``, ``1``, …, and ``select`` for a join that weighs.

    An arm without layers passes its input on.
    """

    def __init__(self, arms: layers.Arms) -> None:
        super().__init__()
        self.number, self.split, self.cascaded, self.join = len(arms.arms), arms.split, arms.cascaded, arms.join
        for index in range(self.number):
            self.add_module(str(index), nn.Sequential())
        if arms.weights:
            self.add_module("select", nn.Sequential())

    def outputs(self, x: Tensor) -> list[Tensor]:
        """Return what each arm gives."""
        inputs = x.chunk(self.number, 1) if self.split else (x,) * self.number
        made: list[Tensor] = []
        for index, taken in enumerate(inputs):
            whole = taken + made[-1] if 0 < index < self.cascaded else taken
            made.append(self.get_submodule(str(index))(whole))
        return made

    def forward(self, x: Tensor) -> Tensor:
        """Return the arms' outputs, joined."""
        made = self.outputs(x)
        match self.join:
            case j.Sum():
                return sum(made[1:], made[0])
            case j.Concat():
                return torch.cat(made, 1)
            case j.Select(groups):
                return selected(made, self.get_submodule("select"), groups)
            case j.Attend():
                return attended(*made)
            case _:
                raise TypeError(f"{self.join} joins no arms")

    def extra_repr(self) -> str:
        """Return how the arms are joined, for ``print(net)``."""
        return f"join={self.join}, split={self.split}, cascaded={self.cascaded}"


def selected(arms: list[Tensor] | tuple[Tensor, ...], select: nn.Module, groups: int) -> Tensor:
    """Return the arms' sum, weighed by a softmax over what ``select`` makes of their plain sum."""
    maps = torch.stack(arms, 1)  # (N, arms, C, H, W)
    batch, number = maps.shape[:2]
    weights: Tensor = select(maps.sum(1)).view(batch, groups, number, -1)
    weights = weights.transpose(1, 2).softmax(1)
    return (maps * weights.reshape(batch, number, -1, 1, 1)).sum(1)


def attended(maps: Tensor, scores: Tensor) -> Tensor:
    """Return the mean of maps over their positions, weighed by a softmax of one map of scores."""
    weights = scores.flatten(2).softmax(2)
    return (maps.flatten(2) @ weights.transpose(1, 2))[..., None]


class ResidualBlock(nn.Module):
    """Any residual unit: ``post(merge(branch(pre(x)), shortcut))``.

    The parts are names of children, run in order; `build` registers those. The skip of a plain net is
    None. A projection taps what ``pre`` gives (``taps_pre``), an identity taps the input.
    """

    def __init__(self, block: Block) -> None:
        super().__init__()
        self.pre, self.branch = heads(block.pre), heads(block.branch)
        self.shortcut, self.post = heads(block.shortcut or ()), heads(block.post)
        self.merge, self.taps_pre = block.merge, block.taps_pre

    def run(self, part: Sequence[str], x: Tensor) -> Tensor:
        """Return what the named children, in order, make of ``x``."""
        for name in part:
            x = getattr(self, name)(x)
        return x

    def arms(self, x: Tensor) -> tuple[Tensor, Tensor | None]:
        """Return the branch's output and the skip's, before they meet; None for the skip of a plain net."""
        start = self.run(self.pre, x)
        branch = self.run(self.branch, start)
        if self.merge is None:
            return branch, None
        return branch, self.run(self.shortcut, start if self.taps_pre else x)

    def meet(self, branch: Tensor, skip: Tensor | None, x: Tensor) -> Tensor:
        """Return the arms put together; ``x``, the block's input, opens a learnt gate."""
        if skip is None:
            return branch
        match self.merge:
            case ScaledAdd(skip=a, branch=b):
                return a * skip + b * branch
            case GatedAdd(exclusive=exclusive):
                gate = self.run(("gate",), x)
                return (1 - gate) * skip + (gate * branch if exclusive else branch)
            case Add() | None:
                return branch + skip

    def forward(self, x: Tensor) -> Tensor:
        """Return the unit's output for its input."""
        return self.run(self.post, self.meet(*self.arms(x), x))

    def extra_repr(self) -> str:
        """Return how the parts are wired, for ``print(net)``."""
        wiring = {"pre": self.pre, "branch": self.branch, "shortcut": self.shortcut, "post": self.post}
        shown = [f"{part}={' '.join(names)}" for part, names in wiring.items() if names]
        return ", ".join([*shown, f"merge={self.merge}"])
