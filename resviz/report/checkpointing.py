"""Checkpointing: keep a part's input alone and run its forward pass again when its backward pass comes.

Chen et al. 2016, "Training Deep Nets with Sublinear Memory Cost", arXiv:1604.06174; as `torch.utils.checkpoint`
does it without re-entering. The parts are blocks or stages; stem and head are never run again. Memory falls from
all that the backward pass needs to the inputs of the parts and what one part needs; the parts' MACs are paid once
more, of a training step's three passes (forward, and backward for maps and for weights) about a third.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from resviz.arch import Network, UnknownNameError
from resviz.arch.entries import Entry
from resviz.arch.operation import Batch
from resviz.errors import unknown
from resviz.report.storage import Usage, run_block, run_layers

SOURCE = "Chen et al. 2016, arXiv:1604.06174"
CHECKPOINTS = {
    "none": Entry(label="None", summary="All that the backward pass needs is kept.", source="PyTorch"),
    "block": Entry(label="Each block", summary="Each block keeps its input alone and is run again.", source=SOURCE),
    "stage": Entry(label="Each stage", summary="Each stage keeps its input alone and is run again.", source=SOURCE),
}
"""What is checkpointed."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part in order: its path, what it does to memory, its MACs for one image, whether it is run again."""

    path: str
    use: Usage
    macs: int
    again: bool

    @property
    def forward(self) -> Usage:
        """What its forward pass keeps: all, or its input alone where it is run again."""
        return replace(self.use, kept=0, keeps_input=True, keeps_output=False) if self.again else self.use


@dataclass(frozen=True, slots=True)
class PassMoment:
    """A step of training: the part, its pass (``forward`` or ``backward``), the bytes kept when it ends or begins.

    ``again`` are those of them that running the part again has brought back.
    """

    path: str
    phase: str
    kept: int
    again: int


@dataclass(frozen=True, slots=True)
class Checkpointed:
    """What training keeps of the forward pass, in bytes, and the most at any step of the backward pass.

    ``macs`` are those of the parts that are run again, for one image.
    """

    kept: int
    peak: int
    macs: int
    moments: tuple[PassMoment, ...]


def checkpointed(network: Network, batch: Batch, each: str = "none") -> Checkpointed:
    """Return what training keeps when ``each`` block or stage is checkpointed. Raises UnknownNameError."""
    if each not in CHECKPOINTS:
        raise UnknownNameError(unknown("checkpoint", each, CHECKPOINTS))
    pieces = tuple(_pieces(network, batch, each))
    picture = batch.bytes(network.input)
    before = [_total(prefix, picture) for prefix in _prefixes([piece.forward for piece in pieces])]
    forward = [PassMoment(piece.path, "forward", kept, 0) for piece, kept in zip(pieces, before, strict=True)]
    backward = []
    prefix: Usage | None = None
    for number, piece in enumerate(pieces):
        whole = _total(piece.use if prefix is None else prefix.then(piece.use), picture)
        backward.append(PassMoment(piece.path, "backward", whole, whole - before[number] if piece.again else 0))
        prefix = piece.forward if prefix is None else prefix.then(piece.forward)
    moments = (*forward, *reversed(backward))
    macs = sum(piece.macs for piece in pieces if piece.again)
    return Checkpointed(before[-1], max(moment.kept for moment in moments), macs, moments)


def _pieces(network: Network, batch: Batch, each: str) -> Iterator[Piece]:
    if network.stem:
        macs = sum(layer.macs for layer in network.stem)
        yield Piece("stem", run_layers(network.stem, batch, hold=True), macs, again=False)
    for number, stage in enumerate(network.stages):
        uses: list[Usage] = []
        for run in stage.runs:
            use = run_block(run.block, batch)
            for index in range(run.start, run.start + run.count):
                first = not (network.stem or number or index)
                uses.append(run_block(run.block, batch, picture=True) if first else use)
                if each != "stage":
                    yield Piece(f"{stage.name}.{index}", uses[-1], run.block.macs, again=each == "block")
        if each == "stage":
            *_, whole = _prefixes(uses)
            yield Piece(stage.name, whole, stage.macs, again=True)
    macs = sum(layer.macs for layer in network.head)
    yield Piece("head", run_layers(network.head, batch, hold=False), macs, again=False)


def _prefixes(uses: list[Usage]) -> Iterator[Usage]:
    """Yield what the first, the first two, ... parts do together."""
    total: Usage | None = None
    for use in uses:
        total = use if total is None else total.then(use)
        yield total


def _total(use: Usage, picture: int) -> int:
    """Return all bytes that are kept once a part has ended, its input and output with them where it keeps these."""
    return use.kept + picture * use.keeps_input + (use.output or 0) * use.keeps_output
