"""The Profile and History pages through Streamlit's own test runner, on a net that measures in no time."""

import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from resviz.arch import preset
from resviz.profiling.devices import Device
from resviz.profiling.estimate import estimate
from resviz.profiling.estimate_views import basis
from resviz.profiling.jobs import MOST_OF_AN_OWNER, Jobs
from resviz.profiling.measure import profile
from resviz.profiling.protocol import Protocol
from resviz.profiling.result import Profile, Sweep
from resviz.profiling.store import default_url, open_store
from resviz.profiling.timing import Report
from resviz.report.formatting import duration
from resviz.ui.history import PAGE
from resviz.ui.profile import MINE
from resviz.ui.text import JOINER, plain
from resviz.ui.visitor import KEY as VISITOR
from tests.profiling.conftest import BRIEF, TINY, profile_of

PAGES = """
from resviz.arch import ResNetConfig
from resviz.ui import state, {page}
state.show(ResNetConfig.from_text({config!r}), "resnet20_cifar10")
{page}.page()
"""


@pytest.fixture(autouse=True)
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESVIZ_DB_URL", f"sqlite:///{tmp_path / 'runs.db'}")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


def opened(page: str) -> AppTest:
    app = AppTest.from_string(PAGES.format(page=page, config=TINY.to_json()), default_timeout=60)
    app.run()
    assert not app.exception
    return app


def queue() -> Jobs:
    from resviz.ui.queue import jobs

    return jobs()


def measured(**fields: object) -> Profile:
    return profile(TINY, device="cpu", protocol=BRIEF.with_(**fields), breakdown=True)


def field(app: AppTest, label: str) -> int:
    value = next(widget.value for widget in app.number_input if widget.label == label)
    assert isinstance(value, int)
    return value


def test_a_protocol_sets_its_fields() -> None:
    app = opened("profile")
    assert (field(app, "Batch"), field(app, "Timed steps")) == (1, 20)
    app.selectbox(key="profile.protocol").select("slim").run()
    assert (field(app, "Batch"), field(app, "Warm-up steps"), field(app, "Timed steps")) == (32, 10, 100)
    assert any("10 warm-up and 100 timed steps, batch 32" in caption.value for caption in app.caption)


def test_a_changed_field_is_said_to_be_set_by_hand() -> None:
    app = opened("profile")
    app.number_input(key="profile.field.steps").set_value(7).run()
    assert any("Set by hand. 3 warm-up and 7 timed steps" in caption.value for caption in app.caption)


def test_a_training_step_says_what_it_will_hold_and_times_no_layer() -> None:
    app = opened("profile")
    app.selectbox(key="profile.step").select("train").run()
    assert not app.exception
    captions = [caption.value for caption in app.caption]
    assert any("Training step, 3 warm-up and 20 timed steps" in said for said in captions)
    assert any("as its backward pass begins" in said for said in captions)
    assert app.toggle(key="profile.parts").disabled
    app.toggle(key="profile.field.fold_bn").set_value(True).run()
    assert any("leaves no batch norm to train" in error.value for error in app.error)


def test_a_forward_pass_and_a_training_step_are_told_apart_in_the_history() -> None:
    forward, train = measured(), profile(TINY, device="cpu", protocol=BRIEF, step="train")
    open_store().add(forward, train)
    app = opened("history")
    assert sorted(app.dataframe[0].value["Step"]) == ["forward pass", "training step"]
    app.multiselect(key="history.step").select("train").run()
    assert list(app.dataframe[0].value["Step"]) == ["training step"]


def test_what_the_device_cannot_do_is_said_and_not_measured() -> None:
    app = opened("profile")
    app.toggle(key="profile.field.cuda_graph").set_value(True).run()
    assert "needs a CUDA or ROCm device, not cpu" in app.error[0].value
    assert all(button.disabled for button in app.button if button.label in ("Measure", "Record a trace"))


def test_a_measurement_is_shown_and_kept() -> None:
    app = opened("profile")
    app.number_input(key="profile.field.steps").set_value(3).run()
    next(button for button in app.button if button.label == "Measure").click().run()
    word = app.query_params["job"]
    done = queue().wait(word if isinstance(word, str) else word[0], 60)
    assert done
    assert done.state == "done", done.error
    app.run()
    assert not app.exception
    labels = [metric.label for metric in app.metric]
    measured = ["Time per step", "Images per second", "Achieved", "Share of peak", "Peak memory"]
    estimated = ["Estimated step", "Band", "Images per second", "Mostly bound by"]
    counted = ["Inference", "Training", "Weights", "Gradients", "Optimiser", "Kept feature maps"]
    assert labels == [*measured, *estimated, *counted]
    (row,) = open_store().rows()
    assert (row.net, row.batch) == ("tiny", 1)


def test_a_reload_finds_a_finished_measurement_by_its_address() -> None:
    from resviz.profiling.task import measuring

    id = queue().submit("cpu", "tiny", measuring(TINY, device="cpu", protocol=BRIEF))
    assert queue().wait(id, 60)
    app = at(id)
    assert [metric.label for metric in app.metric][:1] == ["Time per step"]


def test_a_failed_measurement_is_a_sentence() -> None:
    from resviz.profiling.task import measuring

    id = queue().submit("cpu", "tiny", measuring(TINY, device="abacus", protocol=BRIEF))
    queue().wait(id, 60)
    app = at(id)
    assert "abacus" in app.error[0].value


def test_a_history_that_cannot_be_reached_does_not_lose_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    from resviz.profiling.task import Measured, measuring

    monkeypatch.setenv("RESVIZ_DB_URL", "no url")
    id = queue().submit("cpu", "tiny", measuring(TINY, device="cpu", protocol=BRIEF))
    done = queue().wait(id, 60)
    assert done
    assert isinstance(done.result, Measured)
    assert done.result.sweep.runs
    assert "RESVIZ_DB_URL" in done.result.not_kept


def test_a_file_from_elsewhere_is_shown() -> None:
    app = opened("profile")
    app.file_uploader(key="profile.file").set_value(
        ("out.json", Sweep(runs=(measured(), measured(batch=4))).to_json().encode(), "application/json")
    ).run()
    assert not app.exception
    assert any("**tiny**, forward pass, batch 4" in text.value for text in app.markdown)


def test_a_file_that_is_no_profile_is_a_sentence() -> None:
    app = opened("profile")
    app.file_uploader(key="profile.file").set_value(("out.json", b'{"format": "x"}', "application/json")).run()
    assert app.error[0].value.startswith("This is not a resviz profile of version 1.")


def test_names_from_a_file_are_shown_as_they_are_and_fetch_nothing() -> None:
    run = measured()
    hostile = run.model_copy(update={"device": run.device.model_copy(update={"name": "![x](http://a.example/b.png)"})})
    app = opened("profile")
    app.file_uploader(key="profile.file").set_value(
        ("out.json", Sweep(runs=(hostile,)).to_json().encode(), "application/json")
    ).run()
    assert not app.exception
    assert any(rf"\!\[x\]\(http{JOINER}\://a.example/b.png\)" in text.value for text in app.markdown)


def test_an_empty_history_says_what_fills_it() -> None:
    assert "Nothing has been measured yet" in opened("history").info[0].value


def test_the_history_filters() -> None:
    open_store().add(measured(), measured(batch=4, name="other"))
    app = opened("history")
    assert len(app.dataframe[0].value) == 2
    app.multiselect(key="history.protocol").select("other").run()
    assert list(app.dataframe[0].value["Batch"]) == [4]


def test_a_file_is_imported_once() -> None:
    text = Sweep(runs=(measured(),)).to_json().encode()
    app = opened("history")
    app.file_uploader(key="history.file").set_value(("out.json", text, "application/json")).run()
    assert not app.exception
    assert len(open_store().rows()) == 1
    assert "Every run of this file is in the history." in [success.value for success in app.success]
    assert len(app.dataframe[0].value) == 1


def test_a_bad_database_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESVIZ_DB_URL", "no url")
    assert "is not a database URL" in opened("history").error[0].value


def at(job: str, visitor: str = "") -> AppTest:
    app = AppTest.from_string(PAGES.format(page="profile", config=TINY.to_json()), default_timeout=60)
    app.query_params["job"] = job
    if visitor:
        app.session_state[VISITOR] = visitor
    app.run()
    assert not app.exception
    return app


def test_a_waiting_measurement_sees_its_place_and_can_be_stopped() -> None:
    from resviz.profiling.task import measuring

    started, go = threading.Event(), threading.Event()

    def hold(report: Report) -> None:
        started.set()
        assert go.wait(60)

    first = queue().submit("cpu", "first", hold)
    assert started.wait(60)
    mine = queue().submit("cpu", "tiny", measuring(TINY, device="cpu", protocol=BRIEF), owner="me")
    try:
        app = at(mine, "me")
        assert "1 job before this one on cpu" in app.get("progress")[0].proto.text
        app.button(key="profile.stop").click().run()
        stopped = queue().progress(mine)
        assert stopped
        assert stopped.state == "stopped"
        assert at(mine).info[0].value == "The measurement was stopped before its first result."
    finally:
        go.set()
        queue().wait(first, 60)


@pytest.fixture
def held() -> Iterator[str]:
    """The id of a measurement of `me` that runs until the test is over."""
    started, go = threading.Event(), threading.Event()

    def hold(report: Report) -> None:
        started.set()
        assert go.wait(60)
        report("timing", 1, 2)

    id = queue().submit("cpu", "held", hold, owner="me")
    assert started.wait(60)
    yield id
    go.set()
    queue().wait(id, 60)


def test_a_link_lets_others_watch_a_measurement_and_not_stop_it(held: str) -> None:
    stranger = at(held, "somebody else")
    assert "held" in stranger.get("progress")[0].proto.text
    assert [button for button in stranger.button if button.label == "Stop"] == []
    assert "Only the person who started it can stop it." in [caption.value for caption in stranger.caption]
    assert [button.label for button in at(held, "me").button if button.label == "Stop"] == ["Stop"]


def test_coming_back_without_the_address_finds_the_sessions_own_measurement(held: str) -> None:
    app = at(held, "me")
    app.session_state[MINE] = held  # as _submit leaves it
    del app.query_params["job"]  # another page drops it
    app.run()
    assert "held" in app.get("progress")[0].proto.text
    assert any(button.label == "Stop" for button in app.button)
    assert "before yours" not in " ".join(caption.value for caption in app.caption)
    word = app.query_params["job"]
    assert held == (word if isinstance(word, str) else word[0])


def test_a_measurement_that_is_started_is_remembered_by_its_session() -> None:
    app = opened("profile")
    app.number_input(key="profile.field.steps").set_value(3).run()
    next(button for button in app.button if button.label == "Measure").click().run()
    assert queue().wait(app.session_state[MINE], 60)


def test_a_full_queue_is_a_sentence_on_the_page(held: str) -> None:
    for _ in range(MOST_OF_AN_OWNER - 1):
        queue().submit("cpu", "more", lambda report: None, owner="me")
    app = AppTest.from_string(PAGES.format(page="profile", config=TINY.to_json()), default_timeout=60)
    app.session_state[VISITOR] = "me"
    app.run()
    next(button for button in app.button if button.label == "Measure").click().run()
    assert not app.exception
    assert "which is the most" in app.error[0].value


def test_a_link_to_a_measurement_that_is_gone_says_so() -> None:
    assert "ended long ago or ran on another server" in at("f" * 32).info[0].value


def altered(run: Profile, **fields: object) -> Profile:
    """Return a run with other fields; `model_copy` would keep the figures that were taken from the old ones."""
    return Profile.model_validate({**run.model_dump(), **fields})


def pick(app: AppTest, rows: list[int], click: str = "") -> AppTest:
    """Select rows of the history's table, for which AppTest has no verb, and press a button below it."""
    if click:
        app.button(key=click).click()
    key = app.dataframe[0].proto.id.partition("history.table.")[2]
    app.session_state[f"history.table.{key}"] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    return app.run()


def test_the_history_shows_the_spread_and_what_makes_a_time_unsure() -> None:
    steady, busy = measured(), measured()
    open_store().add(
        altered(steady, samples=(0.01,) * 20, breakdown=None, ceiling=None),
        altered(busy, samples=(0.01, 0.01, 0.03, 0.01) * 5, breakdown=None, ceiling=None),
    )
    frame = opened("history").dataframe[0].value
    shown = sorted(zip(frame["Spread"].round(6), frame["Doubts"], strict=True))
    assert shown == [(0.0, ""), (2.0, "⚠ machine busy")]


def test_two_runs_whose_machine_was_busy_get_no_percentage_and_a_reason() -> None:
    busy = (0.01, 0.01, 0.03, 0.01) * 5
    open_store().add(*(altered(measured(), samples=times) for times in (busy, (0.1,) * 20)))
    app = pick(opened("history"), [0, 1])
    assert not app.exception
    assert any("No percentage is given" in warning.value for warning in app.warning)
    told = app.table[0].value["Change"]
    assert told["Time per step, median"] == "unsure"
    assert told["Peak memory"] == "0.0%"


def test_runs_are_deleted_after_a_question() -> None:
    open_store().add(measured(), measured(batch=4))
    app = pick(pick(opened("history"), [0]), [0], click="history.delete")
    assert len(open_store().rows()) == 2
    app.button(key="history.delete.sure").click().run()
    assert not app.exception
    (left,) = open_store().rows()
    assert app.info[0].value == "1 run deleted."
    assert list(app.dataframe[0].value["Batch"]) == [left.batch]


def test_a_deleted_run_does_not_come_back_from_the_file_that_still_lies_in_the_box() -> None:
    text = Sweep(runs=(measured(),)).to_json().encode()
    app = opened("history")
    app.file_uploader(key="history.file").set_value(("out.json", text, "application/json")).run()
    app = pick(pick(app, [0]), [0], click="history.delete")
    app.button(key="history.delete.sure").click().run()
    app.run()
    assert open_store().rows() == ()


def test_a_long_history_is_listed_by_pages() -> None:
    run = measured()
    open_store().add(*(run.model_copy(update={"id": f"{number:032x}"}) for number in range(PAGE + 3)))
    app = opened("history")
    assert len(app.dataframe[0].value) == PAGE
    assert any(f"{PAGE + 3} runs: all that pass" in caption.value for caption in app.caption)
    app.session_state["history.page"] = 2
    assert len(app.run().dataframe[0].value) == 3


def test_a_row_that_another_program_spoilt_is_listed_as_such_and_can_be_deleted() -> None:
    from sqlalchemy import create_engine, text

    open_store().add(measured())
    with create_engine(default_url()).begin() as connection:
        connection.execute(text("UPDATE resviz_runs SET median = 'abc', measured_at = 'x', document = '{}'"))
    app = opened("history")
    assert list(app.dataframe[0].value["Doubts"]) == ["⚠ cannot be read"]
    app = pick(app, [0])
    assert not app.exception
    assert "A run in the history cannot be read." in app.error[0].value
    app = pick(app, [0], click="history.delete")
    app.button(key="history.delete.sure").click().run()
    assert open_store().rows() == ()


def test_a_run_opens_its_net_under_its_own_presets_name() -> None:
    run = measured().model_copy(update={"config": preset("resnet34"), "breakdown": None})
    open_store().add(run)
    app = pick(opened("history"), [0])
    (link,) = app.get("link_button")
    assert parse_qs(urlsplit(link.proto.url).query)["net"] == ["resnet34"]


def test_somebody_elses_measurement_is_announced_before_one_starts() -> None:
    started, go = threading.Event(), threading.Event()

    def hold(report: Report) -> None:
        started.set()
        assert go.wait(60)

    first = queue().submit("cpu", "first", hold)
    assert started.wait(60)
    try:
        assert "1 job before yours on cpu." in [caption.value for caption in opened("profile").caption]
    finally:
        go.set()
        queue().wait(first, 60)


def test_a_trace_is_offered_as_a_file() -> None:
    from resviz.profiling.task import tracing

    id = queue().submit("cpu", "tiny", tracing(TINY, device="cpu", protocol=BRIEF))
    queue().wait(id, 60)
    assert "The trace is ready" in at(id).success[0].value


def test_the_estimate_answers_for_a_chip_that_is_not_here_and_says_what_it_rests_on() -> None:
    app = opened("profile")
    before = {metric.label: metric.value for metric in app.metric}
    app.selectbox(key="estimate.gpu").set_value("T4").run()
    app.number_input(key="estimate.batch").set_value(512).run()
    assert not app.exception
    found = estimate(TINY, "T4", batch=512)
    after = {metric.label: metric.value for metric in app.metric}
    assert after["Estimated step"] == duration(found.seconds) != before["Estimated step"]
    assert plain(basis(found)) in [*(caption.value for caption in app.caption), *(one.value for one in app.warning)]


def test_a_number_format_that_a_chip_lacks_is_one_sentence() -> None:
    app = opened("profile")
    app.selectbox(key="estimate.gpu").set_value("T4").run()
    app.selectbox(key="estimate.precision").set_value("bf16").run()
    assert not app.exception
    assert [error.value for error in app.error] == [
        "precision 'bf16' is not possible on T4, which has amp, fp16, fp32."
    ]


def test_the_page_says_what_a_measurement_will_take_and_what_was_measured_before() -> None:
    assert any(
        "No forward pass has been measured on this device yet" in caption.value for caption in opened("profile").caption
    )
    run = measured()
    open_store().add(run)
    app = opened("profile")
    (said,) = (caption.value.replace("\\", "") for caption in app.caption if caption.value.startswith("It takes about"))
    assert "85 steps of about" in said
    assert "going by tiny at batch 2, measured on this device" in said
    assert "Earlier measurements" in [header.value for header in app.header]
    assert any(duration(run.summary.median) in element.proto.body for element in app.get("html"))


def test_an_estimate_is_fitted_to_runs_on_that_gpu_by_one_switch() -> None:
    plain_step = estimate(TINY, "T4", batch=64).seconds
    how = Protocol(batch=64, precision="fp16_autocast", channels_last=True)
    device = Device(id="cuda:0", name="Tesla T4", torch="2.13.0", system="Linux")
    open_store().add(profile_of(device=device, protocol=how, samples=(2 * plain_step,) * 9))
    app = opened("profile")
    assert not [toggle for toggle in app.toggle if toggle.key == "estimate.own"]
    app.selectbox(key="estimate.gpu").select("T4").run()
    before = next(metric.value for metric in app.metric if metric.label == "Estimated step")
    app.toggle(key="estimate.own").set_value(True).run()
    assert not app.exception
    after = next(metric.value for metric in app.metric if metric.label == "Estimated step")
    whole = estimate(TINY, "T4").seconds
    assert (before, after) == (duration(whole), duration(2 * whole))
    said = [box.value for box in (*app.warning, *app.caption)]
    assert any("Scaled by 2 to agree with 1 run on T4" in text for text in said)
