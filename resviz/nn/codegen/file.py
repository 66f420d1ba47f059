"""The whole file: helpers, the classes of attention units and blocks, the network's class, and a check."""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from resviz.arch import PRESETS, Network, ResNetConfig, expand
from resviz.arch.layers import leaves
from resviz.arch.network import Run
from resviz.arch.ops import DropPath
from resviz.arch.tree import Block
from resviz.nn.codegen.block_class import BlockClass, block_class
from resviz.nn.codegen.chains import assigned, grouped, members, module, sequential
from resviz.nn.codegen.clusters import Cluster, clusters
from resviz.nn.codegen.initial import initial
from resviz.nn.codegen.numbers import Names
from resviz.nn.codegen.sources import helpers
from resviz.nn.codegen.text import compose, definition, formatted, indented
from resviz.report.formatting import exact, shape


@dataclass(frozen=True, slots=True)
class Written:
    """The classes of a network's blocks, and the call that makes each distinct block, by its identity."""

    classes: tuple[BlockClass, ...]
    calls: dict[int, str]


def code(net: ResNetConfig | Network) -> str:
    """Return Python source that defines ``ResNet``, the network, and checks its parameters when it is run.

    It needs nothing but torch; its layers have the names of `resviz.nn.build`'s module, so that weights go
    from one to the other. Raises ConfigError for a configuration that is not possible.
    """
    network = expand(net) if isinstance(net, ResNetConfig) else net
    runs = [run.block for stage in network.stages for run in stage.runs]
    distinct = tuple({id(block): block for block in runs if block.origin}.values())
    written = _classes(clusters(distinct))
    units = dict.fromkeys(unit.text for each in written.classes for unit in each.units)
    texts = [*units, *(each.text for each in written.classes), _network_class(network, written)]
    body = formatted("\n\n\n".join([*helpers("\n".join(texts)), *texts]))
    return "\n".join([_docstring(net, network), _imports(body), "", body, "", _check(network)])


def _classes(found: Sequence[Cluster]) -> Written:
    """Return the classes of clusters, each name given once."""
    classes: list[BlockClass] = []
    texts: dict[str, str] = {}
    made_first = [block_class(cluster) for cluster in found]
    shared = [made.name for made in made_first]
    for cluster, first in zip(found, made_first, strict=True):
        made = first
        for index in range(len(made.units)):  # those that others call come first
            unit = made.units[index]
            made = made.renamed(unit.name, _free(unit.name, unit.text, texts))
            texts[made.units[index].name] = made.units[index].text
        if shared.count(made.name) > 1 and cluster.shape_changing:
            made = made.renamed(made.name, f"{made.name.removesuffix('Block')}Transition")
        made = made.renamed(made.name, _free(made.name, made.text, texts))
        texts[made.name] = made.text
        classes.append(made)
    pairs = zip(found, classes, strict=True)
    calls = {id(block): call for cluster, made in pairs for block, call in zip(cluster.blocks, made.calls, strict=True)}
    return Written(tuple(classes), calls)


def _free(name: str, text: str, taken: dict[str, str]) -> str:
    """Return a name for a unit or a class: the short one, or, where another text has it, that with a number."""
    short = name.split("__", maxsplit=1)[0]
    for number in count(1):
        tried = short if number == 1 else f"{short}{number}"
        if tried not in taken or taken[tried] == re.sub(rf"\b{name}\b", tried, text):
            return tried
    raise AssertionError("numbers do not end")


def _network_class(network: Network, written: Written) -> str:
    init = ["super().__init__()", *assigned(members((network.stem,), Names.of((network.stem,))))]
    rates = _rates(network)
    start = 0
    for stage in network.stages:
        init.append(f"self.{stage.name} = nn.Sequential(")
        for run in stage.runs:
            init.append(f"    {_made(run, written, rates, start + run.start)},")
        start += len(stage.blocks)
        init.append(")")
    head = members((network.head,), Names.of((network.head,)))
    init += [*assigned(head), "", *initial(network, written.classes)]
    lines, out = compose([member.step for member in members((network.stem,), Names.of(()))], "x")
    several = ", ".join(f"self.{stage.name}" for stage in network.stages)
    stages = [f"for stage in ({several}):", "    x = stage(x)"] if len(network.stages) > 1 else [f"x = {several}(x)"]
    ending, result = compose([member.step for member in head], "x")
    stem = [*lines, f"x = {out}"] if out != "x" else lines
    forward = [*stem, *stages, *ending, f"return {result}"]
    body = ["", "def __init__(self):", *indented(init), "", "def forward(self, x):", *indented(forward)]
    return definition("class ResNet(nn.Module)", _words(network), body)


def _made(run: Run, written: Written, rates: "Rates | None", first: int) -> str:
    """Return the item of a stage's list that makes a run of blocks; ``first`` is the first one's index."""
    block = run.block
    made = written.calls.get(id(block)) or _plain(block)
    drops = rates is not None and _drops(block)
    if rates is not None and drops and (run.count > 1 or rates.position(first)):
        rate = rates.text(first, "i" if run.count > 1 else None)
        made = f"{made[:-1]}{'' if made.endswith('()') else ', '}drop_path={rate})"
    if run.count == 1:
        return made
    if rates is not None and drops:
        begin = rates.position(first)
        return f"*[{made} for i in range({f'{begin}, ' if begin else ''}{begin + run.count})]"
    return f"*[{made} for _ in range({run.count})]"


def _plain(block: Block) -> str:
    """Return what makes a unit that is no class: an identity, or layers between two stages."""
    if not block.branch:
        return "nn.Identity()"
    names = Names.of((block.branch,))
    parts = {name: module(name, alike, names) for name, alike in grouped((block.branch,)).items()}
    return sequential(parts).text


def _drops(block: Block) -> bool:
    return any(isinstance(layer.op, DropPath) for layer in leaves(block.branch))


@dataclass(frozen=True, slots=True)
class Rates:
    """Stochastic depth's rates: the last block's, and the place of each block among those that count."""

    last: float
    positions: tuple[int, ...]
    steps: int
    """The steps from the first to the last."""

    def position(self, index: int) -> int:
        """Return the place of a block, by its index in the network."""
        return self.positions[index]

    def text(self, index: int, variable: str | None) -> str:
        """Return the expression for a block's rate."""
        return f"{self.last!r} * {variable or self.positions[index]} / {self.steps}"


def _rates(network: Network) -> Rates | None:
    """Return the rates as `Network.drop_path_rates` has them, or None without stochastic depth."""
    blocks = [block for _, block in network.blocks()]
    last = next((leaf.op.rate for b in blocks for leaf in leaves(b.branch) if isinstance(leaf.op, DropPath)), None)
    if last is None:
        return None
    counted = [_drops(block) for block in blocks]
    positions = tuple(sum(counted[:index]) for index in range(len(blocks)))
    return Rates(last, positions, max(sum(counted) - 1, 1))


def _words(network: Network) -> str:
    depths = ", ".join(str(len(stage.blocks)) for stage in network.stages)
    last = network.stages[-1].out_shape
    return f"A stem, stages of {depths} blocks that end in {shape(last)}, and a classifier."


def _docstring(net: ResNetConfig | Network, network: Network) -> str:
    preset = PRESETS.get(network.name)
    about = (
        f"Input (N, {', '.join(map(str, network.input))}), output (N, {network.head[-1].out_shape[0]}). "
        f"{exact(network.params)} parameters, {exact(network.macs)} multiply-accumulates of convolutions and "
        "linear layers an image."
    )
    source = f" Architecture: {preset.source}." if preset and preset.config == net else ""
    text = "\n".join(textwrap.wrap(about + source, 96))
    one_line = "".join(char if char.isprintable() else " " for char in network.name)
    title = one_line.replace("\\", "").replace('"', "")
    return f'"""{title}\n\n{text}\n"""\n'


def _imports(body: str) -> str:
    lines = ["from collections import OrderedDict"] if "OrderedDict" in body else []
    lines += ["from math import gcd"] if re.search(r"\bgcd\(", body) else []
    lines += [""] if lines else []
    lines += ["import torch"] if re.search(r"\btorch\.", body) else []
    lines += ["import torch.nn.functional as F"] if re.search(r"\bF\.", body) else []
    return "\n".join([*lines, "from torch import nn", ""])


def _check(network: Network) -> str:
    return "\n".join(
        [
            "",
            'if __name__ == "__main__":',
            "    net = ResNet()",
            "    count = sum(parameter.numel() for parameter in net.parameters())",
            f"    assert count == {network.params:_}, count",
            '    print(net, f"{count:,} parameters", sep="\\n")',
            "",
        ]
    )
