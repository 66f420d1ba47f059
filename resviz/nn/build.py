"""From the tree to a torch module: `build`.

Layers are registered under their paths in the tree and in torchvision's order, so that a torchvision
state_dict of the same architecture loads with ``strict=True``. The module is made of the tree alone and
first without memory, on torch's ``meta`` device; its weights are allocated once and drawn once.
"""

from collections.abc import Iterable

import torch
from torch import nn
from torch.nn import init

from resviz.arch import Network, ResNetConfig, expand
from resviz.arch.layers import Arms, Gate, Layer, Node, leaves
from resviz.arch.merges import GatedAdd
from resviz.arch.operation import Kind, Operation
from resviz.arch.ops import DropPath
from resviz.arch.tree import Block
from resviz.nn import modules as m
from resviz.nn import operations
from resviz.nn.memory import ensure_fits
from resviz.report.memory import weight_bytes

CLASSIFIER_STD = 0.01
"""Standard deviation of the classifier's initial weights (Goyal et al. 2017, Sec. 5.1)."""


def build(net: ResNetConfig | Network, device: str | torch.device | None = None, seed: int | None = None) -> m.ResNet:
    """Return the network as a torch module that takes ``(N, C, H, W)`` and gives ``(N, classes)``.

    Convolutions start He-normal with fan-out (He et al. 2015, ref. 13), biases at 0, normalisations at 1
    and 0, the classifier at N(0, 0.01); what the configuration zero-initialises starts at 0, a gate's bias
    where the configuration has it. ``seed`` makes the draw repeatable without touching torch's global
    generator. On ``device="meta"`` nothing is allocated. Raises ConfigError for a configuration that cannot
    be, MemoryLimitError where the weights would exceed the operator's limit.
    """
    network = expand(net) if isinstance(net, ResNetConfig) else net
    device = torch.get_default_device() if device is None else torch.device(device)
    if device.type == "cpu":
        ensure_fits(weight_bytes(network), f"The weights of {network.name}")
    with torch.device("meta"):
        module = _assemble(network)
    if device.type == "meta":
        return module
    module.to_empty(device=device)
    generator = None if seed is None else torch.Generator(device).manual_seed(seed)
    with torch.no_grad():
        _initialise(module, network, generator)
    return module


def _assemble(network: Network) -> m.ResNet:
    net = m.ResNet()
    _register(net, network.stem)
    rates = iter(network.drop_path_rates)
    for stage in network.stages:
        net.add_module(stage.name, nn.Sequential(*(_block(block, next(rates)) for block in stage.blocks)))
    _register(net, network.head)
    return net


def _block(block: Block, rate: float) -> m.ResidualBlock:
    module = m.ResidualBlock(block)
    for chain in filter(None, (block.pre, block.branch, block.shortcut, block.gate, block.post)):
        # An activation that opens a unit must leave its input alone, for the skip carries that on.
        opens = chain is block.pre and next(leaves(chain)).kind is Kind.ACTIVATION
        _register(module, chain, rate, inplace=not opens)
    return module


def _register(root: nn.Module, chain: Iterable[Node], rate: float = 0.0, *, inplace: bool = True) -> None:
    """Make the modules of a chain and put each under its name; dotted names nest in containers."""
    for node in chain:
        match node:
            case Gate():
                _place(root, node.name, m.GateUnit(adds=node.adds))
                _register(root, node.chain)
            case Arms():
                _place(root, node.name, m.ParallelArms(node))
                for inner in (*node.arms, node.weights):
                    _register(root, inner)
            case Layer(op=DropPath()):
                _place(root, node.name, operations.DropPath(rate))
            case Layer():
                _place(root, node.name, leaf(node.op, inplace=inplace))


def _place(root: nn.Module, path: str, module: nn.Module) -> None:
    *containers, name = path.split(".")
    for container in containers:
        if container not in dict(root.named_children()):
            root.add_module(container, nn.Sequential())
        root = root.get_submodule(container)
    root.add_module(name, module)


def leaf(op: Operation, *, inplace: bool = True) -> nn.Module:
    """Return the module that an operation's torch call makes; one not ``inplace`` leaves its input alone."""
    name, arguments, options = op.torch
    return module_class(name)(*arguments, **{key: value for key, value in options if key != "inplace" or inplace})


def module_class(name: str) -> type[nn.Module]:
    """Return the class that a torch call names: ``nn.Conv2d``, or one of `resviz.nn.operations`."""
    found: type[nn.Module] = (
        getattr(nn, name.removeprefix("nn.")) if name.startswith("nn.") else getattr(operations, name)
    )
    return found


def zeroed(op: Operation) -> str:
    """Return the parameter that is zero where an operation starts at zero: the weight, or its gain."""
    return "gain" if module_class(op.torch.name) is operations.ScaledStandardisedConv2d else "weight"


def _initialise(net: nn.Module, network: Network, generator: torch.Generator | None) -> None:
    """Give every parameter and buffer its first value."""
    for path, layer in network.walk():
        module = net.get_submodule(path)
        match module:
            case nn.Conv2d() | nn.Conv1d() | nn.Linear():
                if path == "fc":
                    init.normal_(module.weight, std=CLASSIFIER_STD, generator=generator)
                else:
                    init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu", generator=generator)
                if module.bias is not None:
                    init.zeros_(module.bias)
                if isinstance(module, operations.ScaledStandardisedConv2d):
                    init.ones_(module.gain)
            case (
                nn.BatchNorm2d()
                | nn.GroupNorm()
                | nn.LayerNorm()
                | operations.BlurPool2d()
                | operations.ChannelScale()
                | operations.BranchGain()
                | operations.ResponseNorm2d()
                | operations.TokensWithMean()
            ):
                module.reset_parameters()
            case _:
                continue  # nothing learnt
        if layer.op.zero_initialised:
            init.zeros_(net.get_parameter(f"{path}.{zeroed(layer.op)}"))
    for path, block in network.blocks():
        if isinstance(block.merge, GatedAdd):
            init.constant_(net.get_parameter(f"{path}.gate.conv.bias"), block.merge.bias_init)
