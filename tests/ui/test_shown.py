"""What Explore shows: out of an address, into it, and after each act of the diagram's."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from resviz.arch import expand, preset
from resviz.diagram import Detail, Folding, draw
from resviz.ui.address_bar import LAST_PAGE
from resviz.ui.shown import Shown, read, written

RESNET50 = expand(preset("resnet50"))


def test_an_address_names_values_by_word_or_by_label_in_any_case() -> None:
    shown = read({"detail": "Stages", "view": "With plain twin", "heat": "macs", "direction": "RIGHT"})
    assert shown == Shown(detail="stages", view="twins", heat="macs", direction="right")


@pytest.mark.parametrize("name", ["detail", "view", "direction", "heat", "full"])
def test_what_an_address_says_wrongly_is_as_if_it_were_not_said(name: str) -> None:
    assert read({name: "<script>"}) == Shown()


def test_what_is_written_brings_the_same_back_and_defaults_are_left_out() -> None:
    shown = Shown(detail="layers", node="layer1.0", unfold="layer1.0,layer2.0", full="1")
    assert read(written(shown)) == shown
    assert written(Shown()) == {}


def test_another_level_of_detail_forgets_what_was_folded_by_hand_and_a_view_does_not() -> None:
    shown = Shown(unfold="layer1.1-2")
    assert shown.after({"act": "set", "name": "detail", "value": "layers"}, RESNET50) == Shown(detail="layers")
    assert shown.after({"act": "set", "name": "heat", "value": "params"}, RESNET50).unfold == "layer1.1-2"


def test_a_handle_pressed_is_written_as_the_path_it_unfolds() -> None:
    shown = Shown().after({"act": "fold", "path": "layer1.1-2", "action": "unfold"}, RESNET50)
    assert written(shown) == {"unfold": "layer1.1-2"}


@pytest.mark.parametrize("detail", list(Detail))
def test_everything_is_taken_apart_and_together_from_every_level(detail: Detail) -> None:
    def nodes(folding: Folding) -> int:
        return len(draw(RESNET50, detail, unfold=folding.unfold, fold=folding.fold).nodes)

    apart, together = (nodes(Folding.everything(RESNET50, detail, action)) for action in ("unfold", "fold"))
    assert together < apart
    assert together <= nodes(Folding()) <= apart


def explore() -> None:
    import streamlit as st

    from resviz.ui import address_bar, shown, state

    state.start()
    st.text(shown.current().node)
    state.write_address()
    shown.write_address(shown.current())
    st.session_state[address_bar.LAST_PAGE] = ""


@pytest.fixture
def selected() -> AppTest:
    """A page on which the fully connected layer was selected a moment ago."""
    app = AppTest.from_function(explore)
    app.query_params["net"], app.query_params["v"] = "resnet34", "1"
    app.run()
    app.session_state["resviz.shown"] = Shown(node="fc")
    assert app.run().text[0].value == "fc"
    assert app.query_params["node"] == "fc"
    return app


def test_an_address_older_than_what_was_selected_takes_nothing_back(selected: AppTest) -> None:
    del selected.query_params["node"]  # what a widget used at the same moment sends
    assert selected.run().text[0].value == "fc"
    assert selected.query_params["node"] == "fc"
    selected.query_params["net"] = "resnet18"
    selected.run()
    assert selected.query_params["net"] == "resnet34"


def test_back_returns_to_what_was_selected_before(selected: AppTest, go_back: Callable[[AppTest], AppTest]) -> None:
    selected.query_params["node"] = "conv1"
    assert go_back(selected).text[0].value == "conv1"
    del selected.query_params["node"]
    assert go_back(selected).text[0].value == ""
    selected.query_params["net"] = "resnet18"
    go_back(selected)
    assert selected.query_params["net"] == "resnet18"


def test_whoever_comes_back_from_another_page_finds_what_he_left(
    selected: AppTest, go_back: Callable[[AppTest], AppTest]
) -> None:
    selected.session_state[LAST_PAGE] = "module"
    del selected.query_params["node"]
    assert go_back(selected).text[0].value == "fc"
    selected.session_state[LAST_PAGE] = "module"
    selected.query_params["node"] = "conv1"
    assert go_back(selected).text[0].value == "conv1"


@pytest.mark.parametrize(
    ("view", "node", "kept"),
    [
        ("orders", "full_preact.layer1.0.conv1", "full_preact.layer1.0.conv1"),
        ("orders", "full_preact.layer9.0.conv1", None),
        ("orders", "layer1.0.conv1", "original.layer1.0.conv1"),
        ("orders", "fc", "fc"),
        ("network", "full_preact.layer1.0.conv1", "layer1.0.conv1"),
        ("block", "output", "output"),
        ("network", "output", None),
    ],
)
def test_an_address_brings_back_what_is_selected_where_its_view_has_it(view: str, node: str, kept: str | None) -> None:
    app = AppTest.from_string("from resviz.ui import explore, state\nstate.start()\nexplore.page()")
    app.query_params.update({"net": "resnet18", "v": "1", "view": view, "node": node})
    app.run()
    assert not app.exception
    assert app.query_params.get("node") == kept
