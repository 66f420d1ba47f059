"""The Module page through Streamlit's own test runner, on a net that runs in no time."""

import io
import threading

import pytest
import torch
from safetensors.torch import save
from streamlit.testing.v1 import AppTest

from resviz.arch import PRESETS, expand, preset
from resviz.nn import build
from resviz.nn.codegen import code
from resviz.nn.memory import Account
from resviz.profiling.jobs import PAGES, Jobs
from resviz.report.structure import structure
from resviz.ui import module
from resviz.ui.queue import CPU, jobs

TINY = preset("resnet20_cifar10").with_(depths=(1, 1, 1))
BYTES = "application/octet-stream"
PAGE = """
from resviz.arch import ResNetConfig
from resviz.ui import module, state
state.show(ResNetConfig.from_text({config!r}), "resnet20_cifar10")
module.page()
"""


def opened(part: str = "", config: str = "") -> AppTest:
    app = AppTest.from_string(PAGE.format(config=config or TINY.to_json()), default_timeout=60)
    if part:
        app.session_state["part"] = part
    app.run()
    settled(app)
    assert not app.exception
    return app


def settled(app: AppTest) -> AppTest:
    """The page once nothing that it waits for is under way."""
    while jobs().all(PAGES) or app.get("progress"):
        for job in jobs().all():
            jobs().wait(job.id, 60)
        app.run()
    return app


def said(app: AppTest) -> str:
    shown = (*app.markdown, *app.caption, *app.success, *app.info, *app.error, *app.warning)
    return "\n".join(each.value for each in shown)


def test_the_first_look_shows_the_module_and_asks_for_nothing() -> None:
    app = opened()
    assert app.code[0].value == structure(expand(TINY))
    assert "(conv1): Conv2d(3, 16, kernel_size=3, padding=1, bias=False)  # weight 16x3x3x3" in app.code[0].value
    assert not app.button


def test_the_check_waits_to_be_asked_for() -> None:
    app = opened("Cross-check")
    assert [button.label for button in app.button] == ["Check this network"]


def test_a_check_runs_beside_the_page_and_ends_in_a_verdict() -> None:
    app = opened("Cross-check")
    settled(app.button(key="module.check").click().run())
    (job,) = app.session_state["module.checks"].values()
    jobs().wait(job, 60)
    app.run()
    assert not app.exception
    assert "numbers agree exactly." in said(app)
    assert len(app.dataframe[0].value) == len(expand(TINY).layers())


def test_a_check_behind_a_training_run_does_not_call_that_a_check() -> None:
    go = threading.Event()
    app = opened("Cross-check")
    jobs().submit(CPU, "plain-8", lambda report: go.wait(60))
    try:
        app.button(key="module.check").click().run()
        texts = [bar.proto.text for bar in app.get("progress")]
        assert ["1 job before this one on cpu" in text for text in texts] == [True]
        app.button(key="module.stop").click().run()
    finally:
        go.set()
        settled(app)


def test_code_is_shown_whole() -> None:
    app = opened("Code and export")
    assert app.code[0].value.strip() == code(TINY).strip()


def test_code_of_many_blocks_that_differ_is_written_in_the_queue_and_that_of_presets_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    most = max(sum(len(stage.runs) for stage in expand(preset(name)).stages) for name in PRESETS)
    assert most <= module.WRITTEN
    monkeypatch.setattr(module, "WRITTEN", 1)
    monkeypatch.setattr("resviz.ui.work.PATIENCE", 0.0)
    asked: list[str] = []
    submit = Jobs.submit
    monkeypatch.setattr(
        Jobs, "submit", lambda self, *args, **more: asked.append(args[1]) or submit(self, *args, **more)
    )
    app = opened("Code and export")
    assert "Code of resnet20_cifar10" in asked
    assert app.code[0].value.strip() == code(TINY).strip()


def test_code_that_waits_in_the_queue_has_no_stop_since_nothing_could_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WRITTEN", 1)
    monkeypatch.setattr("resviz.ui.work.PATIENCE", 0.0)
    another = TINY.with_(name="another").to_json()
    app, go = AppTest.from_string(PAGE.format(config=another), default_timeout=60), threading.Event()
    app.session_state["part"] = "Code and export"
    jobs().submit(PAGES, "somebody's", lambda report: go.wait(60))
    try:
        app.run()
        assert ["Code of another" in bar.proto.text for bar in app.get("progress")] == [True]
        assert "Stop" not in [button.label for button in app.button]
    finally:
        go.set()
        settled(app)


def downloads(app: AppTest) -> list[str]:
    """The files that the page offers, the code apart."""
    return [each.proto.label.partition(" (")[0] for each in app.get("download_button")][1:]


@pytest.mark.slow
def test_an_export_is_checked_and_stays_offered_whatever_is_pressed_next() -> None:
    app = opened("Code and export")
    settled(app.button(key="module.export.onnx").click().run())
    assert downloads(app) == ["Download resnet20_cifar10.onnx"]
    settled(app.button(key="module.export.torch").click().run())
    both = ["Download resnet20_cifar10.onnx", "Download resnet20_cifar10.pt2"]
    assert downloads(app) == both
    assert said(app).count("Checked: its output is the module's") == 2
    settled(app.number_input(key="module.seed").set_value(1).run())
    assert downloads(app) == []
    settled(app.number_input(key="module.seed").set_value(0).run())
    assert downloads(app) == both
    assert not app.exception


@pytest.mark.parametrize("part", ["Cross-check", "Weights", "Feature maps"])
def test_a_network_of_too_many_blocks_is_refused_in_words(part: str) -> None:
    deep = TINY.with_(name="deep", depths=(20_000,), widths=(8,), stage_strides=(1,), shortcut="B")
    app = opened(part, deep.to_json())
    assert "deep has 20,000 blocks and this page" in said(app)
    assert not [button for button in app.button if button.label == "Check this network"]


def test_weights_beyond_the_limit_are_refused_before_the_network_is_assembled(monkeypatch: pytest.MonkeyPatch) -> None:
    def assembled(*args: object, **options: object) -> None:
        raise AssertionError("assembled")

    monkeypatch.setattr("resviz.nn.build", assembled)
    monkeypatch.setenv("RESVIZ_MEMORY_LIMIT", "10 GB")
    app = opened("Weights", TINY.with_(block="bottleneck", widths=(512, 1024, 2048), depths=(400, 400, 400)).to_json())
    assert "and the limit is 10.0 GB" in app.error[0].value.replace("\\", "")


def test_an_uploaded_file_is_in_the_account_until_it_is_taken_away(process_account: Account) -> None:
    app = opened("Cross-check")
    data = save({"weight": torch.zeros(1000)})
    settled(app.file_uploader(key="module.weights").set_value(("own.safetensors", data, BYTES)).run())
    assert list(process_account.claims.values()) == [len(data)]
    app.run()
    assert list(process_account.claims.values()) == [len(data)]
    settled(app.file_uploader(key="module.weights").set_value([]).run())
    assert not process_account.claims


def test_a_file_beyond_the_limit_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESVIZ_MEMORY_LIMIT", "100 kB")
    app = opened("Cross-check")
    data = save({"weight": torch.zeros(100_000)})
    settled(app.file_uploader(key="module.weights").set_value(("own.safetensors", data, BYTES)).run())
    assert not app.exception
    assert "Keeping own.safetensors would take 400 kB" in app.error[0].value.replace("\\", "")


def test_outputs_of_initial_weights_are_said_to_mean_nothing_and_those_of_a_file_are_not() -> None:
    app = opened("Feature maps")
    nothing = "The weights are untrained, so these predictions mean nothing."
    assert nothing in said(app)
    own = save(build(TINY, seed=4).state_dict())
    settled(app.file_uploader(key="module.weights").set_value(("own.safetensors", own, BYTES)).run())
    assert "Highest outputs, by class number" in said(app)
    assert nothing not in said(app)


def test_initial_weights_are_shown_and_their_seed_said() -> None:
    app = opened("Weights")
    assert "initial weights, seed 0" in said(app)
    settled(app.number_input(key="module.seed").set_value(3).run())
    assert "initial weights, seed 3" in said(app)
    assert app.selectbox(key="module.histogram").options[0] == "conv1"


def test_weights_of_this_network_are_loaded_and_others_refused() -> None:
    app = opened("Weights")
    own = save(build(TINY, seed=4).state_dict())
    settled(app.file_uploader(key="module.weights").set_value(("own.safetensors", own, BYTES)).run())
    assert "own.safetensors: All" in said(app)
    other = io.BytesIO()
    torch.save({"fc.weight": torch.zeros(2, 2)}, other)
    settled(app.file_uploader(key="module.weights").set_value(("other.pth", other.getvalue(), BYTES)).run())
    assert not app.exception
    assert "not this network's" in app.error[0].value


def test_feature_maps_of_every_block_can_be_picked() -> None:
    app = opened("Feature maps")
    assert "layer1.0, 16x32x32: 16 of its channels" in said(app)
    settled(app.select_slider(key="module.block").set_value("layer3.0").run())
    assert "layer3.0, 64x8x8: 16 of its channels" in said(app)


def test_a_plain_nets_feature_maps_say_that_there_is_no_skip() -> None:
    app = opened("Feature maps", preset("plain20_cifar10").to_json())
    assert "A plain net has no skips" in said(app)


def test_a_network_beyond_the_memory_limit_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESVIZ_MEMORY_LIMIT", "1 kB")
    app = opened("Weights", TINY.with_(num_classes=7).to_json())
    assert "The weights of" in app.error[0].value
    assert "RESVIZ_MEMORY_LIMIT" in app.error[0].value.replace("\\", "")


def test_a_file_of_another_network_is_identified_and_opened() -> None:
    script = "import streamlit as st" + PAGE.replace(
        "state.show(", "if 'resviz.base' not in st.session_state: state.show("
    )
    app = AppTest.from_string(script.format(config=TINY.to_json()), default_timeout=60)
    app.session_state["part"] = "Weights"
    settled(app.run())
    other = preset("resnet20_cifar10").with_(num_classes=5)
    data = save(build(other, seed=0).state_dict())
    settled(app.file_uploader(key="module.weights").set_value(("other.safetensors", data, BYTES)).run())
    assert not app.exception
    assert "This is resnet20_cifar10 or plain20_cifar10 with 5 classes: all 97 tensors fit." in said(app).replace(
        "\\", ""
    )
    settled(app.button(key="module.identified").click().run())
    assert app.session_state["resviz.config"].num_classes == 5
    assert "other.safetensors: All" in said(app)


def test_a_file_that_is_no_residual_network_is_said_to_be_none() -> None:
    app = opened("Code and export")
    data = save({"blocks.0.attn.qkv.weight": torch.zeros(6, 2), "blocks.0.attn.proj.weight": torch.zeros(2, 2)})
    settled(app.file_uploader(key="module.weights").set_value(("vit.safetensors", data, BYTES)).run())
    assert not app.exception
    assert "the attention of a transformer" in app.warning[0].value
