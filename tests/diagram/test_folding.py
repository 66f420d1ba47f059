"""Handles: what pressing one does, at every level."""

import pytest

from resviz.arch import expand, preset
from resviz.diagram import Detail, Folding, draw

NET = expand(preset("resnet50"))


def shown(detail: Detail, folding: Folding) -> set[str]:
    return {node.path for node in draw(NET, detail, unfold=folding.unfold, fold=folding.fold).nodes}


@pytest.mark.parametrize("detail", Detail)
def test_pressing_any_handle_changes_the_picture_and_its_opposite_brings_it_back(detail: Detail) -> None:
    before = shown(detail, Folding())
    for handle in draw(NET, detail).handles:
        pressed = Folding().after(detail, handle.path, handle.action)
        assert shown(detail, pressed) != before, handle
        back = "fold" if handle.action == "unfold" else "unfold"
        drawing = draw(NET, detail, unfold=pressed.unfold, fold=pressed.fold)
        assert (handle.path, back) in {(other.path, other.action) for other in drawing.handles}, handle
        assert shown(detail, pressed.after(detail, handle.path, back)) == before, handle


def test_folding_a_run_folds_what_was_unfolded_in_it() -> None:
    folding = Folding(frozenset({"layer3.1-5", "layer3.2", "layer2.0"}))
    assert folding.after("blocks", "layer3.1-5", "fold") == Folding(frozenset({"layer2.0"}))


def test_a_run_folds_where_everything_was_unfolded() -> None:
    everything = Folding.everything(NET, Detail.BLOCKS, "unfold")
    folded = everything.after("blocks", "layer3.1-5", "fold")
    assert shown(Detail.BLOCKS, everything) - shown(Detail.BLOCKS, folded) >= {
        f"layer3.{index}" for index in range(1, 6)
    }
    assert "layer3.1-5" in shown(Detail.BLOCKS, folded)
    assert folded.after("blocks", "layer3.1-5", "unfold") == everything


def test_stage_folded_by_hand_opens_again_as_the_level_shows_it() -> None:
    folded = Folding().after("blocks", "layer3", "fold")
    assert folded == Folding(fold=frozenset({"layer3"}))
    assert folded.after("blocks", "layer3", "unfold") == Folding()


def test_another_network_forgets_what_it_does_not_have() -> None:
    folding = Folding(frozenset({"layer3.1-5", "layer2.0"}), frozenset({"layer4"}))
    small = expand(preset("resnet20_cifar10"))
    assert folding.within(small) == Folding(frozenset({"layer2.0"}))
