"""The Learn page through Streamlit's own test runner."""

import base64
import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from resviz.lessons.lesson_page import lesson_page
from resviz.lessons.reading import NAMES, lesson
from resviz.profiling.jobs import PAGES
from resviz.ui import lesson_parts
from resviz.ui.address_bar import LAST_PAGE
from resviz.ui.allowed import SENTENCES, VARIABLE, Act
from resviz.ui.learn import PLACE
from resviz.ui.queue import jobs
from tests.ui.components import held, press

DIAGRAM = "resviz.diagram"
PAGE = """
from resviz.ui import learn, state
state.start()
learn.page()
"""


def opened(**query: str) -> AppTest:
    app = AppTest.from_string(PAGE, default_timeout=60)
    for name, value in query.items():
        app.query_params[name.replace("__", "-")] = value
    app.run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    shown = (*app.markdown, *app.caption, *app.success, *app.info, *app.error, *app.warning, *app.subheader)
    return "\n".join(each.value for each in shown)


def test_a_lesson_is_handed_over_as_a_file_once_it_is_made() -> None:
    app = press(opened(lesson="convnext", step="2"), "resviz.lessons", "file", lesson="convnext")
    while jobs().all(PAGES):
        for job in jobs().all(PAGES):
            jobs().wait(job.id, 60)
        app.run()
    assert not app.exception
    file = held(app, "resviz.file")
    assert file["name"] == "convnext.html"
    assert base64.b64decode(file["content"]).decode() == lesson_page(lesson("convnext"))
    assert "resviz.file" not in {one.proto.component_name for one in app.run().get("bidi_component")}


def test_without_a_lesson_the_page_lists_all() -> None:
    app = opened()
    for name in NAMES:
        assert lesson(name).title in said(app)
    app.button(key="learn.open.dashed").click().run()
    assert app.query_params["lesson"] == "dashed"
    assert "1. Two kinds of line" in said(app)


@pytest.mark.parametrize("name", NAMES)
def test_a_whole_lesson_opens_on_one_page(name: str) -> None:
    app = opened(lesson=name, step="all")
    assert not app.error
    assert [head.value for head in app.subheader] == [
        f"{number}. {step.title}" for number, step in enumerate(lesson(name).steps, 1)
    ]
    assert "[[" not in said(app)
    assert "resviz:" not in said(app)


def test_the_address_opens_one_step_with_its_values() -> None:
    app = opened(lesson="bottleneck", step="3", **{"bottleneck-3-width": "64"})
    assert app.slider(key="bottleneck-3-width").value == 64
    assert "On 64 channels: 73,728 against 4,352" in said(app)


@pytest.mark.parametrize(("step", "title"), [("99", "6. "), ("0", "1. "), ("x", "1. ")])
def test_a_step_that_is_none_opens_the_nearest(step: str, title: str) -> None:
    assert opened(lesson="block", step=step).subheader[0].value.startswith(title)


def test_a_lesson_that_is_none_is_named_above_the_list() -> None:
    app = opened(lesson="blok")
    assert "lesson 'blok' does not exist; did you mean block" in app.warning[0].value
    assert "Solid and dashed" in said(app)


def test_an_answer_is_told_after_a_guess_and_not_before() -> None:
    app = opened(lesson="bottleneck", step="3")
    answer = "at every width"
    assert answer not in said(app)
    app.radio(key="bottleneck-3-guess").set_value(0).run()
    assert "It is: It stays the same." in said(app)
    app.radio(key="bottleneck-3-guess").set_value(1).run()
    assert "**Right.**" in said(app)
    assert answer in said(app)


@pytest.mark.parametrize(("guess", "words"), [(18, "**Right: 18.**"), (19, "**It is 18.**")])
def test_a_number_is_judged(guess: int, words: str) -> None:
    app = opened(lesson="block", step="6")
    app.number_input(key="block-6-guess").set_value(guess).run()
    assert words in said(app)


def test_a_step_runs_on_the_readers_network() -> None:
    app = opened(lesson="dashed", step="1", net="resnet152")
    assert "ResNet-34: 13 solid and 3 dashed" in said(app)
    app.toggle(key="dashed-1-mine").set_value(True).run()
    assert "ResNet-152: 46 solid and 4 dashed" in said(app)


def test_typed_numbers_that_cannot_be_added_are_refused_in_a_sentence() -> None:
    app = opened(lesson="block", step="4")
    assert "the sum is impossible" in app.warning[0].value
    app.toggle(key="block-4-projects").set_value(True).run()
    assert "torch.Size([4, 6, 3, 3])" in app.success[0].value


def test_a_formula_is_displayed_on_lines_of_its_own_and_keeps_the_stop_behind_it() -> None:
    text = "Take $x$.\n\n$$f(x) = x.$$\n\nAnd $y$, or $z$ alone."
    assert lesson_parts.typeset(text) == "Take $x$\u2060.\n\n$$\nf(x) = x.\n$$\n\nAnd $y$\u2060, or $z$ alone."


def test_before_a_training_its_nets_are_drawn_and_opened_from_the_caption() -> None:
    app = opened(lesson="paths", step="4")
    assert "plain-20, residual-20 and residual-56 on handwritten digits" in said(app)
    assert "residual" in held(app, DIAGRAM)["svg"]
    assert "[Open residual-56 in Explore ↗](" in said(app)


def test_a_run_goes_through_the_queue_and_its_result_stays_when_shown_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from resviz.lessons.experiments import live
    from resviz.ui.queue import jobs

    monkeypatch.setattr(live, "ORDERS", {"resnet20_cifar10": "original"})
    app = opened(lesson="orders", step="3")
    app.button(key="learn.run.orders-3").click().run()
    (job,) = app.session_state["learn.runs"].values()
    assert jobs().wait(job, 60).state == "done"
    app.run()
    assert not app.exception
    assert not [button for button in app.button if button.key == "learn.run.orders-3"]
    assert len(app.get("plotly_chart")) == 1
    app.segmented_control(key="orders-3-measure").set_value("gradient").run()
    assert not [button for button in app.button if button.key == "learn.run.orders-3"]


def test_what_a_reader_types_is_shown_as_text() -> None:
    app = opened(lesson="slim", step="1")
    app.text_input(key="slim-1-blocks").set_value("[a](http://b.c) ![d](e)").run()
    assert not app.exception
    (warning,) = app.warning
    assert "is no block" in warning.value
    assert "](" not in warning.value


def test_a_run_pressed_in_a_diagram_of_a_lesson_unfolds() -> None:
    app = opened(lesson="thousand", step="1")
    before = held(app, DIAGRAM)["svg"]
    (run,) = {path for path in re.findall(r'data-path="([^"]+)"', before) if re.fullmatch(r"layer2\.1-\d+", path)}
    app = press(app, DIAGRAM, act="fold", detail=held(app, DIAGRAM)["detail"], path=run, action="unfold")
    assert not app.exception
    assert run not in re.findall(r'data-path="([^"]+)"', held(app, DIAGRAM)["svg"])


def test_training_that_is_off_is_off_in_lessons_too(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [button for button in opened(lesson="paths", step="4").button if button.label == "Run"]
    monkeypatch.setenv(VARIABLE, "none")
    app = opened(lesson="paths", step="4")
    assert not [button for button in app.button if button.label == "Run"]
    assert SENTENCES[Act.TRAINING] in {caption.value for caption in app.caption}


def test_back_from_a_lesson_shows_the_list_and_another_page_comes_back_to_the_lesson(
    go_back: Callable[[AppTest], AppTest],
) -> None:
    app = opened(lesson="bottleneck", step="2")
    app.session_state[LAST_PAGE] = "learn"
    del app.query_params["lesson"], app.query_params["step"]
    assert go_back(app).title[0].value == "Learn"
    app = opened(lesson="bottleneck", step="2")
    app.session_state[LAST_PAGE] = "compare"
    del app.query_params["lesson"], app.query_params["step"]
    assert app.run().subheader[0].value.startswith("2. ")


def test_an_address_older_than_the_last_step_leaves_the_step(go_back: Callable[[AppTest], AppTest]) -> None:
    app = opened(lesson="bottleneck", step="1")
    app.session_state[PLACE] = {"lesson": "bottleneck", "step": "2"}
    assert app.run().subheader[0].value.startswith("2. ")
    app.session_state[LAST_PAGE] = "learn"
    app.query_params["step"] = "1"  # what something used at the same moment sends
    assert app.run().subheader[0].value.startswith("2. ")
    assert app.query_params["step"] == "2"
    app.query_params["step"] = "1"
    assert go_back(app).subheader[0].value.startswith("1. ")


def test_the_presenters_view_ends_where_another_page_is_opened() -> None:
    app = opened(lesson="bottleneck", step="2", present="1")
    app.session_state[LAST_PAGE] = "compare"
    del app.query_params["lesson"], app.query_params["step"], app.query_params["present"]
    app.run()
    assert (app.query_params["step"], "present" in app.query_params) == ("2", False)
