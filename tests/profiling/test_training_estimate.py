"""Estimated training steps: what they must obey, and how near they come to published ones."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import resviz
from resviz.arch import expand, preset
from resviz.errors import EstimateError
from resviz.profiling import estimate_views as views
from resviz.profiling.estimate import stored
from resviz.profiling.training_factors import Factors
from resviz.profiling.training_fit import SOURCE, fit, left_out, predicted, shares, training_timings
from resviz.profiling.work import items
from tests.profiling.test_estimate import MODES, NETS

OWN = {"gpu": "RTX 3090", "precision": "amp", "memory_format": "nhwc"}


@settings(max_examples=30, deadline=None)
@given(name=st.sampled_from(NETS), mode=MODES, batch=st.integers(1, 1000), more=st.integers(1, 1000))
def test_a_training_step_takes_longer_than_a_forward_pass_and_grows_with_the_batch(
    name: str, mode: dict[str, Any], batch: int, more: int
) -> None:
    forward = resviz.estimate(preset(name), batch=batch, **mode)
    train = resviz.estimate(preset(name), batch=batch, step="train", **mode)
    assert forward.seconds < train.seconds
    assert all(a.seconds <= b.seconds for a, b in zip(forward.layers, train.layers, strict=True))
    assert train.seconds < resviz.estimate(preset(name), batch=batch + more, step="train", **mode).seconds


def test_layers_of_a_training_step_sum_to_its_total() -> None:
    found = resviz.estimate(preset("resnet50"), step="train", **OWN)
    assert sum(layer.seconds for layer in found.layers) == pytest.approx(found.seconds)
    assert found.record()["step"] == "train"


def test_the_first_convolution_needs_no_gradient_of_the_picture() -> None:
    parts = items(expand(preset("resnext50_32x4d")), compiled=False, autocast=True, each=True)
    factors = dict(zip((part.path for part in parts), Factors(3.0, 5.0, 4.0).each(parts), strict=True))
    assert [factors[path] for path in ("conv1", "maxpool", "layer1.0.conv1", "layer1.0.conv2")] == [2.0, 4.0, 3.0, 5.0]
    assert Factors(0.5, 0.5, 0.5).each(parts) == (1.0,) * len(parts)


def test_elementwise_layers_take_what_a_training_step_moves_of_them() -> None:
    """Over inference: batch norm 8 maps over 2, ReLU 5 over 2, an addition 6 over 3; a gate's product three times."""
    parts = items(expand(preset("seresnet18")), compiled=False, autocast=True, each=True)
    factors = dict(zip((part.path for part in parts), Factors(1.0, 1.0, 3.0).each(parts), strict=True))
    paths = ("layer1.0.bn1", "layer1.0.relu1", "layer1.0.add", "layer1.0.se")
    assert [factors[path] for path in paths] == pytest.approx([4.0, 2.5, 2.0, 3.0])


def test_stored_factors_are_what_the_fit_gives_and_unseen_nets_come_near() -> None:
    timings = training_timings()
    table, known = shares(timings), stored()["training"]
    found = fit(table)
    assert (found.product, found.grouped, found.elementwise) == pytest.approx(known["factors"], rel=2e-3)
    errors = np.abs(left_out(table, [timing.net for timing in timings]))
    assert (np.median(errors), np.quantile(errors, 0.9)) == pytest.approx(
        (known["errors"]["nets"]["median"], known["errors"]["nets"]["p90"]), abs=1e-3
    )
    assert np.median(errors) < 0.03
    assert (known["rows"], known["source"]) == (len(timings), SOURCE)


def test_the_shares_of_a_run_say_what_the_estimate_says() -> None:
    timing = next(timing for timing in training_timings() if timing.net == "resnet50")
    found = resviz.estimate(preset("resnet50"), step="train", batch=timing.batch, **OWN)
    ratio = float(predicted(Factors.of(stored()), shares([timing]))[0])
    assert found.seconds / timing.seconds == pytest.approx(ratio)


def test_where_training_was_timed_the_band_is_its_own_and_elsewhere_both_together() -> None:
    known = stored()["training"]["errors"]["nets"]["p90"]
    own = resviz.estimate(preset("resnet50"), step="train", batch=256, **OWN)
    assert (own.reach.error, own.extrapolated) == (known, False)
    other = resviz.estimate(preset("resnet50"), "A100", step="train")
    forward = resviz.estimate(preset("resnet50"), "A100")
    assert other.extrapolated
    assert other.reach.error == pytest.approx((1 + forward.reach.error) * (1 + known) - 1)
    assert "Training steps were timed on RTX 3090, amp, nhwc, eager" in other.reach.sentence
    assert resviz.estimate(preset("resnet50"), step="train", batch=8, **OWN).extrapolated


def test_the_words_say_which_step_it_is() -> None:
    found = resviz.estimate(preset("resnet18"), step="train", **OWN)
    assert "training step, batch 256" in views.text(found).splitlines()[0]
    assert views.figures(found)[0].summary == "One training step of a batch of 256."


def test_an_unknown_step_is_refused_in_one_sentence() -> None:
    with pytest.raises(EstimateError, match=r"step 'infer' is not possible; it is one of forward, train\."):
        resviz.estimate(preset("resnet18"), step="infer")


def test_the_document_tells_the_factors_and_errors_that_are_stored() -> None:
    text = (Path(__file__).parents[2] / "docs" / "estimates.md").read_text(encoding="utf-8")
    known = stored()["training"]
    nets = known["errors"]["nets"]
    assert f"| each net, training steps | {100 * nets['median']:.1f} % | {100 * nets['p90']:.1f} % |" in text
    assert all(f"{factor:.2f} for" in text for factor in known["factors"])
