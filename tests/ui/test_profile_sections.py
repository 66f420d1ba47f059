"""The sections of the Profile page: the estimate for another GPU, memory, and what is kept between them."""

import pytest
from streamlit.testing.v1 import AppTest

from resviz.profiling.devices import Device
from resviz.profiling.estimate import estimate
from resviz.profiling.estimate_views import basis
from resviz.profiling.protocol import Protocol
from resviz.profiling.store import open_store
from resviz.report.formatting import duration
from resviz.ui.allowed import VARIABLE
from resviz.ui.profile import ESTIMATED, MEASURED, MEMORY
from resviz.ui.text import plain
from tests.profiling.conftest import TINY, profile_of
from tests.ui.pages import opened

pytestmark = pytest.mark.usefixtures("own_history")


def show(app: AppTest, section: str) -> None:
    app.session_state["section"] = app.query_params["section"] = section
    app.run()
    assert not app.exception


def test_the_estimate_answers_for_a_chip_that_is_not_here_and_says_what_it_rests_on() -> None:
    app = opened("profile", section=ESTIMATED)
    before = {metric.label: metric.value for metric in app.metric}
    app.selectbox(key="estimate.gpu").set_value("T4").run()
    app.number_input(key="estimate.batch").set_value(512).run()
    assert not app.exception
    found = estimate(TINY, "T4", batch=512)
    after = {metric.label: metric.value for metric in app.metric}
    assert after["Estimated step"] == duration(found.seconds) != before["Estimated step"]
    assert plain(basis(found)) in [*(caption.value for caption in app.caption), *(one.value for one in app.warning)]


def test_a_number_format_that_a_chip_lacks_is_one_sentence() -> None:
    app = opened("profile", section=ESTIMATED)
    app.selectbox(key="estimate.gpu").set_value("T4").run()
    app.selectbox(key="estimate.precision").set_value("bf16").run()
    assert not app.exception
    assert [error.value for error in app.error] == [
        "precision 'bf16' is not possible on T4, which has amp, fp16, fp32."
    ]


def test_an_estimate_is_fitted_to_runs_on_that_gpu_by_one_switch() -> None:
    plain_step = estimate(TINY, "T4", batch=64).seconds
    how = Protocol(batch=64, precision="fp16_autocast", channels_last=True)
    device = Device(id="cuda:0", name="Tesla T4", torch="2.13.0", system="Linux")
    open_store().add(profile_of(device=device, protocol=how, samples=(2 * plain_step,) * 9))
    app = opened("profile", section=ESTIMATED)
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


def test_each_section_answers_alone_and_keeps_what_was_set_while_another_is_open() -> None:
    estimated = ["Estimated step", "Band", "Images per second", "Mostly bound by"]
    counted = ["Inference", "Training", "Weights", "Gradients", "Optimiser", "Kept feature maps"]
    app = opened("profile", section=MEMORY)
    assert [metric.label for metric in app.metric] == counted
    app.number_input(key="memory.batch").set_value(7).run()
    show(app, ESTIMATED)
    assert [metric.label for metric in app.metric] == estimated
    app.selectbox(key="estimate.gpu").set_value("T4").run()
    show(app, MEASURED)
    assert not app.metric
    show(app, ESTIMATED)
    assert app.selectbox(key="estimate.gpu").value == "T4"
    show(app, MEMORY)
    assert app.number_input(key="memory.batch").value == 7


def test_a_section_that_is_drawn_sends_no_value_back_over_what_was_clicked_meanwhile() -> None:
    app = opened("profile", section=MEMORY)
    app.number_input(key="memory.batch").set_value(7).run()
    app.run()
    assert not app.number_input(key="memory.batch").proto.set_value


def test_where_nothing_may_be_measured_the_estimate_is_the_first_to_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "uploads")
    assert next(metric.label for metric in opened("profile").metric) == "Estimated step"
