"""Small nets: a name says all of a net, and what is impossible is said in a sentence."""

import pytest

from resviz.arch import ResvizError, expand, preset
from resviz.training.small import SHORTCUT_OPTIONS, Small, for_digits, is_small, net, net_of, word

NAMES = [
    "plain-8",
    "residual-56",
    "residual-20-B",
    "residual-20-C-w16",
    "residual-56-preact-nobn",
    "plain-14-w4-bnadd",
    "residual-56-drop50",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_says_all_of_a_net(name: str) -> None:
    small = Small.named(name)
    assert small is not None
    assert small.name == name
    assert net(name) == small.config
    assert net_of(word(small.config)) == small.config
    assert expand(small.config).depth == small.depth


def test_with_option_a_a_plain_net_has_its_twins_parameters() -> None:
    plain, residual, projected = (expand(net(name)).params for name in ("plain-56", "residual-56", "residual-56-B"))
    assert plain == residual < projected


@pytest.mark.parametrize("shortcut", SHORTCUT_OPTIONS)
def test_every_shortcut_is_a_net(shortcut: str) -> None:
    assert net(Small(shortcut).name).shortcut == shortcut


def test_a_network_of_the_sidebar_is_made_to_fit_and_comes_back_from_its_word() -> None:
    fitted = for_digits(preset("resnet20_cifar10"))
    assert (fitted.input, fitted.num_classes) == ((1, 8, 8), 10)
    assert net_of(word(fitted)) == fitted
    assert not is_small(fitted)


def test_a_net_that_calls_itself_a_small_one_and_is_not_keeps_its_fields_in_a_link() -> None:
    liar = net("residual-8").with_(name="residual-8", shortcut="B")
    assert not is_small(liar)
    assert net_of(word(liar)).shortcut == "B"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("plain-9", "the nearest are 8 and 14"),
        ("residual-206", "the nearest are"),
        ("plain-8-B", "'B' is no part"),
        ("residual-8-wide", "'wide' is no part"),
        ("residual-eight", "residual-eight"),
        ("resnet152", "at most 12,000,000"),
        ("nothing", "nothing"),
    ],
)
def test_what_cannot_be_trained_is_refused_in_words(name: str, said: str) -> None:
    with pytest.raises(ResvizError, match=said):
        net(name)
