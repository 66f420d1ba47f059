"""An experiment: its link gives it back, its rate rises and falls, the impossible is refused."""

import pytest

from resviz.arch import ResvizError, preset
from resviz.training import Experiment, net
from resviz.training.experiment import classic
from resviz.training.small import for_digits

TWO = (net("plain-8"), net("residual-8"))


@pytest.mark.parametrize(
    "experiment",
    [
        classic(),
        Experiment(TWO, epochs=3, seeds=(7, 0), rate=0.05, batch=100),
        Experiment((TWO[0], for_digits(preset("preact_resnet20_cifar10")))),
    ],
    ids=["classic", "settings", "a network of the sidebar"],
)
def test_a_link_gives_the_experiment_back(experiment: Experiment) -> None:
    assert Experiment.from_word(experiment.word) == experiment


def test_the_rate_rises_to_its_highest_and_falls_to_nothing() -> None:
    experiment = Experiment(TWO, rate=0.2)
    rates = [experiment.rate_at(step) for step in range(experiment.steps)]
    top = rates.index(max(rates))
    assert rates[top] == pytest.approx(0.2)
    assert rates[:top] == sorted(rates[:top])
    assert rates[top:] == sorted(rates[top:], reverse=True)
    assert 0 < rates[-1] < 0.001


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"epochs": 0}, "epochs 0"),
        ({"seeds": ()}, "seeds"),
        ({"seeds": (1, 1)}, "seeds 1, 1"),
        ({"seeds": (-1,)}, "seeds -1"),
        ({"rate": float("nan")}, "rate nan"),
        ({"batch": 1}, "batch 1"),
        ({"limit": 0}, "limit 0"),
        ({"nets": ()}, "not 0"),
        ({"nets": TWO * 2}, "Two nets are called plain-8"),
        ({"nets": (preset("resnet20_cifar10"),)}, "takes no digits"),
    ],
)
def test_what_cannot_be_is_refused_in_words(changes: dict[str, object], said: str) -> None:
    with pytest.raises(ResvizError, match=said):
        Experiment(**{"nets": TWO, **changes})  # type: ignore[arg-type]  # what a link may hold


@pytest.mark.parametrize(
    "text", ["", "~~", "epochs~x~~plain-8", "epochs~6", "pochs~6~~plain-8", "epochs~6~~" + "plain-8~~" * 5, "x" * 9000]
)
def test_a_broken_link_is_refused_in_words(text: str) -> None:
    with pytest.raises(ResvizError):
        Experiment.from_word(text)
