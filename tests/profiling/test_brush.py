"""Ranges on the axes of parallel coordinates: what they keep, and what a link says of them."""

from math import inf, nan
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resviz.arch import ResvizError, preset
from resviz.profiling import search_views as views
from resviz.profiling.brush import SHOWN, Brush, line_axes
from resviz.profiling.search import QUANTITIES, Query, search
from resviz.report.axes import usual

FOUND = search(
    Query.of(preset("resnet18"), ["depths.1=1..6", "attention=none,se", "width=0.5,1"], ["macs<=2G"], gpu="T4")
)
AXES = line_axes(FOUND)
ALL = np.ones(len(FOUND.sweep.values), dtype=bool)


def test_each_field_that_varies_and_each_main_quantity_has_an_axis_between_what_the_limits_leave() -> None:
    assert [each.name for each in AXES] == ["depths.1", "attention", "width", *SHOWN]
    macs = next(each for each in AXES if each.name == "macs")
    assert (macs.low, macs.high) == (FOUND.column("macs")[FOUND.rows].min(), FOUND.column("macs")[FOUND.rows].max())
    assert macs.high <= 2e9 < macs.places.max()
    assert AXES[1].words == ("none", "se")


def test_ranges_keep_what_is_within_all_of_them_ends_included() -> None:
    kept = Brush.read("depths.1:2..4;attention:se..se;macs:5e8..1.5e9", AXES).keeps(AXES)
    macs = FOUND.column("macs")
    wanted = [
        values[0] in (2, 3, 4) and values[1] == "se" and 5e8 <= macs[row] <= 1.5e9
        for row, values in enumerate(FOUND.sweep.values)
    ]
    assert kept.tolist() == wanted
    assert 0 < kept.sum() < len(kept)
    assert (Brush().keeps(AXES) == ALL).all()


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from([each.name for each in AXES]), st.tuples(st.floats(0, 1), st.floats(0, 1))))
def test_a_link_keeps_every_network_that_the_ranges_keep(shares: dict[str, tuple[float, float]]) -> None:
    named = {each.name: each for each in AXES}
    places = {n: [named[n].low + s * (named[n].high - named[n].low) for s in pair] for n, pair in shares.items()}
    brush = Brush.of(places, AXES)
    again = Brush.read(brush.written(AXES), AXES)
    assert not (brush.keeps(AXES) & ~again.keeps(AXES)).any()
    fields = [{name: ends for name, *ends in each.ranges if named[name].words} for each in (brush, again)]
    assert fields[0] == fields[1]
    assert Brush.read(again.written(AXES), AXES).ranges == again.ranges


@pytest.mark.parametrize(
    "text", ["macs", "macs:1e9", "macs:a..b", "macs:nan..1", "macs:1e9..inf", "MACS:1..2", "macs 1..2"]
)
def test_a_text_that_is_no_range_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ResvizError, match=r"such as macs:2e9\.\.4e9\."):
        Brush.read(text, AXES)


@pytest.mark.parametrize("text", ["", "depths.4:1..2", "groups:1..2", "depths.1:2..40", "attention:se..cbam"])
def test_ranges_of_axes_and_values_that_are_not_there_are_left_out(text: str) -> None:
    assert Brush.read(text, AXES) == Brush()


@pytest.mark.parametrize("ends", [None, "1", [1], [1, 2, 3], [nan, 1], [0, inf], [0, 10**400], ["1", 2], {"a": 1}])
def test_what_is_no_pair_of_numbers_is_no_range(ends: Any) -> None:
    assert Brush.of({"macs": ends, "depths.1": [2, 1]}, AXES) == Brush((("depths.1", 1.0, 2.0),))


def test_a_range_beyond_a_fields_values_is_at_the_nearest() -> None:
    assert Brush.of({"depths.1": [-5, -4]}, AXES) == Brush((("depths.1", 0.0, 0.0),))


def test_a_range_over_a_whole_axis_is_none() -> None:
    assert Brush.of({each.name: [each.low, each.high] for each in AXES}, AXES) == Brush()


def test_lines_hold_each_network_within_the_limits_once_and_mark_those_that_are_chosen() -> None:
    chosen = FOUND.rows[1::2]
    data = views.lines(FOUND, AXES, chosen, "macs")
    assert sum(data["on"]) == len(chosen)
    assert len(data["on"]) == len(FOUND.rows) == len(data["colours"])
    macs = next(axis for axis in data["axes"] if axis["name"] == "macs")
    order = [*chosen, *np.setdiff1d(FOUND.rows, chosen)]
    assert macs["places"] == pytest.approx(FOUND.column("macs")[order] * QUANTITIES["macs"].factor, rel=1e-4)
    assert sorted(macs["places"]) == [place for _, place in sorted(zip(data["colours"], macs["places"], strict=True))]
    assert views.lines(FOUND, AXES, FOUND.rows[:0], "macs")["on"] == [0] * len(FOUND.rows)


def test_many_lines_are_thinned_and_the_chosen_ones_less(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST_LINES", 4)
    monkeypatch.setattr(views, "MOST_OTHERS", 2)
    data = views.lines(FOUND, AXES, FOUND.rows[:8], "time")
    assert (sum(data["on"]), len(data["on"])) == (4, 6)


def test_of_many_networks_each_value_of_each_range_still_has_lines() -> None:
    base = preset("resnet50")
    found = search(Query.of(base, usual(base), [], gpu="T4"))
    drawn = views.lines(found, line_axes(found), found.rows, "params")
    assert len(drawn["on"]) == views.MOST_LINES < len(found.rows)
    for axis in drawn["axes"]:
        assert not axis["words"] or set(axis["places"]) == set(range(len(axis["words"])))
