"""What a picture can be searched for beyond what its nodes say: what is folded or left out, stages, shortcuts.

A layer that has no node of its own is found at the node that stands for it: the folded block, run or stage
that holds it, or, where its block is taken apart, the node before it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from resviz.arch.layers import Arms, Gate, Layer, Node, leaves
from resviz.arch.network import Network, Stage
from resviz.arch.tree import Block
from resviz.diagram.drawing import Drawing, Edge
from resviz.diagram.levels import run_path
from resviz.diagram.node_styles import gate_label
from resviz.diagram.orders import without_order
from resviz.diagram.shortcuts import KINDS, shortcut_name
from resviz.report import formatting as fmt

LINES = {True: "dashed shortcut that changes the shape", False: "solid shortcut that keeps the shape"}
"""A shortcut's line in the legend's words, by whether it is dashed."""


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """Something to find that is no node: a stage or a shortcut.

    ``path`` is what finding it selects. A shortcut has the path of its lines, whether they are dashed, and the
    nodes that stand on it or, if none does, the one where it ends, and its name as its label; a stage has what
    begins with its path.
    """

    path: str
    words: str
    nodes: tuple[str, ...] = ()
    edge: str = ""
    dashed: bool | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Index:
    """Words by the path of the node that they lead to, beside the node's own; and what is no node."""

    words: dict[str, str]
    places: tuple[SearchEntry, ...]


def search_index(network: Network, drawing: Drawing) -> Index:
    """Return what a picture of a network can be searched for.

    Words are ``conv2 3x3 conv, 64; bn2 BN``: names relative to the block, each with its label.
    """
    drawn = {node.path for node in drawing.nodes}
    words: dict[str, dict[str, None]] = {}
    for host, word in _hidden(network, drawn):
        if host in drawn:
            words.setdefault(host, {})[word] = None
    bands = {band.path for band in drawing.bands} - drawn
    stages = [stage_place(stage) for stage in network.stages if stage.name in bands]
    return Index({host: "; ".join(found) for host, found in words.items()}, (*stages, *_shortcuts(network, drawing)))


def stage_place(stage: Stage) -> SearchEntry:
    """Return a stage that is taken apart, as something to find."""
    return SearchEntry(stage.name, f"{stage.name} {stage.label} {fmt.shape(stage.out_shape)}")


def _hidden(network: Network, drawn: set[str]) -> Iterator[tuple[str, str]]:
    """Yield each layer without a node of its own: the path of the node that stands for it, and its words."""
    yield from _chain("", network.stem, drawn)
    for stage in network.stages:
        folded = stage.name in drawn
        if folded:
            yield stage.name, f"{stage.name}.0-{len(stage.blocks) - 1}"
        for run in stage.runs:
            span = run_path(stage, run)
            singles = (f"{stage.name}.{index}" for index in range(run.start, run.start + run.count))
            for path in (span,) if folded or span in drawn else singles:
                yield from _block(path, run.block, drawn, stage.name if folded else path)
    yield from _chain("", network.head, drawn)


def _block(path: str, block: Block, drawn: set[str], whole: str) -> Iterator[tuple[str, str]]:
    """Yield a block's hidden layers; ``whole`` is the path that its node has where it is folded."""
    host = whole if whole in drawn else ""
    for found, words in _chain(
        f"{path}.", (*leaves(block.pre), *block.branch, "add", *leaves(block.post)), drawn, host
    ):
        yield found, words
        yield f"plain.{found}", words  # the plain column of twins
    added = f"{path}.add" if f"{path}.add" in drawn else ""
    for arm in (block.shortcut or (), block.gate):
        bare = not any(f"{path}.{node.name}" in drawn for node in arm)  # then the addition stands for it
        yield from _chain(f"{path}.", arm, drawn, host or added * bare)


def _chain(prefix: str, chain: Sequence[Node | str], drawn: set[str], host: str = "") -> Iterator[tuple[str, str]]:
    """Yield the hidden layers of a chain; those before its first node stand with ``host``, else with that one."""
    names = [prefix + (node if isinstance(node, str) else node.name) for node in chain]
    host = host or next((name for name in names if name in drawn), "")
    for node, name in zip(chain, names, strict=True):
        if name in drawn:
            host = name
        hidden = host not in ("", name)
        match node:
            case Layer():
                if hidden:
                    yield host, f"{node.name} {node.op.label}"
            case Gate():
                if hidden:
                    yield host, f"{node.name} {gate_label(node.name)}"
                yield from _chain(prefix, node.chain, drawn, host)
            case Arms():
                if hidden:
                    yield host, f"{node.name} parallel arms"
                for inner in (*node.arms, node.weights):
                    yield from _chain(prefix, inner, drawn, host)
            case str():
                pass


def _shortcuts(network: Network, drawing: Drawing) -> Iterator[SearchEntry]:
    stages = {stage.name: stage for stage in network.stages}
    side = {node.path for node in drawing.nodes if not node.trunk}
    lines: dict[tuple[str, bool], list[Edge]] = {}
    for edge in drawing.edges:
        if edge.role == "skip":
            lines.setdefault((edge.path, edge.dashed), []).append(edge)
    for (path, dashed), edges in lines.items():
        name, _, rest = without_order(path).removesuffix(".shortcut").partition(".")
        blocks = stages[name].blocks
        first, _, last = rest.partition("-")
        there = blocks[int(first) : int(last or first) + 1] if rest else blocks
        found = [block for block in there if block.dashed == dashed and block.shortcut is not None]
        kinds = dict.fromkeys(KINDS[block.shortcut_kind] for block in found)
        label = "; ".join(shortcut_name(block, count) for block, count in Counter(found).items())
        ends = dict.fromkeys(end for edge in edges for end in (edge.tail, edge.head))
        nodes = tuple(end for end in ends if end in side) or (edges[-1].head,)
        yield SearchEntry(path if rest else name, "; ".join((path, LINES[dashed], *kinds)), nodes, path, dashed, label)
