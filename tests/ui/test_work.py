"""Work that a page may not wait for, on a page of nothing else."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from types import ModuleType

import pytest
from streamlit.testing.v1 import AppTest

from resviz.errors import WeightsError
from resviz.profiling.jobs import PAGES
from resviz.progress import Report
from resviz.ui import work as rooms
from resviz.ui.queue import jobs
from resviz.ui.work import Kind, Results

SOON = 20  # seconds until a hung test fails


class Held(ModuleType):
    """Work that runs until it is let go, as a module, so that a page's script can import it."""

    def __init__(self) -> None:
        super().__init__("held_work")
        self.kind: Kind[str] = Kind("held", Results(2))
        self.started, self.go = threading.Event(), threading.Event()
        self.fails = False
        self.times = 0

    def work(self, report: Report) -> str:
        self.times += 1
        self.started.set()
        report("thinking", 1, 4)
        assert self.go.wait(SOON)
        report("thinking", 2, 4)
        if self.fails:
            raise WeightsError("There is nothing in it.")
        return "the answer"


PAGE = """
import sys
import streamlit as st
from resviz.ui.work import needed
held = sys.modules["held_work"]
found = needed(held.kind, st.session_state.get("wanted", "key"), "A long sum", held.work)
st.markdown(f"found: {found}")
"""


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    made = Held()
    monkeypatch.setitem(sys.modules, made.__name__, made)
    monkeypatch.setattr(rooms, "PATIENCE", 0.01)
    yield made
    made.go.set()
    for job in jobs().all(PAGES):
        jobs().wait(job.id, SOON)


def opened() -> AppTest:
    app = AppTest.from_string(PAGE, default_timeout=SOON).run()
    assert not app.exception
    return app


def over() -> None:
    for job in jobs().all(PAGES):
        jobs().wait(job.id, SOON)


def bars(app: AppTest) -> list[str]:
    return [bar.proto.text for bar in app.get("progress")]


def test_a_page_shows_how_far_the_work_is_and_the_result_once_it_is_there(held: Held) -> None:
    app = opened()
    assert app.markdown[0].value == "found: None"
    assert held.started.wait(SOON)
    app.run()
    assert bars(app) == ["A long sum: thinking 1/4"]
    assert [button.label for button in app.button] == ["Stop"]
    held.go.set()
    over()
    app.run()
    assert app.markdown[0].value == "found: the answer"
    assert not bars(app)
    assert not app.button


def test_what_two_visitors_need_is_computed_once_and_only_the_first_may_stop_it(held: Held) -> None:
    first, second = opened(), opened()
    assert [button.label for button in first.button] == ["Stop"]
    assert not second.button
    held.go.set()
    over()
    assert [app.run().markdown[0].value for app in (first, second)] == ["found: the answer"] * 2
    assert held.times == 1
    assert opened().markdown[0].value == "found: the answer"
    assert held.times == 1


def test_what_is_stopped_says_so_and_is_computed_when_asked_again(held: Held) -> None:
    app = opened()
    app.button[0].click().run()
    held.go.set()
    over()
    app.run()
    assert app.info[0].value == "A long sum: stopped."
    app.button[0].click().run()
    over()
    assert app.run().markdown[0].value == "found: the answer"
    assert held.times == 2


def test_why_there_is_no_result_is_a_sentence_and_another_try_may_have_one(held: Held) -> None:
    held.fails = True
    held.go.set()
    app = opened()
    over()
    assert app.run().error[0].value == "There is nothing in it."
    assert held.times == 1
    held.fails = False
    app.button[0].click().run()
    over()
    assert app.run().markdown[0].value == "found: the answer"


def test_work_is_ended_at_its_next_report_after_the_time_limit(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "LONGEST", -1.0)
    app = opened()
    over()
    assert "A long sum was ended after -1 s" in app.run().error[0].value


def test_a_result_that_others_pushed_out_stays_with_the_visitor_who_looks_at_it(held: Held) -> None:
    held.go.set()
    app = opened()
    over()
    app.run()
    for other in range(2):
        held.kind.results.put(other, "another")
    assert held.kind.results.get("key") is None
    assert app.run().markdown[0].value == "found: the answer"
    assert held.times == 1


def test_a_result_that_was_pushed_out_before_its_visitor_came_is_computed_once_more_unasked(held: Held) -> None:
    app = opened()
    held.go.set()
    over()
    for other in range(2):
        held.kind.results.put(other, "another")
    app.run()
    over()
    assert app.run().markdown[0].value == "found: the answer"
    assert held.times == 2


def test_a_result_that_is_pushed_out_again_and_again_is_not_computed_for_ever(held: Held) -> None:
    held.kind = Kind("held", Results(0))
    held.go.set()
    app = opened()
    over()
    app.run()
    over()
    assert app.run().info[0].value == "It is no longer kept."
    assert held.times == 2


def wants(app: AppTest, key: str) -> AppTest:
    app.session_state["wanted"] = key
    app.run()
    assert not app.exception
    return app


def test_one_change_after_another_leaves_one_piece_of_work_and_is_never_one_too_many(held: Held) -> None:
    app = opened()
    assert held.started.wait(SOON)
    for key in "abcd":
        wants(app, key)
        assert not app.error
        assert len(bars(app)) == 1
    assert len(jobs().all(PAGES)) == 2  # the first is stopped and comes to its end, the last waits
    held.go.set()
    over()
    assert app.run().markdown[0].value == "found: the answer"
    assert held.times == 2
    assert [held.kind.results.get(key) for key in ("key", *"abcd")] == [None] * 4 + ["the answer"]


def test_work_that_another_waits_for_goes_on_and_is_then_his_to_stop(held: Held) -> None:
    first, second = opened(), opened()
    held.kind.results.put("elsewhere", "another")
    assert wants(first, "elsewhere").markdown[0].value == "found: another"
    assert [button.label for button in second.run().button] == ["Stop"]
    held.go.set()
    over()
    assert second.run().markdown[0].value == "found: the answer"
    assert held.times == 1


def test_a_full_queue_is_a_sentence_with_another_try(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    held.go.set()
    with monkeypatch.context() as patch:
        patch.setattr("resviz.profiling.jobs.MOST_OF_AN_OWNER", 0)
        app = opened()
        assert "jobs of yours wait or run" in app.error[0].value
    app.button[0].click().run()
    over()
    assert app.run().markdown[0].value == "found: the answer"


IMPORTS = """
import sys
from resviz.ui.work import _imported
from importlib.abc import MetaPathFinder

class Watch(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == "torch":
            print("resviz.nn.build" in sys.modules, _imported())
            raise ImportError("That is enough.")

sys.meta_path.insert(0, Watch())
try:
    import resviz.nn.build
except ImportError:
    print(_imported())
"""


def test_torch_is_not_taken_for_loaded_while_it_is_being_imported() -> None:
    found = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["True", "False", "False"]
    import resviz.nn.build  # noqa: F401

    assert rooms.loaded()


def test_the_result_that_nobody_asked_for_longest_goes() -> None:
    results: Results[int] = Results(2)
    results.put("a", 1)
    results.put("b", 2)
    assert results.get("a") == 1
    results.put("c", 3)
    assert [results.get(key) for key in "abc"] == [1, None, 3]
    results.clear()
    assert results.get("a") is None
