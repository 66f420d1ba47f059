"""What Explore shows: out of an address, into it, and after each act of the diagram's."""

import pytest

from resviz.arch import expand, preset
from resviz.diagram import Detail, Folding, draw
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
