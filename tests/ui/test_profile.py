"""The Profile page through Streamlit's own test runner, on a net that measures in no time."""

import threading
from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from resviz.profiling.jobs import MOST_OF_AN_OWNER, Jobs
from resviz.profiling.result import Sweep
from resviz.profiling.store import open_store
from resviz.progress import Report
from resviz.report.formatting import duration
from resviz.ui.profile import MINE
from resviz.ui.text import JOINER
from resviz.ui.visitor import KEY as VISITOR
from tests.profiling.conftest import BRIEF, TINY
from tests.ui.pages import measured, opened, unopened

pytestmark = pytest.mark.usefixtures("own_history")


def queue() -> Jobs:
    from resviz.ui.queue import jobs

    return jobs()


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
    assert labels == measured
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


def at(job: str, visitor: str = "") -> AppTest:
    app = unopened("profile")
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


def test_an_address_older_than_the_last_measurement_does_not_bring_the_one_before_back(
    held: str, go_back: Callable[[AppTest], AppTest]
) -> None:
    app = at(held)
    app.session_state[MINE] = "another"
    app.run()
    assert app.session_state[MINE] == "another"
    assert go_back(app).session_state[MINE] == held


def test_a_measurement_that_is_started_is_remembered_by_its_session() -> None:
    app = opened("profile")
    app.number_input(key="profile.field.steps").set_value(3).run()
    next(button for button in app.button if button.label == "Measure").click().run()
    assert queue().wait(app.session_state[MINE], 60)


def test_a_full_queue_is_a_sentence_on_the_page(held: str) -> None:
    for _ in range(MOST_OF_AN_OWNER - 1):
        queue().submit("cpu", "more", lambda report: None, owner="me")
    app = unopened("profile")
    app.session_state[VISITOR] = "me"
    app.run()
    next(button for button in app.button if button.label == "Measure").click().run()
    assert not app.exception
    assert "which is the most" in app.error[0].value


def test_a_link_to_a_measurement_that_is_gone_says_so() -> None:
    assert "ended long ago or ran on another server" in at("f" * 32).info[0].value


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
