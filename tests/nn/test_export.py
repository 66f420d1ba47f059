"""Export files do what the module does, or are refused in words."""

import io
from dataclasses import replace

import pytest
import torch

from resviz.arch import expand, preset
from resviz.errors import ExportError, MemoryLimitError
from resviz.nn import build
from resviz.nn import export as room
from resviz.nn.export import FORMATS, TOLERANCE, export, missing
from resviz.nn.memory import Account

VARIED = {
    "resnet20": ("resnet20_cifar10", {}),
    "preact, SE, gate": (
        "preact_resnet20_cifar10",
        {"attention": "se", "skip": "shortcut_gate", "depths": [1, 1, 1]},
    ),
    "CBAM, blur, GELU, group norm": (
        "resnet20_cifar10",
        {"attention": "cbam", "anti_alias": "blur", "activation": "gelu", "norm": "group", "depths": [1, 1, 1]},
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("case", VARIED)
def test_a_file_gives_the_modules_outputs_at_any_batch_size(form: str, case: str) -> None:
    name, changes = VARIED[case]
    config = preset(name).with_(**changes)
    net = build(config, seed=0)
    made = export(net, expand(config), form)
    assert made.difference <= TOLERANCE
    x = torch.randn(3, 3, 32, 32)
    with torch.no_grad():
        torch.testing.assert_close(FORMATS[form].run(made.data, x), net(x), rtol=1e-4, atol=1e-4)


def test_an_onnx_file_is_valid_and_names_its_input_and_output() -> None:
    import onnx

    config = preset("resnet20_cifar10").with_(depths=[1, 1, 1])
    made = export(build(config, seed=0), expand(config), "onnx")
    model = onnx.load(io.BytesIO(made.data))
    onnx.checker.check_model(model, full_check=True)
    assert [each.name for each in model.graph.input] == ["input"]
    assert [each.name for each in model.graph.output] == ["output"]
    sides = model.graph.input[0].type.tensor_type.shape.dim
    assert sides[0].dim_param == "batch"
    assert model.graph.output[0].type.tensor_type.shape.dim[0].dim_param == "batch"
    assert [side.dim_value for side in sides[1:]] == [3, 32, 32]


def test_a_missing_library_is_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(room.FORMATS, "onnx", replace(FORMATS["onnx"], needs=("onnx", "not_a_library")))
    assert missing("onnx") == ("ONNX needs not_a_library, not installed here: pip install -r requirements-export.txt.")
    config = preset("resnet20_cifar10")
    with pytest.raises(ExportError, match="not_a_library"):
        export(build(config, device="meta"), expand(config), "onnx")


def test_a_file_that_computes_something_else_is_not_handed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = replace(FORMATS["torch"], write=lambda module, x: b"", run=lambda data, x: torch.zeros(1, 10))
    monkeypatch.setitem(room.FORMATS, "torch", wrong)
    config = preset("resnet20_cifar10")
    with pytest.raises(ExportError, match="does not compute what the module does"):
        export(build(config, seed=0), expand(config), "torch")


def test_a_network_beyond_one_onnx_file_or_the_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    config = preset("resnet50").with_(widths=[640, 1280, 2560, 5120])
    with pytest.raises(ExportError, match="one ONNX file holds"):
        export(build(config, device="meta"), expand(config), "onnx")
    monkeypatch.setenv("RESVIZ_MEMORY_LIMIT", "1 MB")
    with pytest.raises(MemoryLimitError, match="Exporting"):
        export(build(config, device="meta"), expand(config), "torch")


def test_an_exported_program_calls_its_axis_batch_and_takes_any() -> None:
    config = preset("resnet20_cifar10").with_(depths=[1, 1, 1])
    net = build(config, seed=0)
    made = export(net, expand(config), "torch")
    program = torch.export.load(io.BytesIO(made.data))
    assert [str(axis) for axis in program.range_constraints] == ["batch"]
    picture = next(
        node.meta["val"] for node in program.graph.nodes if node.name == program.graph_signature.user_inputs[0]
    )
    assert [str(side) for side in picture.shape] == ["batch", "3", "32", "32"]
    x = torch.randn(5, 3, 32, 32)
    with torch.no_grad():
        torch.testing.assert_close(program.module()(x), net(x))


def test_a_file_is_in_the_account_as_long_as_somebody_holds_it(process_account: Account) -> None:
    config = preset("resnet20_cifar10").with_(depths=[1, 1, 1])
    made = export(build(config, seed=0), expand(config), "torch")
    assert process_account.held == len(made.data)
    del made
    assert process_account.held == 0
