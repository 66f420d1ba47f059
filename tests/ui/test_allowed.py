"""The operator's switch: what is off is not on the page, and the page says so."""

import pytest
from streamlit.testing.v1 import AppTest

from resviz.ui.allowed import SENTENCES, VARIABLE, Act, allowed


def page(name: str) -> AppTest:
    return AppTest.from_string(
        f"from resviz.ui import {name}, state\nstate.start()\n{name}.page()\n", default_timeout=60
    )


@pytest.mark.parametrize(
    ("text", "on"),
    [
        (None, set(Act)),
        ("all", set(Act)),
        ("none", set()),
        ("", set()),
        ("uploads", {Act.UPLOADS}),
        (" Profiling , import ", {Act.PROFILING, Act.IMPORT}),
        ("everything", set()),
    ],
)
def test_the_variable_lists_what_is_on(text: str | None, on: set[Act], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    if text is not None:
        monkeypatch.setenv(VARIABLE, text)
    assert {act for act in Act if allowed(act)} == on


PAGES = {
    "explore": (Act.UPLOADS,),
    "module": (Act.UPLOADS,),
    "profile": (Act.PROFILING, Act.UPLOADS),
    "history": (Act.IMPORT,),
    "laboratory": (Act.TRAINING, Act.UPLOADS),
}


@pytest.mark.parametrize("name", PAGES)
def test_what_is_off_is_not_on_the_page(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def drawn() -> tuple[int, bool, set[str]]:
        test = page(name)
        test.query_params["tab"] = "Configuration"
        test.run()
        assert not test.exception
        buttons = {button.label for button in test.button}
        return len(test.get("file_uploader")), "Measure" in buttons, {caption.value for caption in test.caption}

    monkeypatch.delenv(VARIABLE, raising=False)
    uploaders, _, said = drawn()
    assert uploaders
    assert not {SENTENCES[act] for act in PAGES[name]} & said
    monkeypatch.setenv(VARIABLE, "none")
    uploaders, measures, said = drawn()
    assert not uploaders
    assert not measures
    assert {SENTENCES[act] for act in PAGES[name]} <= said
