"""The Laboratory page through Streamlit's own test runner, on nets that are trained in no time."""

import re
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from resviz.profiling.jobs import Jobs, Progress
from resviz.progress import Report
from resviz.training import Experiment, Result, net, train
from resviz.training.recorded import recorded
from resviz.training.task import Live
from resviz.ui.laboratory import MINE
from resviz.ui.text import plain
from resviz.ui.visitor import KEY as VISITOR
from tests.training.conftest import TINY

PAGE = """
from resviz.ui import laboratory, state
state.start()
laboratory.page()
"""
LONG = 60  # seconds until a hung test fails


def queue() -> Jobs:
    from resviz.ui.queue import jobs

    return jobs()


def opened(visitor: str = "me", **address: str) -> AppTest:
    app = AppTest.from_string(PAGE, default_timeout=LONG)
    app.session_state[VISITOR] = visitor
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def ended(id: str) -> Progress:
    progress = queue().wait(id, LONG)
    assert progress
    assert progress.over
    return progress


def parameter(app: AppTest, name: str) -> str:
    value = app.query_params[name]
    return value if isinstance(value, str) else value[0]


def words(app: AppTest) -> str:
    shown = [*app.markdown, *app.caption, *app.info, *app.warning, *app.error]
    cells = (re.sub(r"\s*([<>])\s*", r"\1", html.proto.body) for html in app.get("html"))
    return "\n".join([*(each.value for each in shown), *cells])


@pytest.fixture
def held() -> Iterator[None]:
    """A measurement of somebody else holds the CPU until the test is over."""
    started, go = threading.Event(), threading.Event()

    def hold(report: Report) -> None:
        started.set()
        assert go.wait(LONG)

    id = queue().submit("cpu", "held", hold)
    assert started.wait(LONG)
    yield
    go.set()
    queue().wait(id, LONG)


def test_the_first_screen_has_the_recorded_run_marked_as_such() -> None:
    app = opened()
    said = words(app)
    assert Experiment.from_word(parameter(app, "experiment")) == recorded().experiment
    assert "A recorded run of the classic experiment" in said
    assert f"by `{recorded().experiment.command}`" in said
    assert all(f">{row.net.name}<" in said for row in recorded().rows)


def test_a_link_gives_the_settings_and_run_trains_them() -> None:
    app = opened(experiment=TINY.word)
    assert app.multiselect[0].value == ["plain-8-w4", "residual-8-w4"]
    press(app, "Run")
    done = ended(app.session_state[MINE])
    assert isinstance(done.result, Result)
    assert done.result.experiment == TINY
    app.run()
    said = words(app)
    assert ">residual-8-w4<" in said
    assert "recorded" not in said
    word, job = parameter(app, "experiment"), parameter(app, "job")
    assert Experiment.from_word(word) == TINY
    assert ">residual-8-w4<" in words(opened("a stranger", job=job))


def test_the_next_run_takes_the_place_of_the_last() -> None:
    app = opened(experiment=TINY.word)
    press(app, "Run")
    first = app.session_state[MINE]
    ended(first)
    app.run()
    app.text_input(key="laboratory.field.seeds").set_value("5").run()
    press(app, "Run")
    second = app.session_state[MINE]
    assert second != first
    ended(second)
    app.run()
    assert parameter(app, "job") == second
    assert "Seed 5." in words(app)


def test_what_was_trained_is_looked_into() -> None:
    id = queue().submit("cpu", "tiny", Live(TINY))
    ended(id)
    app = opened(experiment=TINY.word, job=id)
    press(app, "Measure the gradients")
    assert not app.error
    (look,) = app.session_state["resviz.training.looks"].values()
    assert ended(look).state == "done"
    app.run()
    assert not app.exception
    assert "At initialisation" in words(app)
    assert ">First / last<" in words(app)


def test_impossible_settings_are_a_sentence_and_nothing_runs() -> None:
    app = opened(experiment=TINY.word)
    app.text_input(key="laboratory.field.seeds").set_value("0, x").run()
    assert "whole numbers" in app.error[0].value
    assert next(button for button in app.button if button.label == "Run").disabled


@pytest.mark.parametrize("word", ["nonsense", "epochs~6~~plain-9", "epochs~6~~![a](http://a.example/b.png)"])
def test_a_broken_link_is_a_sentence_and_the_classic_experiment(word: str) -> None:
    app = opened(experiment=word)
    assert "does not describe an experiment" in app.warning[0].value
    assert "![a]" not in app.warning[0].value
    assert app.multiselect[0].value == ["plain-8", "residual-8", "plain-56", "residual-56"]


def test_another_net_is_made_and_added() -> None:
    app = opened(experiment=TINY.word)
    app.number_input(key="laboratory.depth").set_value(14)
    app.selectbox(key="laboratory.width").set_value(16).run()
    press(app, next(button.label for button in app.button if "14" in button.label))
    assert app.multiselect[0].value == ["plain-8-w4", "residual-8-w4", "residual-14-w16"]
    assert Experiment.from_word(parameter(app, "experiment")).nets[2] == net("residual-14-w16")


@pytest.mark.usefixtures("held")
def test_sessions_wait_in_one_queue_and_each_stops_its_own() -> None:
    first, second = opened("first", experiment=TINY.word), opened("second", experiment=TINY.word)
    press(first, "Run")
    press(second, "Run")
    a, b = first.session_state[MINE], second.session_state[MINE]
    assert [(job.id, job.place) for job in queue().all("cpu")][1:] == [(a, 1), (b, 2)]
    assert "2 jobs before this one on cpu" in second.get("progress")[0].proto.text
    stranger = opened("a stranger", job=b)
    assert not any(button.label == "Stop" for button in stranger.button)
    press(second, "Stop")
    assert ended(b).state == "stopped"
    assert [job.id for job in queue().all("cpu")][1:] == [a]
    assert "stopped before it began" in words(opened("second", job=b))
    queue().stop(a, owner="first")


def test_a_run_under_way_shows_its_curves_and_stop_keeps_them() -> None:
    at_second, go = threading.Event(), threading.Event()
    live = Live(TINY)

    def slow(report: Report) -> Result:
        def held(phase: str, done: int, total: int) -> None:
            if done == TINY.steps + 1:  # the first net is trained
                at_second.set()
                assert go.wait(LONG)
            report(phase, done, total)

        return live(held)

    id = queue().submit("cpu", "tiny", slow, owner="me", so_far=live.so_far)
    assert at_second.wait(LONG)
    app = opened(experiment=TINY.word, job=id)
    assert ">plain-8-w4<" in words(app)
    assert app.get("plotly_chart")
    press(app, "Stop")
    go.set()
    result = ended(id).result
    assert [(run.net, run.ended) for run in result.runs] == [("plain-8-w4", "trained"), ("residual-8-w4", "cut short")]
    app.run()
    assert "Stopped after 1 of 2 runs." in words(app)


def test_a_net_of_any_name_is_shown_as_it_is_and_fetches_nothing() -> None:
    picture = "![x](http://a.example/b.png)"
    hostile = replace(TINY, nets=(TINY.nets[0].with_(name=picture),))
    id = queue().submit("cpu", picture, Live(hostile))
    assert ended(id).state == "done"
    app = opened(experiment=hostile.word, job=id)
    shown = [option.content for option in app.get("button_group")[-1].proto.options]
    assert shown == [plain(picture)]
    assert picture not in words(app).replace(html_of(app), "")
    assert "<img" not in html_of(app)


def html_of(app: AppTest) -> str:
    return "".join(re.sub(r"\s*([<>])\s*", r"\1", html.proto.body) for html in app.get("html"))


def test_a_file_is_opened_and_one_that_is_none_is_a_sentence() -> None:
    app = opened()
    app.file_uploader[0].set_value(("out.json", train(TINY).to_json().encode(), "application/json")).run()
    assert not app.exception
    said = words(app)
    assert "From out.json" in said
    assert ">plain-8-w4<" in said
    app.file_uploader[0].set_value(("out.json", b"{}", "application/json")).run()
    assert app.error[0].value.startswith("This is not a resviz training of version 1.")


def test_a_link_opens_a_look_with_the_part_that_is_seen_and_both_files() -> None:
    app = opened(experiment=TINY.word, look="Feature maps", **{"look-digit": "3", "look-seed": "0"})
    press(app, "Run")
    ended(app.session_state[MINE])
    app.run()
    press(app, "Send digits through")
    (job,) = app.session_state["resviz.training.looks"].values()
    ended(job)
    app.run()
    assert "seed 0, takes this 3 for a" in words(app).replace("\\", "")
    assert parameter(app, "look-digit") == "3"
    assert [button.label for button in app.get("download_button")][-2:] == ["CSV", "JSON"]
    app.segmented_control(key="look-digit").set_value("5").run()
    assert "seed 0, takes this 5 for a" in words(app).replace("\\", "")
