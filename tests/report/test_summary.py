"""The summary and the headline give each quantity under its own name."""

import pytest

from resviz.arch import expand, preset
from resviz.report.headline import headline
from resviz.report.summary import summary, summary_lines

RESNET50 = expand(preset("resnet50"))
PRINTED = {"params": 25_557_032, "macs": 4_089_184_256, "flops": 8_178_368_512, "activations": 11_114_984}
"""Added up by hand from the sizes in He et al. 2015, Table 1, with the stride in the 3x3."""


def test_the_summary_of_resnet50_gives_each_total_under_its_name() -> None:
    given = summary(RESNET50)
    assert {name: given[name] for name in PRINTED} == PRINTED
    assert (given["n_conv"], given["n_linear"], given["n_norm"], given["depth"]) == (53, 1, 53, 50)
    assert given["shortcuts"] == {"solid": 12, "dashed": 4}


def test_the_stages_of_a_summary_add_up_to_what_the_stem_and_the_head_leave() -> None:
    given = summary(RESNET50)
    outside = [*RESNET50.stem, *RESNET50.head]
    for name in ("params", "macs"):
        assert sum(stage[name] for stage in given["stages"]) == PRINTED[name] - sum(getattr(x, name) for x in outside)
    assert [stage["blocks"] for stage in given["stages"]] == [3, 4, 6, 3]
    assert [stage["output"] for stage in given["stages"]] == [
        [256, 56, 56], [512, 28, 28], [1024, 14, 14], [2048, 7, 7],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("input", "3x224x224"),
        ("parameters", "25,557,032 (25.6 M)"),
        ("MACs", "4,089,184,256 (4.09 G; convolutions and linear layers, one image)"),
        ("FLOPs", "8,178,368,512 (8.18 G; 2 x MACs)"),
        ("activations", "11,114,984 (outputs of those layers)"),
        ("weighted layers", "50 (main path and classifier)"),
        ("layers", "53 conv, 1 linear, 53 norm"),
        ("shortcuts", "16, 4 of them dashed"),
    ],
)
def test_the_summary_for_people_says_each_total_beside_its_label(label: str, value: str) -> None:
    assert dict(summary_lines(RESNET50))[label] == value


@pytest.mark.parametrize(
    ("label", "value", "said"),
    [
        ("Parameters", "25.56 M", ["25,557,032 learnt"]),
        ("MACs", "4.089 G", ["4,089,184,256 multiply-accumulates", "8,178,368,512"]),
        ("Activations", "11.11 M", ["11,114,984 output elements"]),
        ("Weighted layers", "50", ["as in He et al. 2015"]),
        ("Weights", "102 MB", ["102,228,128 bytes"]),
        ("Shortcuts", "12 solid, 4 dashed", ["12 solid", "4 dashed"]),
    ],
)
def test_the_headline_of_resnet50_shows_each_quantity_under_its_label(label: str, value: str, said: list[str]) -> None:
    line = next(line for line in headline(RESNET50) if line.label == label)
    assert line.value == value
    assert all(words in line.summary for words in said)
