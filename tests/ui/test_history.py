"""The History page through Streamlit's own test runner, on runs of a net that measures in no time."""

from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from resviz.arch import preset
from resviz.profiling.measure import profile
from resviz.profiling.result import Profile, Sweep
from resviz.profiling.store import default_url, open_store
from resviz.ui.history import PAGE
from tests.profiling.conftest import BRIEF, TINY
from tests.ui.pages import measured, opened

pytestmark = pytest.mark.usefixtures("own_history")


def test_a_forward_pass_and_a_training_step_are_told_apart_in_the_history() -> None:
    forward, train = measured(), profile(TINY, device="cpu", protocol=BRIEF, step="train")
    open_store().add(forward, train)
    app = opened("history")
    assert sorted(app.dataframe[0].value["Step"]) == ["forward pass", "training step"]
    app.multiselect(key="history.step").select("train").run()
    assert list(app.dataframe[0].value["Step"]) == ["training step"]


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
    assert any(f"{PAGE + 3} runs (all that pass" in caption.value for caption in app.caption)
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
