"""The room's verbs: what they print and write, and the sentences for what cannot be."""

import re
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from typer.testing import CliRunner

from resviz.arch import preset
from resviz.cli import app
from resviz.nn import build
from resviz.nn.codegen import code
from resviz.nn.crosscheck import TOOLS

TINY = ("resnet20_cifar10", "--set", "depths=[1,1,1]")


def run(*args: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(args))
    return result.exit_code, result.stdout, result.stderr


def test_check_prints_totals_and_the_verdict_and_tells_its_steps() -> None:
    code, out, err = run("check", "resnet20_cifar10")
    assert code == 0
    assert "40,931,968 = 40,551,040 + 376,832 for BatchNorm + 4,096 for global average pool" in out
    assert re.search(r"All \d+ numbers agree exactly\.\n$", out)
    assert [line.split(" ", 1)[1] for line in err.splitlines()] == [f"{tool.label} ..." for tool in TOOLS.values()]


def test_check_lists_layers_on_request() -> None:
    code, out, _ = run("check", *TINY, "--layers", "--format", "csv")
    assert code == 0
    assert "\nlayer2.0.conv1," in out


def test_code_prints_the_source_and_nothing_else() -> None:
    assert run("code", "resnet18") == (0, code(preset("resnet18")), "")


def test_export_writes_a_checked_file_with_given_weights(tmp_path: Path) -> None:
    config = preset("resnet20_cifar10").with_(depths=[1, 1, 1])
    net = build(config, seed=5)
    torch.save(net.state_dict(), tmp_path / "trained.pth")
    target = tmp_path / "net.pt2"
    status, out, err = run(
        "export", *TINY, "--format", "torch", "-o", str(target), "--weights", str(tmp_path / "trained.pth")
    )
    assert (status, err) == (0, "")
    assert out.startswith(f"{target}: ")
    x = torch.randn(2, 3, 32, 32)
    with torch.no_grad():
        torch.testing.assert_close(torch.export.load(target).module()(x), net.eval()(x))


def test_export_names_its_file_after_the_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("export", *TINY, "--format", "torch")[0] == 0
    assert [path.name for path in tmp_path.iterdir()] == ["custom-from-resnet20_cifar10.pt2"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--format", "keras"), "format 'keras' does not exist; it is one of onnx, torch."),
        (("--weights", "away.pth"), "away.pth cannot be read: no such file or directory."),
        (("--format", "torch", "-o", "no/such/folder/a.pt2"), "cannot be written: no such file or directory."),
    ],
)
def test_what_cannot_be_exported_is_one_sentence(
    options: tuple[str, ...], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, err = run("export", *TINY, *options)
    assert (status, out) == (2, "")
    assert err.startswith("resviz: ")
    assert err.endswith(f"{says}\n")
    assert len(err.splitlines()) == 1


def test_what_exceeds_the_memory_limit_is_refused_before_it_is_assembled(monkeypatch: pytest.MonkeyPatch) -> None:
    def assembled(*args: object, **options: object) -> None:
        raise AssertionError("assembled")

    monkeypatch.setattr("resviz.nn.commands.build", assembled)
    monkeypatch.setenv("RESVIZ_MEMORY_LIMIT", "1 GB")
    status, out, err = run("export", "resnet50", "--set", "depths=[5000,5000,5000,5000]", "--format", "torch")
    assert (status, out) == (2, "")
    assert "The weights of custom, from resnet50 would take 119 GB of memory and the limit is 1.00 GB" in err


def test_renamed_weights_stay_as_they_are(tmp_path: Path) -> None:
    states = build(preset("resnet20_cifar10"), seed=3).half().state_dict()
    bare = {key: value for key, value in states.items() if not key.endswith("num_batches_tracked")}
    source, target = tmp_path / "swa.safetensors", tmp_path / "own.safetensors"
    save_file({**{f"module.{key}": value for key, value in bare.items()}, "n_averaged": torch.tensor(5)}, source)
    status, _, err = run("export", str(source), "-o", str(target))
    assert status == 0, err
    written = load_file(target)
    assert {value.dtype for key, value in written.items() if key != "n_averaged"} == {torch.float16}
    assert all(torch.equal(written[key], value) for key, value in bare.items())
    assert set(written) <= {*bare, "n_averaged"}
