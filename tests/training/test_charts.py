"""Charts of training show the numbers they are given, and every look has pictures and a table."""

import json
from statistics import fmean

import pytest

from resviz.training import Experiment
from resviz.training.charts import CEILING, QUANTITIES, contour_chart, curves_chart, deletion_chart, surface_chart
from resviz.training.kinds import LOOKS
from resviz.training.landscape import Landscape
from resviz.training.looks import Subject
from resviz.training.recorded import recorded
from resviz.training.surgery import Deleted, Deletion, Swap, Swaps
from resviz.training.tables import to_csv, to_json


def test_a_curve_is_the_mean_over_seeds_with_bars_to_the_lowest_and_the_highest() -> None:
    figure = curves_chart(recorded())
    last = [run.points[-1].accuracy for run in recorded().runs if run.net == "plain-56"]
    curve = next(trace for trace in figure.data if trace.name == "plain-56")
    assert curve.y[-1] == pytest.approx(fmean(last))
    assert curve.y[-1] + curve.error_y.array[-1] == pytest.approx(max(last))
    assert curve.y[-1] - curve.error_y.arrayminus[-1] == pytest.approx(min(last))


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_every_net_has_a_curve_of_every_quantity(quantity: str) -> None:
    figure = curves_chart(recorded(), quantity)  # type: ignore[arg-type]  # its own list
    assert [trace.name for trace in figure.data] == [net.name for net in recorded().experiment.nets]
    assert len({trace.line.dash for trace in figure.data}) == 4  # told apart without colour


def test_blocks_stand_in_their_order_whichever_net_has_more() -> None:
    short = Deletion(Subject("a", 0), 0.9, (Deleted("layer1.0", 0.8), Deleted("layer2.0", None)))
    long = Deletion(Subject("b", 0), 0.9, tuple(Deleted(f"layer1.{index}", 0.7) for index in range(11)))
    figure = deletion_chart((short, long))
    assert list(figure.layout.xaxis.categoryarray) == [
        "whole net", *(f"layer1.{index}" for index in range(11)), "layer2.0",
    ]  # fmt: skip


def test_a_landscape_is_cut_off_where_it_is_high_and_its_number_stays() -> None:
    plane = Landscape(Subject("a", 0), (-1.0, 0.0, 1.0), ((1e9, 1.0, None), (2.0, 0.1, 2.0), (3.0, 1.0, 3.0)))
    for chart in (surface_chart, contour_chart):
        trace = chart(plane).data[0]
        assert list(trace.z[0]) == [CEILING, 1.0, CEILING]
        assert list(trace.customdata[0]) == ["1e+09", "1", "without size"]


@pytest.mark.parametrize("kind", ["gradients", "deletion", "swap"])
def test_every_look_has_pictures_and_a_table(kind: str, tiny: Experiment) -> None:
    look = LOOKS[kind]
    found = look.compute(tiny, 0, lambda phase, done, total: None)
    assert [len(row) for row in look.pictures(found)] == {"gradients": [2], "deletion": [1], "swap": [1]}[kind]
    assert len(look.table(found).rows) == {"gradients": 28, "deletion": 6, "swap": 0}[kind]


def test_swapped_pairs_are_points_beside_the_whole_net_and_rows_of_the_table() -> None:
    found = Swaps(Subject("a", 0), 0.9, (Swap("layer1.0", "layer1.1", 0.7), Swap("layer1.0", "layer1.2", 0.5)))
    figure = LOOKS["swap"].pictures((found,))[0][0].figure
    assert sorted(y for trace in figure.data for y in trace.y if y is not None and y < 0.9) == [0.5, 0.7]
    assert [row[4] for row in LOOKS["swap"].table((found,)).rows] == [0.7, 0.5]


def test_a_digits_maps_are_drawn_by_block_and_arm_with_the_values_that_the_file_holds(tiny: Experiment) -> None:
    look = LOOKS["features"]
    found = look.compute(tiny, 0, lambda *_: None)
    assert look.part is not None
    chosen = look.part.of(found, "7")
    assert [(each.subject.net, each.digit) for each in chosen] == [("plain-8-w4", 7), ("residual-8-w4", 7)]
    plain, residual = (row[0].figure for row in look.pictures(chosen))
    assert list(plain.layout.xaxis.ticktext) == ["branch"]
    assert list(residual.layout.xaxis.ticktext) == ["branch", "skip", "sum"]
    assert list(residual.layout.yaxis.ticktext) == ["input", "layer1.0", "layer2.0", "layer3.0"]
    (trace,) = residual.data
    written = {words for line in trace.customdata for words in line if words}
    rows = look.table(chosen).rows
    # Four, eight and eight of sixteen channels of 8x8, 4x4 and 2x2, in one arm and in three.
    assert len(rows) == (4 * 64 + 8 * 16 + 8 * 4) * (1 + 3)
    for _, _, _, block, arm, channel, _, _, value in [row for row in rows if row[0] == "residual-8-w4"][::97]:
        assert f"{block}, {arm}, channel {channel}: {value:.3g}" in written
    by_place = {row[3:8]: row[8] for row in rows if row[0] == "residual-8-w4"}
    for (block, arm, *place), value in by_place.items():
        if arm == "sum":
            parts = (by_place[(block, each, *place)] for each in ("branch", "skip"))
            assert value == pytest.approx(sum(parts), abs=1e-6)


def test_a_looks_table_is_the_same_in_both_files(tiny: Experiment) -> None:
    found = LOOKS["deletion"].compute(tiny, 0, lambda *_: None)
    table = LOOKS["deletion"].table(found)
    rows = json.loads(to_json(table))
    assert [row["block"] for row in rows] == [line.split(",")[2] for line in to_csv(table).splitlines()[1:]]
    assert rows[1]["accuracy without it"] is None
