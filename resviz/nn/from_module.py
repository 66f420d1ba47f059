"""The configuration of a live module: as from its tensors alone, and what the module knows besides.

Strides, dilations, paddings and groups of convolutions, the kind of each normalisation and the activation are read
off the module's layers and held against the tree's, layer by layer. The module is not run.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from torch import nn

from resviz.arch import PRESETS, Network, ResNetConfig, expand
from resviz.arch.activations import ACTIVATIONS
from resviz.arch.layers import Layer
from resviz.arch.links import named
from resviz.arch.operation import Kind
from resviz.arch.tensors import network_tensors
from resviz.nn import undecided
from resviz.nn.build import module_class
from resviz.nn.fitting import Fit
from resviz.nn.identification import Identification
from resviz.nn.identify import identify
from resviz.nn.inventory import Inventory, without_counters
from resviz.nn.renaming import aligned, unprefixed
from resviz.nn.weight_names import RENAMINGS
from resviz.report.formatting import plural

ROUNDS = 12
"""Fields that are changed at most, the one first that brings the layers nearest to the module's."""
LAYER = 1e-3
"""What a layer that is otherwise counts beside a tensor that is."""


def from_module(module: nn.Module) -> Identification:
    """Return what network a module is, every layer that both have held against the tree.

    Raises WeightsError for a module without parameters.
    """
    found = identify(module.state_dict())
    if found.config is None:
        return found
    names = _names(module, found)
    renaming = next((each for each in RENAMINGS if each.label == found.names), None)
    shapes = without_counters({key: value.shape for key, value in module.state_dict().items()})
    inventory = Inventory({names[key]: shape for key, shape in shapes.items()}, bool(renaming and renaming.unindexed))
    pools = _pools(_within(type(each).__name__ for each in module.modules() if not list(each.children())))
    fit = ModuleFit(inventory, layers=_layers(module, names), activation=_activation(module), pools=pools)
    config, distance = _most_alike(found.config, fit)
    known = undecided.known(config, fit, distance)
    nearest = min(
        (found.nearest, *found.alike),
        key=lambda name: sum(getattr(PRESETS[name].config, field) != value for field, value in known),
    )
    config = named(undecided.adopted(config, PRESETS[nearest].config, fit, distance), nearest)
    left = undecided.undecided(config, fit, distance)
    network = expand(config)
    return replace(
        found,
        config=config,
        nearest=nearest,
        differences=undecided.differences(config, PRESETS[nearest].config, left, fit, distance),
        decided=undecided.decided(config, left),
        undecided=left,
        layers=sum(path in fit.layers for path, _ in network.walk()),
        disagreements=tuple(fit.disagreements(network)),
    )


def _names(module: nn.Module, found: Identification) -> dict[str, str]:
    """Return this package's name of each of a module's tensors."""
    names, _ = unprefixed(without_counters({key: value.shape for key, value in module.state_dict().items()}))
    renaming = next((each for each in RENAMINGS if each.label == found.names), None)
    if renaming is None or found.config is None:
        return names
    new = renaming.renamed(names.values())
    return {old: new[plain] for old, plain in names.items()}


def _layers(module: nn.Module, names: dict[str, str]) -> dict[str, nn.Module]:
    """Return the module's layers with weights by this package's paths."""
    inner = dict(module.named_modules())
    found = {}
    for old, new in names.items():
        path, layer = old.rpartition(".")[0], new.rpartition(".")[0]
        if path in inner:
            found[layer] = inner[path]
    return found


def _activation(module: nn.Module) -> str:
    """Return the activation that most of the module's layers are, or "" where they are functions."""
    classes = {module_class(entry.torch): name for name, entry in ACTIVATIONS.items()}
    counts = Counter(classes[type(each)] for each in module.modules() if type(each) in classes)
    return counts.most_common(1)[0][0] if counts else ""


@dataclass
class ModuleFit(Fit):
    """The search for a module: its layers count as its tensors do."""

    layers: dict[str, nn.Module] = field(default_factory=dict)
    activation: str = ""
    pools: Counter[str] = field(default_factory=Counter)

    def beside(self, network: Network) -> float:
        """Return how many layers of the module are otherwise than the tree's."""
        return LAYER * sum(1 for _ in self.disagreements(network))

    def disagreements(self, network: Network) -> Iterator[str]:
        """Yield what the module has otherwise than the tree, layer by layer."""
        counts = Counter[str]()
        for layer, times in network.tally():
            if layer.kind is Kind.ACTIVATION:
                counts[layer.op.torch.name] += times
        if self.activation and counts and ACTIVATIONS[self.activation].torch != counts.most_common(1)[0][0]:
            yield f"most activations are {self.activation}, in the tree {counts.most_common(1)[0][0]}"
        calls = (layer.op.torch.name for layer, times in network.tally() for _ in range(times))
        own = _pools(name.replace("GlobalAvgPool2d", "") for name in calls)
        for kind in self.pools | own if self.pools else ():
            if self.pools[kind] != own[kind]:
                yield f"{plural(self.pools[kind], kind)}, in the tree {own[kind]}"
        layers = self.layers
        if self.inventory.unindexed:
            names = aligned({path: f"{path}." for path in layers}, network_tensors(network))
            layers = {names[path].removesuffix("."): module for path, module in layers.items()}
        for path, layer in network.walk():
            if (module := layers.get(path)) is not None:
                for what, theirs, ours in _facts(module, layer):
                    if theirs != ours:
                        yield f"{path}: {what} is {theirs}, in the tree {ours}"


def _facts(module: nn.Module, layer: Layer) -> Iterator[tuple[str, object, object]]:
    """Yield what both a module and a layer state: the word, the module's value, the layer's."""
    window = layer.op.window
    if isinstance(module, nn.Conv2d) and window is not None:
        yield "stride", module.stride[0], window.stride
        yield "dilation", module.dilation[0], window.dilation
        yield "groups", module.groups, layer.op.grouping
        if isinstance(module.padding, tuple) and module.padding != (0, 0):
            yield "padding", module.padding[0], window.padding
    if layer.kind is Kind.NORM:
        kinds = (nn.BatchNorm2d, nn.GroupNorm, nn.LayerNorm)
        theirs = next((kind.__name__ for kind in kinds if isinstance(module, kind)), "")
        own = module_class(layer.op.torch.name)
        if theirs:
            yield "normalisation", theirs, next((kind.__name__ for kind in kinds if issubclass(own, kind)), "")
        if isinstance(module, nn.GroupNorm) and issubclass(own, nn.GroupNorm):
            yield "groups of the norm", module.num_groups, layer.op.torch.arguments[0]


def _within(classes: Iterable[str]) -> list[str]:
    """Return a module's classes without the average pool of a fixed window that stands for the head's global one."""
    every = list(classes)
    behind = 1 + max((index for index, name in enumerate(every) if "Conv" in name), default=-1)
    tail = every[behind:]
    fixed = [name for name in tail if name == "AvgPool2d"]
    if len(fixed) == 1 and not any("Adaptive" in name for name in tail):
        tail.remove(fixed[0])
    return every[:behind] + tail


def _pools(classes: Iterable[str]) -> Counter[str]:
    """Return how many pools of each kind there are among classes, the global ones left out."""
    found = Counter[str]()
    for name in classes:
        for kind in ("AvgPool2d", "MaxPool2d", "BlurPool"):
            if kind in name and "Adaptive" not in name:
                found[kind] += 1
    return found


def _most_alike(config: ResNetConfig, fit: ModuleFit) -> tuple[ResNetConfig, float]:
    """Return the configuration whose layers are most like the module's, of those with the same tensors."""
    least = fit.distance(config)
    for _ in range(ROUNDS):
        best = config
        for name in ResNetConfig.model_fields:
            for value in undecided.values(name, config) if name != "name" else ():
                changed = fit.changed(config, {name: value})
                if changed is not None and (distance := fit.distance(changed)) < least:
                    best, least = changed, distance
        if best is config:
            break
        config = best
    return config, least
