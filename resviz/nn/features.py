"""Feature maps: what each block's branch adds to what its skip carries, for one picture."""

from dataclasses import dataclass

import torch
from torch import Tensor

from resviz.arch import Network
from resviz.arch.ops import Shape
from resviz.nn.memory import claim, forward_bytes
from resviz.nn.modules import ResidualBlock, ResNet
from resviz.progress import Report, silent

CHANNELS = 16
"""Channels of a block that are kept to be shown, evenly spread over all of them."""


@dataclass(frozen=True, slots=True, eq=False)
class BlockMaps:
    """What meets in one block: some channels of each arm and of their sum, and the norms of all channels.

    ``branch``, ``skip`` and ``total`` are ``(n, H, W)``; the skip of a plain net is None. ``total`` is
    taken before anything that follows the addition.
    """

    path: str
    shape: Shape
    channels: tuple[int, ...]
    branch: Tensor
    skip: Tensor | None
    total: Tensor
    branch_norm: float
    skip_norm: float
    total_norm: float

    @property
    def ratio(self) -> float | None:
        """Norm of the branch over norm of the skip: how much the block changes its signal; None in a plain net."""
        if self.skip is None or self.skip_norm == 0:
            return None
        return self.branch_norm / self.skip_norm

    @property
    def limit(self) -> float:
        """The largest value shown in any of the three, in absolute terms: one scale for all."""
        shown = [each for each in (self.branch, self.skip, self.total) if each is not None]
        return max(each.nan_to_num().abs().max().item() for each in shown)


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Pass:
    """One picture's way through a network: its blocks, and the classes with the highest outputs.

    The account of the process holds what its blocks keep until it is gone.
    """

    blocks: tuple[BlockMaps, ...]
    top: tuple[tuple[int, float], ...]
    """Class and its softmax probability, best first."""


def run_picture(module: ResNet, network: Network, x: Tensor, report: Report = silent) -> Pass:
    """Return what every block makes of an input ``(1, C, H, W)``, the module in evaluation mode.

    ``report`` is told of each block and may raise to end it. Raises MemoryLimitError where the pass would need more
    memory than the operator allows.
    """
    kept = sum(3 * 4 * min(CHANNELS, b.out_shape[0]) * b.out_shape[1] * b.out_shape[2] for _, b in network.blocks())
    with claim(forward_bytes(network) + kept, f"A picture's pass through {network.name}") as held:
        found = _passed(module.eval(), network, x, report)
        held.keep(found, kept)
    return found


def _passed(module: ResNet, network: Network, x: Tensor, report: Report) -> Pass:
    stages = {stage.name for stage in network.stages}
    count = sum(len(stage.blocks) for stage in network.stages)
    blocks: list[BlockMaps] = []
    with torch.no_grad():
        for name, child in module.named_children():
            if name not in stages:
                x = child(x)
                continue
            for index, block in child.named_children():
                if isinstance(block, ResidualBlock):
                    report("blocks", len(blocks), count)
                    maps, x = _through(block, f"{name}.{index}", x)
                    blocks.append(maps)
        probabilities = x.softmax(1)[0]
    values, classes = probabilities.topk(min(5, len(probabilities)))
    return Pass(tuple(blocks), tuple(zip(classes.tolist(), values.tolist(), strict=True)))


def _through(block: ResidualBlock, path: str, x: Tensor) -> tuple[BlockMaps, Tensor]:
    branch, skip = block.arms(x)
    total = block.meet(branch, skip, x)
    count = total.shape[1]
    shown = tuple(sorted({round(each) for each in torch.linspace(0, count - 1, min(CHANNELS, count)).tolist()}))
    maps = BlockMaps(
        path=path,
        shape=tuple(total.shape[1:]),
        channels=shown,
        branch=branch[0, list(shown)].clone(),
        skip=None if skip is None else skip[0, list(shown)].clone(),
        total=total[0, list(shown)].clone(),
        branch_norm=branch.norm().item(),
        skip_norm=0.0 if skip is None else skip.norm().item(),
        total_norm=total.norm().item(),
    )
    return maps, block.run(block.post, total)
