"""TF-slim's block lists and padding."""

from itertools import product
from math import ceil

import pytest

from resviz.arch import ConfigError, expand, preset
from resviz.lessons.experiments.slim import config_of, explicit, parse, same

V2_50 = """
(256, 64, 1) * 2 + (256, 64, 2);
(512, 128, 1) * 3 + (512, 128, 2);
(1024, 256, 1) * 5 + (1024, 256, 2);
(2048, 512, 1) * 3
"""


def test_the_list_of_slims_resnet_v2_50_is_our_preset() -> None:
    ours, theirs = expand(preset("resnet_v2_50")), expand(config_of(parse(V2_50)))
    assert (theirs.params, theirs.macs, theirs.shortcuts) == (ours.params, ours.macs, ours.shortcuts)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "has 0 blocks"),
        ("(256, 64)", "is no block"),
        ("(256, 64, 1) * 2 - (256, 64, 2)", "is no block"),
        ("(256, 64, 1) + (512, 128, 1)", "mixes depths"),
        ("(256, 32, 1)", "must be a quarter"),
        ("(256, 64, 2) + (256, 64, 1)", "strides before its last unit"),
        ("(256, 64, 1) * 0", "leaves none"),
        (";".join(["(256, 64, 1)"] * 13), "has 13 blocks"),
    ],
)
def test_a_list_that_is_none_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        parse(text)


def test_both_paddings_give_maps_of_one_size() -> None:
    for size, kernel, stride in product(range(4, 40), (1, 3, 5, 7), (1, 2, 3)):
        assert same(size, kernel, stride)[0] == explicit(size, kernel, stride)[0] == ceil(size / stride)


def test_same_pads_an_even_picture_on_the_right_only() -> None:
    assert same(224, 3, 2) == (112, 0, 1)
    assert explicit(224, 3, 2) == (112, 1, 1)
    assert same(225, 3, 2)[1:] == explicit(225, 3, 2)[1:] == (1, 1)
