"""The written-out network is the built one: it runs alone, and with the same weights gives the same outputs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from torch import nn

from resviz.arch import PRESETS, ResNetConfig, expand, preset
from resviz.nn import build
from resviz.nn.code import code
from tests.strategies import configs

LARGE = 30_000_000
"""Parameters from which a preset is compared on the meta device only."""
LONG = 200
"""Blocks from which it is."""


def written(config: ResNetConfig) -> type[nn.Module]:
    """The class that the source defines, run as a module of its own."""
    source = code(config)
    names: dict[str, object] = {"__name__": "written"}
    exec(compile(source, config.name, "exec"), names)
    made = names["ResNet"]
    assert isinstance(made, type)
    return made


def shapes(net: nn.Module) -> dict[str, tuple[int, ...]]:
    return {key: tuple(value.shape) for key, value in net.state_dict().items()}


def assert_same_outputs(config: ResNetConfig, height: int, width: int) -> None:
    built = build(config, seed=0)
    with torch.no_grad():
        for parameter in built.parameters():
            parameter.add_(torch.randn(parameter.shape, generator=torch.Generator().manual_seed(1)) * 0.02)
    with torch.device("meta"):
        net = written(config)()
    net = net.to_empty(device="cpu")
    with torch.no_grad():
        for name, buffer in written(config)().named_buffers():
            net.get_buffer(name).copy_(buffer)
    net.load_state_dict(built.state_dict(), strict=True)
    x = torch.randn(1, config.input[0], height, width, generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        assert torch.equal(net.eval()(x), built.eval()(x))


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_written_out_is_the_built_network(name: str) -> None:
    config = preset(name)
    network = expand(config)
    if network.params <= LARGE and sum(len(stage.blocks) for stage in network.stages) <= LONG:
        side = min(config.input[1], 64)
        assert_same_outputs(config, side, side)
        return
    with torch.device("meta"):
        net = written(config)()
    assert shapes(net) == shapes(build(network, device="meta"))
    assert sum(p.numel() for p in net.parameters()) == network.params


@pytest.mark.parametrize(
    "changes",
    [
        {"output_stride": 8},
        {"output_stride": 16},
        {"output_stride": 4},
        {"output_stride": 12, "stage_strides": (1, 3, 2, 2)},
        {"output_stride": 8, "block": "bottleneck", "depths": (1, 1, 1, 1)},
    ],
    ids=str,
)
def test_a_dilated_resnet_d_written_out_is_the_built_network(changes: dict[str, object]) -> None:
    assert_same_outputs(preset("resnet18d").with_(**changes), 72, 97)


def drop_rates(net: nn.Module) -> list[float]:
    return [module.rate for module in net.modules() if type(module).__name__ == "DropPath"]


@pytest.mark.parametrize("units", [0, 2])
def test_stochastic_depth_written_out_drops_as_the_built_network_does(units: int) -> None:
    config = preset("resnet18").with_(drop_path_rate=0.7, identity_units=units)
    with torch.device("meta"):
        rates = drop_rates(written(config)())
    assert rates == pytest.approx(drop_rates(build(config, device="meta")))
    assert rates[-1] == pytest.approx(0.7)


@given(config=configs(max_blocks=2))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_any_network_written_out_is_the_built_one(config: ResNetConfig) -> None:
    assert_same_outputs(config, *config.input[1:])


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
    for unused in ("SqueezeExcite", "BlurPool2d", "DropPath", "SubsamplePad", "Bottleneck", "gcd", "drop_path"):
        assert unused not in source


def test_source_run_as_a_program_checks_its_parameters(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text(code(preset("resnet20_cifar10")), encoding="utf-8")
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("269,722 parameters\n")


@pytest.mark.slow
def test_every_presets_source_is_formatted_and_clean(tmp_path: Path) -> None:
    for name in PRESETS:
        (tmp_path / f"{name}.py").write_text(code(preset(name)), encoding="utf-8")
    ruff = [sys.executable, "-m", "ruff"]
    root = Path(__file__).parents[2]
    for arguments in (["check", "--select", "E,W,F,I,B,C4,SIM,UP"], ["format", "--check"]):
        command = [*ruff, *arguments, "--isolated", "--line-length", "100", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=root, check=False)
        assert done.returncode == 0, done.stdout[-3000:]


def test_a_name_cannot_end_the_docstring() -> None:
    config = preset("resnet20_cifar10").with_(name='a""" + __import__("os").name + """\\')
    tree = ast.parse(code(config))
    assert ast.get_docstring(tree) is not None
    assert not any(isinstance(node, ast.Call) and ast.unparse(node.func) == "__import__" for node in ast.walk(tree))
