import json
from typing import Any

import pytest

from resviz.profiling.descriptions import NOT_TOLD, compare, refusal, sweep_table, text
from resviz.profiling.measure import AGAIN, lifted
from resviz.profiling.result import Breakdown, Ceiling, LayerTime, Profile, Sweep
from resviz.profiling.trust import doubts, refusals, spread_sentence, warnings
from tests.profiling.conftest import Make
from tests.profiling.test_roofline import timed

QUIET = (0.0100, 0.0101, 0.0099, 0.0100) * 5
SLOWER = (0.0200, 0.0201, 0.0199, 0.0200) * 5
BUSY = (0.0100, 0.0100, 0.0300, 0.0100) * 5
DRIFTED = (0.0100,) * 50 + (0.0108,) * 50


def taken_apart(made: Make, blocks: float, plain: float, **fields: Any) -> Profile:
    parts = (LayerTime(path="layer1.0", seconds=blocks),)
    return made(
        samples=QUIET, breakdown=Breakdown(steps=1, total=plain, plain=plain, blocks=parts, layers=parts), **fields
    )


def change(first: Profile, second: Profile) -> str:
    return next(row[3] for row in compare(first, second) if row[0] == "Time per step, median")


def test_two_quiet_runs_whose_spreads_lie_apart_have_a_percentage(made: Make) -> None:
    assert change(made(samples=QUIET), made(samples=SLOWER)) == "+100.0%"
    assert refusals(made(samples=QUIET), made(samples=SLOWER)) == ()


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (QUIET, BUSY, "The machine was busy during the second run: its steps spread over 200.0% of the median."),
        (BUSY, SLOWER, "The machine was busy during the first run"),
        (QUIET, QUIET[::-1], "The spreads overlap (5th to 95th percentile: 9.90 ms to 10.1 ms and 9.90 ms to 10.1 ms)"),
        (DRIFTED, SLOWER, "The first run changed its pace by 8.0%"),
    ],
)
def test_a_pair_that_cannot_be_trusted_has_none_and_says_why(
    made: Make, first: tuple[float, ...], second: tuple[float, ...], reason: str
) -> None:
    one, two = made(samples=first, peak_memory=100), made(samples=second, peak_memory=150)
    rows = {row[0]: row[3] for row in compare(one, two)}
    assert reason in refusal(one, two)
    assert rows["Peak memory"] == "+50.0%"  # bytes are counted, not timed
    times = ("Time per step, median", "Time per step, mean", "5th percentile", "Images per second", "Achieved MACs/s")
    assert {rows[name] for name in times} == {NOT_TOLD}


def test_every_list_and_comparison_shows_spread_and_doubts(made: Make) -> None:
    quiet, busy = made(samples=QUIET), made(samples=BUSY, batch=8)
    heading, *rows = sweep_table([quiet, busy])
    column = heading.index("doubts")
    assert [row[column] for row in rows] == ["none", "machine busy"]
    assert [row[heading.index("spread")] for row in rows] == ["2.0%", "200.0%"]
    out = text(Sweep(runs=(quiet, busy)))
    assert "machine busy" in out
    assert "Batch 8: The samples spread over 200% of the median" in out
    told = {row[0]: row[1:3] for row in compare(quiet, busy)}
    assert told["Doubts"] == ("none", "machine busy")
    assert told["Spread, of the median"] == ("2.0%", "200.0%")


def test_few_steps_are_said_to_be_few(made: Make) -> None:
    assert doubts(made()) == ("only 3 timed steps",)
    assert "too few to judge" in spread_sentence(made())
    assert "not known" in spread_sentence(made(samples=(0.1,)))
    assert spread_sentence(made(samples=QUIET)).endswith("a spread of 2.0% of the median.")


def test_blocks_that_add_up_to_another_time_than_the_headline_are_flagged(made: Make) -> None:
    run = taken_apart(made, blocks=0.32, plain=0.33)
    (said,) = warnings(run)
    assert "took 10.0 ms" in said
    assert "add up to 320 ms" in said
    assert doubts(run) == ("blocks do not add up",)
    assert "followed by plain steps of another pace" in refusal(run, made(samples=SLOWER))


@pytest.mark.parametrize(
    ("blocks", "plain", "flagged"), [(0.0095, 0.010, False), (0.0135, 0.010, True), (0, 0.01, True)]
)
def test_blocks_are_held_against_the_plain_steps_between_them(
    made: Make, blocks: float, plain: float, flagged: bool
) -> None:
    assert bool(warnings(taken_apart(made, blocks, plain))) == flagged


def test_a_compiled_step_is_not_held_against_the_eager_one(made: Make) -> None:
    run = taken_apart(made, blocks=0.095, plain=0.1)
    compiled = run.model_copy(update={"protocol": run.protocol.with_(compiled=True)})
    assert (bool(warnings(run)), warnings(compiled)) == (True, ())


def roofed(made: Make, macs_per_second: float) -> Profile:
    ceiling = Ceiling(macs_per_second=macs_per_second, bytes_per_second=1e9)
    return timed(made).model_copy(update={"ceiling": ceiling})


def test_a_roof_below_what_a_layer_reached_is_measured_again_and_never_lowered(made: Make) -> None:
    asked: list[float] = []

    def measure() -> Ceiling:
        asked.append(1)
        return Ceiling(macs_per_second=[5e2, 1e12][len(asked) - 1], bytes_per_second=2)

    found = lifted(roofed(made, 1e3), measure)
    assert len(asked) == 2
    assert found.ceiling == Ceiling(macs_per_second=1e12, bytes_per_second=1e9)
    assert not any("measured roof" in said for said in warnings(found))


def test_a_roof_that_stays_too_low_is_said_to_be(made: Make) -> None:
    asked: list[float] = []

    def measure() -> Ceiling:
        asked.append(1)
        return Ceiling(macs_per_second=10, bytes_per_second=10)

    found = lifted(roofed(made, 1e3), measure)
    assert len(asked) == AGAIN
    assert any("of the measured roof" in said for said in warnings(found))
    assert "above the measured roof" in doubts(found)


def test_a_makers_figure_and_a_high_roof_are_not_measured_again(made: Make) -> None:
    def never() -> Ceiling:
        raise AssertionError

    ceiling = Ceiling(macs_per_second=1, bytes_per_second=1)
    for run in (roofed(made, 1e15), timed(made, "Tesla T4").model_copy(update={"ceiling": ceiling}), timed(made)):
        assert lifted(run, never) == run


def test_doubts_are_no_part_of_a_document(made: Make) -> None:
    (run,) = json.loads(made(samples=BUSY).to_json())["runs"]
    assert "doubts" not in run
