"""Placeholders: the numbers that lessons stand on, each checked against what is known without resviz."""

import pytest

from resviz.errors import UnknownNameError
from resviz.lessons.figures import filled, number


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("weights: basic | 256", 2 * 9 * 256 * 256),
        ("weights: bottleneck | 256", 69_632),
        ("macs: resnet50", 4_089_184_256),
        ("macs: resnet50_v1", 3_857_973_248),
        ("more: macs | resnet50_v1 | resnet50", 231_211_008),
        ("more: macs | resnet152_v1 | resnet152", 231_211_008),
        ("more: params | resnet50_v1 | resnet50", 0),
        ("params: resnet50", 25_557_032),
        ("dashed: resnet34", 3),
        ("dashed: resnet152", 4),
        ("depth: resnet1202_cifar10", 1202),
        ("depth: wrn28_10_cifar10", 26),
        ("stage: resnet101 | layer3 | blocks", 23),
        ("weighted: resnet50", 54),
        ("paper: 34 | conv4_x | side", 14),
        ("misprint: printed", 1_170_648),
    ],
)
def test_a_placeholder_gives_the_known_number(expression: str, value: int) -> None:
    assert number(expression) == value


def test_errors_are_quoted_as_printed() -> None:
    assert filled("[[error: he2015_table2 | plain-34]]") == "28.54%"
    assert filled("[[printed: he2015_table1 | ResNet-50 | macs]]") == "3.8×10⁹"


def test_facts_of_the_experiment_come_first() -> None:
    assert filled("[[net.depth]] and [[depth: resnet18]]", {"net.depth": "34"}) == "34 and 18"


def test_a_number_in_a_formula_has_no_gap_behind_its_comma() -> None:
    assert filled("$x = [[weights: basic | 256]]$, [[weights: basic | 256]]") == "$x = 1{,}179{,}648$, 1,179,648"


def test_a_placeholder_that_nothing_fills_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="figure 'mac' does not exist; did you mean macs"):
        filled("[[mac: resnet50]]")
