"""He et al. 2015, Table 1, as printed: output sizes and blocks, stage by stage."""

from dataclasses import dataclass

from resviz.arch.entries import HE2015
from resviz.published.figures import PrintedFigure

TABLE1 = f"{HE2015}, Table 1"


@dataclass(frozen=True, slots=True)
class PaperStage:
    """One line of the table: its name, its output's side in pixels, its block and how many there are.

    ``blocks`` is 0 for a line that is no stage. ``bracket`` is written as `resviz.arch.tree.Block.bracket` does.
    """

    label: str
    side: int
    bracket: str
    blocks: int = 0


_BASIC = "[3x3, {0}; 3x3, {0}]"
_BOTTLENECK = "[1x1, {0}; 3x3, {0}; 1x1, {1}]"
_NETS = {
    18: (_BASIC, (2, 2, 2, 2)),
    34: (_BASIC, (3, 4, 6, 3)),
    50: (_BOTTLENECK, (3, 4, 6, 3)),
    101: (_BOTTLENECK, (3, 4, 23, 3)),
    152: (_BOTTLENECK, (3, 8, 36, 3)),
}
_SIDES = (56, 28, 14, 7)


def table1(depth: int) -> tuple[PaperStage, ...]:
    """Return the column of Table 1 for a depth; () for a depth that the table does not have."""
    if depth not in _NETS:
        return ()
    bracket, blocks = _NETS[depth]
    stages = (
        PaperStage(f"conv{index + 2}_x", side, bracket.format(64 << index, 256 << index), blocks[index])
        for index, side in enumerate(_SIDES)
    )
    return (
        PaperStage("conv1", 112, "7x7, 64, stride 2"),
        *stages,
        PaperStage("", 1, "average pool, 1000-d fc, softmax"),
    )


@dataclass(frozen=True, slots=True)
class Misprint:
    """A figure that is printed wrongly: as printed, what it should be, and where."""

    figure: PrintedFigure
    means: int
    where: str


MISPRINT = Misprint(PrintedFigure("1170648"), 9 * 256 * 256 * 2, "Widely copied lecture notes")
"""Two 3x3 convolutions on 256 channels."""
