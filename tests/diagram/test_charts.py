from itertools import pairwise
from typing import Any

import pytest

from resviz.arch import expand, preset
from resviz.diagram.charts import Series, bars, scatter, waterfall
from resviz.published.points import CROPS, Cost, front, points
from resviz.report import reconcile
from resviz.report.reconcile import CountStep

NETS = (Series("resnet18", (1, 2, None)), Series("resnet34", (2, 2, 4)))
LABELS = ("conv1", "conv2_x", "conv3_x")


def colors(figure: Any) -> set[str]:
    """Return the colours that a figure's traces name themselves; Streamlit's theme supplies the rest."""
    found = set()
    for trace in figure.to_plotly_json()["data"]:
        for part in ("marker", "line"):
            color = trace.get(part, {}).get("color")
            found |= {color} if isinstance(color, str) else set()
    return found


def test_grouped_bars_have_a_group_for_each_part() -> None:
    figure = bars(LABELS, NETS, "params")
    assert [trace.name for trace in figure.data] == ["resnet18", "resnet34"]
    assert list(figure.data[1].y) == [2, 2, 4]
    assert figure.layout.barmode == "group"


def test_stacked_bars_have_a_stack_for_each_net() -> None:
    figure = bars(LABELS, NETS, "macs", stacked=True)
    assert [trace.name for trace in figure.data] == list(LABELS)
    assert list(figure.data[0].x) == ["resnet18", "resnet34"]
    assert figure.layout.barmode == "stack"


@pytest.mark.parametrize("stacked", [False, True])
def test_relative_bars_of_a_net_add_up_to_one(stacked: bool) -> None:
    figure = bars(LABELS, NETS, "macs", stacked=stacked, relative=True)
    values = [value for trace in figure.data for value in trace.y if value is not None]
    assert sum(values) == pytest.approx(len(NETS))


def test_bars_say_the_exact_number_and_the_share() -> None:
    assert bars(LABELS, NETS, "params").data[1].customdata[2] == "4 (50.0% of resnet34)"


def test_bars_differ_in_pattern_too() -> None:
    shapes = [trace.marker.pattern.shape for trace in bars(LABELS, NETS, "params").data]
    assert len(set(shapes)) == len(shapes)


def test_the_bars_of_a_net_without_cost_are_zero() -> None:
    assert list(bars(("a",), (Series("none", (0,)),), "params", relative=True).data[0].y) == [0]


def test_a_waterfall_adds_up_at_every_total() -> None:
    trace = waterfall(reconcile.waterfall(preset("resnet50")), "MACs").data[0]
    level = 0
    for value, measure in zip(trace.y, trace.measure, strict=True):
        level = level + value if measure == "relative" else level or value
        if measure == "absolute":
            assert level == value


def test_a_waterfall_begins_a_tenth_below_its_lowest_level_and_says_so() -> None:
    axis = waterfall(
        (
            CountStep("a", 100, total=True),
            CountStep("less", -20),
            CountStep("more", 120),
            CountStep("b", 200, total=True),
        ),
        "MACs",
    ).layout.yaxis
    assert list(axis.range) == [72, 200 + 0.15 * 128]
    assert axis.title.text == "MACs,<br>from 72 up"


def test_a_waterfall_tells_totals_from_steps() -> None:
    figure = waterfall(
        (CountStep("v1", 3_857_973_248, total=True), CountStep("stride", 231_211_008), CountStep("v1.5", 0, True)),
        "MACs",
    )
    trace = figure.data[0]
    assert list(trace.measure) == ["absolute", "relative", "absolute"]
    assert list(trace.text)[:2] == ["3.86 G", "+231 M"]


@pytest.mark.parametrize("quantity", ["params", "macs"])
@pytest.mark.parametrize(("data", "crops"), [(data, way) for data, ways in CROPS.items() for way in ways])
def test_no_point_beats_the_pareto_front(data: str, crops: str, quantity: Cost) -> None:
    some = points(data, crops)
    best = front(some, quantity)
    assert len(some) > 1
    assert all(a.cost(quantity) < b.cost(quantity) and a.error > b.error for a, b in pairwise(best))
    for point in some:
        beaten = [other for other in some if other.cost(quantity) <= point.cost(quantity) and other.error < point.error]
        assert bool(beaten) or any(point.error == b.error for b in best)
        assert not (beaten and point in best)


def test_a_scatter_has_a_symbol_for_each_family_and_the_front() -> None:
    figure = scatter(points("ImageNet", "1"), "macs")
    families = [trace for trace in figure.data if trace.mode == "markers"]
    assert {trace.name for trace in families} >= {"ResNet", "ResNeXt", "WRN", "SE-ResNet", "TF-slim", "torchvision"}
    assert len({trace.marker.symbol for trace in families}) == len(families)
    assert [trace.name for trace in figure.data if trace.mode == "lines"] == ["Pareto front"]
    assert figure.layout.xaxis.type == "log"


def test_a_points_cost_is_computed_and_its_error_printed() -> None:
    (point,) = [
        p for p in points("ImageNet", "1") if p.row.table == "torchvision" and p.row.model == "resnet18 IMAGENET1K_V1"
    ]
    assert (point.macs, point.params, point.error) == (expand(preset("resnet18")).macs, 11_689_512, 30.242)


def test_ones_own_net_is_a_line_without_an_error() -> None:
    figure = scatter(points("CIFAR-10", "test"), "params", own=("mine", 1_000_000), log=False)
    line = figure.data[-1]
    assert list(line.x) == [1_000_000, 1_000_000]
    assert line.mode == "lines"
    assert line.name == "mine, 1.00 M"
    assert "error unknown" in line.hovertemplate
    assert figure.layout.xaxis.type == "linear"


def test_figures_leave_their_colours_to_the_theme() -> None:
    figures = (
        bars(LABELS, NETS, "params"),
        waterfall((CountStep("a", 1, total=True),), "MACs"),
        scatter(points("ImageNet", "1"), "macs", own=("mine", 10**9)),
    )
    assert {color for figure in figures for color in colors(figure)} <= {"gray"}
