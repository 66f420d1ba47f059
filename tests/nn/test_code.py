"""The written-out network is the built one: the same keys in order, the same outputs, the same first weights."""

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from torch import nn
from torch.nn import init

from resviz.arch import ResNetConfig, expand, preset
from resviz.arch.block_types import BLOCKS
from resviz.arch.fields import CHOICES
from resviz.nn import build
from resviz.nn.codegen import code
from tests.presets import OF_EACH_FAMILY, distinct, on_each
from tests.strategies import configs, examples

ROOT = Path(__file__).parents[2]
SMALL = {
    "input": (3, 32, 32),
    "num_classes": 7,
    "stem": "cifar",
    "block": "basic",
    "widths": (8, 16, 32),
    "depths": (2, 1, 3),
    "stage_strides": (1, 2, 2),
}
"""A net that runs in a blink."""


def small(**changes: Any) -> ResNetConfig:
    return ResNetConfig(**{**SMALL, **changes})


CONVNEXT = {
    "block": "convnext",
    "order": "branch_only",
    "downsampling": "layer",
    "norm": "channel",
    "activation": "gelu",
    "conv_bias": "all",
    "layer_scale": 1e-6,
    "drop_path_rate": 0.1,
}
GOLDEN_NETS = {
    "resnet18": preset("resnet18"),
    "resnet50": preset("resnet50"),
    "preact_resnet20_cifar10": preset("preact_resnet20_cifar10"),
    "resnext50_32x4d": preset("resnext50_32x4d"),
    "seresnet50": preset("seresnet50"),
    "cbam": small(name="cbam", attention="cbam", attention_divisor=1),
    "resnetblur50": preset("resnetblur50"),
    "resnet20_cifar10_exclusive_gate": preset("resnet20_cifar10").with_(
        name="resnet20_cifar10_exclusive_gate", skip="exclusive_gate"
    ),
    "res2net": preset("resnet50").with_(name="res2net", block="res2net", width_per_group=26),
    "resnest": preset("resnet50").with_(name="resnest", block="resnest"),
    "convnext": ResNetConfig(
        **{**CONVNEXT, "name": "convnext", "stem": "patchify", "widths": (96, 192, 384, 768), "depths": (3, 3, 9, 3)}
    ),
    "regnet": ResNetConfig(
        name="regnet",
        stem="simple",
        stem_width=32,
        block="x",
        widths=(24, 56, 152, 368),
        depths=(1, 1, 4, 7),
        groups=(3, 7, 19, 46),
        stage_strides=(2, 2, 2, 2),
        attention="se",
        attention_ratio=0.25,
        attention_divisor=1,
    ),
}
"""Nets whose code is looked at by eye whenever it changes."""
FAMILIES = {
    "res2next": small(block="res2net", widths=(16, 32, 64), groups=2, arms=4),
    "res2net of 8": small(block="res2net", widths=(16, 32, 64), arms=8, norm="group"),
    "sk, grouped": small(block="sk", groups=2),
    "sk of 3": small(block="sk", arms=3),
    "resnest, grouped by stage": small(block="resnest", groups=(1, 2, 4)),
    "resnest, radix 1": small(block="resnest", arms=1),
    "resnest, 3x3 pool": small(block="resnest", stem="deep", stem_width=16, anti_alias="avg3", shortcut="avgpool"),
    "convnext": small(**CONVNEXT),
    "regnet-y": small(block="x", groups=(2, 4, 8), attention="se", attention_ratio=0.25, bottleneck_ratio=0.5),
    "repvgg": small(block="repvgg", shortcut="none", stem="none"),
    "gc": small(block="bottleneck", attention="gc"),
    "senet154": small(block="se_bottleneck", groups=2, width_per_group=64, attention="se", shortcut="B3"),
    "pyramid": small(width_growth="additive", order="pyramid", shortcut="avgpool_pad", depths=(2, 3, 2)),
    "multiplied, attended": small(width_growth="multiplicative", block="bottleneck", attention="se"),
    "blocks by stage": small(block=("basic", "bottleneck", "b13"), attention=("none", "se", "eca")),
    "arms by stage": small(block=("res2net", "sk", "resnest"), widths=(16, 32, 32)),
    "kernels by stage": small(block=("b31", "b13", "b313"), anti_alias=("none", "blur", "avg")),
    "dilated": small(block="bottleneck", output_stride=2, anti_alias="blur"),
    "dilated beside layers": small(output_stride=1, downsampling="layer"),
    "dilated beside 3x3": small(output_stride=1, downsampling="conv", anti_alias="blur"),
    "dilated beside pools": small(output_stride=1, downsampling="pool"),
    "dilated by one, stridden by another": small(
        output_stride=4, downsampling="layer", stage_strides=(3, 3, 4), depths=(1, 1, 1), input=(3, 24, 24)
    ),
    "slim": small(order="full_preact", shortcut="maxpool", stride_unit="last", stage_strides=(2, 2, 1)),
    "slim, dropped": small(order="full_preact", shortcut="maxpool", stride_unit="last", skip="dropout"),
    "drop path past identities": small(drop_path_rate=0.2, identity_units=2),
    "narrow se": small(attention="se", widths=(4, 4, 4)),
    "one block": small(depths=(1,), widths=(8,), stage_strides=(2,), attention="cbam"),
    "weight without a norm at zero": small(block="bottleneck", norm="none", zero_init_last=True),
    "weight before activation at zero": small(order="full_preact", zero_init_last=True, attention="se"),
    "gates, zero": small(skip="shortcut_gate", zero_init_last=True, gate_bias_init=-3.0, conv_bias="all"),
    "scaled standardised": small(conv="scaled_standardised", norm="none", conv_bias="all"),
    "head": small(head_width=24, classifier="conv", dropout=0.3, kernel_size=5),
}
"""A net of each family, small, and what is hard to write."""


def entries() -> Iterator[tuple[str, ResNetConfig]]:
    """A small net with each entry of every open dictionary."""
    for field, dictionary in CHOICES.items():
        for name in dictionary:
            plain = field == "block" and not BLOCKS[name].residual
            changes = {field: name, "shortcut": "none"} if plain else {field: name}
            if field == "stem":
                changes |= {"input": (3, 64, 64), "stem_width": 16}
            yield f"{field}={name}", small(**changes)


NETS = {**FAMILIES, **dict(entries())}


@cache
def source(config: ResNetConfig) -> str:
    return code(config)


def written(config: ResNetConfig) -> type[nn.Module]:
    """The class that the source defines, run as a module of its own."""
    names: dict[str, object] = {"__name__": "written"}
    exec(compile(source(config), config.name, "exec"), names)
    made = names["ResNet"]
    assert isinstance(made, type)
    return made


def structure(net: nn.Module) -> list[tuple[str, tuple[int, ...]]]:
    return [(key, tuple(value.shape)) for key, value in net.state_dict().items()]


Rule = tuple[Any, ...]


def note(tensor: torch.Tensor, *rule: Any) -> torch.Tensor:
    """Mark a parameter with the rule by which it would have been drawn."""
    tensor.rule = rule  # type: ignore[attr-defined]  # a mark of this test's own
    return tensor


def rules(net: nn.Module) -> dict[str, Rule]:
    """The last rule of each parameter; one that no initialiser touched is the constant it holds."""
    return {
        name: parameter.rule if hasattr(parameter, "rule") else ("constant", *parameter.detach().unique().tolist())
        for name, parameter in net.named_parameters()
    }


@contextmanager
def undrawn() -> Iterator[None]:
    """Nothing is drawn: torch's initialisers note on each parameter what they would have done."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("kaiming_uniform_", "uniform_"):
            patch.setattr(init, name, lambda tensor, *args, **options: note(tensor, "torch's default"))
        patch.setattr(
            init,
            "kaiming_normal_",
            lambda tensor, **options: note(tensor, "he normal", options["mode"], options["nonlinearity"]),
        )
        patch.setattr(init, "normal_", lambda tensor, std, **options: note(tensor, "normal", std))
        patch.setattr(init, "constant_", lambda tensor, value: note(tensor, "constant", float(value)))
        patch.setattr(init, "zeros_", lambda tensor: note(tensor, "constant", 0.0))
        patch.setattr(init, "ones_", lambda tensor: note(tensor, "constant", 1.0))
        yield


def assert_same_keys_and_first_weights(config: ResNetConfig) -> None:
    with undrawn():
        net, built = written(config)(), build(config)
    assert structure(net) == structure(built)
    assert rules(net) == rules(built)


def assert_same_outputs(config: ResNetConfig) -> None:
    built, net = build(config, seed=0), written(config)()
    with torch.no_grad():
        for parameter in built.parameters():
            parameter.add_(torch.randn(parameter.shape, generator=torch.Generator().manual_seed(1)) * 0.02)
    net.load_state_dict(built.state_dict(), strict=True)
    built.load_state_dict(net.state_dict(), strict=True)
    x = torch.randn(1, *config.input, generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        assert torch.equal(net.eval()(x), built.eval()(x))


DISTINCT = distinct()


@on_each("name", DISTINCT)
def test_every_preset_written_out_has_the_built_ones_keys_and_first_weights(name: str) -> None:
    assert_same_keys_and_first_weights(DISTINCT[name])


@on_each("name", NETS)
def test_every_entry_and_family_written_out_has_the_built_ones_keys_and_first_weights(name: str) -> None:
    assert_same_keys_and_first_weights(NETS[name])


@on_each("name", NETS)
def test_every_entry_and_family_written_out_gives_the_built_ones_outputs(name: str) -> None:
    assert_same_outputs(NETS[name])


@given(config=configs(max_blocks=2, max_side=48))
@settings(max_examples=examples(0.6), suppress_health_check=list(HealthCheck))
def test_any_network_written_out_is_the_built_one(config: ResNetConfig) -> None:
    assert_same_keys_and_first_weights(config)
    assert_same_outputs(config)


def blocks_in(source: str) -> list[int]:
    """The blocks in each ``self.layer… = nn.Sequential(...)`` of the source, comprehensions counted out."""

    def size(item: ast.expr) -> int:
        if not isinstance(item, ast.Starred):
            return 1
        assert isinstance(item.value, ast.ListComp)
        call = item.value.generators[0].iter
        assert isinstance(call, ast.Call)
        return len(range(*(argument.value for argument in call.args if isinstance(argument, ast.Constant))))

    return [
        sum(size(item) for item in node.value.args)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Attribute)
        and node.targets[0].attr.startswith("layer")
        and node.targets[0].attr[5:].isdecimal()
        and isinstance(node.value, ast.Call)
    ]


def test_every_presets_source_is_formatted_and_clean_and_holds_every_block(tmp_path: Path) -> None:
    for name in dict.fromkeys([*DISTINCT, *OF_EACH_FAMILY]):
        text = code(preset(name))
        assert blocks_in(text) == [len(stage.blocks) for stage in expand(preset(name)).stages], name
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    for name, config in NETS.items():
        (tmp_path / f"net {name}.py").write_text(source(config), encoding="utf-8")
    ruff = [sys.executable, "-m", "ruff"]
    for arguments in (["check", "--select", "E,W,F,I,B,C4,SIM,UP"], ["format", "--check"]):
        command = [*ruff, *arguments, "--isolated", "--no-cache", "--line-length", "100", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
        assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize("name", GOLDEN_NETS)
def test_the_source_is_what_was_read_and_found_good(name: str, golden: Callable[[str, str], None]) -> None:
    golden(f"nn/{name}.py.txt", code(GOLDEN_NETS[name]))


def test_gates_start_with_their_bias_and_branches_at_zero_when_drawn() -> None:
    net = written(preset("resnet110_cifar10_exclusive_gate").with_(depths=(1, 1, 1)))()
    assert net.layer2[0].gate.conv.bias.unique().tolist() == [-6.0]
    zero = written(small(order="full_preact", zero_init_last=True))()
    assert not zero.layer1[0].conv2.weight.any()
    assert zero.layer1[0].conv1.weight.std().item() == pytest.approx((2 / (9 * 8)) ** 0.5, rel=0.1)
    assert zero.fc.weight.std().item() == pytest.approx(0.01, rel=0.2)


@pytest.mark.parametrize(
    "changes", [{"attention": "se", "widths": (4, 4, 4)}, {"attention": "se", "attention_divisor": 1024}]
)
def test_a_squeeze_wider_or_narrower_than_its_map_is_written(changes: dict[str, Any]) -> None:
    assert_same_outputs(preset("resnet20_cifar10").with_(depths=(1, 1, 1), **changes))


@pytest.mark.parametrize("name", ["resnet18", "resnet50", "preact_resnet20_cifar10", "seresnet18"])
def test_source_is_short_and_needs_torch_alone(name: str) -> None:
    source = code(preset(name))
    assert len(source.splitlines()) <= 120
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert imported <= {"torch", "torch.nn.functional"}


def test_source_holds_only_what_the_network_uses() -> None:
    source = code(preset("resnet18"))
    assert "class BasicBlock" in source
    for unused in ("Gate", "BlurPool2d", "DropPath", "SubsamplePad", "Bottleneck", "gcd", "drop_path", "OrderedDict"):
        assert unused not in source


def test_arguments_are_what_the_block_was_built_from() -> None:
    source = code(preset("resnet50").with_(output_stride=8))
    assert "nn.Conv2d(in_channels, width, kernel_size=1, bias=False)" in source
    assert "padding=first_dilation" in source
    assert "dilation=first_dilation" in source


def test_writing_a_network_leaves_it_as_it_was() -> None:
    network = expand(small(block="res2net", attention="se", widths=(16, 32, 64)))
    before = repr(network.layers())
    assert code(network) == code(network)
    assert repr(network.layers()) == before
    assert all(type(number) is int for layer in network.layers() for number in (*layer.in_shape, *layer.out_shape))


def test_source_run_as_a_program_checks_its_parameters(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text(code(preset("resnet20_cifar10")), encoding="utf-8")
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("269,722 parameters\n")


def test_a_name_cannot_end_the_docstring() -> None:
    config = preset("resnet20_cifar10").with_(name='a""" + __import__("os").name + """\\')
    tree = ast.parse(code(config))
    assert ast.get_docstring(tree) is not None
    assert not any(isinstance(node, ast.Call) and ast.unparse(node.func) == "__import__" for node in ast.walk(tree))


@pytest.mark.parametrize(
    "changes",
    [
        {"output_stride": 8},
        {"output_stride": 16},
        {"output_stride": 12, "stage_strides": (1, 3, 2, 2)},
        {"output_stride": 8, "block": "bottleneck", "depths": (1, 1, 1, 1)},
    ],
    ids=str,
)
def test_a_dilated_resnet_d_written_out_is_the_built_network(changes: dict[str, Any]) -> None:
    assert_same_outputs(preset("resnet18d").with_(input=(3, 72, 72), **changes))


def drop_rates(net: nn.Module) -> list[float]:
    return [module.rate for module in net.modules() if type(module).__name__ == "DropPath"]


@pytest.mark.parametrize("units", [0, 2])
def test_stochastic_depth_written_out_drops_as_the_built_network_does(units: int) -> None:
    config = preset("resnet18").with_(drop_path_rate=0.7, identity_units=units)
    with torch.device("meta"):
        rates = drop_rates(written(config)())
    assert rates == pytest.approx(drop_rates(build(config, device="meta")))
    assert rates[-1] == pytest.approx(0.7)
