"""The code on the page trains what the page trained."""

from dataclasses import replace

import pytest

from resviz.arch import preset
from resviz.training import Experiment, Result
from resviz.training.code import example, source
from resviz.training.small import for_digits


def test_the_example_gives_the_same_accuracies(
    tiny: Experiment, trained_once: Result, capsys: pytest.CaptureFixture[str]
) -> None:
    exec(compile(example(tiny), "example", "exec"), {})
    printed = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert printed == [[row.net.name, repr(row.mean), "None"] for row in trained_once.rows]


def test_any_network_of_the_sidebar_has_an_example_that_describes_it(tiny: Experiment) -> None:
    other = for_digits(preset("resnet8_cifar10").with_(name='a "name"', attention="se"))
    experiment = replace(tiny, nets=(other,))
    found: dict[str, object] = {}
    exec(compile(example(experiment).partition("for row in")[0], "example", "exec"), found)
    assert found["experiment"] == experiment


def test_the_steps_are_those_that_run() -> None:
    assert "loss.backward()" in source()
    assert "argmax" in source()
