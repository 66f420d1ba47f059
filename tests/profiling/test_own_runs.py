"""Runs of one's own join an estimate."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

import resviz
from resviz.arch import preset
from resviz.cli import app
from resviz.errors import EstimateError
from resviz.profiling.own_runs import anchor, anchored
from resviz.profiling.protocol import STEPS, Protocol
from resviz.profiling.result import Profile
from tests.profiling.conftest import Make

T4 = "Tesla T4"
HOW = Protocol(batch=64, precision="fp16_autocast", channels_last=True)


def run(made: Make, factor: float, net: str = "resnet50", protocol: Protocol = HOW, device: str = T4) -> Profile:
    """Return a run that took ``factor`` times what is estimated for it."""
    plain = resviz.estimate(preset(net), "T4", batch=protocol.batch, step=protocol.step)
    return made(config=preset(net), device=device, protocol=protocol, samples=(factor * plain.seconds,) * 9)


@pytest.mark.parametrize("step", ["forward", "train"])
def test_an_estimate_of_what_was_measured_is_what_was_measured(made: Make, step: str) -> None:
    own = run(made, 1.25, protocol=HOW.with_(step=step))
    plain = resviz.estimate(preset("resnet50"), "T4", batch=64, step=step)
    found = anchored(plain, anchor([own], plain))
    assert found.seconds == pytest.approx(own.summary.median)
    assert found.reach.error == plain.reach.error
    assert found.reach.sentence.startswith(
        f"Scaled by 1.25 to agree with 1 run on T4 (resnet50 at batch 64, {STEPS[step]}, FP16 by autocast). The band"
    )
    assert [layer.bound for layer in found.layers] == [layer.bound for layer in plain.layers]


def test_several_runs_count_alike_and_widen_the_band_where_they_disagree(made: Make) -> None:
    runs = [run(made, 1.0), run(made, 4.0, "resnet18")]
    plain = resviz.estimate(preset("resnet34"), "T4")
    found = anchored(plain, anchor(runs, plain))
    assert found.seconds == pytest.approx(2 * plain.seconds)
    assert found.reach.error == pytest.approx(0.9)
    assert "They lie up to 100.0% from their mean, and the band is 90.0%." in found.reach.sentence


def test_runs_of_other_chips_and_of_other_programs_do_not_count(made: Make) -> None:
    others = [
        run(made, 9.0, device="NVIDIA L4"),
        run(made, 9.0, device="A CPU"),
        run(made, 9.0, protocol=HOW.with_(fold_bn=True)),
        run(made, 9.0, protocol=HOW.with_(cuda_graph=True)),
    ]
    plain = resviz.estimate(preset("resnet50"), "T4", batch=64)
    others.append(made(device=T4, protocol=HOW.with_(precision="bf16")))  # which a T4 lacks
    assert anchor([*others, run(made, 1.5)], plain).factor == pytest.approx(1.5)
    with pytest.raises(EstimateError, match="None of 5 runs was measured on T4"):
        anchor(others, plain)


def test_runs_of_the_same_step_and_format_count_before_others_and_others_are_told(made: Make) -> None:
    forward, train = run(made, 1.5), run(made, 3.0, protocol=HOW.with_(step="train"))
    plain = resviz.estimate(preset("resnet18"), "T4", batch=256, step="train")
    found = anchor([forward, train], plain)
    assert (found.factor, found.alike) == (pytest.approx(3.0), True)
    lone = anchored(plain, anchor([forward], plain))
    assert lone.seconds == pytest.approx(1.5 * plain.seconds)
    assert "None of them is of this step and number format." in lone.reach.sentence


def test_the_verb_takes_a_file_of_runs(made: Make, tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_text(run(made, 2.0).to_json(), encoding="utf-8")
    asked = ["estimate", "resnet50", "--gpu", "T4", "--batch", "64", "--with-run", str(file)]
    printed = CliRunner().invoke(app, asked)
    assert printed.exit_code == 0
    assert "Scaled by 2 to agree with 1 run on T4" in printed.stdout
    refused = CliRunner().invoke(app, [*asked[:-1], "nowhere"])
    assert refused.exit_code == 2
    assert "nowhere" in refused.stderr
