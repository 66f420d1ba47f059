import pytest

from resviz.arch import expand, preset
from resviz.published import table1

NAMES = {18: "resnet18", 34: "resnet34", 50: "resnet50_v1", 101: "resnet101_v1", 152: "resnet152_v1"}


@pytest.mark.parametrize("depth", NAMES)
def test_our_stages_are_those_of_table_1(depth: int) -> None:
    stages = expand(preset(NAMES[depth])).stages
    printed = [line for line in table1(depth) if line.blocks]
    ours = [(s.label, s.out_shape[1], s.blocks[0].bracket, len(s.blocks)) for s in stages]
    assert ours == [(line.label, line.side, line.bracket, line.blocks) for line in printed]


def test_table_1_has_no_other_depth() -> None:
    assert table1(20) == ()
