import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resviz.profiling.statistics import summarise, warnings

samples = st.lists(st.floats(1e-6, 1e3), min_size=1, max_size=60)


@given(samples)
def test_figures_agree_with_numpy(values: list[float]) -> None:
    s = summarise(values)
    assert s.median == pytest.approx(np.median(values))
    assert s.mean == pytest.approx(np.mean(values))
    assert (s.p5, s.p95) == pytest.approx(tuple(np.percentile(values, [5, 95])))
    if len(values) > 1:
        assert s.sd == pytest.approx(np.std(values, ddof=1), abs=1e-9)


def test_quiet_samples_have_no_warning() -> None:
    assert warnings(summarise([0.0100, 0.0101, 0.0099] * 10)) == ()


def test_a_busy_machine_is_told_by_the_spread() -> None:
    (said,) = warnings(summarise([0.010, 0.010, 0.015, 0.010] * 10))
    assert "the machine was busy" in said
    assert "50%" in said


@pytest.mark.parametrize(
    ("values", "word"), [([0.010] * 50 + [0.0108] * 50, "slower"), ([0.0108] * 50 + [0.010] * 50, "faster")]
)
def test_a_drift_is_told_with_its_direction(values: list[float], word: str) -> None:
    assert any(word in said for said in warnings(summarise(values)))


def test_a_few_samples_are_not_judged() -> None:
    assert warnings(summarise([0.01, 0.02, 0.03])) == ()
