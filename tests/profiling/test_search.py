"""The inverse question: every answer keeps the limits, the front is not beaten, times are the estimate's."""

import csv
import io
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import resviz
from resviz.arch import ResvizError, preset
from resviz.cli import app
from resviz.profiling import search as found_by
from resviz.profiling.search import QUANTITIES, Found, Query, limit, pareto, search

RANGES = ["block=basic,bottleneck", "depths.3=1..6", "width=0.5,1", "resolution=96,224"]


@pytest.fixture(scope="module")
def found() -> Found:
    limits = ["macs<=3G", "time<=8ms", "depth>=20"]
    return search(Query.of(preset("resnet50"), RANGES, limits, gpu="T4", batch=4))


@pytest.mark.parametrize("name", ["resnet50", "seresnet34", "resnetv2_50d", "resnet20_cifar10", "convnext_tiny"])
@pytest.mark.parametrize("compiled", [False, True])
def test_times_of_a_sweep_are_the_estimates(name: str, compiled: bool) -> None:
    how = {"gpu": "T4", "precision": "amp", "batch": 4, "compiled": compiled}
    some = search(Query.of(preset(name), ["depths.1=1,3", "depths.2=2..3"], [], **how))
    for row, seconds in enumerate(some.times.seconds):
        assert seconds == pytest.approx(resviz.estimate(some.sweep.config(row), **how).seconds, rel=1e-9)  # type: ignore[arg-type]


def test_the_band_of_a_sweep_is_the_widest_of_its_networks(found: Found) -> None:
    errors = [
        resviz.estimate(found.sweep.config(row), "T4", batch=4).reach.error for row in range(len(found.sweep.values))
    ]
    assert found.times.error == max(errors)


def test_every_answer_keeps_every_limit_and_nothing_else_is_left_out(found: Found) -> None:
    kept = set(found.rows.tolist())
    assert 0 < len(kept) == found.left[-1] < len(found.sweep.values)
    assert list(found.left) == sorted(found.left, reverse=True)
    for row in range(len(found.sweep.values)):
        good = (
            found.column("macs")[row] <= 3e9 and found.column("time")[row] <= 8e-3 and found.column("depth")[row] >= 20
        )
        assert good == (row in kept)


@pytest.mark.parametrize("by", ["macs", "-macs", "-time", "params"])
def test_a_ranking_is_in_order_and_holds_every_answer(found: Found, by: str) -> None:
    rows = found.ranked(by)
    values = found.column(by.removeprefix("-"))[rows]
    assert sorted(rows) == found.rows.tolist()
    assert sorted(values, reverse=by.startswith("-")) == values.tolist()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30))
def test_the_front_is_not_beaten_and_beats_or_equals_all_others(points: list[tuple[int, int]]) -> None:
    x, y = (np.array([point[n] for point in points], dtype=float) for n in (0, 1))
    best = pareto(x, y)

    def beats(one: int, other: int) -> bool:
        return bool(x[one] <= x[other] and y[one] <= y[other] and (x[one] < x[other] or y[one] < y[other]))

    for row in best:
        assert not any(beats(other, row) for other in range(len(points)))
    for row in range(len(points)):
        assert any(x[front] <= x[row] and y[front] <= y[row] for front in best)
    assert x[best].tolist() == sorted(set(x[best].tolist()))


def test_the_front_of_most_macs_for_least_time_rises(found: Found) -> None:
    rows = found.front("time", "macs", most_y=True)
    assert len(rows) > 2
    assert (np.diff(found.column("time")[rows]) > 0).all()
    assert (np.diff(found.column("macs")[rows]) > 0).all()
    assert set(rows.tolist()) <= set(found.rows.tolist())


def test_an_answers_row_is_its_network(found: Found) -> None:
    for row in found.rows[::7]:
        assert resviz.expand(found.sweep.config(int(row))).macs == found.column("macs")[row]


@pytest.mark.parametrize("text", ["macs", "macs<4G", "speed<=3", "macs<=much", "time<=3 parsecs", "depth>=1;"])
def test_a_limit_that_is_none_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ResvizError) as caught:
        limit(text)
    assert str(caught.value).endswith(".")
    assert len(str(caught.value)) < 200


def test_the_verb_answers_the_question_in_words_json_and_csv() -> None:
    ask = ["search", "--max-macs", "4G", "--max-params", "25M", "--max-ms", "10", "--gpu", "T4", "--vary", RANGES[1]]
    words = CliRunner().invoke(app, [*ask, "--sort", "time", "--top", "2"])
    assert words.exit_code == 0, words.output
    assert "with MACs at most 4.00 G" in words.output
    assert "Lowest estimated time first. Time on T4, amp, batch 1" in words.output
    told = json.loads(CliRunner().invoke(app, [*ask, "--json"]).output)
    assert [each["left"] for each in told["limits"]] == sorted((each["left"] for each in told["limits"]), reverse=True)
    for each in told["networks"]:
        assert each["macs"] <= 4e9
        assert each["params"] <= 25e6
        assert each["time"] <= 10e-3
        assert resviz.expand(resviz.ResNetConfig(**each["config"])).macs == each["macs"]
    rows = list(csv.DictReader(io.StringIO(CliRunner().invoke(app, [*ask, "--format", "csv"]).output)))
    assert [float(row["Estimated time, s"]) for row in rows] == [each["time"] for each in told["networks"]]


def test_the_verb_refuses_in_a_sentence() -> None:
    for wrong in (
        ["--sort", "beauty"],
        ["--where", "macs"],
        ["--vary", "x=1"],
        ["--gpu", "Abacus"],
        ["--max-ms", "fast"],
    ):
        answer = CliRunner().invoke(app, ["search", *wrong])
        assert answer.exit_code == 2
        assert answer.output.startswith("resviz: ")


def test_every_quantity_has_a_column_and_is_written(found: Found) -> None:
    for name, quantity in QUANTITIES.items():
        assert quantity.text(found.column(name)[0].item())
    assert len(found_by.table(found, [0]).rows[0]) == len(found.sweep.axes) + len(QUANTITIES)
