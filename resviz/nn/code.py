"""A network written out as one short PyTorch file that needs nothing but torch.

The file holds one class for the blocks, one for the network, and the small classes those use. Its layers
have the module's names, so that weights go from one to the other.
"""

import textwrap
from collections.abc import Iterable

from resviz.arch import PRESETS, Network, ResNetConfig, expand
from resviz.arch import ops as o
from resviz.arch.tree import Block, Layer, leaves
from resviz.nn.blockcode import block_class, class_name
from resviz.nn.fitting import Fit
from resviz.nn.helpers import HELPERS
from resviz.nn.lines import Step, compose, indent, module, sequential
from resviz.report.escapes import printable
from resviz.report.formatting import exact, shape


def code(net: ResNetConfig | Network) -> str:
    """Return Python source that defines ``ResNet``, the network, and checks its parameters when it is run.

    Raises ConfigError for a configuration that cannot be.
    """
    network = expand(net) if isinstance(net, ResNetConfig) else net
    blocks = (run.block for stage in network.stages for run in stage.runs)
    fit = Fit(tuple(dict.fromkeys(block for block in blocks if block.branch)))
    name = class_name(fit.blocks[0])
    classes = [block_class(fit, name), _network_class(network, fit, name)]
    body = "\n\n\n".join(classes)
    helpers = [text.strip().format(norm=_spatial_norm(network)) for use, text in HELPERS.items() if use in body]
    body = "\n\n\n".join([*helpers, body])
    parts = [_docstring(net, network), _imports(body), "", body, "", _check(network)]
    return "\n".join(parts)


def _docstring(net: ResNetConfig | Network, network: Network) -> str:
    preset = PRESETS.get(network.name)
    about = (
        f"Input (N, {', '.join(map(str, network.input))}), output (N, {network.head[-1].out_shape[0]}). "
        f"{exact(network.params)} parameters, {exact(network.macs)} multiply-accumulates of convolutions and "
        "linear layers an image."
    )
    source = f" Architecture: {preset.source}." if preset and preset.config == net else ""
    text = "\n".join(textwrap.wrap(about + source, 96))
    title = printable(network.name).replace("\\", "").replace('"', "")
    return f'"""{title}\n\n{text}\n"""\n'


def _imports(body: str) -> str:
    lines = ["from collections import OrderedDict"] if "OrderedDict" in body else []
    lines += ["from math import gcd"] if "gcd(" in body else []
    lines += [""] if lines else []
    lines += ["import torch"] if "torch." in body.replace("import torch.", "") else []
    lines += ["import torch.nn.functional as F"] if "F." in body else []
    return "\n".join([*lines, "from torch import nn", ""])


def _network_class(network: Network, fit: Fit, name: str) -> str:
    init = ["super().__init__()", *_declared(network.stem)]
    rate = _drop_path(network)
    total, start = sum(bool(block.branch) for _, block in network.blocks()), 0
    for stage in network.stages:
        init.append(f"self.{stage.name} = nn.Sequential(")
        for run in stage.runs:  # units without weights do not count
            made = f"{name}({fit.call(run.block)})" if run.block.branch else "nn.Identity()"
            first, start = start, start + run.count * bool(run.block.branch)
            if rate and run.block.branch:
                number = "i" if run.count > 1 else str(first)
                made = f"{made[:-1]}, drop_path={rate:g} * {number} / {max(total - 1, 1)})"
            init.append(f"    {made}," if run.count == 1 else f"    *[{made} for {_range(rate, first, run.count)}],")
        init.append(")")
    init += _declared(network.head)
    init += ["", *_initial(fit, name, network)]
    lines, out = compose(_steps(network.stem), "x")
    several = ", ".join(f"self.{stage.name}" for stage in network.stages)
    stages = [f"for stage in ({several}):", "    x = stage(x)"] if len(network.stages) > 1 else [f"x = {several}(x)"]
    ending, result = compose(_steps(network.head), "x")
    stem = [*lines, f"x = {out}"] if out != "x" else lines
    forward = [*stem, *stages, *ending, f"return {result}"]
    return "\n".join(
        [
            "class ResNet(nn.Module):",
            f'    """{_stage_words(network)}"""',
            "",
            "    def __init__(self):",
            *indent(init),
            "",
            "    def forward(self, x):",
            *indent(forward),
        ]
    )


def _range(rate: float, first: int, count: int) -> str:
    return f"i in range({first}, {first + count})" if rate else f"_ in range({count})"


def _drop_path(network: Network) -> float:
    ops = (leaf.op for run in network.stages[0].runs for leaf in leaves(run.block.branch))
    return next((op.rate for op in ops if isinstance(op, o.DropPath)), 0.0)


def _stage_words(network: Network) -> str:
    depths = ", ".join(str(len(stage.blocks)) for stage in network.stages)
    last = network.stages[-1].out_shape
    return f"A stem, stages of {depths} blocks that end in {shape(last)}, and a classifier."


def _grouped(chain: Iterable[Layer]) -> dict[str, list[Layer]]:
    groups: dict[str, list[Layer]] = {}
    for layer in chain:
        groups.setdefault(layer.name.split(".")[0], []).append(layer)
    return groups


def _functional(layers: list[Layer]) -> bool:
    """Return whether a group needs no module of its own: a lone layer without a state."""
    return len(layers) == 1 and isinstance(layers[0].op, o.Activation | o.GlobalAvgPool2d | o.Flatten)


def _declared(chain: Iterable[Layer]) -> list[str]:
    lines: list[str] = []
    for name, layers in _grouped(chain).items():
        if _functional(layers):
            continue
        if "." in layers[0].name:
            lines += sequential(f"self.{name}", {layer.name: module(layer.op) for layer in layers})
        else:
            lines.append(f"self.{name} = {module(layers[0].op)}")
    return lines


def _steps(chain: Iterable[Layer]) -> list[Step]:
    return [
        Step.of(layers[0].op) if _functional(layers) else Step(f"self.{name}({{}})")
        for name, layers in _grouped(chain).items()
    ]


def _initial(fit: Fit, name: str, network: Network) -> list[str]:
    """Return the lines that draw the first weights, as `resviz.nn.build` does."""
    lines = [
        "for module in self.modules():",
        "    if isinstance(module, (nn.Conv1d, nn.Conv2d)):",
        '        nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")',
    ]
    if any(isinstance(layer.op, o.Conv2d) and layer.op.bias and layer.name != "fc" for layer, _ in network.tally()):
        lines += ["        if module.bias is not None:", "            nn.init.zeros_(module.bias)"]
    if not any(isinstance(layer.op, o.ChannelConv1d) for layer, _ in network.tally()):
        lines[1] = "    if isinstance(module, nn.Conv2d):"
    block: Block = fit.blocks[0]
    zero = next((leaf.name for leaf in leaves(block.branch) if getattr(leaf.op, "zero_init", False)), None)
    if zero:
        lines += [f"    if isinstance(module, {name}):", f"        nn.init.zeros_(module.{zero}.weight)"]
    bias = getattr(block.merge, "bias_init", None)
    if bias is not None:
        lines += [f"    if isinstance(module, {name}):", f"        nn.init.constant_(module.gate.conv.bias, {bias!r})"]
    return [*lines, "nn.init.normal_(self.fc.weight, std=0.01)", "nn.init.zeros_(self.fc.bias)"]


def _spatial_norm(network: Network) -> str:
    """Return the normalisation in CBAM's second half, which acts on one channel."""
    found = (layer.op for layer, _ in network.tally() if layer.name == "cbam.spatial.bn")
    return next((module(op) for op in found), "nn.Identity()")


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
